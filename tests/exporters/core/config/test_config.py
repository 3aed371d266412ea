"""A config is taken whole, or everything that is wrong with it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.sample import EXPORTER
from tests.exporters.sample.redis_info import RedisInfoConfig
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 29))


def faults(folder: Path, text: str | bytes) -> str:
    path = folder / "c.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        settings(EXPORTER, path)
    return str(caught.value).replace(str(path), "c.yaml")


def taken(folder: Path, text: str) -> Any:
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return settings(EXPORTER, path)


def test_where_it_is_is_enough(tmp_path: Path) -> None:
    found = taken(tmp_path, "targets:\n- {name: main, kind: redis}\n")

    assert found.targets[0].config == RedisInfoConfig("127.0.0.1", 6379)
    assert found.timeout == 10
    assert found.feeds == ()


def test_everything_wrong_is_told_at_once_with_place_caret_and_hint(tmp_path: Path) -> None:
    text = """timeout: 5
targets:
- name: main
  kind: redis
  prot: 17379
  password: hunter2
- name: two
  kind: redis
  labels: {target: x}
- kind: redis
lins: {}
"""
    assert (
        faults(tmp_path, text)
        == """c.yaml:1:10: timeout: not a duration
    timeout: 5
             ^
    hint: A number and a unit, such as 500ms, 10s, 5m, 1h or 7d.
c.yaml:5:3: 'prot' is not known here
      prot: 17379
      ^
    hint: did you mean 'port'?
c.yaml:6:13: password: a secret must not stand in the config
      password: ***
                ^
    hint: Use ${NAME}, or the same key with _file or _env after it.
c.yaml:9:11: labels: the label 'target' is set by the exporter or by Prometheus
      labels: {target: x}
              ^
    hint: Choose another name.
c.yaml:10:3: 'name' is missing
    - kind: redis
      ^
    hint: Add the key.
c.yaml:11:1: 'lins' is not known here
    lins: {}
    ^
    hint: did you mean 'lines'?"""
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("targets: [", "c.yaml:2:1: ", id="a list that does not end"),
        pytest.param("a: 1\na: 2", "c.yaml:2:1: 'a' is already given on line 1", id="a key twice"),
        pytest.param("a: !!python/object:os.system x", "c.yaml:1:4: the tag", id="a tag"),
        pytest.param("a: &x [*x]", "nested deeper than", id="an alias of itself"),
        pytest.param(BOMB, "more than 100000 values", id="aliases of aliases"),
        pytest.param("- 1", "c.yaml:1:1: the file: input should be", id="no mapping"),
        pytest.param(b"a: \xff", "c.yaml:1:1: not UTF-8", id="no UTF-8"),
        pytest.param("a: \x00", "c.yaml:1:1: ", id="a control character"),
        pytest.param("a: " + "[" * 60 + "]" * 60, "nested deeper than", id="too deep"),
        pytest.param("? [a]\n: 1", "c.yaml:1:3: a key must be text", id="a key that is a list"),
        pytest.param("targets:\n- {name: a, kind: redis}\n- {name: a, kind: redis}",
            "c.yaml:3:10: the name 'a' is already given on line 2", id="a name twice"),
        pytest.param("targets:\n- {name: 'a b', kind: redis}", "c.yaml:2:10: name:", id="a name with a blank"),
        pytest.param("targets:\n- {name: a, kind: rediss}", "c.yaml:2:19: kind:", id="an unknown kind"),
        pytest.param("targets:\n- name: a\n  kind: redis\n  password_file: gone",
            "c.yaml:4:18: file", id="a secret file that is not there"),
        pytest.param("targets:\n- name: a\n  kind: redis\n  password_env: WB_NOT_SET",
            "c.yaml:4:17: the environment has no WB_NOT_SET", id="a variable that is not set"),
        pytest.param("targets:\n- name: a\n  kind: redis\n  password: ${WB_NOT_SET}",
            "c.yaml:4:13: the environment has no WB_NOT_SET", id="a variable in the value that is not set"),
        pytest.param("targets:\n- name: a\n  kind: redis\n  password_env: A\n  password_file: b",
            "password_file and password_env exclude each other", id="a secret given twice"),
        pytest.param("targets:\n- {name: a, kind: redis, refresh: 0s}", "refresh: not a duration", id="no time at all"),
        pytest.param("limits: {series_per_family: 0}", "c.yaml:1:29: series_per_family: ", id="a cap of nothing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert message in faults(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "targets: [{name: a, kind: redis, password: hunter2, port: x}]",
        "targets:\n- name: a\n  kind: redis\n  password: |\n    hunter2\n",
        "targets:\n- name: a\n  kind: redis\n  password: hunter2\n  password: hunter2",
        "targets:\n- name: a\n  kind: redis\n  password: 'hunter2",
        "targets:\n- name: a\n  kind: redis\n  password: [hunter2]",
        "targets:\n- name: a\n  kind: redis\n  token: hunter2",
    ],
)
def test_a_secret_that_is_refused_is_not_shown(tmp_path: Path, text: str) -> None:
    assert "hunter2" not in faults(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yaml:1:1: cannot be read: No such file"):
        settings(EXPORTER, tmp_path / "gone.yaml")


def test_a_secret_file_is_found_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("opensesame\n", encoding="utf-8")
    found = taken(tmp_path, "targets:\n- {name: main, kind: redis, password_file: pw}\n")

    assert found.targets[0].config.password == Secret(file=tmp_path / "pw")
    assert found.targets[0].config.password.reveal() == "opensesame"


def test_yaml_surprises_stay_text(tmp_path: Path) -> None:
    found = taken(
        tmp_path, "targets:\n- {name: main, kind: redis, labels: {country: no, at: 12:30:45, day: 2024-01-01}}\n"
    )

    assert found.targets[0].labels == {"country": "no", "at": "12:30:45", "day": "2024-01-01"}


@pytest.mark.parametrize(
    ("written", "seconds"), [("500ms", 0.5), ("1.5s", 1.5), ("5m", 300), ("2h", 7200), ("7d", 604800)]
)
def test_a_duration_has_a_unit(tmp_path: Path, written: str, seconds: float) -> None:
    assert taken(tmp_path, f"timeout: {written}").timeout == seconds
