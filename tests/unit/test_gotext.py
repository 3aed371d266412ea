"""Go templates: the broken ones are told from the good ones, which the real amtool renders."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from watchbill.gotext import FUNCTIONS, fault

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

WORDS = frozenset({"template", "if", "else", "end", "range", "with", "define", "block", "break", "continue", "nil"})
GOOD = [
    "",
    "plain } text {",
    "{{ .Status }}",
    "{{- .Status -}}",
    '{{ if eq .Status "firing" }}a{{ else if .Alerts }}b{{ else }}c{{ end }}',
    "{{ range $i, $a := .Alerts }}{{ $a.Labels.x }}{{ end }}",
    '{{ with .CommonLabels.a }}{{ . | toUpper | printf "%s }}" }}{{ end }}',
    "{{/* a comment */}}x",
    '{{ define "x.y" }}{{ template "x.z" . }}{{ end }}{{ define "x.z" }}{{ end }}',
    '{{ reReplaceAll "(a|b)" `c"` .Status }}',
]
BAD = {
    "{{ .Status": "not closed by }}",
    "{{ .Status {{ .Alerts }}": "not closed by }}",
    "{{ if .Status }}a": "{{ if }} is not closed",
    "a{{ end }}": "too many",
    "{{ }}": "empty",
    '{{ define "x" }}{{ else }}{{ end }}': "outside of",
    "{{ .Status | toUper }}": "'toUper' is no function",
    '{{ printf "%s .Status }}': "",
    "{{ (.Status }}": "parenthesis",
    "{{ range .Alerts }}{{ if .Status }}{{ end }}": "{{ range }} is not closed",
}


def parses(tool: Tool, text: str, folder: Path) -> bool:
    path = folder / "x.tmpl"
    path.write_text(text, encoding="utf-8")
    flags = [f"--template.glob={path}", "--template.text=x"]
    done = subprocess.run([tool.path, "template", "render", *flags], capture_output=True, text=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("text", GOOD)
def test_good_ones_are_taken_as_amtool_takes_them(text: str, amtool: Tool, tmp_path: Path) -> None:
    assert fault(text) == ""
    assert parses(amtool, text, tmp_path)


@pytest.mark.parametrize("text", BAD)
def test_broken_ones_are_refused_as_amtool_refuses_them(text: str, amtool: Tool, tmp_path: Path) -> None:
    assert BAD[text] in fault(text)
    assert fault(text)
    assert not parses(amtool, text, tmp_path)


@pytest.mark.parametrize("name", sorted(FUNCTIONS - WORDS))
def test_every_function_is_known_to_every_version(name: str, amtool: Tool, tmp_path: Path) -> None:
    assert parses(amtool, f"{{{{ {name} .Status }}}}", tmp_path)
