"""What a drill plays: scenarios read back, cut at the brink, and divided so that they do not meet."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from tests.bundle.specs import SPECS, plan_of
from watchbill.kinds.slis.history import values
from watchbill.live.batches import batches, hushing
from watchbill.live.clocks import calendar
from watchbill.live.notation import samples
from watchbill.live.playing import files
from watchbill.live.scenes import Act, Scene, acts, through
from watchbill.live.stage import STATE, Stage
from watchbill.targets.rules import render

NAMES = ("reference", "http", "shapes")
every_spec = pytest.mark.parametrize("spec", NAMES)


@cache
def all_acts(spec: str) -> list[Act]:
    plan = plan_of(spec)
    return acts(plan, [alert.name for alert in plan.alerts()])


def scene_of(name: str) -> Scene:
    [act] = [act for act in all_acts("reference") if len(act) == 1 and act[0].alert.name == name]
    return act[0]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 -2.5 1e-7", [1, -2.5, 1e-7]),
        ("0x2 1+2x3 5-1x1", [0, 0, 0, 1, 3, 5, 7, 5, 4]),
        ("_ 7 _x2 stale", [None, 7, None, None, None]),
        ("1e+16+0x1 2.5e-3x1 -3+2x2", [1e16, 1e16, 2.5e-3, 2.5e-3, -3, -1, 1]),
    ],
)
def test_promtools_notation_is_read_as_promtool_reads_it(text: str, meant: list[float | None]) -> None:
    assert samples(text) == meant


def test_what_scenarios_write_is_read_back() -> None:
    written = [None, 1.0, 2.0, 3.0, None, None, 0.1, 0.1, 0.30000000000000004, 1e15, 5.0, -4.0, -4.0, 2.0**60]
    assert samples(values(written)) == written


@every_spec
def test_every_series_of_every_scene_has_its_samples(spec: str) -> None:
    for act in all_acts(spec):
        assert all(listed for _, _, listed in act[0].series)


@every_spec
def test_every_alert_has_an_act_of_its_own_that_fires_and_clears(spec: str) -> None:
    alone = [act[0] for act in all_acts(spec) if len(act) == 1]
    assert [scene.alert for scene in alone] == list(plan_of(spec).alerts())
    for scene in alone:
        assert scene.firing
        assert scene.clear != scene.at
        assert scene.clear is not None or scene.alert.family == "watchdog"


@every_spec
def test_alerts_that_a_scenario_fires_at_once_are_played_at_once(spec: str) -> None:
    crowds = [act for act in all_acts(spec) if len(act) > 1]
    for act in crowds:
        assert len({(id(scene.scenario), scene.at, scene.clear) for scene in act}) == 1
        assert len({scene.alert.name for scene in act}) == len(act)
    crowded = {act[0].unit.name for act in crowds}
    burning = {unit.name for unit in plan_of(spec).units if sum(a.family == "budget-burn" for a in unit.alerts()) > 1}
    assert burning
    assert burning <= crowded


@every_spec
def test_acts_that_could_disturb_one_another_are_apart_and_none_is_lost(spec: str) -> None:
    plan = plan_of(spec)
    listed = all_acts(spec)
    found = batches(plan, listed)
    assert sorted(id(act) for batch in found for act in batch) == sorted(map(id, listed))
    hush = hushing(plan)
    for batch in found:
        for one, other in combinations([act[0] for act in batch], 2):
            assert one.unit.name != other.unit.name
            assert frozenset((one.unit.name, other.unit.name)) not in hush
            written = ({(s.name, s.labels) for s in scene.scenario.series} for scene in (one, other))
            assert not set.intersection(*written)


def test_what_goes_right_through_starts_at_inputs_and_plays_on_past_the_look() -> None:
    plan = plan_of("reference")
    found = through(plan, [alert.name for alert in plan.alerts()])
    told_raw = {
        unit.name
        for unit in plan.units
        if any(file.reads_inputs for file in unit.files)
        and any(s.level == "raw" and any(f.firing for f in s.fires) for s in unit.scenarios)
    }
    assert {scene.unit.name for scene in found} == told_raw
    assert len(told_raw) >= 10
    for scene in found:
        assert scene.scenario.level == "raw"
        assert scene.clear is None
        assert set(files([(scene,)], 30_000)) == {file.path for file in scene.unit.files}
    gateway = next(scene for scene in found if scene.unit.name == "gateway-up")
    [(_, _, up)] = gateway.series
    assert [gateway.value(up, minute * 60_000) for minute in (-1, 0, 31, 36, 999)] == [None, 1, 0, 1, 1]


def test_a_composite_and_the_members_whose_tiles_it_writes_are_apart() -> None:
    plan = plan_of("reference")
    members = {"run-success", "first-token", "stream-continuity"}
    played = [(scene,) for scene in through(plan, [alert.name for alert in plan.alerts()])]
    [batch] = [b for b in batches(plan, played) if any(act[0].unit.name == "conversation" for act in b)]
    assert not members & {act[0].unit.name for act in batch}


def test_rules_are_the_bundles_but_for_what_turns_inputs_into_tiles_and_their_pace() -> None:
    bundle = {path.rsplit("/", 1)[1]: text for path, text in render(plan_of("reference"))}
    burn, raw = (scene_of(name) for name in ("RunSuccessBudgetBurnSlow", "SupportAgentsRuleEvaluationMissed"))
    found = files([(burn,), (raw,)])
    assert found == {name: bundle[name] for name in ("run-success.yml", "watchbill-health.yml")}
    quick = files([(burn,)], 30_000)["run-success.yml"]
    hurried = bundle["run-success.yml"].replace("interval: 5m", "interval: 30s")
    assert quick == hurried.replace("keep_firing_for: 5m", "keep_firing_for: 1m")
    assert quick not in {bundle["run-success.yml"], hurried}


BEGINS = 1_700_000_000.0


def history(stage: Stage) -> list[tuple[str, float, float]]:
    lines = list(stage.history())
    assert lines[-1] == "# EOF"
    split = [line.rsplit(" ", 2) for line in lines[:-1]]
    return [(series, float(value), float(at)) for series, value, at in split]


def test_history_ends_when_the_stage_begins_just_before_the_alert_is_due() -> None:
    scene = scene_of("RunSuccessBudgetBurnSlow")
    stage = Stage([(scene,)], BEGINS, lead=45)
    past = history(stage)
    step = scene.scenario.step / 1000
    last = max(at for _, _, at in past)
    assert BEGINS + 45 - step <= last < BEGINS
    errors = next(name for name, _, _ in past if name.startswith('slo:errors:sum1d{agent="agent-1"'))
    before = [value for name, value, _ in past if name == errors][-1]
    shown = {
        at: dict(line.rsplit(" ", 1) for line in stage.exposition(BEGINS + at).splitlines()) for at in (1, 46, 999)
    }
    live = errors.replace("{", '{instance="",job="",')
    assert float(shown[1][live]) == before == 0
    assert float(shown[46][live]) == float(shown[999][live]) > 0
    stage.heal((scene,))
    healed = dict(line.rsplit(" ", 1) for line in stage.exposition(BEGINS + 1000).splitlines())
    assert float(healed[live]) == 0


def test_a_long_for_is_nearly_over_when_the_stage_begins() -> None:
    scene = scene_of("RunSuccessSignalMissing")
    past = [(value, at) for name, value, at in history(Stage([(scene,)], BEGINS, lead=45)) if name.startswith(STATE)]
    assert {value for value, _ in past} == {BEGINS + 45 - 600}
    assert past[0][1] == BEGINS + 45 - 600
    assert BEGINS - 30 < past[-1][1] <= BEGINS


def test_what_a_scenario_looks_at_too_seldom_for_its_for_is_held_in_history() -> None:
    scene = scene_of("RunSuccessTrafficCollapse")
    assert scene.held == scene.alert.pending == 900_000
    past = history(Stage([(scene,)], BEGINS, lead=45))
    state = next(name for name, _, _ in past if not name.startswith(STATE))
    at_look = scene.value(scene.series[0][2], scene.at)
    held = [value for name, value, at in past if name == state and at >= BEGINS + 45 - 900]
    assert held == [at_look] * ((900 - 45) // 30 + 1)


def test_a_time_is_as_long_ago_in_the_drill_as_it_is_in_its_scenario() -> None:
    scene = scene_of("CheckpointsBackupMissing")
    seen = "recovery:seen:timestamp_seconds"
    assert {seen, "recovery:point:timestamp_seconds"} <= scene.times  # nothing but `seen` is compared with the point
    assert "recovery:locked:state" not in scene.times
    stage = Stage([(scene,)], BEGINS, lead=45)
    listed = next(listed for name, _, listed in scene.series if name == seen)

    def age(at: float) -> float:
        line = next(line for line in stage.exposition(at).splitlines() if line.startswith(seen))
        return at - float(line.rsplit(" ", 1)[1])

    def told(shown: int) -> float:
        value = scene.value(listed, shown)
        assert value is not None
        return shown / 1000 - value

    assert age(BEGINS + 45) == age(BEGINS + 400) == pytest.approx(told(scene.at))
    _, last, at = [row for row in history(stage) if row[0].startswith(seen)][-1]
    assert 0 <= at - last <= told(scene.at)
    stage.heal((scene,))
    assert scene.clear is not None
    assert age(BEGINS + 500) == pytest.approx(told(scene.clear))


def test_an_alert_that_depends_on_the_calendar_is_shown_that_of_its_scenario() -> None:
    scene = scene_of("ModelCallsForecastExceeds")
    names = {rule.record for rule in calendar(scene.unit, [scene.alert])}
    assert "budget:remaining:days" in names
    left: tuple[tuple[str, str], ...] = (("budget", "model-calls"),)
    steps = [7.0 - n for n in range(200)]
    dated = replace(scene, calendar=(("budget:remaining:days", left, steps),))
    text = Stage([(dated,)], BEGINS).exposition(BEGINS + 60)
    assert (
        f'budget:remaining:days{{instance="",job="",budget="model-calls"}} {7.0 - scene.at // scene.scenario.step}'
        in text
    )
    played, whole = ("".join(files([(one,)], 30_000).values()) for one in (dated, scene))
    assert "record: budget:remaining:days" in whole
    assert "record: budget:remaining:days" not in played
    assert calendar(scene.unit, [a for a in scene.unit.alerts() if a.name == "ModelCallsBurnFast"]) == []


def test_scenarios_of_one_name_are_not_taken_for_one() -> None:
    name = "NightlyFanOutMissedFiring"  # each schedule has a scenario of the same name
    firing = {scene.firing for act in all_acts("reference") for scene in act if scene.alert.name == name}
    assert len(firing) == 1


@pytest.mark.parametrize("name", ["CheckpointsRepositoryLocked", "KnowledgeBaseBackupShrunken"])
def test_what_ends_by_fewer_samples_is_healed_by_a_look_that_shows_something_else(name: str) -> None:
    scene = scene_of(name)
    assert scene.clear is not None
    shown, healed = ([scene.value(s, at) for _, _, s in scene.series] for at in (scene.at, scene.clear))
    assert shown != healed
    assert None not in healed
    following = next(f for f in scene.scenario.fires if f.alert == name and f.at > scene.at)
    assert not following.firing  # the next look is silent as well, but shows the same
    assert [scene.value(s, following.at) for _, _, s in scene.series] == shown


def test_what_was_not_looked_at_just_before_may_have_fired() -> None:
    assert scene_of("RunSuccessBudgetBurnFast").silent_before
    assert not scene_of("CheckpointsRecoveryPointLate").silent_before


def test_labels_that_a_series_has_are_kept_and_those_it_lacks_are_kept_out() -> None:
    scene = scene_of("SupportAgentsTargetsDown")
    line = Stage([(scene,)], BEGINS).exposition(BEGINS).splitlines()[0]
    assert line == 'up{instance="a-1",job="agents"} 0.0'


def test_names_with_quotes_and_line_breaks_are_escaped() -> None:
    scene = scene_of("SupportAgentsWatchdog")
    [one] = scene.scenario.series
    odd = replace(scene.scenario, series=(replace(one, labels=(("job", 'a"b\n\\'), ("instance", ""))),))
    shown = Stage([(replace(scene, scenario=odd),)], BEGINS).exposition(BEGINS + 60)
    assert shown == 'up{job="a\\"b\\n\\\\",instance=""} 0.0\n'


def test_specs_are_those_of_the_proofs() -> None:
    assert set(NAMES) <= set(SPECS)
