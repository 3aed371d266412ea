"""Runbook pages of recovery alerts: the promise, the numbers now, and whether the news can be trusted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import format_duration, spoken
from watchbill.model import Check, Content, Fact, Page, Use
from watchbill.promql import Matcher, Op, quote

if TYPE_CHECKING:
    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Labels


class Sight:
    """Builds the queries of one alert's page, for the copy that it fired for."""

    def __init__(self, reads: Reads, alert: str) -> None:
        self.reads, self.alert = reads, alert
        self.group = tuple(Matcher(name, Op.EQ, f"${name}") for name in reads.item.group_names)
        self.more = ",".join(str(m) for m in self.group)

    def last(self, record: str) -> str:
        """Return the last news of the day: while something is wrong, the exporter may be, too."""
        return f"last_over_time({self.reads.low.ref(record, self.more)}[{format_duration(24 * 3_600_000)}])"

    def age(self, record: str) -> Check:
        """Return the check of the age of what a record tells the time of."""
        title = {
            names.POINT: "How old is the newest data that can be restored?",
            names.SUCCESS: "When did a backup last end well?",
            names.RESTORED: "When was it last restored, with success?",
            names.CHECK: "When was the repository last checked, with success?",
            names.SEEN: "When was the copy last looked at?",
        }[record]
        key = record.split(":")[1]
        return Check(f"age-{key}", title, f"time() - {self.last(record)}", "seconds ago; no result: it is not known")

    def now(self, record: str, title: str, expect: str, use: Use = Use.LOOK) -> Check:
        """Return the check of what a record says."""
        return Check(record.replace(":", "-"), title, self.last(record), expect, use)

    def copies(self) -> Check:
        """Return the check of the other copies."""
        point = f"last_over_time({self.reads.low.ref(names.POINT)}[1d])"
        return Check(
            "copies", "How old is each copy?", f"sort(time() - {point})",
            "seconds, the newest copy first: restore from that one if you must now", always=True,
        )  # fmt: skip

    def state(self) -> str:
        """Return the series that says since when the alert is active."""
        own = f"alertname={quote(self.alert)},{self.reads.low.matchers[1:-1]}"
        return f"ALERTS_FOR_STATE{{{own},{self.more}}}"

    def trust(self) -> tuple[Check, ...]:
        """Return the checks that tell noise from trouble."""
        item, service = self.reads.item, self.reads.setting.service
        source = item.selector("last_success").where(self.group)
        group = f'rule_group=~".*watchbill/{service}/{item.name}/.*"'
        failed = f"increase(prometheus_rule_evaluation_failures_total{{{group}}}[15m])"
        return (
            Check(
                "seen", "Are these numbers fresh?", f"time() - {self.last(names.SEEN)}",
                f"seconds since the copy was last looked at; above {format_duration(item.news_within)} they are old",
                Use.TRUST,
            ),
            Check(
                "input", f"Is {source.metric} there?", f"count({source})",
                "the number of series; no result: whatever exposes it is down, or does not know the copy any more",
                Use.TRUST,
            ),
            Check(
                "rules", "Do its rules run?", f"sum by (rule_group) ({failed}) > 0",
                "no result: every rule behind these numbers was evaluated", Use.TRUST,
            ),
        )  # fmt: skip


def page(
    reads: Reads,
    what: str,
    *,
    brief: str,
    hurts: str,
    fires: tuple[str, str],
    clears: tuple[str, str],
    look: tuple[str, ...],
    numbers: tuple[tuple[str, str, str], ...] = (),
    over: str = "",
) -> Page:
    """Return the page of one alert of the item.

    `fires` and `clears` are value and note of their facts, `look` the records whose age is shown, `numbers` records
    with the question they answer and what to expect, `over` a query without a result once it is mended.
    """
    made = partial(_content, reads, what, brief, hurts, fires, clears, look, numbers, over)
    return Page(reads.item.shown, reads.item.runbook or "", reads.item.group_names, make=made)


def _content(
    reads: Reads,
    what: str,
    brief: str,
    hurts: str,
    fires: tuple[str, str],
    clears: tuple[str, str],
    look: tuple[str, ...],
    numbers: tuple[tuple[str, str, str], ...],
    over: str,
) -> Content:
    item = reads.item
    alert = names.alert(item.name, what)
    sight = Sight(reads, alert)
    mended = f"{over.rstrip()}" if over else sight.state()
    return Content(
        brief=brief,
        hurts=hurts,
        metrics=tuple(dict.fromkeys(i.selector.metric for i in item.inputs())),
        facts=(Fact("Fires", *fires), *_promises(reads), Fact("Clears", *clears)),
        checks=(
            Check(
                "since", "Since when?", f"time() - {sight.state()}",
                "seconds since the alert's conditions first held; no result: they do not hold any more",
            ),
            *(sight.age(record) for record in look),
            *(sight.now(*one) for one in numbers),
            sight.copies(),
            *sight.trust(),
            Check("gone", "Is the alert over?", mended, "no result: it has cleared", Use.RECOVERY),
        ),
        values=_values(reads),
    )  # fmt: skip


def _promises(reads: Reads) -> tuple[Fact, ...]:
    item = reads.item
    copies = ", ".join(item.repositories) or "every repository that shows it"
    found = [Fact("RPO", spoken(item.rpo), "of data may be lost at most, from every copy")]
    if item.rto is not None:
        found.append(Fact("RTO", spoken(item.rto), "is what a restore may take"))
    return (*found, Fact("Copies", copies, f"of {item.source}"))


def _values(reads: Reads) -> Labels:
    item = reads.item
    scope = tuple(m for m in item.selector("last_success").matchers if m.name in {"job", names.SOURCE})
    return (
        ("slo", item.name),
        ("objective", spoken(item.rpo)),
        ("period", spoken(item.restored_every) if item.restored_every else "30d"),
        ("scope", ",".join(str(m) for m in scope)),
    )
