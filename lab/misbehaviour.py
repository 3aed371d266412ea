"""The ways of targets, by what tiles with a bridge of 30 s can make of them in a run of 50 s."""

from dataclasses import replace

from lab.lives import Behaviour

RATE = 10  # requests per second and target
OUTAGE_BEYOND_BRIDGE = (8.0, 36.0)
JOINS_AT = 20

STEADY = Behaviour(requests_per_second=RATE, delay=(0.0, 0.1))
SLOW = replace(STEADY, delay=(0.15, 1.1))
LAZY = replace(STEADY, error_ratio=0.03, error_codes=tuple(str(code) for code in range(500, 512)))
EXACT = {
    "steady": STEADY,
    "slow": SLOW,  # the settle offset waits for scrapes that take most of the interval
    "lazy": LAZY,  # a series that is new on a live target counts from zero
    "failing": replace(STEADY, failed_scrapes=0.3),  # the next success carries what the failures missed
    "hiding": replace(STEADY, hidden=(6, 18, 7)),  # a series that comes back within the bridge resumes
    "down": replace(STEADY, outage=(8, 18)),  # so does a whole target
    "churn": replace(STEADY, restart_every=20, renames_on_restart=True),  # young processes count from their birth
}
INEXACT = {
    "restarts": replace(STEADY, restart_every=15),
    "down_and_reset": replace(STEADY, outage=(8, 18), restarts_in_outage=True),
    "down_too_long": replace(STEADY, outage=OUTAGE_BEYOND_BRIDGE),
    "joining": replace(STEADY, joins_at=JOINS_AT, history=5000),
}
SMOKE = {"slow": SLOW, "lazy": LAZY}
