"""`backup wrap` and `backup restore-test`: commands below an exporter's."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

_FAULT = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}")  # as in configs


class _WithRunners(click.Command):
    """Hands over to a runner when its name comes first; with options of its own it is the exporter."""

    runners: Mapping[str, click.Command]

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in self.runners:
            return self.runners[args[0]].make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, runner.get_short_help_str(80)) for name, runner in self.runners.items()])


def with_runners(exporter: click.Command, runners: Mapping[str, click.Command]) -> click.Command:
    """Return the exporter's command with commands below it."""
    out = _WithRunners(exporter.name, callback=exporter.callback, params=exporter.params, help=exporter.help)
    out.runners = runners
    return out


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--name", required=True, help="What is backed up: the label `source`.")
@click.option("--state", required=True, type=click.Path(path_type=Path), help="The directory of records.")
@click.option("--repository", default="", help="Where to: the label `repository`, the name of its target.")
@click.option("--check", is_flag=True, help="The command checks the repository, it does not back up.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def wrap(name: str, state: Path, repository: str, *, check: bool, command: tuple[str, ...]) -> None:
    """Run a backup and record how it went; its output and exit code are passed on."""
    for option, value in (("--name", name), ("--repository", repository or name)):
        if not _NAME.fullmatch(value):
            raise click.BadParameter(f"{value!r} is no name: letters, digits and _.:/@-", param_hint=option)
    from watchbill_exporters.backup.wrap import Wrapped, wrap
    from watchbill_exporters.core import log

    log.configure()
    sys.exit(wrap(Wrapped(name, state, repository, check, command)))


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="What to restore and check.")
@click.option("--name", "names", multiple=True, help="Only this test; may be repeated.")
@click.option("--check-config", is_flag=True, help="Check the config and exit.")
def restore_test(file: Path, names: tuple[str, ...], *, check_config: bool) -> None:
    """Restore the newest backups into a scratch place, check and measure them, and clean up."""
    from watchbill_exporters.backup.restore.main import main
    from watchbill_exporters.core import log
    from watchbill_exporters.core.errors import ExporterError

    log.configure()
    try:
        sys.exit(main(file, names, check_config=check_config, tell=click.echo))
    except ExporterError as error:
        click.echo(str(error), err=True)
        sys.exit(_FAULT)


RUNNERS: Mapping[str, click.Command] = {"wrap": wrap, "restore-test": restore_test}
