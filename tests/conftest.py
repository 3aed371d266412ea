import signal
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, settings

from lab.demo_history import Demo, demo
from lab.toolchain import ROOT, Tool, entries, matrix, prometheis, promtools

# an example takes as long as a busy machine lets it: how long it may take is for the tests that measure
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


def pytest_configure() -> None:
    """Take ^C as programs that people start do: those started in the background ignore it, and so do their children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def versions(name: str) -> Sequence[object]:
    """One parameter for each leg of the tool matrix; a leg that is not available is a skip that names itself."""
    return [
        pytest.param(leg, id=f"{leg.name}-{leg.version}-{leg.leg}")
        if isinstance(leg, Tool)
        else pytest.param(leg, id=f"{leg.name}-{leg.leg}", marks=pytest.mark.skip(reason=str(leg)))
        for leg in matrix(name)
    ]


@pytest.fixture(scope="session", params=versions("promtool"))
def promtool(request: pytest.FixtureRequest) -> Tool:
    """Every promtool available, one after the other."""
    return tool(request)


@pytest.fixture(scope="session", params=versions("prometheus"))
def prometheus(request: pytest.FixtureRequest) -> Tool:
    """Every Prometheus server available, one after the other."""
    return tool(request)


@pytest.fixture(scope="session", params=versions("alertmanager"))
def alertmanager(request: pytest.FixtureRequest) -> Tool:
    """Every Alertmanager available, one after the other."""
    return tool(request)


@pytest.fixture(scope="session", params=versions("amtool"))
def amtool(request: pytest.FixtureRequest) -> Tool:
    """Every amtool available, one after the other."""
    return tool(request)


@pytest.fixture(scope="session")
def demo_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A day of everything in the reference spec, served; users are in the xdist group "demo", to share one server."""
    if not (prometheis() and promtools()):
        pytest.skip("no prometheus and promtool here")
    with demo(ROOT / "watchbill.yaml", tmp_path_factory.mktemp("demo")) as one:
        yield one


def tool(request: pytest.FixtureRequest) -> Tool:
    assert isinstance(request.param, Tool)
    return request.param


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("toolchain")
    for entry in entries():
        terminalreporter.line(str(entry), yellow=not isinstance(entry, Tool))
