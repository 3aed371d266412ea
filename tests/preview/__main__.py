"""The command line: `python -m tests.preview DASHBOARD.json... --prometheus URL --out FOLDER`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.preview.picture import Outcome, PreviewError, View, draw


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    view = View(
        prometheus=options.prometheus,
        since=options.since,
        until=options.until,
        variables=dict(options.var),
        theme=options.theme,
        width=options.width,
        scrape_interval=options.scrape_interval,
        single=options.panels,
        patience=options.patience,
    )
    try:
        dashboards = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in options.dashboards}
        outcomes = draw(dashboards, view, options.out)
    except (OSError, ValueError, PreviewError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    good = [report(outcome, allow_empty=options.allow_empty) for outcome in outcomes]
    return 0 if all(good) else 1


def report(outcome: Outcome, *, allow_empty: bool) -> bool:
    """Print how it went; whether it went well."""
    print(f"{outcome.picture}: {len(outcome.panels)} panels")
    for kind, lines in (("error", outcome.errors), ("empty", outcome.empty), ("note", outcome.notes)):
        for line in lines:
            print(f"  {kind}: {line}")
    return not outcome.errors and (allow_empty or not outcome.empty)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.preview",
        description="Draw dashboards as Grafana would, on what a Prometheus holds.",
        epilog="Exits with 1 when a panel is empty or in error, with 2 when nothing could be drawn.",
    )
    parser.add_argument("dashboards", nargs="+", type=Path, metavar="DASHBOARD.json")
    parser.add_argument("--prometheus", required=True, metavar="URL")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    parser.add_argument(
        "--from", dest="since", metavar="TIME", help="now-6h, or ISO 8601; else what the dashboard says"
    )
    parser.add_argument("--to", dest="until", metavar="TIME")
    parser.add_argument("--var", action="append", default=[], type=_assignment, metavar="NAME=VALUE[,VALUE]|All")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--scrape-interval", default="15s", help="as set on the data source in Grafana (15s)")
    parser.add_argument("--panels", action="store_true", help="also draw each panel into a file of its own")
    parser.add_argument("--allow-empty", action="store_true", help="report empty panels, but exit with 0")
    parser.add_argument("--patience", type=float, default=60, metavar="SECONDS", help="to wait for one dashboard (60)")
    return parser


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
