"""What can go wrong with streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.streams.conduct import Conduct

_STREAMS = ("StreamContinuityBudgetBurnFast", "ConversationBudgetBurnFast")
_SILENCE = ("StreamContinuityTrafficCollapse", "ReconnectsResumeTrafficCollapse")
_RECONNECTS = ("ReconnectsResumeBudgetBurnFast",)


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "streams-stall", "Half of the streams stand still.", _STREAMS, stall=0.5),
        changing(conduct, "streams-cut", "The server breaks off half of the streams.", _STREAMS, cut=0.5),
        changing(
            conduct, "cursor-dropped", "A proxy drops Last-Event-ID: all that was shown is sent again.", _RECONNECTS,
            cursor_dropped=1.0,
        ),
        changing(
            conduct, "clients-forget", "A new version of the client comes back without its cursor.", _RECONNECTS,
            clients_without_cursor=0.9,
        ),
        changing(conduct, "streams-stop", "No user opens a stream.", _SILENCE, pace=0.0),
        changing(conduct, "streams-slow", "The first event takes three seconds.", (), first_event_seconds=3.0),
    )  # fmt: skip
