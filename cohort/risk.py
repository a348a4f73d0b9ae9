"""Risk, explained: what was known of a student on a day as named signals, each with a weight, and what they add up to.

Nothing that is excused, extended, dropped, paused, waiting for staff or unknown reaches these facts: whoever gathers
them leaves it out. Gender, region, age, disability and deprivation are not among them, nor what stands in for them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from typing import Final, NamedTuple

from cohort.levels import Level
from cohort.risk_weights import (
    AT_RISK_FROM,
    BASE,
    CRITICAL_FROM,
    EARLY,
    FITTED,
    LATE,
    MOST_REASONS,
    RAMPS,
    REASON_FROM,
    SLIPPING_FROM,
    Ramp,
    Signal,
)


class Work(NamedTuple):
    """One piece of work on a day: how much it counts, and what became of it in the whole cohort by then.

    `weight` is positive. `handed_in_share` is the share of those taking part who have handed it in. `middle_score` is
    the median of the scores given, in points of 100; None where there is none.
    """

    weight: float
    handed_in_share: float
    middle_score: float | None


# The fields of a `Work`: plain tuples are taken apart much faster than named ones.
PlainWork = tuple[float, float, float | None]


class Day(NamedTuple):
    """A day of a programme: the share of it that has passed, all its work, and the sum of their shares handed in."""

    elapsed: float
    works: Sequence[PlainWork]
    shares: float


class HandedIn(NamedTuple):
    """One piece of work that a student has handed in: which of the works, how late, and its score.

    `late` is a share of the programme's length. `score` is in points of 100; `margin` is the same beside the pass mark
    (see `margin_of`). None is not known yet.
    """

    work: int
    late: float
    score: float | None
    margin: float | None


class WorkFacts(NamedTuple):
    """What is known of one student's work on a day, as numbers that mean the same in any programme.

    `elapsed`, `late` and `silent` are shares of the programme's length: what has passed of it, the mean by which work
    came late, and the time since the last sign of life. `missed_share` is by weight, of what was due to this student.
    Margins are 1 for full marks, 0 at the pass mark, -1 for nothing. `fallen` is by how much the latest margin lies
    under the one before. `below` is by how many points scores lie under the middle score of the same work. `behind` is
    the share of what the others have handed in by then, due or not, that this student has not.
    """

    elapsed: float
    missed_share: float
    missed_latest: float
    missed_in_a_row: int
    late: float
    margin: float | None
    latest_margin: float | None
    fallen: float
    below: float | None
    silent: float
    behind: float


class OtherFacts(NamedTuple):
    """What is known of one student beside their work; as it stands by default, it says nothing.

    `not_tried_again` counts work that has not passed and could be handed in again. `sections_missed` counts required
    ones. `check_ins_missed` counts the latest in a row without an answer. `mood` is 1 to 5, as last answered.
    `hours_over` is 10 or more where the hours of the last answer lie so far over the promised range, else 0;
    `hours_under` is by which share they lie under it where that is half or more, else 0. `drops_used` is 1 where no
    piece may be left out any more, `out_of_reach` 1 where only a change lets this student graduate.
    """

    not_tried_again: int = 0
    sections_missed: int = 0
    check_ins_missed: int = 0
    mood: float | None = None
    hours_over: float = 0.0
    hours_under: float = 0.0
    bookings_not_kept: int = 0
    drops_used: int = 0
    out_of_reach: int = 0


NOTHING_ELSE: Final = OtherFacts()


class Found(NamedTuple):
    """A signal that says something: how strong it is (over 0 to 1), what full strength weighs, and what it rests on.

    `weight` is in log-odds; `facts` names the fields of WorkFacts and OtherFacts with their values.
    """

    signal: Signal
    strength: float
    weight: float
    facts: tuple[tuple[str, float], ...]

    @property
    def adds(self) -> float:
        """What it adds to the log-odds."""
        return self.strength * self.weight


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a student stands: log-odds of not finishing, the level, and every signal, the strongest first."""

    concern: float
    level: Level
    found: Sequence[Found]

    @property
    def probability(self) -> float:
        """The chance of not finishing, as far as the records of other terms tell."""
        return probability_of(self.concern)

    @property
    def reasons(self) -> Sequence[Found]:
        """The two or three signals that a person would give as reasons; none where nothing weighs much."""
        return [found for found in self.found if found.adds >= REASON_FROM][:MOST_REASONS]


def margin_of(score: float, pass_mark: float) -> float:
    """Return where a score lies: 1 for full marks, 0 at the pass mark, -1 for nothing. Both in points of 100."""
    if score >= pass_mark:
        return (score - pass_mark) / (100 - pass_mark) if pass_mark < 100 else 1.0
    return (score - pass_mark) / pass_mark


def day_of(elapsed: float, works: Sequence[Work]) -> Day:
    """Return a day of a programme, of which the share `elapsed` has passed."""
    plain = [(work.weight, work.handed_in_share, work.middle_score) for work in works]
    return Day(elapsed, plain, sum([work.handed_in_share for work in works]))


# The fields of a `HandedIn`, for whoever has many.
PlainHandedIn = tuple[int, float, float | None, float | None]


def facts_of(
    day: Day,
    silent: float,
    owed: Sequence[int],
    handed_in: Sequence[HandedIn] | Sequence[PlainHandedIn],
    left_out: Collection[int] = (),
) -> WorkFacts:
    """Return what is known of a student who was to hand in `owed` by this day.

    Works are named by their place in `day.works`; all three are in the order of due times. `owed` holds neither what
    is optional nor what is in `left_out`: excused, extended, dropped, paused, or waiting for staff, which counts as
    nothing. Nor does `silent`, a share of the programme, count days of a pause.
    """
    works, theirs = day.works, {one[0] for one in handed_in}
    missed = [work for work in owed if work not in theirs]
    shares = late = margins = weights = below = 0.0
    compared = 0
    latest: float | None = None
    before: float | None = None
    for work, lateness, score, margin in handed_in:
        weight, share, middle = works[work]
        shares += share
        late += lateness
        if score is not None and margin is not None:
            margins += margin * weight
            weights += weight
            before, latest = latest, margin
            if middle is not None:
                below += middle - score
                compared += 1
    others = day.shares - _shares(works, left_out, theirs) if left_out else day.shares
    return WorkFacts(
        day.elapsed,
        _weight(works, missed) / _weight(works, owed) if missed else 0.0,
        1.0 if missed and missed[-1] == owed[-1] else 0.0,
        _in_a_row(owed, theirs) if missed else 0,
        late / len(handed_in) if handed_in else 0.0,
        margins / weights if weights else None,
        latest,
        before - latest if before is not None and latest is not None else 0.0,
        below / compared if compared else None,
        silent,
        # Where the others have handed in little, little can be missing.
        (others - shares) / max(others, 1.0) if others > shares else 0.0,
    )


def _weight(works: Sequence[PlainWork], chosen: Sequence[int]) -> float:
    return sum([works[work][0] for work in chosen])


def _shares(works: Sequence[PlainWork], left_out: Collection[int], theirs: Collection[int]) -> float:
    return sum([works[work][1] for work in left_out if work not in theirs])


def _in_a_row(owed: Sequence[int], theirs: Collection[int]) -> int:
    """Return how many of the latest pieces of work in a row were missed."""
    row = 0
    for work in reversed(owed):
        if work in theirs:
            break
        row += 1
    return row


# The place of each ramp's fact, where it starts, and what one unit of the fact adds.
_WORK: Final = tuple((WorkFacts._fields.index(r.fact), r.starts, 1 / (r.ends - r.starts)) for r in FITTED)


def strengths(facts: WorkFacts) -> list[float]:
    """Return how strong each ramp of `FITTED` is, from 0 to 1; what is unknown is nothing."""
    return [
        0.0 if (fact := facts[place]) is None else min(1.0, max(0.0, (fact - starts) * scale))
        for place, starts, scale in _WORK
    ]


# The place of a fact, and its ramps that weigh anything: where each starts, what one unit adds, and its weight.
# They lie in one direction, the first to start first: where one says nothing, those after it do neither.
_Weighing = tuple[int, tuple[tuple[float, float, float], ...]]


@cache
def _weighed(elapsed: float) -> tuple[float, tuple[_Weighing, ...]]:
    """Return the base, and what weighs anything when a share of the programme has passed."""
    along = along_of(elapsed)
    by_place: dict[int, list[tuple[float, float, float]]] = {}
    for (place, starts, scale), ramp in zip(_WORK, FITTED, strict=True):
        weight = between(ramp.early, ramp.late, along)
        if weight:
            by_place.setdefault(place, []).append((starts, scale, weight))
    found = [(place, tuple(sorted(ramps, key=_start))) for place, ramps in by_place.items()]
    return between(*BASE, along), tuple(found)


def _start(ramp: tuple[float, float, float]) -> float:
    starts, scale, _ = ramp
    return starts if scale > 0 else -starts


def along_of(elapsed: float) -> float:
    """Return how far the programme is on the way from `EARLY` to `LATE`, from 0 to 1."""
    return min(1.0, max(0.0, (elapsed - EARLY) / (LATE - EARLY)))


def between(early: float, late: float, along: float) -> float:
    """Return the number that lies so far along the way between two."""
    return early + (late - early) * along


def concern(facts: WorkFacts) -> float:
    """Return the log-odds that someone of whom only this is known won't finish."""
    found, weighing = _weighed(facts.elapsed)
    for place, ramps in weighing:
        fact = facts[place]
        if fact is None:
            continue
        for starts, scale, weight in ramps:
            strength = (fact - starts) * scale
            if strength <= 0:
                break
            found += weight * strength if strength < 1 else weight
    return found


def assess(work: WorkFacts, other: OtherFacts = NOTHING_ELSE) -> Assessment:
    """Return how a student stands by all that is known of them."""
    along, facts = along_of(work.elapsed), (*work, *other)
    found = [one for signal, ramps in _BY_SIGNAL if (one := _found(signal, ramps, facts, along)) is not None]
    found.sort(key=lambda each: -each.adds)
    total = between(*BASE, along) + sum([each.adds for each in found])
    return Assessment(total, level_of(total), found)


_FIELDS: Final = (*WorkFacts._fields, *OtherFacts._fields)
# Each signal with its ramps, each of them with the place of its fact.
_BY_SIGNAL: Final = tuple(
    (signal, tuple((ramp, _FIELDS.index(ramp.fact)) for ramp in RAMPS if ramp.signal is signal))
    for signal in dict.fromkeys(ramp.signal for ramp in RAMPS)
)


def _found(
    signal: Signal, ramps: Sequence[tuple[Ramp, int]], facts: Sequence[float | None], along: float
) -> Found | None:
    """Return a signal with what it rests on, None where it says nothing."""
    strong = [_strength(facts[place], ramp) for ramp, place in ramps]
    if not any(strong):
        return None
    weights = [between(ramp.early, ramp.late, along) for ramp, _ in ramps]
    added = sum([weight * strength for weight, strength in zip(weights, strong, strict=True)])
    weight = sum(weights)
    # What is too little to be told from nothing, after dividing too, is nothing.
    if added <= 0 or (strength := added / weight) <= 0:
        return None
    named = {ramp.fact: known for ramp, place in ramps if (known := facts[place]) is not None}
    return Found(signal, strength, weight, tuple(named.items()))


def _strength(fact: float | None, ramp: Ramp) -> float:
    if fact is None:
        return 0.0
    strength = (fact - ramp.starts) / (ramp.ends - ramp.starts)
    return 0.0 if strength <= 0 else min(1.0, strength)


def probability_of(concern: float) -> float:
    """Return log-odds as a probability."""
    return 1 / (1 + exp(-concern))


def level_of(concern: float) -> Level:
    """Return the level that log-odds of not finishing come to."""
    probability = probability_of(concern)
    if probability >= CRITICAL_FROM:
        return Level.CRITICAL
    if probability >= AT_RISK_FROM:
        return Level.AT_RISK
    return Level.SLIPPING if probability >= SLIPPING_FROM else Level.ON_TRACK
