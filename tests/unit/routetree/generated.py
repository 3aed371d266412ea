"""Random Alertmanager configurations, always the same for a seed: trees of routes in both spellings of matchers."""

from __future__ import annotations

from random import Random
from typing import Any

LABELS = {
    "severity": ("critical", "warning", "info", "none"),
    "team": ("db", "web", "a.b", 'say "7"'),
    "alertname": ("Watchdog", "DiskFull", "Any"),
    "instance": ("db-1", "db-2", "web-1"),
    "watchbill": ("other", "third"),
}
RECEIVERS = ("default", "db", "pager", "chat", "mail and more")
PATTERNS = ("db.*", ".*b", "critical|warning", ".+", "", "[a-z]+-1", "(?i)WEB", "a\\.b", "^db$", "x?")


def a_config(seed: int, references: tuple[str, ...] = ()) -> dict[str, Any]:
    rng = Random(seed)  # noqa: S311 - trees, not keys
    names = (*RECEIVERS, *references)
    root = {"receiver": rng.choice(RECEIVERS), **_timing(rng)}
    routes = [_route(rng, 2) for _ in range(rng.randint(0, 4))]
    if routes or rng.random() < 0.3:
        root["routes"] = routes
    config: dict[str, Any] = {"route": root, "receivers": [{"name": name} for name in rng.sample(names, len(names))]}
    if rng.random() < 0.6:
        config["global"] = {"resolve_timeout": "7m"}
    if rng.random() < 0.5:
        config["inhibit_rules"] = [
            {"source_match": {"severity": "critical"}, "target_match": {"severity": "warning"}, "equal": ["instance"]}
        ]
    if rng.random() < 0.3:
        config["time_intervals"] = [{"name": "nights", "time_intervals": [{"weekdays": ["sunday"]}]}]
    if rng.random() < 0.3:
        config["templates"] = ["/etc/alertmanager/*.tmpl"]
    keys = list(config)
    rng.shuffle(keys)
    return {key: config[key] for key in keys}


def _timing(rng: Random) -> dict[str, Any]:
    return {"group_wait": "7s"} if rng.random() < 0.3 else {}


def _route(rng: Random, depth: int) -> dict[str, Any]:
    route: dict[str, Any] = {}
    for _ in range(rng.randint(0, 2)):
        name = rng.choice(list(LABELS))
        value, pattern = rng.choice(LABELS[name]), rng.choice(PATTERNS)
        kind = rng.choice(("match", "match_re", "=", "!=", "=~", "!~"))
        if kind in {"match", "match_re"}:
            route.setdefault(kind, {})[name] = value if kind == "match" else pattern
        else:
            said = value if kind in {"=", "!="} else pattern
            quoted = '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'
            plain = said.isalnum() and rng.random() < 0.5
            route.setdefault("matchers", []).append(f"{name}{kind}{said if plain else quoted}")
    if rng.random() < 0.7:
        route["receiver"] = rng.choice(RECEIVERS)
    if rng.random() < 0.3:
        route["continue"] = True
    if depth and rng.random() < 0.5:
        route["routes"] = [_route(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    return route or {"receiver": rng.choice(RECEIVERS)}


def label_sets(seed: int, count: int) -> list[dict[str, str]]:
    rng = Random(seed)  # noqa: S311 - trees, not keys
    return [{n: rng.choice(values) for n, values in LABELS.items() if rng.random() < 0.6} for _ in range(count)]
