"""A note for every code of runbook text that triggers it at a place, and a near miss."""

from __future__ import annotations

from dataclasses import dataclass

from watchbill.knowledge import HEADINGS

ALERT = "CallsBudgetBurnFast"
TOPIC = "".join(f"## {h}\n\ntext\n\n" for h in HEADINGS)


@dataclass(frozen=True)
class Case:
    """`at` is line and column in the note; without a name the case is a test of its own."""

    code: str
    about: str
    name: str
    wrong: str
    right: str
    at: tuple[int, int]
    says: str = ""
    hint: str = ""
    right_name: str = ""


def query(expr: str) -> str:
    return f"```promql\n{expr}\n```\n"


CASES = [
    Case("WB510", "a new topic without a section", "coffee", TOPIC.replace("## Causes\n\ntext\n", ""), TOPIC, (1, 1),
         "the topic 'coffee' has no section 'Causes'", "## Causes"),
    Case("WB510", "a new topic with an empty section", "coffee",
         TOPIC.replace("## Mitigate\n\ntext\n", "## Mitigate\n"), TOPIC, (1, 1), "no section 'Mitigate'"),
    Case("WB511", "a mistyped heading", "run-failures", "## Mitigation\n\nRoll back.\n", "## mitigate\n\nRoll back.\n",
         (1, 4), "no section 'Mitigation'", "did you mean 'Mitigate'?"),
    Case("WB511", "a heading that only looks like one", ALERT, "x\n\n## Roll back\n", "x\n\n```sh\n## Roll back\n```\n",
         (3, 4), "no section 'Roll back'"),
    Case("WB513", "an alert that is gone", "CallsBudgetBurnFats", "Call Ann.\n", "Call Ann.\n", (1, 1),
         "no alert is named 'CallsBudgetBurnFats'", f"did you mean '{ALERT}'?", right_name=ALERT),
    Case("WB514", "a page that is not there", ALERT, "a\n\nSee [x](CallsBudgetBurnFist.md).\n",
         "See [x](CallsSignalMissing.md#causes).\n", (3, 9), "there is no page", f"did you mean '{ALERT}'?"),
    Case("WB514", "an anchor that is not there", ALERT, "See [x](#mitigation).\n", "See [x](#mitigate).\n", (1, 9),
         "'#mitigation'", "did you mean 'mitigate'?"),
    Case("WB514", "a path", ALERT, "See [x](../wiki/x.html).\n", "See [x](https://wiki.example.com/x.html).\n", (1, 9),
         "leads nowhere"),
    Case("WB514", "an image", ALERT, "See ![x](https://a.example.com/b.png).\n",
         "See [x](https://a.example.com/b.png).\n", (1, 10), "no images"),
    Case("WB515", "an unknown placeholder", "run-failures", "## Escalate\n\nAsk {{ ower }}.\n",
         "## Escalate\n\nAsk {{ owner }}.\n", (3, 5), "no placeholder 'ower'", "did you mean 'owner'?"),
    Case("WB515", "one that an alert has no value for", "ShopRuleEvaluationMissed", "Kept at {{ objective }}.\n",
         "{{ alert }} of {{service}}.\n", (1, 9), "has no value for 'objective'"),
    Case("WB515", "a label that an alert does not carry", ALERT, query('calls_total{zone="$zone"}'),
         query('calls_total{zone="$z1"}').replace('zone="$z1"', "{{ where }}"), (2, 19), "carries no label 'zone'",
         "{{ where }}"),
    Case("WB516", "braces that nothing closes", ALERT, "a\nKept at {{ objective.\n", 'Kept at {{ "{{" }} objective.\n',
         (2, 9), "starts no placeholder"),
    Case("WB516", "an expression", ALERT, "{{ 7 * 7 }}\n", query('sum({job="x",{{ where }}})'), (1, 1)),
    Case("WB518", "an unknown key", "run-failures", "---\ntitel: x\n---\n", "---\ntitle: x\n---\n", (2, 1),
         "'titel' is not known here", "did you mean 'title'?"),
    Case("WB518", "no end", "run-failures", "---\ntitle: x\n", "---\ntitle: x\n---\n", (1, 1), "no closing ---"),
    Case("WB518", "an order that is no number", "run-failures", "---\norder: first\n---\n", "---\norder: 7\n---\n",
         (2, 1), "whole number"),
    Case("WB519", "a query that is no PromQL", ALERT, "a\n\n1. b\n\n   " + "```promql\n   sum(up\n   ```\n",
         query("sum(up)"), (6, 4), "not PromQL"),
    Case("WB520", "a section twice", "run-failures", "## Causes\n\na\n\n## Causes\n\nb\n", "## Causes\n\na\n\n### b\n",
         (5, 4), "'Causes' was given above"),
]  # fmt: skip
CASES += [
    Case("WB512", "a family nobody wrote about: tested on its own", "", "", "", (0, 0)),
    Case("WB517", "a topic that is not there: tested on its own", "", "", "", (0, 0)),
]
