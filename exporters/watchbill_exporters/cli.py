"""The command line: parses, calls the frame, prints, exits."""

from __future__ import annotations

import sys
import traceback
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watchbill_exporters.cli_backup import RUNNERS, with_runners

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill_exporters.core.contract import Exporter

_FAULT, _BUG = 1, 3


@click.group()
@click.version_option(package_name="watchbill")
def main() -> None:
    """Export Prometheus metrics of agents, queues, sandboxes and backups; tell harnesses of limits."""


def command(name: str, about: str, port: int, load: Callable[[], Exporter]) -> click.Command:
    """Return the command of one exporter; `load` imports it, so that --help stays quick."""

    @click.command(name, help=about)
    @click.option("--config", "file", type=click.Path(path_type=Path), required=True, help="The exporter's config.")
    @click.option("--check-config", is_flag=True, help="Check the config and the web config, and exit.")
    @click.option("--once", "run_once", is_flag=True, help="Collect once, print, and exit; 1 when a target fails.")
    @click.option(
        "--web.listen-address", "addresses", multiple=True, default=[f":{port}"], show_default=True, metavar="ADDRESS",
        help="host:port, [v6]:port or :port; may be repeated.",
    )  # fmt: skip
    @click.option(
        "--web.config.file", "web_config", type=click.Path(path_type=Path),
        help="TLS, client certificates, users: as in the Prometheus exporter-toolkit.",
    )  # fmt: skip
    @click.option("--log.level", "level", type=click.Choice(["debug", "info", "warning", "error"]), default="info")
    @click.option("--log.format", "form", type=click.Choice(["logfmt", "json"]), default="logfmt")
    def run(**options: Any) -> None:
        sys.exit(_run(load, **options))

    return run


def _run(
    load: Callable[[], Exporter],
    *,
    file: Path,
    check_config: bool,
    run_once: bool,
    addresses: tuple[str, ...],
    web_config: Path | None,
    level: str,
    form: Any,
) -> int:
    from watchbill_exporters.core import log
    from watchbill_exporters.core.errors import ExporterError

    log.configure(level, form)
    try:
        exporter = load()
        if check_config:
            return _check(exporter, file, web_config)
        return _once(exporter, file) if run_once else _serve(exporter, file, addresses, web_config)
    except ExporterError as error:
        click.echo(str(error), err=True)
        return _FAULT
    except ModuleNotFoundError as error:
        click.echo(f"{error.name} is not installed; pip install 'watchbill[exporters]' brings it", err=True)
        return _FAULT
    except Exception:  # noqa: BLE001 - the last resort: a report that can be pasted, secrets masked
        from watchbill_exporters.core.secret import redact

        click.echo(f"a bug in watchbill-exporter; please report:\n{redact(traceback.format_exc())}", err=True)
        return _BUG


def _check(exporter: Exporter, file: Path, web_config: Path | None) -> int:
    from watchbill_exporters.core.config.resolve import settings
    from watchbill_exporters.core.web.access import load_access

    found = settings(exporter, file)
    load_access(web_config)
    click.echo(f"{file}: fine; targets: {len(found.targets)}, feeds: {len(found.feeds)}")
    return 0


def _once(exporter: Exporter, file: Path) -> int:
    from watchbill_exporters.core.once import once
    from watchbill_exporters.core.runtime import Runtime

    runtime = Runtime(exporter, file, background=False, process=False)
    result = once(runtime)
    click.echo(result.page, nl=False)
    runtime.close()
    return 0 if result.ok else _FAULT


def _serve(exporter: Exporter, file: Path, addresses: tuple[str, ...], web_config: Path | None) -> int:
    from watchbill_exporters.core.runtime import Runtime
    from watchbill_exporters.core.web.serve import serve

    serve(Runtime(exporter, file), addresses, web_config)
    return 0


EXPORTERS = (
    ("agent", "Export what LLM agents do: OTLP spans, streams, evaluations.", 4318),
    ("queue", "Export depth, age, workers and schedules of queues.", 9841),
    ("sandbox", "Export sandboxes: Docker, runc, cgroups, a manager's log.", 9842),
    ("backup", "Export whether backups can be restored.", 9843),
    ("limits", "Tell harnesses which limits hold: alerts in, limits out.", 9640),
)
"""A new exporter is its package and a line here."""


def _loaded(name: str) -> Exporter:
    found: Exporter = import_module(f"watchbill_exporters.{name}").EXPORTER
    return found


for _name, _about, _port in EXPORTERS:
    _made = command(_name, _about, _port, partial(_loaded, _name))
    main.add_command(with_runners(_made, RUNNERS) if _name == "backup" else _made)
