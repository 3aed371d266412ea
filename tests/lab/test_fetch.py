import stat
from pathlib import Path

import pytest

from lab import toolchain
from lab.toolchain import BINARIES, SUITES, Missing, Tool, apt, dump, fetch, parse, probe


def a_binary(path: Path, says: str, *, exit_code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {exit_code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("index", "uri"),
    [
        pytest.param(
            "http://deb.example/debian/|Debian|Debian|Packages\n"
            "http://deb.example/debian-security/|Debian|Debian-Security|Packages\n",
            "http://deb.example/debian/",
            id="the main archive, not the security one",
        ),
        pytest.param(
            "http://node.example/|Node|Node|Packages\n"
            "http://deb.example/security/|Debian|Debian-Security|Packages\n"
            "http://deb.example/contents/|Debian|Debian|Contents-deb\n"
            "http://deb.example/debian/|Debian|Debian|Packages\n",
            "http://deb.example/debian/",
            id="other vendors and other kinds of index first",
        ),
        pytest.param("http://ubuntu.example/ubuntu/|Ubuntu|Ubuntu|Packages\n", None, id="an Ubuntu machine"),
        pytest.param("http://deb.example/debian/|||Packages\n", None, id="no package lists fetched yet"),
        pytest.param("", None, id="no sources at all"),
    ],
)
def test_the_mirror_is_the_machines_own_debian_archive(index: str, uri: str | None) -> None:
    assert apt.mirror(index) == uri


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ("promtool, version 2.42.0+ds (branch: debian/sid)", "2.42.0"),
        ("amtool, version 0.33.1 (branch: HEAD)", "0.33.1"),
    ],
)
def test_a_binary_tells_its_version(tmp_path: Path, says: str, version: str) -> None:
    path = a_binary(tmp_path / "promtool", says)

    assert probe("promtool", path, "sid") == Tool("promtool", version, path, "sid")


def test_a_binary_that_does_not_start_is_missing_with_its_last_words(tmp_path: Path) -> None:
    path = a_binary(tmp_path / "promtool", "GLIBC_2.99 not found", exit_code=127)

    found = probe("promtool", path, "sid")

    assert isinstance(found, Missing)
    assert "GLIBC_2.99 not found" in str(found)


def test_a_binary_of_another_machine_is_missing(tmp_path: Path) -> None:
    path = a_binary(tmp_path / "promtool", "")
    path.write_bytes(b"\x7fELF of another machine")

    assert isinstance(probe("promtool", path, "sid"), Missing)


def test_the_manifest_survives_a_moved_checkout(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    path = a_binary(old / ".tools/sid/promtool", "promtool, version 3.5.3")
    entries = (Tool("promtool", "3.5.3", path, "sid"), Missing("amtool", "no such suite", "trixie"))

    text = dump(entries, old)
    old.rename(new)

    assert parse(text, new) == (Tool("promtool", "3.5.3", new / ".tools/sid/promtool", "sid"), entries[1])


def test_a_binary_that_has_gone_is_missing(tmp_path: Path) -> None:
    text = dump([Tool("promtool", "3.5.3", tmp_path / ".tools/sid/promtool", "sid")], tmp_path)

    (entry,) = parse(text, tmp_path)

    assert str(entry) == "not available: sid promtool: .tools/sid/promtool is gone, run `make -B tools`"


def test_without_a_manifest_every_suite_is_missing_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "MANIFEST", tmp_path / "manifest.json")
    monkeypatch.setenv("PATH", str(tmp_path))
    a_binary(tmp_path / "promtool", "")
    a_binary(tmp_path / "alertmanager", "")

    missing = toolchain.missing()

    assert len(missing) == (len(SUITES) + 1) * len(BINARIES)
    assert "not available: sid promtool: `make tools` has not run" in missing
    assert "not available: system amtool: not on PATH" in missing


def test_an_alertmanager_under_its_upstream_name_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_binary(tmp_path / "alertmanager", "alertmanager, version 0.27.1")
    monkeypatch.setattr(toolchain, "MANIFEST", tmp_path / "manifest.json")
    monkeypatch.setenv("PATH", f"{tmp_path}")

    assert toolchain.alertmanagers() == (Tool("alertmanager", "0.27.1", path),)


def test_a_suite_out_of_reach_is_missing_tool_by_tool(tmp_path: Path) -> None:
    def unreachable(into: Path) -> None:
        raise apt.AptError("could not resolve the mirror")

    entries = fetch.suite_entries("sid", unreachable, tmp_path)

    assert [str(entry) for entry in entries] == [
        f"not available: sid {name}: could not resolve the mirror" for name in BINARIES
    ]


def test_a_suite_without_one_of_the_tools_keeps_the_others(tmp_path: Path) -> None:
    def partial(into: Path) -> None:
        a_binary(into / "promtool", "promtool, version 3.5.3")

    entries = fetch.suite_entries("sid", partial, tmp_path)

    assert Tool("promtool", "3.5.3", tmp_path / "sid/promtool", "sid") in entries
    assert Missing("alertmanager", "not among the suite's packages", "sid") in entries


def test_a_refetch_leaves_nothing_of_the_last_one(tmp_path: Path) -> None:
    stale = a_binary(tmp_path / "sid/promtool", "promtool, version 3.4.1")

    fetch.suite_entries("sid", lambda _: None, tmp_path)

    assert not stale.exists()


def test_without_apt_the_tools_on_path_are_listed_and_the_suites_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_binary(tmp_path / "bin/promtool", "promtool, version 2.49.1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(fetch, "CACHE", tmp_path / "tools")
    monkeypatch.setattr(fetch, "MANIFEST", tmp_path / "tools/manifest.json")

    assert fetch.main() == 0

    printed = capsys.readouterr().out
    assert "promtool 2.49.1 (system)" in printed
    assert "not available: trixie promtool: there is no apt-get on this system" in printed
    assert (tmp_path / "tools/manifest.json").is_file()


def test_without_apt_and_promtool_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(fetch, "MANIFEST", tmp_path / "tools/manifest.json")

    assert fetch.main() == 1

    assert "promtool, prometheus     2.42 or newer" in capsys.readouterr().err
    assert not (tmp_path / "tools/manifest.json").exists()


def test_apt_fails_with_its_own_error_line() -> None:
    with pytest.raises(apt.AptError, match=r"^Unable to locate package nowhere$"):
        apt.run(["sh", "-c", "echo 'E: Unable to locate package nowhere' >&2; echo 'see above' >&2; exit 100"])


def test_a_tool_of_every_available_leg_starts(promtool: Tool) -> None:
    assert probe(promtool.name, promtool.path, promtool.leg) == promtool
