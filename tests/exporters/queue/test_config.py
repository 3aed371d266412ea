"""Configs: what is wrong is told at its place, with what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from watchbill_exporters.cli import main
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.queue import EXPORTER

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED: dict[str, dict[str, Any]] = {
    "nats": {"url": "http://127.0.0.1:8222"},
    "rabbitmq": {"url": "http://127.0.0.1:15672"},
    "redis": {"queues": {"mail": {"ready": {"list": "mail"}}}},
    "temporal": {"task_queues": ["runs"]},
    "sql": {"queries": ["SELECT 1 AS ready"], "queue": "a"},
}


def write(folder: Path, **target: Any) -> Path:
    file = folder / "queue.yaml"
    file.write_text(yaml.safe_dump({"targets": [{"name": "main", **target}]}, sort_keys=False), encoding="utf-8")
    return file


def faults(file: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(ConfigError) as caught:
        settings(EXPORTER, file)
    return [(found.line, found.message, found.hint) for found in caught.value.diagnostics]


@pytest.mark.parametrize("kind", [source.kind for source in EXPORTER.sources])
def test_a_kind_needs_no_more_than_where_it_is(kind: str, tmp_path: Path) -> None:
    found = settings(EXPORTER, write(tmp_path, kind=kind, **REQUIRED.get(kind, {})))
    (target,) = found.targets
    client = target.source.connect(target.config)  # asks nothing of anybody
    client.close()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"kind": "rq", "url": "redis://:secret-odd@h/0"}, "url: a URL must hold no password"),
        ({"kind": "rq", "url": "redis://user@h/0"}, "a URL must hold no user or password"),
        ({"kind": "rq", "url": "redis://h/0?password=secret-odd"}, "a URL may have ?db=, nothing else"),
        ({"kind": "rq", "url": "http://h"}, "no Redis is at 'http:'"),
        ({"kind": "rq", "url": "redis://h/seven"}, "the database is not a number"),
        ({"kind": "rq", "ca_file": "gone.pem"}, "gone.pem is not a file"),
        ({"kind": "rq", "password_file": "gone"}, "gone cannot be read"),
        ({"kind": "celery", "queues": []}, "queues: "),
        ({"kind": "procrastinate", "url": "mysql://h"}, "no PostgreSQL is at 'mysql:'"),
        ({"kind": "procrastinate", "url": "postgresql://h/d?options=-c"}, "'options' is not taken from a URL"),
        ({"kind": "procrastinate", "url": "postgresql://user@h/d"}, "a URL must hold no user or password"),
        ({"kind": "dbos", "ca_file": "gone.pem"}, "gone.pem is not a file"),
        ({"kind": "nats", "url": "nats://h:4222"}, "not the URL of a web page"),
        ({"kind": "rabbitmq", "url": "http://guest@h"}, "a URL must hold no user, password or query"),
        ({"kind": "rabbitmq", "url": "https://h", "ca_file": "gone.pem"}, "gone.pem is not a file"),
        ({"kind": "rabbitmq"}, "'url' is missing"),
        ({"kind": "temporal", "task_queues": ["a"], "address": "http://h:1"}, "not host:port"),
        ({"kind": "temporal", "task_queues": ["a"], "ca_file": "gone.pem"}, "cannot be read"),
        ({"kind": "temporal"}, "'task_queues' is missing"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_place(target: dict[str, Any], message: str, tmp_path: Path) -> None:
    ((line, said, _),) = faults(write(tmp_path, **target))
    assert message in said
    assert line >= 2
    assert "secret-odd" not in said


@pytest.mark.parametrize(
    ("kind", "module", "extra"),
    [("celery", "redis", "queue"), ("procrastinate", "psycopg", "queue"), ("temporal", "temporalio", "temporal")],
)
def test_a_package_that_is_not_installed_is_told_with_its_extra(
    kind: str, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    ((line, message, hint),) = faults(write(tmp_path, kind=kind, **REQUIRED.get(kind, {})))
    assert (line, message) == (3, f"this kind needs {module}, which is not installed")
    assert hint == f"pip install 'watchbill[{extra}]'"


def test_a_package_that_does_not_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('no pq wrapper available')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "psycopg")
    ((_, message, _),) = faults(write(tmp_path, kind="dbos"))
    assert message == "this kind needs psycopg, which does not work: no pq wrapper available"


def test_the_command_is_there() -> None:
    command = main.commands["queue"]
    assert "[default: :9841]" in command.get_help(
        command.make_context("queue", ["--config", "x"], resilient_parsing=True)
    )
