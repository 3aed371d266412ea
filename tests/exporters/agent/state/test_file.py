"""The state file is whole or refused, and a failed write leaves the old one."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exporters.agent.desk import NOW, Desk, append, write_config
from watchbill_exporters.agent import exporter
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.memory.state_file import StateError, dump, load, parse, save

if TYPE_CHECKING:
    from pathlib import Path

PAYLOAD = {"tally": {"agent_x_total": [[["a"], 3.0]]}, "parts": {"streams": {"files": [], "own": []}}}
WHOLE = dump(PAYLOAD, "agent")


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save(tmp_path / "state", WHOLE)
    save(tmp_path / "state", WHOLE)
    assert load(tmp_path / "state", "agent") == PAYLOAD
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_no_file_is_an_empty_state(tmp_path: Path) -> None:
    assert load(tmp_path / "state", "agent") == {}


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_byte_that_is_flipped_is_noticed_or_harmless(at: int, by: int) -> None:
    damaged = WHOLE[:at] + bytes([WHOLE[at] ^ by]) + WHOLE[at + 1 :]
    with suppress(StateError):
        assert parse(damaged, "agent") == PAYLOAD


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_is_cut_short_is_refused(size: int) -> None:
    with pytest.raises(StateError):
        parse(WHOLE[:size], "agent")


@given(st.binary())
def test_any_other_file_is_refused(data: bytes) -> None:
    with pytest.raises(StateError):
        parse(data, "agent")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(WHOLE[:-9], "the checksum does not fit", id="cut short"),
        pytest.param(WHOLE.replace(b'"version": 1', b'"version": 2'), "a newer version", id="newer"),
        pytest.param(b"\x00" * 4096, "damaged", id="zeros, as a power cut leaves them"),
    ],
)
def test_what_cannot_be_used_is_told_at_the_line_of_the_config(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "state").write_bytes(content)
    config = write_config(tmp_path, state={"file": "state"})
    with pytest.raises(ConfigError, match=says) as error:
        settings(exporter(), config)
    assert "agent.yaml:2:" in str(error.value)
    assert "Move the file away" in str(error.value) or "Upgrade" in str(error.value)
    assert (tmp_path / "state").read_bytes() == content


def test_a_state_whose_parts_do_not_fit_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "state", dump({"tally": {}, "parts": {"streams": {"files": 7, "own": []}}}, "agent"))
    with pytest.raises(StateError, match="does not fit: streams"):
        Desk(tmp_path, state={"file": "state"}, streams={"files": ["x"]})


def test_two_exporters_cannot_have_one_state(tmp_path: Path) -> None:
    with Desk(tmp_path, state={"file": "state"}), pytest.raises(ConfigError, match="in use by another exporter"):
        Desk(tmp_path, state={"file": "state"})
    Desk(tmp_path, state={"file": "state"}).runtime.close()


def test_without_a_state_counters_start_at_0_and_old_lines_are_not_read_again(tmp_path: Path) -> None:
    log, line = tmp_path / "x.jsonl", {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}
    with Desk(tmp_path, evaluations={"files": ["x.jsonl"]}) as desk:
        append(log, line)
        desk.tick()
        append(log, line)
        desk.tick()
        assert sum(desk.rows("agent_eval_results_total").values()) == 1  # the first was there before we looked
    with Desk(tmp_path, evaluations={"files": ["x.jsonl"]}) as desk:
        desk.tick()
        assert desk.rows("agent_eval_results_total") == {}


def test_with_a_state_counters_go_on_after_a_clean_end_and_after_a_crash(tmp_path: Path) -> None:
    log, line = tmp_path / "x.jsonl", {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass", "score": 0.5}
    config: dict[str, Any] = {"state": {"file": "state"}, "evaluations": {"files": ["x.jsonl"]}}
    append(log, line, line)
    with Desk(tmp_path, **config) as desk:
        desk.tick()
    crashed = Desk(tmp_path, **config)
    append(log, line)
    crashed.tick()
    assert crashed.rows("agent_eval_score_count") == {("e", "s"): 3}
    crashed.crash()
    append(log, line)
    with Desk(tmp_path, **config) as desk:
        assert desk.rows("agent_eval_score_count") == {("e", "s"): 2}
        desk.tick()
        assert desk.rows("agent_eval_score_count") == {("e", "s"): 4}
        assert desk.rows("agent_eval_results_total") == {("e", "offline", "s", "pass"): 4}
        assert desk.rows("agent_exporter_lines_total") == {("evaluations",): 4}


def test_what_a_section_kept_survives_its_absence_from_the_config(tmp_path: Path) -> None:
    log, line = tmp_path / "x.jsonl", {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}
    config: dict[str, Any] = {"state": {"file": "state"}, "evaluations": {"files": ["x.jsonl"]}}
    append(log, line)
    with Desk(tmp_path, **config) as desk:
        desk.tick()
    Desk(tmp_path, state={"file": "state"}).runtime.close()
    with Desk(tmp_path, **config) as desk:
        desk.tick()
        assert sum(desk.rows("agent_eval_results_total").values()) == 1


def test_a_section_that_a_reload_drops_and_another_brings_back_counts_nothing_twice(tmp_path: Path) -> None:
    log, line = tmp_path / "x.jsonl", {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}
    config: dict[str, Any] = {"state": {"file": "state"}, "evaluations": {"files": ["x.jsonl"]}}
    append(log, line)
    with Desk(tmp_path, **config) as desk:
        desk.tick()
        write_config(tmp_path, state={"file": "state"})
        desk.runtime.reload()
        append(log, line)
        write_config(tmp_path, **config)
        desk.runtime.reload()
        desk.tick()
        assert sum(desk.rows("agent_eval_results_total").values()) == 2


def test_a_write_that_fails_is_counted_and_loses_nothing_in_memory(tmp_path: Path) -> None:
    log, line = tmp_path / "x.jsonl", {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}
    config: dict[str, Any] = {"state": {"file": "kept/state"}, "evaluations": {"files": ["x.jsonl"]}}
    (tmp_path / "kept").mkdir()
    append(log, line)
    with Desk(tmp_path, **config) as desk:
        desk.tick()
        assert desk.hub.keeper.save()
        (tmp_path / "kept" / "state.tmp").mkdir()  # cannot be opened for writing
        append(log, line)
        desk.tick()
        assert not desk.hub.keeper.save()
        assert desk.rows("agent_exporter_state_writes_total") == {("ok",): 1, ("error",): 1}
        assert sum(desk.rows("agent_eval_results_total").values()) == 2
        before = json.loads((tmp_path / "kept" / "state").read_bytes().partition(b"\n")[2])
        assert before["tally"]["agent_eval_results_total"][0][1] == 1
        (tmp_path / "kept" / "state.tmp").rmdir()
    with Desk(tmp_path, **config) as desk:
        desk.tick()
        assert sum(desk.rows("agent_eval_results_total").values()) == 2
