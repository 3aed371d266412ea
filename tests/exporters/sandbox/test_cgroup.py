"""Groups of this machine's kernel, whatever hierarchies it has; layouts it has not are written down as files."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.exporters.sandbox.running import exporting, total
from watchbill_exporters.sandbox.cgroup import MOUNTINFO
from watchbill_exporters.sandbox.cgroup.mounts import Mounts, mounts
from watchbill_exporters.sandbox.cgroup.read import usage

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = f"wb-test-{os.getpid()}-{uuid4().hex[:8]}"  # two containers may have one tree, and processes of one number


def hierarchies() -> dict[str, Path]:
    return dict(mounts(MOUNTINFO.read_text(encoding="utf-8")).by_controller)


@pytest.fixture(params=["cpuacct", ""], ids=["v1", "v2"])
def pool(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Make a parent group in one hierarchy of this machine."""
    root = hierarchies().get(request.param)
    if root is None:
        pytest.skip(f"not available: no cgroup {'v1' if request.param else 'v2'} on this machine")
    folder = root / GROUP
    try:
        folder.mkdir()
    except OSError as error:
        pytest.skip(f"not available: groups cannot be made here ({error.strerror})")
    yield folder
    for child in folder.iterdir():
        if child.is_dir():
            child.rmdir()
    folder.rmdir()


def burn(group: Path, seconds: float) -> None:
    """Spend CPU time in a child group, and remove it."""
    group.mkdir()
    script = f"import time\nwhile time.process_time() < {seconds}: pass"
    with subprocess.Popen(["sh", "-c", f"echo $$ > {group}/cgroup.procs && exec python3 -c '{script}'"]) as process:
        assert process.wait(60) == 0
    for _ in range(100):  # the kernel takes a moment to see that it is empty
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.02)


def test_a_parent_keeps_the_cpu_time_of_groups_that_were_removed(pool: Path, tmp_path: Path) -> None:
    name = "cpuacct" if (pool / "cpuacct.usage").exists() else ""
    found = Mounts(((name, pool.parent),))
    before = usage(found, GROUP, "").cpu_seconds
    burn(pool / "box-1.scope", 0.3)
    burn(pool / "box-2.scope", 0.2)
    after = usage(found, GROUP, "").cpu_seconds
    assert before is not None
    assert after is not None
    assert 0.45 < after - before < 2.0


def test_children_are_counted_and_the_oldest_is_known(pool: Path, tmp_path: Path) -> None:
    name = "cpuacct" if (pool / "cpuacct.usage").exists() else ""
    begun = time.time()
    for child in ("a.scope", "b.scope", "c.service"):
        (pool / child).mkdir()
    children = usage(Mounts(((name, pool.parent),)), GROUP, "*.scope").children
    assert children is not None
    assert len(children) == 2
    assert begun - 2 < min(children) < begun + 5


def test_a_pool_is_exported_from_where_this_kernel_has_it(pool: Path, tmp_path: Path) -> None:
    target = {"kind": "cgroup", "name": "fleet", "group": GROUP, "pool": "default", "children": "*"}
    (pool / "box").mkdir()
    with exporting(tmp_path, targets=[target]) as running:
        text = running.get().text
    assert total(text, "sandbox_up", target="fleet") == 1
    assert total(text, "sandboxes", pool="default", runtime="cgroup", state="running") == 1


def test_a_group_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    target = {"kind": "cgroup", "name": "fleet", "group": "wb-none", "pool": "default"}
    with exporting(tmp_path, targets=[target]) as running:
        text = running.get().text
    assert total(text, "sandbox_up", target="fleet") == 0
    assert total(text, "sandbox_scrape_error", target="fleet", reason="connect") == 1
    assert total(text, "sandbox_cpu_seconds_total") is None


def test_v2_as_recorded_gives_cpu_memory_limit_and_kills(tmp_path: Path) -> None:
    group = tmp_path / "unified" / GROUP
    group.mkdir(parents=True)
    (group / "cpu.stat").write_text("usage_usec 12500000\nuser_usec 1\n")
    (group / "memory.current").write_text("4096\n")
    (group / "memory.max").write_text("8192\n")
    (group / "memory.events").write_text("low 0\noom 3\noom_kill 2\n")
    found = usage(Mounts((("", group.parent),)), GROUP, "")
    assert found.cpu_seconds == 12.5
    assert (found.memory, found.memory_limit, found.oom_kills) == (4096, 8192, 2)


def test_a_hybrid_as_recorded_takes_each_controller_from_its_own_tree(tmp_path: Path) -> None:
    unified, memory = tmp_path / "unified" / GROUP, tmp_path / "memory" / GROUP
    for folder in (unified, memory):
        folder.mkdir(parents=True)
    (unified / "cpu.stat").write_text("usage_usec 7000000\n")
    (memory / "memory.usage_in_bytes").write_text("123\n")
    (memory / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    found = usage(Mounts((("", unified.parent), ("memory", memory.parent))), GROUP, "")
    assert (found.cpu_seconds, found.memory) == (7.0, 123)
    assert found.memory_limit is None
    assert found.oom_kills is None


def test_v2_without_a_limit_or_a_controller_says_nothing_of_it_as_recorded(tmp_path: Path) -> None:
    group = tmp_path / "unified" / GROUP
    group.mkdir(parents=True)
    (group / "cpu.stat").write_text("usage_usec 1\n")
    (group / "memory.max").write_text("max\n")
    found = usage(Mounts((("", group.parent),)), GROUP, "")
    assert (found.memory, found.memory_limit, found.oom_kills) == (None, None, None)


def test_mount_points_with_spaces_and_several_controllers_are_read() -> None:
    text = (
        "31 23 0:26 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
        "32 23 0:27 / /odd\\040place rw - cgroup2 cgroup2 rw\n"
        "33 23 0:28 / /proc rw - proc proc rw\nbroken line\n"
    )
    found = dict(mounts(text).by_controller)
    assert found["cpuacct"] == Path("/sys/fs/cgroup/cpu,cpuacct")
    assert found[""] == Path("/odd place")
