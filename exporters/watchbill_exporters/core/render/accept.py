"""The headers by which a scraper says what it reads."""

from __future__ import annotations

OPENMETRICS = "application/openmetrics-text"
PLAIN = ("text/plain", "text/*", "*/*")


def wants_openmetrics(accept: str) -> bool:
    """Whether OpenMetrics 1.0 is asked for, and at least as much as plain text is."""
    openmetrics = plain = 0.0
    for name, parameters in _entries(accept):
        weight = _weight(parameters)
        if name == OPENMETRICS and parameters.get("version", "1.0.0") == "1.0.0":
            openmetrics = max(openmetrics, weight)
        elif name in PLAIN:
            plain = max(plain, weight)
    return openmetrics > 0 and openmetrics >= plain


def wants_gzip(encodings: str) -> bool:
    weights = {name: _weight(parameters) for name, parameters in _entries(encodings)}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _entries(header: str) -> list[tuple[str, dict[str, str]]]:
    out = []
    for entry in header.lower().split(","):
        name, *rest = (part.strip() for part in entry.split(";"))
        parameters = dict(part.split("=", 1) for part in rest if "=" in part)
        out.append((name, {key.strip(): value.strip(' "') for key, value in parameters.items()}))
    return out


def _weight(parameters: dict[str, str]) -> float:
    try:
        return float(parameters.get("q", "1"))
    except ValueError:
        return 0.0
