"""The same thousand SLOs in three languages: half on ratios, half on latencies where the language has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

OBJECTIVES = ("99", "99.5", "99.9", "99.95")
BOUNDS = [0.1, 0.25, 0.5, 1, 2.5]


def watchbill(path: Path, count: int) -> None:
    slos = [_watchbill_slo(number) for number in range(count)]
    spec = {"watchbill": 1, "service": "shop", "prometheus": {"retention": "45d"}, "slos": slos}
    _dump(path, spec)


def slo_kit(path: Path, count: int) -> None:
    documents = (yaml.dump(_slo_kit(number), Dumper=yaml.CSafeDumper, sort_keys=False) for number in range(count))
    path.write_text("---\n".join(documents), encoding="utf-8")


def slo_guard(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        spec = {
            "name": _name(number),
            "target": _share(number),
            "error_selector": _bad(number),
            "total_selector": _total(number),
        }
        _dump(folder / f"{_name(number)}.yaml", spec)


def _watchbill_slo(number: int) -> dict[str, Any]:
    sli: dict[str, Any]
    if number % 2:
        histogram = f'http_request_duration_seconds{{job="{_job(number)}"}}'
        sli = {"kind": "latency", "histogram": histogram, "within": "500ms", "bounds": BOUNDS}
    else:
        sli = {"kind": "ratio", "total": _total(number), "bad": _bad(number)}
    return {"name": _name(number), "objective": float(_percentage(number)), "window": "30d", "sli": sli}


def _slo_kit(number: int) -> dict[str, Any]:
    job = _job(number)
    if number % 2:
        good = f'http_request_duration_seconds_bucket{{job="{job}",le="0.5"}}'
        total = f'http_request_duration_seconds_count{{job="{job}"}}'
    else:
        good, total = f'http_requests_total{{job="{job}",code!~"5.."}}', _total(number)
    queries = {"good_query": f"sum(rate({good}[{{window}}]))", "total_query": f"sum(rate({total}[{{window}}]))"}
    return {
        "apiVersion": "slo-kit/v1",
        "name": _name(number),
        "service": "shop",
        "objective": _share(number),
        "window": "30d",
        "sli": queries,
    }


def _name(number: int) -> str:
    return f"endpoint-{number:05d}"


def _job(number: int) -> str:
    return f"shop-{number:05d}"


def _percentage(number: int) -> str:
    return OBJECTIVES[number % len(OBJECTIVES)]


def _share(number: int) -> float:
    return round(float(_percentage(number)) / 100, 6)


def _total(number: int) -> str:
    return f'http_requests_total{{job="{_job(number)}"}}'


def _bad(number: int) -> str:
    return f'http_requests_total{{job="{_job(number)}",code=~"5.."}}'


def _dump(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False), encoding="utf-8")
