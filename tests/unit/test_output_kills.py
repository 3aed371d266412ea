"""The writer is killed at every call it makes to the file system; the next run finds the old bundle or the new one."""

from __future__ import annotations

import io
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.test_output import BOTH, a_bundle, bundle_in, texts, tree
from watchbill.conventions import MANIFEST
from watchbill.output import LOCK, recover, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from watchbill.output import Rendered

Bundle = dict[str, "Rendered"]

SMALL: tuple[Bundle, Bundle] = (
    a_bundle("rules/a.yml", "rules/b.yml", "tests/gone.yml"),
    {**a_bundle("rules/a.yml", "new/c.yml", says="new"), **a_bundle("rules/b.yml")},
)
LARGE: tuple[Bundle, Bundle] = (
    a_bundle(*(f"rules/{i}.yml" for i in range(33)), "old.yml"),
    a_bundle(*(f"rules/{i}.yml" for i in range(33)), says="new"),
)
MOST = 400


def killed_at(call: int, act: Callable[[], object]) -> bool:
    """Run in a child that is killed at its n-th call to the file system; return whether it got that far."""
    child = os.fork()
    if child == 0:
        left = call

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def run(*arguments: Any, **named: Any) -> Any:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **named)

            return run

        for name in ("replace", "unlink", "fsync", "mkdir", "rmdir"):
            setattr(os, name, counted(getattr(os, name)))
        os.sync = counted(lambda: None)
        io.open = counted(io.open)
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("bundles", [SMALL, LARGE], ids=["synced one by one", "synced at once"])
@pytest.mark.parametrize("following", ["recovery alone", "the old spec", "the new spec"])
def test_after_a_kill_at_any_call_the_next_run_leaves_one_whole_bundle(
    bundles: tuple[Bundle, Bundle], following: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sync", lambda: None)  # it waits for the whole machine; a kill loses nothing that is written
    monkeypatch.setattr("os.fsync", lambda _: None)
    old, new = bundles
    found = set()
    for call in range(1, MOST):
        folder = tmp_path / str(call)
        write(folder, old, BOTH, "old")
        if not killed_at(call, lambda: write(folder, new, BOTH, "new")):  # noqa: B023 - run before the loop goes on
            break
        if following == "recovery alone":
            recover(folder)
            seen = {p: t for p, t in bundle_in(folder).items() if p != LOCK}
            found.add(seen == texts(new))
            assert seen in (texts(old), texts(new)), call
            continue
        write(folder, old if following == "the old spec" else new, BOTH, "next")
        wanted = texts(old if following == "the old spec" else new)
        assert set(tree(folder)) == {*wanted, MANIFEST}, call
        assert bundle_in(folder) == wanted, call
    assert 10 < call < MOST - 1
    assert found in (set(), {True, False})


def test_a_kill_during_the_recovery_is_recovered_from_too(tmp_path: Path) -> None:
    old, new = SMALL
    for first in range(8, 30, 3):
        for second in range(1, 6):
            folder = tmp_path / f"{first}-{second}"
            write(folder, old, BOTH, "old")
            killed_at(first, lambda: write(folder, new, BOTH, "new"))  # noqa: B023 - run before the loop goes on
            killed_at(second, lambda: write(folder, new, BOTH, "new"))  # noqa: B023 - same
            write(folder, new, BOTH, "new")
            assert set(tree(folder)) == {*texts(new), MANIFEST}
            assert bundle_in(folder) == texts(new)
