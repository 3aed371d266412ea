"""The reference spec reads what our exporters serve: names, labels, words of closed sets, bucket bounds.

The generator and the exporters never import each other; this is where they meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.toolchain import ROOT
from watchbill.kinds.slis import Latency
from watchbill.load import load
from watchbill.promql import Op
from watchbill_exporters.agent.catalogue import FAMILIES as AGENT
from watchbill_exporters.queue.catalogue import FAMILIES as QUEUE

if TYPE_CHECKING:
    from watchbill.spec.slo import Slo

OF_THE_TARGET = {"job", "instance", "le"}
SUFFIXES = ("_bucket", "_count", "_sum")
PREFIXES = ("agent_", "queue_")
BY_NAME = {family.name: family for family in (*AGENT, *QUEUE)}
SLOS = {slo.name: slo for slo in load([ROOT / "watchbill.yaml"]).document.slos}
OURS = {
    name: slo for name, slo in SLOS.items() if any(i.selector.metric.startswith(PREFIXES) for i in slo.sli.inputs())
}


def test_the_reference_spec_reads_several_of_the_exporters_metrics() -> None:
    assert len(OURS) >= 7
    assert "queue-wait" in OURS


@pytest.mark.parametrize("slo", OURS.values(), ids=OURS)
def test_an_objective_reads_what_the_exporters_serve(slo: Slo) -> None:
    for one in slo.sli.inputs():
        name = one.selector.metric
        family = BY_NAME.get(name) or BY_NAME[next(name.removesuffix(s) for s in SUFFIXES if name.endswith(s))]
        assert set(slo.sli.group_names) <= set(family.labels)
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
    if isinstance(slo.sli, Latency):
        assert slo.sli.threshold in BY_NAME[slo.sli.histogram.metric].bounds
