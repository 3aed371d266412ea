"""`watchbill init`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from watchbill.errors import OutputError

EXAMPLES = ("http", "agents")


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path), default=Path("watchbill.yaml"))
@click.option("--example", type=click.Choice(EXAMPLES), default="http", show_default=True, help="What to start from.")
def command(path: Path, example: str) -> None:
    """Write a first spec to PATH (default: watchbill.yaml) and its JSON Schema beside it. Overwrites nothing."""
    import json

    from watchbill.output import create
    from watchbill.spec.schema import json_schema

    schema = path.with_name("watchbill.schema.json")
    text = files("watchbill").joinpath("examples").joinpath(f"{example}.yaml").read_text(encoding="utf-8")
    if path.exists():
        message = f"{path} is already there; name another file"
        raise OutputError(message)
    create(path, text)
    if not schema.exists():
        create(schema, json.dumps(json_schema(), indent=1) + "\n")
    click.echo(f"wrote {path} and {schema}\nnext: edit it, then `watchbill generate {path}` and `watchbill test`")
