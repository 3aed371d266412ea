from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from watchbill.conventions import GENERATED_MARK, MANIFEST
from watchbill.errors import OutputError
from watchbill.output import Rendered, compare, create, diff, write

BOTH = frozenset({"rules", "tests"})


def a_bundle(*names: str, says: str = "old", target: str = "rules") -> dict[str, Rendered]:
    return {name: Rendered(f"# {GENERATED_MARK}\n{says}: {name}\n", target) for name in names}


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def texts(files: dict[str, Rendered]) -> dict[str, str]:
    return {path: rendered.text for path, rendered in files.items()}


def bundle_in(folder: Path) -> dict[str, str]:
    return {path: text for path, text in tree(folder).items() if path != MANIFEST}


def test_a_bundle_is_written_with_a_manifest_and_nothing_else(tmp_path: Path) -> None:
    files = a_bundle("rules/a.yml", "rules/deep/b.yml")
    changes = write(tmp_path, files, BOTH, "digest-7")
    assert bundle_in(tmp_path) == texts(files)
    assert changes.added == ["rules/a.yml", "rules/deep/b.yml"]
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert manifest["spec"] == "digest-7"
    assert set(manifest["files"]) == set(files)


def test_a_second_run_touches_nothing(tmp_path: Path) -> None:
    files = a_bundle("a.yml", "b.yml")
    write(tmp_path, files, BOTH, "d")
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    changes = write(tmp_path, files, BOTH, "d")
    assert (bool(changes), changes.unchanged) == (False, 2)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_orphans_go_and_so_do_folders_they_leave_empty(tmp_path: Path) -> None:
    write(tmp_path, a_bundle("a.yml", "gone/deep/b.yml"), BOTH, "d")
    changes = write(tmp_path, a_bundle("a.yml"), BOTH, "d")
    assert changes.removed == ["gone/deep/b.yml"]
    assert not (tmp_path / "gone").exists()


def test_an_orphan_that_somebody_changed_stays_and_is_named(tmp_path: Path) -> None:
    write(tmp_path, a_bundle("a.yml", "b.yml"), BOTH, "d")
    (tmp_path / "b.yml").write_text("mine now")
    changes = write(tmp_path, a_bundle("a.yml"), BOTH, "d")
    assert (changes.removed, changes.kept) == ([], ["b.yml"])
    assert (tmp_path / "b.yml").read_text() == "mine now"


def test_files_that_watchbill_never_wrote_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "theirs.yml").write_text("x")
    write(tmp_path, a_bundle("rules/a.yml"), BOTH, "d")
    write(tmp_path, {}, BOTH, "d")
    assert bundle_in(tmp_path) == {"rules/theirs.yml": "x"}


@pytest.mark.parametrize("known", [True, False], ids=["a file edited by hand", "a file that was there first"])
def test_what_would_be_overwritten_is_refused_and_named_unless_forced(known: bool, tmp_path: Path) -> None:
    write(tmp_path, a_bundle("a.yml", "b.yml") if known else a_bundle("a.yml"), BOTH, "d")
    (tmp_path / "b.yml").write_text("mine")
    before = tree(tmp_path)
    files = a_bundle("a.yml", "b.yml", says="new")
    with pytest.raises(OutputError, match=r"not as watchbill wrote them:\n  b\.yml\n.*--force"):
        write(tmp_path, files, BOTH, "d")
    assert tree(tmp_path) == before
    write(tmp_path, files, BOTH, "d", force=True)
    assert bundle_in(tmp_path) == texts(files)


def test_other_targets_files_stay_when_one_target_is_rendered(tmp_path: Path) -> None:
    rules, tests = a_bundle("a.yml"), a_bundle("a_test.yml", target="tests")
    write(tmp_path, {**rules, **tests}, BOTH, "d")
    fresh = a_bundle("b.yml", says="new")
    write(tmp_path, fresh, frozenset({"rules"}), "e")
    assert bundle_in(tmp_path) == texts({**fresh, **tests})
    write(tmp_path, {}, frozenset({"tests"}), "e")
    assert bundle_in(tmp_path) == texts(fresh)


def test_the_diff_is_unified_and_empty_when_in_step(tmp_path: Path) -> None:
    write(tmp_path, a_bundle("a.yml", "b.yml"), BOTH, "d")
    files = {**a_bundle("a.yml", says="new"), **a_bundle("c.yml")}
    shown = diff(tmp_path, files, compare(tmp_path, files, BOTH))
    assert "--- a.yml\n+++ a.yml\n" in shown
    assert "-old: a.yml\n+new: a.yml\n" in shown
    assert "--- b.yml\n+++ (none)\n" in shown
    assert "--- (none)\n+++ c.yml\n" in shown
    same = a_bundle("a.yml", "b.yml")
    assert diff(tmp_path, same, compare(tmp_path, same, BOTH)) == ""


@pytest.mark.parametrize("which", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_everything_as_it_was(which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_bundle("a.yml", "b.yml", "gone.yml"), BOTH, "d")
    before = tree(tmp_path)
    calls = []

    def full(*arguments: Any, **_: Any) -> Any:
        calls.append(arguments)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if which == "write":
        monkeypatch.setattr("watchbill.output._put", full)
    else:
        monkeypatch.setattr(f"os.{which}", full)
    with pytest.raises(OutputError, match="No space left on device; the bundle is as it was"):
        write(tmp_path, a_bundle("a.yml", "b.yml", says="new"), BOTH, "e")
    monkeypatch.undo()
    assert calls
    assert tree(tmp_path) == before
    write(tmp_path, a_bundle("a.yml", "b.yml", says="new"), BOTH, "e")
    assert bundle_in(tmp_path) == texts(a_bundle("a.yml", "b.yml", says="new"))


def test_a_folder_that_cannot_be_written_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(OutputError, match=r"could not write .*out.*; the bundle is as it was"):
        write(tmp_path / "out", a_bundle("a.yml"), BOTH, "d")
    assert tree(tmp_path) == {"out": "a file in the way"}


def test_a_read_only_folder_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_bundle("a.yml"), BOTH, "d")
    before = tree(tmp_path)
    real = Path.open

    def open_read_only(self: Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if "r" not in mode:
            raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(self))
        return real(self, mode, *arguments, **named)

    monkeypatch.setattr(Path, "open", open_read_only)
    with pytest.raises(OutputError, match="Read-only file system"):
        write(tmp_path, a_bundle("a.yml", says="new"), BOTH, "d")
    monkeypatch.undo()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("text", ["{", "[]", '{"files": 7}', '{"files": {"a": {}}}', "\x00"])
def test_a_manifest_that_cannot_be_read_stops_the_run(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(OutputError, match="cannot be read: restore it"):
        write(tmp_path, a_bundle("a.yml"), BOTH, "d")
    assert tree(tmp_path) == {MANIFEST: text}


def test_many_writers_at_once_leave_one_whole_bundle(tmp_path: Path) -> None:
    bundles = [a_bundle(*(f"f{i}.yml" for i in range(9)), says=f"writer-{n}") for n in range(8)]
    errors: list[BaseException] = []

    def run(files: dict[str, Rendered]) -> None:
        try:
            write(tmp_path, files, BOTH, "d")
        except BaseException as exc:  # noqa: BLE001 - whatever it is, it is the finding
            errors.append(exc)

    threads = [threading.Thread(target=run, args=(files,)) for files in bundles]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert errors == []
    assert bundle_in(tmp_path) in [texts(files) for files in bundles]


def test_a_file_is_created_once_and_never_overwritten(tmp_path: Path) -> None:
    create(tmp_path / "deep" / "spec.yaml", "first")
    with pytest.raises(OutputError, match="File exists"):
        create(tmp_path / "deep" / "spec.yaml", "second")
    assert (tmp_path / "deep" / "spec.yaml").read_text() == "first"
