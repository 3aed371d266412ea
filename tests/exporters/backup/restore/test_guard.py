"""What is live is never a target, by whatever name it is called; what is not ours is never removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.backup.restore.bench import Bench, tree
from tests.exporters.backup.restore.test_files import fill
from watchbill_exporters.backup.postgres import Server
from watchbill_exporters.backup.restore.guard import RefusedError, check_database, check_paths
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.backup.tools import Restic

ELSEWHERE = [{"files": "*", "at_least": 1}]


def a_test(bench: Bench, **more: Any) -> dict[str, Any]:
    copies = bench.folder / "copies"
    copies.mkdir(exist_ok=True)
    (copies / "x.db").write_bytes(b"x")
    return {"name": "x", "repository": "nas", "sqlite": {"directory": str(copies)}, "checks": ELSEWHERE, **more}


@pytest.mark.parametrize(
    ("target", "live"),
    [
        ("srv", "srv"),
        ("srv/app/in", "srv/app"),
        ("srv", "srv/app"),
        ("link/app", "srv/app"),
        ("srv/app", "link/app"),
        ("srv/../srv/app", "srv/app"),
        ("double/app/x", "srv"),
    ],
    ids=["the same", "inside", "around", "by a link", "live by a link", "with dots", "by two links"],
)
def test_a_place_that_overlaps_live_data_is_refused(tmp_path: Path, target: str, live: str) -> None:
    (tmp_path / "srv/app").mkdir(parents=True)
    (tmp_path / "link").symlink_to("srv")
    (tmp_path / "double").symlink_to("link")

    with pytest.raises(RefusedError, match="live"):
        check_paths(tmp_path / target, [tmp_path / live])


def test_a_neighbour_is_fine(tmp_path: Path) -> None:
    (tmp_path / "srv").mkdir()

    check_paths(tmp_path / "srv-scratch", [tmp_path / "srv"])


@pytest.mark.parametrize("live", ["scratch/watchbill-restore", "scratch", "link"])
def test_nothing_is_restored_where_live_data_is(bench: Bench, live: str) -> None:
    (bench.folder / "link").symlink_to("scratch")
    test = a_test(bench, live=[live])
    (bench.scratch / "precious").write_text("x")
    before = tree(bench.scratch)

    assert bench.run(test) == 1

    assert "is live" in bench.said[0]
    assert tree(bench.scratch) == before


def test_the_paths_in_a_snapshot_are_live(restic: Restic, bench: Bench) -> None:
    fill(restic.data)
    restic.backup(1_790_000_000.0)
    inside = restic.data / "scratch"
    inside.mkdir()
    where = {"repository": str(restic.repository), "password_file": str(restic.folder / "password")}
    test = {"name": "x", "repository": "nas", "restic": where, "checks": ELSEWHERE}

    assert bench.run(test, scratch=str(inside)) == 1
    assert "is live" in bench.said[0]
    assert bench.run(test, scratch=str(restic.repository)) == 1
    assert "is live" in bench.said[0]


def test_a_folder_that_is_not_ours_is_not_removed(bench: Bench) -> None:
    precious = bench.scratch / "watchbill-restore"
    precious.mkdir()
    (precious / "x").write_text("x")

    assert bench.run(a_test(bench)) == 1

    assert "not ours" in bench.said[0]
    assert (precious / "x").read_text() == "x"


def test_a_link_in_place_of_the_folder_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    (bench.scratch / "watchbill-restore").symlink_to(tmp_path)

    assert bench.run(a_test(bench)) == 1
    assert (tmp_path / "x").read_text() == "x"


def test_links_in_what_was_restored_are_not_followed_when_it_is_removed(
    restic: Restic, bench: Bench, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "x").write_text("x")
    precious.chmod(0o500)
    (restic.data / "link").symlink_to(precious)
    (restic.data / "file").symlink_to(precious / "x")
    restic.backup(1_790_000_000.0)
    where = {"repository": str(restic.repository), "password_file": str(restic.folder / "password")}
    test = {"name": "x", "repository": "nas", "restic": where, "checks": [{"files": "**/*", "at_least": 1}]}

    assert bench.run(test) == 0, bench.said

    assert bench.left == []
    assert ((precious / "x").read_text(), precious.stat().st_mode & 0o777) == ("x", 0o500)


@pytest.mark.parametrize("name", ["../../../outside", "link"])
def test_hashes_lead_out_of_nothing(restic: Restic, bench: Bench, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside").write_text("x")
    (restic.data / "link").symlink_to(tmp_path / "outside")
    (restic.data / "SHA256SUMS").write_text("0" * 64 + f"  {name}\n")
    restic.backup(1_790_000_000.0)
    where = {"repository": str(restic.repository), "password_file": str(restic.folder / "password")}
    listing = [{"hashes": f"{restic.data}/SHA256SUMS"}]

    assert bench.run({"name": "x", "repository": "nas", "restic": where, "checks": listing}) == 1
    assert any("no hash and path" in line for line in bench.said)


@pytest.mark.parametrize(
    ("host", "other"),
    [("127.0.0.1", "localhost"), ("/run/postgresql", "127.0.0.1"), ("localhost", "/tmp")],  # noqa: S108 - a name only
)
def test_a_live_database_is_refused_by_any_name_of_its_host(host: str, other: str) -> None:
    with pytest.raises(RefusedError, match="live"):
        check_database(Server(host, 5499, "app"), [Server(other, 5499, "app")], Deadline.after(1, Clock()))


@pytest.mark.parametrize("name", ["x" * 41, "a.b", 'a"b', ""])
def test_a_scratch_database_has_a_name_that_nobody_cuts(bench: Bench, name: str) -> None:
    test = a_test(bench, sqlite=None, dumps={"directory": "copies"}, into={"database": name})

    with pytest.raises(ConfigError, match="no name for a scratch database"):
        bench.run({key: value for key, value in test.items() if value is not None})


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no tool": ({"sqlite": None}, "exactly one of restic, borg, pgbackrest, dumps, sqlite"),
    "no check": ({"checks": []}, "at least 1 item"),
    "no bound": ({"checks": [{"rows": "t"}]}, "nothing is expected"),
    "two ways": ({"checks": [{"rows": "t", "query": "select 1", "equals": 1}]}, "exactly one of hashes"),
    "a bound for hashes": ({"checks": [{"hashes": "S", "equals": 1}]}, "hashes are compared"),
    "into a database": ({"into": {"database": "x"}}, "restores files"),
    "a key nobody knows": ({"chekcs": []}, "did you mean 'checks'"),
    "a password": ({"sqlite": None, "restic": {"repository": "rest:https://u:pw@h/"}}, "must hold no password"),
    "no repository": ({"sqlite": None, "borg": {}}, "one of repository and location"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_config_that_is_wrong_is_told_with_its_line(bench: Bench, case: str) -> None:
    change, says = BAD[case]

    with pytest.raises(ConfigError, match=says) as error:
        bench.run({key: value for key, value in a_test(bench, **change).items() if value is not None})
    assert "restore.yaml:" in str(error.value)
    assert "pw@" not in str(error.value)


def test_all_faults_are_told_at_once(bench: Bench) -> None:
    with pytest.raises(ConfigError) as error:
        bench.run(a_test(bench), a_test(bench), scratch="nowhere", state="nowhere2")

    assert all(word in str(error.value) for word in ("another test 'x'", "nowhere", "nowhere2"))


def test_a_path_too_long_for_a_socket_is_told_before(bench: Bench) -> None:
    deep = bench.folder / ("d" * 90)
    deep.mkdir()

    dumps = {"directory": str(bench.folder), "timezone": "UTC"}
    test = {"name": "x", "repository": "nas", "dumps": dumps, "checks": [{"query": "select 1", "equals": "1"}]}
    with pytest.raises(ConfigError, match="too long"):
        bench.run(test, scratch=str(deep))
