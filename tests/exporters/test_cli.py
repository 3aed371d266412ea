from importlib.metadata import version
from pathlib import Path

from click.testing import CliRunner

from watchbill_exporters.cli import main


def test_version_is_the_one_of_the_distribution() -> None:
    result = CliRunner().invoke(main, ["--version"])

    assert result.exit_code == 0
    assert version("watchbill") in result.output


def test_help_names_every_exporter() -> None:
    result = CliRunner().invoke(main, ["--help"])

    assert result.exit_code == 0
    assert all(name in result.output for name in main.commands)
    assert set(main.commands) == {"agent", "queue", "sandbox", "backup", "limits"}


def test_the_command_of_the_agent_exporter_checks_a_config(tmp_path: Path) -> None:
    config = tmp_path / "agent.yaml"
    config.write_text("labels: {agents: [triage]}\notlp: {}\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["agent", "--config", str(config), "--check-config"])

    assert (result.exit_code, result.output) == (0, f"{config}: fine; targets: 0, feeds: 2\n")


def test_a_bare_call_shows_the_help_as_a_usage_error() -> None:
    result = CliRunner().invoke(main, [])

    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_an_unknown_exporter_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["traces"])

    assert result.exit_code == 2
    assert "No such command 'traces'" in result.output
