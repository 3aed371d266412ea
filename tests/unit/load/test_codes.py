"""One fault, its code, its place to the column, the caret under it and the hint."""

from __future__ import annotations

import pytest

from watchbill.errors import SpecError
from watchbill.load import load_texts
from watchbill.load.codes import CODES

HEAD = "watchbill: 1\nservice: shop\n"
BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
)
MEND = "hint: Mend the place the caret shows; tabs cannot indent YAML."

CASES = {
    "a tab cannot indent": (
        "watchbill: 1\n\tservice: shop\n",
        ["spec.yaml:2:1: WB001 found a tab character that violates indentation", "\tservice: shop", "^", MEND],
    ),
    "a bracket stays open": (
        "watchbill: 1\nservice: [a\n",
        ["spec.yaml:3:1: WB001 did not find expected ',' or ']'", MEND],
    ),
    "a second document": (
        HEAD + "---\nwatchbill: 1\n",
        ["spec.yaml:3:1: WB001 a spec is one YAML document; '---' starts a second one", "---", "^^^", MEND],
    ),
    "a control character": (
        HEAD + "owner: a\x01b\n",
        [
            "spec.yaml:3:9: WB001 the file holds a control character that YAML does not allow",
            "owner: a?b",
            "        ^",
            MEND,
        ],
    ),
    "half of a surrogate pair": (
        HEAD + 'owner: "\\ud800"\n',
        ["spec.yaml:3:11: WB001 found invalid Unicode character escape code", 'owner: "\\ud800"', "          ^", MEND],
    ),
    "a list as a key": (
        HEAD + "? [a, b]\n: 1\n",
        ["spec.yaml:3:3: WB001 a key must be text, not a list or mapping", "? [a, b]", "  ^", "hint: Quote the key."],
    ),
    "a number as a key": (
        HEAD + "labels: {7: b}\n",
        ["spec.yaml:3:10: WB001 a key must be text, not 7", "labels: {7: b}", "         ^", "hint: Quote the key."],
    ),
    "a merge of no mapping": (
        HEAD + "labels:\n  <<: 7\n",
        ["spec.yaml:4:7: WB001 '<<' merges mappings only", "  <<: 7", "      ^", MEND],
    ),
    "a key given twice": (
        HEAD + "service: office\n",
        [
            "spec.yaml:3:1: WB002 'service' is already given on line 2",
            "service: office",
            "^^^^^^^",
            "hint: Drop or rename one of them.",
        ],
    ),
    "an alias bomb": (
        BOMB,
        [
            "spec.yaml:7:14: WB003 aliases expand to more than two million nodes",
            "a6: &a6 [*a5,*a5,*a5,*a5,*a5,*a5,*a5,*a5,*a5,*a5]",
            "             ^^^",
            "hint: Split the spec into several files in one folder.",
        ],
    ),
    "an alias without an anchor": (
        HEAD + "owner: *who\n",
        ["spec.yaml:3:8: WB005 alias *who names no anchor above", "owner: *who", "       ^^^^", "hint: Write it out."],
    ),
    "an alias of what contains it": (
        HEAD + "labels: &l\n  a: *l\n",
        ["spec.yaml:4:6: WB005 alias *l contains itself", "  a: *l", "     ^^", "hint: Write it out."],
    ),
    "a tag on a value": (
        HEAD + "owner: !!python/object:os.system x\n",
        [
            "spec.yaml:3:8: WB006 the tag tag:yaml.org,2002:python/object:os.system is not read",
            "owner: !!python/object:os.system x",
            "       ^^^^^^^^^^^^^^^^^^^^^^^^^^^",
            "hint: Drop the tag.",
        ],
    ),
    "a tag on a collection": (
        HEAD + "slos: !!set {a}\n",
        [
            "spec.yaml:3:7: WB006 the tag tag:yaml.org,2002:set is not read",
            "slos: !!set {a}",
            "      ^",
            "hint: Drop the tag.",
        ],
    ),
    "a list instead of a mapping": (
        "- a\n",
        ["spec.yaml:1:1: WB009 a spec is a mapping of sections", "- a", "^", "hint: Start with `watchbill: 1`."],
    ),
    "a mistyped key": (
        HEAD + "ownr: x\n",
        ["spec.yaml:3:1: WB100 'ownr' is not known here", "ownr: x", "^^^^", "hint: did you mean 'owner'?"],
    ),
    "a mistyped key inside of a kind": (
        HEAD + "slos:\n- name: a\n  objective: 99\n  sli: {kind: availability, gauge: up, gage: up}\n",
        [
            "spec.yaml:6:40: WB100 'gage' is not known here",
            "  sli: {kind: availability, gauge: up, gage: up}",
            "                                       ^^^^",
            "hint: did you mean 'gauge'?",
        ],
    ),
    "a missing key": (
        "watchbill: 1\n",
        ["spec.yaml:1:1: WB101 'service' is missing", "watchbill: 1", "^", "hint: Add the key."],
    ),
    "a value of the wrong type": (
        HEAD + "labels: {a: 7}\n",
        [
            "spec.yaml:3:13: WB102 a: input should be a valid string",
            "labels: {a: 7}",
            "            ^",
            "hint: See the message.",
        ],
    ),
    "a list without anything in it": (
        HEAD + "slos:\n- {name: a, objective: 99, alerting: {tiers: []}, sli: {kind: availability, gauge: up}}\n",
        [
            "spec.yaml:4:46: WB102 'tiers' is a list of at least 1",
            "- {name: a, objective: 99, alerting: {tiers: []}, sli: {kind: availability, gauge: up}}",
            "                                             ^",
            "hint: Add to it, or drop the key.",
        ],
    ),
    "an unknown word": (
        HEAD + "slos:\n- {name: a, objective: 99, weighting: tim, sli: {kind: availability, gauge: up}}\n",
        [
            "spec.yaml:4:39: WB103 'tim' cannot stand here",
            "- {name: a, objective: 99, weighting: tim, sli: {kind: availability, gauge: up}}",
            "                                      ^^^",
            "hint: did you mean 'time'?",
        ],
    ),
    "an unknown kind": (
        HEAD + "slos:\n- {name: a, objective: 99, sli: {kind: ratoi}}\n",
        [
            "spec.yaml:4:40: WB103 'ratoi' is no kind of SLI",
            "- {name: a, objective: 99, sli: {kind: ratoi}}",
            "                                       ^^^^^",
            "hint: did you mean 'ratio'?",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_fault_is_named_with_its_place_a_caret_and_a_hint(text: str, expected: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        load_texts([("spec.yaml", text)])
    (one,) = caught.value.diagnostics
    head, *rest = expected
    assert one.text().split("\n") == [head, *(f"    {line}" for line in rest)]


def test_nesting_deeper_than_any_spec_is_refused_where_it_gets_too_deep() -> None:
    with pytest.raises(SpecError) as caught:
        load_texts([("spec.yaml", "a: " + "[" * 5000 + "]" * 5000)])
    assert caught.value.diagnostics[0].line_form() == "spec.yaml:1:67: WB003 nested deeper than 64 levels"


@pytest.mark.parametrize("name", ["nan", "Inf", "without"])
def test_a_label_that_promql_cannot_group_by_is_refused(name: str) -> None:
    spec = f"slos:\n- {{name: a, objective: 99, sli: {{kind: availability, gauge: up, by: [{name}]}}}}\n"
    with pytest.raises(SpecError) as caught:
        load_texts([("spec.yaml", HEAD + spec)])
    (one,) = caught.value.diagnostics
    assert one.line_form() == (
        f"spec.yaml:4:69: WB113 PromQL reads '{name}' in by (...) as something else than a label"
    )


def test_every_code_of_reading_has_a_case() -> None:
    from tests.unit.load import test_files  # noqa: PLC0415 - the other half of the table

    shown = {line.split()[1] for _, (line, *_) in CASES.values()} | test_files.COVERED
    assert {c.slug for c in CODES} == shown
