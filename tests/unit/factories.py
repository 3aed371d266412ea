"""Specs for tests: valid by default, one thing changed by name. Odd numbers, so that swapped values show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from watchbill.lint import lint
from watchbill.load import Loaded, load_texts
from watchbill.plan import build, resolve

if TYPE_CHECKING:
    from watchbill.diagnostics import Diagnostic
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Plan

Spec = dict[str, Any]
FILE = "spec.yaml"


def a_ratio(**changed: Any) -> Spec:
    return {
        "kind": "ratio",
        "total": 'calls_total{job="api"}',
        "bad": 'calls_total{job="api",code=~"5.."}',
        **changed,
    }


def an_slo(**changed: Any) -> Spec:
    return {"name": "calls", "objective": 99.1, "sli": a_ratio(), **changed}


def a_spec(*slos: Spec, **changed: Any) -> Spec:
    return {
        "watchbill": 1,
        "service": "shop",
        "prometheus": {"retention": "95d"},
        "slos": list(slos) or [an_slo()],
        **changed,
    }


def text(spec: Spec) -> str:
    """Return the spec as JSON, which is YAML, one line."""
    return json.dumps(spec, ensure_ascii=False)


def loaded(spec: Spec | str) -> Loaded:
    return load_texts([(FILE, spec if isinstance(spec, str) else text(spec))])


def planned(spec: Spec | str) -> Plan:
    return build(loaded(spec).document)


def facts(slo: Spec | None = None, **changed: Any) -> Facts:
    document = loaded(a_spec(slo or an_slo(), **changed)).document
    return resolve(document, document.slos[0])


def found(spec: Spec | str) -> list[Diagnostic]:
    """Return what lint finds in a spec that loads."""
    one = loaded(spec)
    return one.diagnose(lint(one.document))
