"""The product under test: the tiles its SLIs emit, and the rules it generates from a spec."""

from lab.bench import COUNTER, Clock, Tiler
from watchbill import plan
from watchbill.kinds.slis.base import TileContext
from watchbill.kinds.slis.ratio import Ratio
from watchbill.load import load_texts
from watchbill.model import Plan
from watchbill.promql import parse_selector
from watchbill.targets import backfill, rules


def tiler(clock: Clock, *, process_start: bool = False, new_series: str = "count") -> Tiler:
    """Return what writes the tile of a counter as the product does."""
    context = TileContext(
        interval=clock.delta, settle=clock.settle, bridge=clock.bridge, lag=0, service="lab", zero="vector(0)"
    )

    def tile(selector: str, job: str) -> str:
        counter = f'{COUNTER}{{job="{job}"}}'
        born = {"process_start": f'process_start_time_seconds{{job="{job}"}}'} if process_start else {}
        sli = Ratio.model_validate(
            {"kind": "ratio", "total": counter, "bad": counter, "new_series": new_series, **born}
        )
        return sli.counter_tile(parse_selector(selector), context)

    return tile


def planned(spec: str) -> Plan:
    return plan.build(load_texts([("spec.yaml", spec)]).document)


def rule_texts(spec: str) -> dict[str, str]:
    """Return the generated rule files, by their name in the rules folder."""
    return {path.rsplit("/", 1)[1]: text for path, text in rules.render(planned(spec))}


def backfill_texts(spec: str) -> dict[str, str]:
    return {path.rsplit("/", 1)[1]: text for path, text in backfill.render(planned(spec))}
