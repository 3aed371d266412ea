"""Faults of files as such, and several files that make one spec."""

from __future__ import annotations

import os
import textwrap
from typing import TYPE_CHECKING

import pytest

from watchbill.errors import SpecError
from watchbill.load import load, load_texts

if TYPE_CHECKING:
    from pathlib import Path

COVERED = {"WB003", "WB004", "WB007", "WB008"}
HEAD = "watchbill: 1\nservice: shop\n"
SLO = "  - {name: %s, objective: 99.1, sli: {kind: availability, gauge: up}}\n"


def lines(*paths: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load(paths)
    return [d.line_form() for d in caught.value.diagnostics]


def test_a_file_of_17_megabytes_is_refused_unread(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    with big.open("wb") as handle:
        handle.truncate(17 * 1024 * 1024)
    assert lines(big) == [f"{big}:1:1: WB003 17 MiB; a spec file may have 16 MiB"]


def test_a_byte_that_is_not_utf_8_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"watchbill: 1\nowner: J\xf6rg\n")
    assert lines(path) == [f"{path}:2:9: WB004 byte 0xf6 is not UTF-8"]


def test_a_missing_file_and_an_empty_folder_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("x")
    assert set(lines(tmp_path / "gone.yaml", tmp_path / "empty")) == {
        f"{tmp_path}/empty:1:1: WB007 the folder holds no *.yaml or *.yml file",
        f"{tmp_path}/gone.yaml:1:1: WB007 cannot be read: No such file or directory",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text(HEAD)
    path.chmod(0)
    assert lines(path) == [f"{path}:1:1: WB007 cannot be read: Permission denied"]


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbf" + HEAD.encode(), HEAD.replace("\n", "\r\n").encode(), HEAD.replace("\n", "\r").encode()],
    ids=["byte order mark", "CRLF", "old Mac line ends"],
)
def test_other_editors_files_are_read(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(data)
    assert load([path]).document.service == "shop"


def test_places_are_right_in_a_file_with_crlf_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + "ownr: x\n").replace("\n", "\r\n").encode())
    assert lines(path) == [f"{path}:3:1: WB100 'ownr' is not known here"]


def test_every_fault_of_a_file_is_told_at_once_in_order_of_place() -> None:
    text = textwrap.dedent("""\
        watchbill: 1
        service: Shop Api
        ownr: me
        slos:
          - name: a
            objective: 100
            window: 5h
            sli: {kind: ratoi}
          - name: b
            objective: 99.9
            sli: {kind: ratio, total: 'rate(x[5m])', bad: x_total}
            weighting: tim
        """)
    with pytest.raises(SpecError) as caught:
        load_texts([("s.yaml", text)])
    assert str(caught.value).split("\n") == [
        "s.yaml:2:10: WB112 'Shop Api' is not a kebab-case name",
        "s.yaml:3:1: WB100 'ownr' is not known here",
        "s.yaml:6:16: WB111 an objective of 100 % leaves no error budget to spend or to keep",
        "s.yaml:7:13: WB130 5h is not between 1d and 90d",
        "s.yaml:8:17: WB103 'ratoi' is no kind of SLI",
        (
            "s.yaml:11:31: WB120 'rate(x[5m])' is an expression; a plain selector such as "
            'http_requests_total{job="api"} is wanted here'
        ),
        "s.yaml:12:16: WB103 'tim' cannot stand here",
    ]


def test_faults_of_several_files_each_carry_their_own_file() -> None:
    with pytest.raises(SpecError) as caught:
        load_texts([("a.yaml", "watchbill: ["), ("b.yaml", HEAD), ("c.yaml", "- 1")])
    assert [(d.file, d.code) for d in caught.value.diagnostics] == [("a.yaml", "WB001"), ("c.yaml", "WB009")]


def test_a_folder_makes_one_spec_of_its_files_by_name(tmp_path: Path) -> None:
    (tmp_path / "10-base.yaml").write_text(HEAD + "labels: {env: prod}\nslos:\n" + SLO % "second")
    (tmp_path / "20-more.yml").write_text("labels: {zone: b7}\nslos:\n" + SLO % "third")
    (tmp_path / "00-first.yaml").write_text("slos:\n" + SLO % "first")
    (tmp_path / "notes.txt").write_text("not: [yaml")
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    document = load([tmp_path]).document
    assert [s.name for s in document.slos] == ["first", "second", "third"]
    assert document.labels == {"env": "prod", "zone": "b7"}


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(HEAD + "slos:\n" + SLO % "only")
    assert [s.name for s in load([path, tmp_path, path]).document.slos] == ["only"]


def test_files_that_disagree_are_told_with_both_places() -> None:
    with pytest.raises(SpecError) as caught:
        load_texts([("a.yaml", HEAD + "owner: me\n"), ("b.yaml", "labels: {}\nowner: you\n")])
    assert [d.line_form() for d in caught.value.diagnostics] == [
        "b.yaml:2:1: WB008 'owner' has another value in a.yaml:3:1"
    ]


def test_files_may_say_the_same_thing_twice() -> None:
    loaded = load_texts([("a.yaml", HEAD + "owner: me\n"), ("b.yaml", HEAD + "owner: me\n")])
    assert loaded.document.owner == "me"


def test_a_fault_in_a_joined_list_is_placed_in_the_file_it_came_from() -> None:
    with pytest.raises(SpecError) as caught:
        load_texts([("a.yaml", HEAD + "slos:\n" + SLO % "ok"), ("b.yaml", "slos:\n" + SLO % "Not-Ok")])
    assert [d.line_form() for d in caught.value.diagnostics] == ["b.yaml:2:12: WB112 'Not-Ok' is not a kebab-case name"]


def test_the_digest_tells_texts_and_their_split_apart() -> None:
    digests = {
        load_texts(files).digest
        for files in ([("a", HEAD)], [("a", HEAD + " ")], [("a", HEAD), ("b", "")], [("a", HEAD), ("b", "owner: x")])
    }
    assert len(digests) == 4
