"""The newest Prometheus here watches itself and a real Redis; failing requests fire. The slow tests break the rest."""

import pytest

from lab.real_world import RealWorld, legs
from lab.services import absent
from lab.story import REQUESTS_FAIL, tell


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("real services")
@pytest.mark.skipif(bool(absent()), reason=f"not available: {', '.join(absent())}")
@pytest.mark.skipif(not legs(), reason="no leg of the tool matrix has Prometheus, promtool and Alertmanager")
def test_failing_requests_to_real_services_fire_alerts_that_reach_a_real_alertmanager(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    [leg] = legs()[-1:]
    with RealWorld(tmp_path_factory.mktemp("real"), [leg]) as world:
        there = tell(world, brief=True).legs[leg]
    for alert in REQUESTS_FAIL:
        assert there.fired[alert]["labels"] == there.delivered[alert]["labels"]
