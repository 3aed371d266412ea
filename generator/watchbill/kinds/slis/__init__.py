"""SLI kinds. A new kind is its module, its test, and one line in `AnySli` and in `KINDS`."""

from typing import Annotated

from pydantic import Field

from watchbill.kinds.slis import latency, ratio, windows
from watchbill.kinds.slis.availability import Availability
from watchbill.kinds.slis.composite import Composite
from watchbill.kinds.slis.freshness import Freshness
from watchbill.kinds.slis.latency import Latency
from watchbill.kinds.slis.native_latency import NativeLatency
from watchbill.kinds.slis.ratio import Ratio
from watchbill.kinds.slis.raw import Raw
from watchbill.kinds.slis.windows import Windows

KINDS = (Ratio, Latency, NativeLatency, Availability, Windows, Freshness, Raw, Composite)

AnySli = Annotated[
    Ratio | Latency | NativeLatency | Availability | Windows | Freshness | Raw | Composite, Field(discriminator="kind")
]

CODES = (ratio.ONE_OF, latency.NOT_A_BOUND, latency.SUFFIX, *windows.CODES)

__all__ = [
    "CODES",
    "KINDS",
    "AnySli",
    "Availability",
    "Composite",
    "Freshness",
    "Latency",
    "NativeLatency",
    "Ratio",
    "Raw",
    "Windows",
]
