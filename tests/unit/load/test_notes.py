"""The knowledge folder is read from beside the spec, or refused with a place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from watchbill.conventions import GENERATED_MARK
from watchbill.errors import SpecError
from watchbill.load import load, notes
from watchbill.load.notes import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill.diagnostics import Diagnostic

SPEC = "watchbill: 1\nservice: shop\nknowledge: {}\n"
COVERED = {"WB500", "WB501", "WB502", "WB503"}


def write(folder: Path, name: str = "notes") -> Path:
    spec = folder / "spec.yaml"
    spec.write_text(SPEC.format(name), encoding="utf-8")
    return spec


def refused(spec: Path) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        load([spec])
    (one,) = caught.value.diagnostics
    return one


def a_folder(tmp_path: Path, **files: str | bytes) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.md").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_notes_are_read_in_order_of_their_names_without_readme_hidden_and_other_files(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, tea="b", Calls="a", README="about this folder", **{".draft": "x"})
    (folder / "picture.png").write_bytes(b"\x89")
    loaded = load([write(tmp_path)])
    assert [(n.name, n.text) for n in loaded.notes] == [("Calls", "a"), ("tea", "b")]
    assert loaded.notes[0].file == str(folder / "Calls.md")


def test_the_folder_stands_beside_the_file_that_names_it_and_notes_change_the_digest(tmp_path: Path) -> None:
    inside = tmp_path / "specs"
    inside.mkdir()
    folder = a_folder(inside, tea="b")
    more = tmp_path / "more.yaml"
    more.write_text("owner: ann\n", encoding="utf-8")
    spec = write(inside)
    first = load([more, spec])
    (folder / "tea.md").write_text("c")
    assert first.digest != load([more, spec]).digest


def test_a_folder_that_is_not_there_is_named_at_its_place(tmp_path: Path) -> None:
    one = refused(write(tmp_path))
    assert one.line_form() == f"{tmp_path}/spec.yaml:3:12: WB500 there is no folder 'notes' beside the spec"


@pytest.mark.parametrize(
    "name", ["/etc", "..", "a/../..", "~/notes", ".", "'C:\\notes'", "'\\\\host\\notes'", '"a\\0b"', "'a\\..\\..'"]
)
def test_a_folder_outside_of_the_specs_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(write(tmp_path, name)).code == "WB501"


def test_a_link_that_leads_out_is_refused_and_one_that_stays_inside_is_followed(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (elsewhere / "tea.md").write_text("a")
    (home / "notes").symlink_to(elsewhere)
    assert refused(write(home)).code == "WB501"
    (home / "notes").unlink()
    folder = a_folder(home, real="a")
    (folder / "tea.md").symlink_to(elsewhere / "tea.md")
    assert refused(write(home)).code == "WB501"
    (folder / "tea.md").unlink()
    (folder / "tea.md").symlink_to(folder / "real.md")
    assert len(load([write(home)]).notes) == 2


def test_text_that_is_not_utf_8_is_refused_where_it_stops_being(tmp_path: Path) -> None:
    a_folder(tmp_path, tea=b"good\nb\xff")
    one = refused(write(tmp_path))
    assert (one.code, one.line, one.column) == ("WB502", 2, 2)


def test_what_is_no_file_of_a_persons_is_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, tea=f"<!-- {GENERATED_MARK} -->\n")
    assert "wrote this file itself" in refused(write(tmp_path)).message
    (folder / "tea.md").unlink()
    os.mkfifo(folder / "tea.md")
    assert "no regular file" in refused(write(tmp_path)).message
    (folder / "tea.md").unlink()
    (folder / "below").mkdir()
    (folder / "below" / "tea.md").write_text("lost?")
    assert "directly in the knowledge folder" in refused(write(tmp_path)).message


def test_a_note_and_a_folder_that_are_too_big_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_folder(tmp_path, tea="x" * (notes.MAX_BYTES + 1))
    assert refused(write(tmp_path)).code == "WB503"
    (folder / "tea.md").write_text("x" * notes.MAX_BYTES)
    assert len(load([write(tmp_path)]).notes) == 1
    monkeypatch.setattr(notes, "MAX_FILES", 1)
    (folder / "tea2.md").write_text("x")
    assert refused(write(tmp_path)).code == "WB503"


def test_every_code_of_the_folder_has_a_case() -> None:
    assert {c.slug for c in CODES} == COVERED
