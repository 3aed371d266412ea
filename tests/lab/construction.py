"""The tile under test, in the shape the product is to emit it."""

from collections.abc import Sequence


def tile(  # noqa: PLR0913 the product takes them as one value
    selector: str,
    *,
    by: Sequence[str] = (),
    delta_ms: int,
    settle_ms: int,
    bridge_ms: int,
    guard_ms: int,
    up: str | None = 'up{job="lab"}',
    born: str | None = None,
) -> str:
    """Events between two consecutive evaluations, as PromQL.

    Per series the first branch that matches counts: the growth since the last evaluation; then, whole, a counter after
    a reset, a series that is new on a target scraped within `guard_ms`, and with `born` (a process start time in
    seconds) a process too young to have been counted before.
    """
    if guard_ms > bridge_ms:
        raise ValueError("a guard that outlives the bridge counts a counter twice")
    tile_window = _window(delta_ms, settle_ms)
    bridge = _window(bridge_ms, delta_ms + settle_ms)
    guard = _window(guard_ms, delta_ms + settle_ms)
    now = f"last_over_time({selector}{tile_window})"
    before = f"last_over_time({selector}{bridge})"
    branches = [f"({now} - {before} >= 0)"]
    if up is None or guard_ms < bridge_ms:  # a guard as wide as the bridge has seen `up` wherever `before` exists
        branches.append(f"({now} < {before})")
    if up is not None:
        branches.append(f"({now} and on(job, instance) (max_over_time({up}{guard}) == 1))")
    if born is not None:
        oldest = f"time() - {(bridge_ms + delta_ms + settle_ms) / 1000:g}"
        branches.append(f"({now} and on(job, instance) (last_over_time({born}{tile_window}) > {oldest}))")
    grouping = f"sum by ({', '.join(by)}) " if by else "sum"
    return f"{grouping}({' or '.join(branches)})"


def _window(range_ms: int, offset_ms: int) -> str:
    """Prometheus 2 refuses `offset 0ms`."""
    return f"[{range_ms}ms]" + (f" offset {offset_ms}ms" if offset_ms else "")
