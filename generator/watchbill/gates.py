"""What needs which Prometheus: every feature the rules or tests use beyond the floor of 2.42."""

from __future__ import annotations

FLOOR = (2, 42)

FEATURES: dict[str, tuple[int, int]] = {
    "keep_firing_for": (2, 42),
    "left_open_ranges": (3, 0),
    "native_histograms": (3, 0),
}
"""Feature -> first minor version it can be relied on (native histograms were an experiment before 3.0)."""


def supported(feature: str, version: tuple[int, int]) -> bool:
    """Whether the oldest target has the feature."""
    return version >= FEATURES[feature]


def shown(version: tuple[int, int]) -> str:
    """`(2, 42)` -> `2.42`."""
    return f"{version[0]}.{version[1]}"
