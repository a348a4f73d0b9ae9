"""The signals of risk and what each weighs: data in one place, with where each number comes from."""

from enum import StrEnum
from typing import Final, NamedTuple


class Signal(StrEnum):
    """What a signal is about; several ramps can belong to one."""

    MISSED = "missed"
    IN_A_ROW = "in_a_row"
    LATE = "late"
    SCORES = "scores"
    LATEST_SCORE = "latest_score"
    FALLING = "falling"
    BELOW = "below"
    SILENT = "silent"
    BEHIND = "behind"
    NOT_TRIED_AGAIN = "not_tried_again"
    SECTIONS = "sections"
    NO_CHECK_IN = "no_check_in"
    MOOD = "mood"
    HOURS_OVER = "hours_over"
    HOURS_UNDER = "hours_under"
    NOT_KEPT = "not_kept"
    DROPS_USED = "drops_used"
    OUT_OF_REACH = "out_of_reach"


class Source(StrEnum):
    """Where a weight comes from: terms on record, or what people who run programmes hold to be right."""

    FITTED = "fitted"
    BY_HAND = "by_hand"


class Ramp(NamedTuple):
    """How strong a signal is by one fact: nothing at `starts`, full at `ends`, in between in proportion.

    `early` and `late` are its weights at those shares of the programme (`EARLY`, `LATE`), in log-odds; in between in
    proportion too, and before and after them as there. `fact` is a field of `WorkFacts` or `OtherFacts`.
    """

    signal: Signal
    fact: str
    starts: float
    ends: float
    early: float
    late: float
    source: Source = Source.FITTED


# At which shares of the programme the weights hold.
EARLY: Final = 0.12
LATE: Final = 0.85
# The log-odds of someone about whom there is nothing to say.
BASE: Final = (-1.63, -4.81)

# Fitted on terms on record by examples/fit_risk.py; docs/risk.md says how, on what, and how well they do.
FITTED: Final = (
    Ramp(Signal.MISSED, "missed_share", 0.0, 1.0, 0.0, 0.95),
    Ramp(Signal.MISSED, "missed_share", 0.0, 0.25, 0.67, 0.77),
    Ramp(Signal.MISSED, "missed_latest", 0.0, 1.0, 0.0, 0.0),
    Ramp(Signal.IN_A_ROW, "missed_in_a_row", 1.0, 3.0, 0.91, 1.79),
    Ramp(Signal.LATE, "late", 0.0, 0.04, 1.3, 0.64),
    Ramp(Signal.SCORES, "margin", 0.9, 0.55, 0.3, 1.03),
    Ramp(Signal.SCORES, "margin", 0.55, 0.25, 0.0, 0.94),
    Ramp(Signal.SCORES, "margin", 0.25, -0.25, 1.15, 2.66),
    Ramp(Signal.LATEST_SCORE, "latest_margin", 0.8, 0.4, 0.17, 0.01),
    Ramp(Signal.LATEST_SCORE, "latest_margin", 0.4, -0.2, 0.12, 0.0),
    Ramp(Signal.FALLING, "fallen", 0.0, 0.5, 0.57, 0.0),
    Ramp(Signal.BELOW, "below", -15.0, 0.0, 0.42, 0.69),
    Ramp(Signal.BELOW, "below", 0.0, 25.0, 1.34, 1.06),
    Ramp(Signal.SILENT, "silent", 0.03, 0.14, 0.07, 0.29),
    Ramp(Signal.SILENT, "silent", 0.14, 0.36, 1.72, 2.06),
    Ramp(Signal.BEHIND, "behind", 0.0, 0.3, 0.46, 0.22),
    Ramp(Signal.BEHIND, "behind", 0.3, 1.0, 2.88, 2.45),
)

# No public record of a term has these. They are set by hand so that one alone leads to the first small step at most,
# and two or three of them to an offer; only who can't graduate without a change needs a person for that alone.
BY_HAND: Final = (
    Ramp(Signal.NOT_TRIED_AGAIN, "not_tried_again", 0.0, 2.0, 0.8, 1.2, Source.BY_HAND),
    Ramp(Signal.SECTIONS, "sections_missed", 0.0, 3.0, 0.9, 0.9, Source.BY_HAND),
    Ramp(Signal.NO_CHECK_IN, "check_ins_missed", 0.0, 3.0, 0.9, 0.9, Source.BY_HAND),
    Ramp(Signal.MOOD, "mood", 3.0, 1.0, 1.2, 1.2, Source.BY_HAND),
    Ramp(Signal.HOURS_OVER, "hours_over", 0.0, 10.0, 0.6, 0.6, Source.BY_HAND),
    Ramp(Signal.HOURS_UNDER, "hours_under", 0.0, 0.5, 0.8, 0.8, Source.BY_HAND),
    Ramp(Signal.NOT_KEPT, "bookings_not_kept", 0.0, 2.0, 0.6, 0.6, Source.BY_HAND),
    Ramp(Signal.DROPS_USED, "drops_used", 0.0, 1.0, 0.4, 0.6, Source.BY_HAND),
    Ramp(Signal.OUT_OF_REACH, "out_of_reach", 0.0, 1.0, 2.5, 3.5, Source.BY_HAND),
)
RAMPS: Final = FITTED + BY_HAND

# From which probability of not finishing on each level holds; below the first, a student is on track.
SLIPPING_FROM: Final = 0.35
AT_RISK_FROM: Final = 0.6
CRITICAL_FROM: Final = 0.85
# What adds less than this to the log-odds is no reason that a person would give.
REASON_FROM: Final = 0.15
MOST_REASONS: Final = 3
