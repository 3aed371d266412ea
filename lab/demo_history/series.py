"""Series of samples, and the blocks they are written to."""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.history import ONE_BLOCK
from watchbill.promql import quote


@dataclass(frozen=True)
class Stored:
    """One series; None is no sample."""

    name: str
    labels: Mapping[str, str]
    times: Sequence[float]
    values: Sequence[float | None]

    def lines(self) -> Iterable[str]:
        inside = ",".join(f"{k}={_openmetrics(v)}" for k, v in sorted(self.labels.items()) if v)
        head = f"{self.name}{{{inside}}}" if inside else self.name
        for at, value in zip(self.times, self.values, strict=True):
            if value is not None:
                yield f"{head} {value:.17g} {at:g}\n" if at % 1 else f"{head} {value:.17g} {int(at)}\n"


def _openmetrics(value: str) -> str:
    """OpenMetrics knows fewer escapes than PromQL: text goes as it is."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"' if value else quote(value)


def write_block(promtool: Path, data: Path, series: Iterable[Stored], name: str) -> None:
    """Write the series as one block of a server that is not running, or will be restarted."""
    text = data.parent / f"{name}.om"
    data.mkdir(parents=True, exist_ok=True)
    with text.open("w", encoding="utf-8") as out:
        for one in series:
            out.writelines(one.lines())
        out.write("# EOF\n")
    command: list[str | Path] = [
        promtool,
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        ONE_BLOCK,
        "--quiet",
        text,
        data,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if run.returncode:
        raise RuntimeError(f"could not write {name}: {run.stdout}{run.stderr}")
    text.unlink()
