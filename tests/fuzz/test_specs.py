"""Any input whatsoever: diagnostics that have a place, or a bundle whose every expression parses. Nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import promql_parser
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lab.toolchain import ROOT
from tests.fuzz.strategies import TREES, mutated
from tests.unit.factories import a_spec
from watchbill.diagnostics import Severity
from watchbill.errors import SpecError
from watchbill.lint import lint
from watchbill.load import Loaded, load, load_texts
from watchbill.plan import build
from watchbill.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

SHAPES = yaml.safe_load((ROOT / "tests" / "bundle" / "shapes.yaml").read_text(encoding="utf-8"))
NATIVE = yaml.safe_load((ROOT / "tests" / "bundle" / "native.yaml").read_text(encoding="utf-8"))
LISTS = ("slos", "budgets", "capacity", "recovery")
ALONE = [{**{k: v for k, v in SHAPES.items() if k not in LISTS}, key: [item]} for key in LISTS for item in SHAPES[key]]
"""Each item of the shapes in a spec of its own."""
pytestmark = pytest.mark.timeout(1200)
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck))
both: list[object] = [pytest.param(quick, id="quick"), pytest.param(long, id="long", marks=pytest.mark.slow)]

any_text = st.text(max_size=300)
any_bytes = st.binary(max_size=300)
yamlish = st.text(st.sampled_from("ab:-{}[]&*!|>'\"%@`#,? \n\t<1.~é\U0001f600\x00"), max_size=80)


def outcome(read: Callable[[], Loaded]) -> str:
    """Return "refused" or "written"; whatever is neither is an error of ours."""
    loaded: Loaded | None = None
    try:
        one_loaded = loaded = read()
        found = one_loaded.diagnose(lint(one_loaded.document))
    except SpecError as exc:
        found = list(exc.diagnostics)
        loaded = None
    assert found or loaded
    for one in found:
        assert one.line >= 1, one
        assert one.column >= 1, one
        assert one.message.strip(), one
        assert len(one.message) < 1000, one
        assert one.line_form().count("\n") == 0, one
        assert one.text(), one
    if loaded is None or any(d.severity is Severity.ERROR for d in found):
        return "refused"
    check(loaded)
    return "written"


def check(loaded: Loaded) -> None:
    plan = build(loaded.document)
    for unit in plan.units:
        for file in (*unit.files, *([unit.backfill] if unit.backfill else [])):
            for expr in (*(r.expr for r in file.records()), *(a.expr for a in file.alerts())):
                promql_parser.parse(expr)
    files = {path: text for target in TARGETS for path, text in target.render(plan)}
    for path, text in files.items():
        if path.endswith(".yml") and "/tests/" not in path:  # these are large, and the bundle's own tests read them
            assert yaml.load(text, Loader=yaml.CSafeLoader), path


def sized(size: settings, test: Callable[..., None]) -> None:
    size(test)()


class Quoting(yaml.SafeDumper):
    """Quotes all text: PyYAML writes YAML 1.1, in which a bare `0E0` is text; specs are read as 1.2: a number."""


Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def as_text(spec: Any) -> Callable[[], Loaded]:
    return lambda: load_texts([("spec.yaml", yaml.dump(spec, Dumper=Quoting, sort_keys=False))])


@pytest.mark.parametrize("size", both)
def test_any_text_is_refused_with_a_place(size: settings) -> None:
    @given(any_text | yamlish)
    def try_one(text: str) -> None:
        assert outcome(lambda: load_texts([("spec.yaml", text)])) == "refused"

    sized(size, try_one)


@pytest.mark.parametrize("size", both)
def test_any_bytes_are_refused_with_a_place(size: settings) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "spec.yaml"

        @given(any_bytes | st.tuples(any_bytes, any_bytes).map(lambda two: two[0] + b"\nwatchbill: 1\n" + two[1]))
        def try_one(data: bytes) -> None:
            path.write_bytes(data)
            assert outcome(lambda: load([path])) == "refused"

        sized(size, try_one)


@pytest.mark.parametrize("size", both)
def test_any_structure_is_refused_or_written(size: settings) -> None:
    @given(TREES)
    def try_one(tree: Any) -> None:
        outcome(as_text(tree))
        outcome(as_text({"watchbill": 1, "service": "shop", "slos": tree}))
        outcome(as_text(a_spec({"name": "a", "objective": 99.1, "sli": tree})))
        outcome(as_text({"watchbill": 1, "service": "shop", "capacity": tree}))

    sized(size, try_one)


@pytest.mark.parametrize("size", both)
def test_a_valid_spec_with_a_few_changes_is_refused_or_written(size: settings) -> None:
    seen = set()
    one_slo = st.sampled_from([*ALONE, NATIVE])

    @given(one_slo.flatmap(mutated))
    @example({**ALONE[0], "owner": "\u2028"})  # one of each: of sixty, luck has had one written and might have none
    @example({**ALONE[0], "slos": "\u2028"})
    def try_one(spec: Any) -> None:
        seen.add(outcome(as_text(spec)))

    sized(size, try_one)
    assert seen == {"refused", "written"}


@pytest.mark.parametrize("size", both)
def test_a_valid_text_with_characters_changed_is_refused_or_written(size: settings) -> None:
    text = (ROOT / "generator" / "watchbill" / "examples" / "http.yaml").read_text(encoding="utf-8")

    @given(st.integers(0, len(text)), st.integers(0, 12), st.text(max_size=6) | yamlish)
    def try_one(at: int, dropped: int, inserted: str) -> None:
        changed = text[:at] + inserted + text[at + dropped :]
        outcome(lambda: load_texts([("spec.yaml", changed)]))

    sized(size, try_one)


@pytest.mark.parametrize("size", both)
def test_any_values_of_labels_and_titles_are_written_and_read_back(size: settings) -> None:
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    def try_one(value: str) -> None:
        spec = a_spec(labels={"env": value}, owner=value)
        spec["slos"][0]["title"] = value
        spec["slos"][0]["sli"]["by"] = {"route": [value or "x", "y"]}
        assert outcome(as_text(spec)) == "written"

    sized(size, try_one)
