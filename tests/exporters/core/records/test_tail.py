"""Files are followed through every kind of rotation, and no line is read twice or left out."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from watchbill_exporters.core.records.tail import LINGER, MOST_FILES, Tail, TailConfig

CAP = 1024


@dataclass
class Reading:
    """A tail, and all it has read; `restart` makes a new one from what the old one kept."""

    folder: Path
    pattern: str = "*.jsonl"
    existing: bool = True
    now: float = 1000.0
    lines: list[bytes] = field(default_factory=list)
    too_long: int = 0

    def __post_init__(self) -> None:
        self.tail = Tail(TailConfig((str(self.folder / self.pattern),), CAP, self.existing))

    def tick(self, seconds: float = 0.0) -> list[bytes]:
        self.now += seconds
        fresh: list[bytes] = []
        for followed, batch in self.tail.batches(self.now):
            fresh += batch.lines
            self.too_long += batch.too_long
            self.tail.commit(followed, batch)
        self.lines += fresh
        return fresh

    def restart(self) -> None:
        kept = self.tail.export()
        self.tail.close()
        self.__post_init__()
        self.tail.restore(kept)


def test_lines_of_several_files_are_read_as_they_come(tmp_path: Path) -> None:
    reading = Reading(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(b"one\ntwo\nhal")
    (tmp_path / "b.jsonl").write_bytes(b"three\n")
    assert sorted(reading.tick()) == [b"one", b"three", b"two"]
    with (tmp_path / "a.jsonl").open("ab") as file:
        file.write(b"f\n")
    assert reading.tick() == [b"half"]
    assert reading.tick() == []


def test_a_renamed_file_is_read_to_its_end_and_the_new_one_from_its_start(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    with file.open("ab", buffering=0) as old:
        old.write(b"one\n")
        reading.tick()
        file.rename(tmp_path / "a.jsonl.1")
        file.write_bytes(b"three\n")
        old.write(b"two\n")  # the writer has not opened the new file yet
        assert sorted(reading.tick()) == [b"three", b"two"]
        old.write(b"late\n")
        assert reading.tick(LINGER - 1) == [b"late"]
        assert reading.tick(LINGER - 1) == []
        old.write(b"very late\n")
        assert reading.tick(LINGER - 1) == [b"very late"]
    reading.tick(LINGER + 1)
    assert reading.tail.files == 1
    assert reading.tail.events["renamed"] == 1


def test_the_last_line_of_a_renamed_file_needs_no_newline(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\ntwo")
    reading.tick()
    file.unlink()
    reading.tick()
    assert reading.tick(LINGER) == [b"two"]
    assert reading.tail.files == 0


def test_a_truncated_file_is_read_from_its_start(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\ntwo\n")
    reading.tick()
    os.truncate(file, 0)
    assert reading.tick() == []
    with file.open("ab") as again:
        again.write(b"three\n")
    assert reading.tick() == [b"three"]
    assert reading.tail.events["truncated"] == 1


def test_a_file_truncated_and_grown_beyond_the_old_offset_is_noticed(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\ntwo\n")
    reading.tick()
    os.truncate(file, 0)
    with file.open("ab") as again:
        again.write(b"three\nfour\nfive\n")
    assert reading.tick() == [b"three", b"four", b"five"]


def test_a_writer_that_goes_on_at_its_old_offset_leaves_a_hole_that_is_skipped(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    with file.open("wb", buffering=0) as writer:
        writer.write(b"one\n" * 2000)
        reading.tick()
        os.truncate(file, 0)
        writer.write(b"two\n")  # at offset 8000, NUL bytes before it
    assert reading.tick() == [b"two"]
    assert reading.too_long == 0


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\ntw")
    reading.tick()
    reading.restart()
    with file.open("ab") as more:
        more.write(b"o\n")
    assert reading.tick() == [b"two"]


def test_a_file_renamed_while_nobody_ran_is_found_by_its_inode(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\n")
    reading.tick()
    with file.open("ab") as more:
        more.write(b"two\n")
    file.rename(tmp_path / "a.jsonl.1")
    file.write_bytes(b"three\n")
    reading.restart()
    assert sorted(reading.tick()) == [b"three", b"two"]


def test_an_inode_that_is_used_again_is_a_new_file(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\n")
    reading.tick()
    kept = [[path, inode, *rest] for path, inode, *rest in reading.tail.export()]
    file.write_bytes(b"two\nthree\n")  # the same inode, as if it had been freed and taken again
    reading.tail.close()
    fresh = Reading(tmp_path)
    fresh.tail.restore(kept)
    assert fresh.tick() == [b"two", b"three"]


def test_a_restored_backup_has_another_inode_and_is_known_by_its_content(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path), tmp_path / "a.jsonl"
    file.write_bytes(b"one\n")
    reading.tick()
    (tmp_path / "copy").write_bytes(b"one\ntwo\n")
    (tmp_path / "copy").replace(file)
    reading.restart()
    assert reading.tick() == [b"two"]


def test_a_glob_that_matches_renamed_files_too_reads_nothing_twice(tmp_path: Path) -> None:
    reading, file = Reading(tmp_path, "a.jsonl*"), tmp_path / "a.jsonl"
    file.write_bytes(b"one\n")
    reading.tick()
    file.rename(tmp_path / "a.jsonl.1")
    file.write_bytes(b"two\n")
    (tmp_path / "a.jsonl.2.gz").write_bytes(b"\x1f\x8bpacked\n")
    assert reading.tick() == [b"two"]
    assert reading.tick(LINGER * 2) == []


def test_existing_lines_can_be_skipped_but_not_those_of_later_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"old\nhal")
    reading = Reading(tmp_path, existing=False)
    reading.tick()
    with (tmp_path / "a.jsonl").open("ab") as file:
        file.write(b"f\nnew\n")
    (tmp_path / "b.jsonl").write_bytes(b"later\n")
    reading.tick()
    assert sorted(reading.lines) == [b"half", b"later", b"new"]


def test_what_is_no_file_or_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "nowhere.jsonl").symlink_to(tmp_path / "missing")
    (tmp_path / "a.jsonl").write_bytes(b"one\n")
    (tmp_path / "same.jsonl").symlink_to(tmp_path / "a.jsonl")
    assert Reading(tmp_path).tick() == [b"one"]


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 3):
        (tmp_path / f"{number}.jsonl").write_bytes(b"one\n")
    reading = Reading(tmp_path)
    assert len(reading.tick()) == MOST_FILES
    assert reading.tail.events["too_many"] == 3
    reading.tail.close()


def test_the_work_of_one_tick_is_bounded_and_files_take_turns(tmp_path: Path) -> None:
    big = b"x" * 1000 + b"\n"
    (tmp_path / "a.jsonl").write_bytes(big * 20_000)
    (tmp_path / "z.jsonl").write_bytes(b"small\n")
    reading = Reading(tmp_path)
    first = reading.tick()
    assert b"small" in first
    assert len(first) < 10_000
    assert reading.tail.unread > 0
    while reading.tick():
        pass
    assert len(reading.lines) == 20_001


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"), st.lists(st.sampled_from([b"ab", b"c\n", b"\n", b"x" * 1500, b"\n\n"])).map(b"".join)
        ),
        st.sampled_from([("tick", b""), ("rename", b""), ("truncate", b""), ("restart", b""), ("wait", b"")]),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=60)
@given(steps)
def test_any_chunking_of_writes_rotations_and_restarts_gives_the_same_counts(plan: list[tuple[str, bytes]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        reading, file = Reading(folder), folder / "a.jsonl"
        written, rotated, unique, anew = b"", 0, 0, False
        for step, data in plan:
            match step:
                case "write":
                    unique += 1
                    marked = data.replace(b"c", b"%d" % unique)
                    if anew:  # records carry times: a file that is begun anew does not begin as it did before
                        marked, anew = b"%d" % unique + marked, False
                    written += marked
                    with file.open("ab") as handle:
                        handle.write(marked)
                case "tick" | "wait":
                    reading.tick(LINGER if step == "wait" else 0.1)
                case "rename" if file.exists():  # a writer rotates between lines
                    written += b"\n"
                    with file.open("ab") as handle:
                        handle.write(b"\n")
                    reading.tick()
                    rotated += 1
                    file.rename(folder / f"a.{rotated}")
                    anew = True
                case "truncate" if file.exists():  # nothing is unread: what is then truncated is lost to everyone
                    written += b"\n"
                    with file.open("ab") as handle:
                        handle.write(b"\n")
                    reading.tick()
                    os.truncate(file, 0)
                    anew = True
                case "restart":
                    reading.restart()
        reading.tick()
        whole = [line for line in written.split(b"\n")[:-1] if line]
        rest = written.rpartition(b"\n")[2]
        assert sorted(reading.lines) == sorted(line for line in whole if len(line) <= CAP)
        assert reading.too_long == sum(len(line) > CAP for line in [*whole, rest])
        reading.tail.close()
