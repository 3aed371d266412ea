"""Metrics that exist without any spec: what Prometheus, Alertmanager and Grafana's stack say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import promql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.base import Input
    from watchbill.model import Plan
    from watchbill.spec import Document

MONITORING = frozenset(
    {
        "ALERTS", "ALERTS_FOR_STATE", "up", "scrape_duration_seconds", "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling", "scrape_series_added", "time",
        "prometheus_build_info", "prometheus_config_last_reload_successful", "prometheus_tsdb_head_series",
        "prometheus_rule_evaluation_duration_seconds", "prometheus_rule_evaluation_failures_total",
        "prometheus_rule_evaluations_total", "prometheus_rule_group_duration_seconds",
        "prometheus_rule_group_interval_seconds", "prometheus_rule_group_iterations_missed_total",
        "prometheus_rule_group_iterations_total", "prometheus_rule_group_last_duration_seconds",
        "prometheus_rule_group_last_evaluation_samples", "prometheus_rule_group_last_evaluation_timestamp_seconds",
        "prometheus_rule_group_rules",
        "prometheus_notifications_alertmanagers_discovered", "prometheus_notifications_dropped_total",
        "prometheus_notifications_errors_total", "prometheus_notifications_queue_length",
        "prometheus_notifications_sent_total",
        "alertmanager_alerts", "alertmanager_build_info", "alertmanager_config_last_reload_successful",
        "alertmanager_notifications_failed_total", "alertmanager_notifications_total",
        "alertmanager_notification_latency_seconds_bucket", "alertmanager_silences",
    }
)  # fmt: skip
OWN_PREFIXES = ("agent", "queue", "sandbox", "backup")
OWN_SUFFIXES = ("up", "scrape_duration_seconds", "scrape_error", "exporter_series_dropped_total")


def known_metrics(document: Document, plan: Plan) -> frozenset[str]:
    """Return what the plan records, what its items and rules read, and what our exporters say of themselves."""
    found = {f"{prefix}_{suffix}" for prefix in OWN_PREFIXES for suffix in OWN_SUFFIXES}
    for unit in plan.units:
        for file in unit.files:
            for record in file.records():
                found.add(record.record)
                found.update(_read(record.expr))
            for alert in file.alerts():
                found.update(_read(alert.expr))
    for one in _inputs(document):
        found.add(one.selector.metric)
        base = next((one.selector.metric.removesuffix(s) for s in ("_bucket", "_count", "_sum")), "")
        found.update(f"{base}{s}" for s in ("_bucket", "_count", "_sum") if one.role in {"histogram", "quantile"})
    if plan.deploys:
        found.add(promql.parse_selector(plan.deploys).metric)
    return frozenset(found)


def known_counters(document: Document) -> frozenset[str]:
    """Return the counters that are read, whatever their names."""
    return frozenset(i.selector.metric for i in _inputs(document) if i.type == "counter")


def _inputs(document: Document) -> Iterator[Input]:
    for slo in document.slos:
        yield from slo.sli.inputs()
    for _, item in document.items:
        yield from item.inputs()


def known_inputs(plan: Plan) -> frozenset[str]:
    """Return what the tiles read: how far those selectors reach is for the spec to say, and its own lint."""
    rules = (r for unit in plan.units for file in unit.files if file.reads_inputs for r in file.records())
    return frozenset(name for rule in rules for name in _read(rule.expr))


def _read(expr: str) -> set[str]:
    return {selector.name for selector in promql.selectors(promql.parse(expr)) if selector.name}
