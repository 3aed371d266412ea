"""The reference spec reads what our exporters serve: names, labels, words of closed sets, bucket bounds.

The generator and the exporters never import each other; this is where they meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from lab.toolchain import ROOT
from watchbill.kinds.slis import Latency
from watchbill.load import load
from watchbill.promql import Op
from watchbill_exporters.agent.catalogue import FAMILIES as AGENT
from watchbill_exporters.backup.catalogue import FAMILIES as BACKUP
from watchbill_exporters.queue.catalogue import FAMILIES as QUEUE
from watchbill_exporters.sandbox.catalogue import FAMILIES as SANDBOX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill.kinds.item import Item
    from watchbill.kinds.slis.base import Input
    from watchbill.spec.slo import Slo

OF_THE_TARGET = {"job", "instance", "le"}
SUFFIXES = ("_bucket", "_count", "_sum")
PREFIXES = ("agent_", "queue_", "sandbox", "store_", "backup_", "restore_test_")


def _ours(one: Input) -> bool:
    return one.selector.metric.startswith(PREFIXES)


class Served(NamedTuple):
    """What a spec may rely on."""

    labels: tuple[str, ...]
    closed: Mapping[str, tuple[str, ...]] = {}
    bounds: tuple[float, ...] = ()


BY_NAME = {
    **{f.name: Served(f.labels, f.closed, f.bounds) for f in (*AGENT, *QUEUE, *SANDBOX)},
    **{f.name: Served(f.labels) for f in BACKUP},
    "backup_refresh_last_success_timestamp_seconds": Served(("target",)),  # the frame's
}
DOCUMENT = load([ROOT / "watchbill.yaml"]).document
SLOS = {slo.name: slo for slo in DOCUMENT.slos}
ITEMS = {item.name: item for _, item in DOCUMENT.items if any(_ours(i) for i in item.inputs())}
OURS = {name: slo for name, slo in SLOS.items() if any(_ours(i) for i in slo.sli.inputs())}


def test_the_reference_spec_reads_several_of_the_exporters_metrics() -> None:
    assert len(OURS) >= 7
    assert "queue-wait" in OURS


@pytest.mark.parametrize("slo", OURS.values(), ids=OURS)
def test_an_objective_reads_what_the_exporters_serve(slo: Slo) -> None:
    for one in slo.sli.inputs():
        served(one, slo.sli.group_names)
    if isinstance(slo.sli, Latency):
        assert slo.sli.threshold in BY_NAME[slo.sli.histogram.metric].bounds


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_an_item_reads_what_the_exporters_serve(item: Item) -> None:
    for one in item.inputs():
        if _ours(one):
            served(one, item.group_names if one.role == "counter" else ())


def served(one: Input, groups: tuple[str, ...]) -> None:
    """Hold one metric that a spec reads against the exporter's catalogue."""
    name = one.selector.metric
    family = BY_NAME.get(name) or BY_NAME[next(name.removesuffix(s) for s in SUFFIXES if name.endswith(s))]
    assert set(groups) <= set(family.labels)
    for matcher in one.selector.matchers:
        if matcher.name in OF_THE_TARGET:
            continue
        assert matcher.name in family.labels, f"{matcher} of {name}"
        words = family.closed.get(matcher.name)
        if words is None:
            continue
        chosen = [w for w in words if matcher.matches({matcher.name: w})]
        assert chosen, f"{matcher} of {name} chooses none of {words}"
        assert len(chosen) < len(words), f"{matcher} of {name} chooses all of {words}"
        if matcher.op in {Op.EQ, Op.NE}:
            assert matcher.value in words, f"{matcher} of {name}"
