"""`watchbill schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a spec. Editors read it through the yaml-language-server line at a spec's top."""
    from watchbill.spec.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=1))
