from importlib.metadata import version

from click.testing import CliRunner

from watchbill_exporters.cli import main


def test_version_is_the_one_of_the_distribution() -> None:
    result = CliRunner().invoke(main, ["--version"])

    assert result.exit_code == 0
    assert version("watchbill") in result.output


def test_help_says_that_no_exporter_is_there_yet() -> None:
    result = CliRunner().invoke(main, ["--help"])

    assert result.exit_code == 0
    assert "no exporter yet" in result.output
    assert not main.commands


def test_a_bare_call_shows_the_help_as_a_usage_error() -> None:
    result = CliRunner().invoke(main, [])

    assert result.exit_code == 2
    assert "no exporter yet" in result.output


def test_an_unknown_exporter_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["queue"])

    assert result.exit_code == 2
    assert "No such command 'queue'" in result.output
