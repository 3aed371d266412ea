"""The command line: parses, calls the library, prints, exits. One file per command, loaded when it is used."""

from __future__ import annotations

import importlib
import sys
import traceback
from typing import TYPE_CHECKING

import click

from watchbill import __version__
from watchbill.errors import SpecError, WatchbillError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "init": "Write a first spec to start from.",
    "check": "Check a spec, offline, and report everything at once.",
    "generate": "Write rules, tests and backfills from a spec.",
    "test": "Run promtool on what was generated.",
    "drill": "Prove live that alerts arrive.",
    "routes": "Merge the routes into an Alertmanager configuration that exists.",
    "list": "List objectives and tiers with their numbers.",
    "backfill": "Print or run what gives a new objective its history.",
    "explain": "Explain a diagnostic code.",
    "schema": "Print the spec's JSON Schema, for editors.",
}
FAILED, BUG, INTERRUPTED = 1, 3, 130


class Lazy(click.Group):
    """Imports a command when it is run: help and completion stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command `watchbill.cli.<name>.command`."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"watchbill.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command for one that is not known."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from watchbill.diagnostics import did_you_mean

            ctx.fail(f"no command '{args[0]}'; {did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="watchbill")
def root() -> None:
    """One YAML spec in: Prometheus rules out, each alert proven by a test that ran."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 something to mend, 2 usage, 3 a bug of ours, 130 interrupted."""
    try:
        code = root.main(args=arguments, prog_name="watchbill", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except SpecError as exc:
        from watchbill.cli.printing import print_diagnostics

        print_diagnostics(exc.diagnostics, "text")
        sys.exit(FAILED)
    except WatchbillError as exc:
        click.echo(f"watchbill: {exc}", err=True)
        sys.exit(FAILED)
    except click.exceptions.Exit as exc:
        sys.exit(exc.exit_code)
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
    except Exception:  # noqa: BLE001 - the last resort, so that users get a report to paste, and exit code 3
        click.echo(f"watchbill {__version__}: this is a bug of ours. Please report it with what follows.\n", err=True)
        click.echo(traceback.format_exc(), err=True)
        sys.exit(BUG)
