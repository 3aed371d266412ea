"""`python -m compose.files`: writes the configs that docker-compose.yml mounts: the demo's, at other addresses."""

from __future__ import annotations

from pathlib import Path

import yaml

from compose import coverage
from compose.demo.configs import alertmanager, exporters, prometheus
from watchbill import plan as planner
from watchbill.load import load

SPEC = Path(__file__).resolve().parents[1] / "watchbill.yaml"
FOLDER = Path(__file__).with_name("configs")
BUNDLE = Path(__file__).resolve().parents[1] / "alerts" / "alertmanager" / "alertmanager.yml"
PLATFORM, MOUNTED = Path("/platform"), Path("/etc/watchbill")
PORTS = {
    "agent": 4318, "sandbox": 9842, "queue": 9841, "backup": 9843, "simulator": 9480, "gateway": 9481, "edge": 9482,
    "control": 9462, "prometheus": 9090, "alertmanager": 9093,
}  # fmt: skip
REDIS = "redis://redis:6379/0"
STORE = {"host": "postgres", "database": "agents", "user": "postgres"}
NOTE = "# Written by `python -m compose.files`; do not edit.\n"


def address(name: str) -> str:
    """Return where a service is, as the others see it: its name is its host."""
    return f"{name}:{PORTS[name]}"


def files() -> dict[str, str]:
    """Return name -> text."""
    token = MOUNTED / "incidents.token"
    simulator = {
        "folder": str(PLATFORM),
        "exporter": f"http://{address('agent')}",
        "control": f"0.0.0.0:{PORTS['simulator']}",
        "gateway": f"0.0.0.0:{PORTS['gateway']}",
        "edge": f"0.0.0.0:{PORTS['edge']}",
        "redis": REDIS,
        "postgres": f"postgresql://{STORE['user']}@{STORE['host']}/{STORE['database']}",
        "incidents_token": str(token),
        "diurnal": 0.3,
    }
    texts = {
        "agent.yaml": exporters.agent(PLATFORM, token),
        "sandbox.yaml": exporters.sandbox(PLATFORM),
        "queue.yaml": exporters.queue(REDIS),
        "backup.yaml": exporters.backup(PLATFORM, store=dict(STORE)),
        "simulator.yaml": yaml.safe_dump(simulator, sort_keys=False),
        "prometheus.yml": prometheus.config(address, "/etc/prometheus/rules/*.yml", prometheus.EXPORTERS.values()),
        "alertmanager.yml": alertmanager.config(
            BUNDLE.read_text(encoding="utf-8"), f"http://{address('control')}/hook"
        ),
    }
    return {**{name: NOTE + text for name, text in texts.items()}, "incidents.token": "demo-incidents-token\n"}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    alerts = [alert.name for alert in planner.build(load([SPEC]).document).alerts()]
    coverage.PAGE.write_text(coverage.page(coverage.PAGE.read_text(encoding="utf-8"), alerts), encoding="utf-8")


if __name__ == "__main__":
    main()
