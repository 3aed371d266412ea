"""The table of integrations against the real amtool: what it says a version knows, that version loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.amtool import complaint
from watchbill.spec.integrations import KINDS, needs_version
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

WORTH: dict[str, Any] = {
    "fields": [{"title": "a", "value": "b"}],
    "actions": [{"type": "button", "text": "a", "url": "https://x.example.com"}],
    "links": [{"href": "https://x.example.com", "text": "a"}],
    "responders": [{"type": "team", "name": "a"}],
    "chat_id": 7,
    "message_thread_id": 7,
    "max_alerts": 7,
    "timeout": "7s",
    "smarthost": "mx.example.com:25",
    "http_config": {"authorization": {"credentials_file": "/x"}},
    "tls_config": {"ca_file": "/x"},
    "parse_mode": "HTML",
    "retry": "1m",
    "expire": "1h",
    "reopen_duration": "1h",
    "mrkdwn_in": ["text"],
    "labels": ["a"],
    "images": [],
}
FLAGS = {"short_fields", "link_names", "update_alerts", "require_tls", "disable_notifications", "html", "send_resolved"}
MAPPINGS = {"details", "headers", "custom_fields"}
ALONE = {"service_key_file": "routing_key_file", "url_file": "url", "auth_secret_file": "auth_password_file"}


def worth(kind: str, name: str) -> Any:
    if name in FLAGS and not (kind == "email" and name == "html"):
        return True
    if name in MAPPINGS or (kind == "jira" and name == "fields"):
        return {"a": "b"}
    if kind == "opsgenie" and name == "actions":
        return "a"
    return WORTH.get(name, "https://x.example.com" if name.endswith("url") else "/x")


def config(kind: str, names: list[str]) -> str:
    settings = {name: worth(kind, name) for name in names}
    return dump({"route": {"receiver": "r"}, "receivers": [{"name": "r", f"{kind}_configs": [settings]}]})


def version(tool: Tool) -> tuple[int, int]:
    major, minor, *_ = tool.version.split(".")
    return int(major), int(minor)


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_the_table_grants_a_version_is_loaded_there(kind: str, amtool: Tool, tmp_path: Path) -> None:
    path = tmp_path / "alertmanager.yml"
    about = KINDS[kind]
    names = [n for n in (*about.settings, *about.files, "send_resolved") if n not in ALONE]
    if kind in {"webex", "jira"}:
        names.append("http_config")
    usable = [n for n in names if needs_version(kind, n) <= version(amtool)]
    path.write_text(config(kind, usable), encoding="utf-8")
    if about.since > version(amtool):
        assert complaint(amtool, path)
        return
    assert complaint(amtool, path) == ""
    for younger, older in ALONE.items():
        if younger in about.files and needs_version(kind, younger) <= version(amtool):
            path.write_text(config(kind, [n for n in usable if n != older] + [younger]), encoding="utf-8")
            assert complaint(amtool, path) == ""


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, about in KINDS.items() for n in about.newer])
def test_a_setting_is_known_from_the_version_on_that_the_table_says(
    kind: str, name: str, amtool: Tool, tmp_path: Path
) -> None:
    path = tmp_path / "alertmanager.yml"
    needed = [group[0] for group in KINDS[kind].needs if group[0] != ALONE.get(name)]
    path.write_text(config(kind, [*needed, name]), encoding="utf-8")
    known = needs_version(kind, name) <= version(amtool)
    assert ("not found in type" in complaint(amtool, path)) is not known
