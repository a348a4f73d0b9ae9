"""How well risk tells who won't finish: asked on days of terms on record, from what was known on that day."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress, repeat
from statistics import median
from typing import Final

from cohort.risk import Day, PlainHandedIn, Work, WorkFacts, concern, day_of, facts_of, margin_of
from services.oulad import Key, Presentation

DAYS: Final = (30, 60, 90, 120, 150, 180, 210)
PASS_MARK: Final = 40.0
RULES: Final = ("risk", "missed_latest", "missed_share")
# Every piece of work counts a little, also where it adds nothing to the result: it is a sign of life.
LEAST_WEIGHT: Final = 1.0
TENTH: Final = 10

# What one student handed in, in the order of due days: on which days, the same days sorted, and the facts. The first is
# empty where the days are in this order too.
Theirs = tuple[Sequence[float], Sequence[float], Sequence[PlainHandedIn]]
NOTHING: Final[Theirs] = ((), (), ())


@dataclass(frozen=True, slots=True)
class Asked:
    """Everyone who was asked about: the scores of each rule of `RULES`, and who of them did not finish."""

    ranked: tuple[list[float], list[float], list[float]] = field(default_factory=lambda: ([], [], []))
    fails: list[bool] = field(default_factory=list)

    def add(self, other: "Asked") -> None:
        """Add those of another presentation."""
        for mine, theirs in zip(self.ranked, other.ranked, strict=True):
            mine.extend(theirs)
        self.fails.extend(other.fails)


@dataclass(frozen=True, slots=True)
class Score:
    """How well one rule ranks: AUC, and the share who did not finish in the tenth it holds to be most at risk.

    None where all of them finished or nobody did.
    """

    auc: float | None
    precision_at_10: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """What came of asking on one day: of how many, how many of them did not finish, and each rule's score by name."""

    n: int
    base_rate: float | None
    rules: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Backtest:
    """The scores by day, of all presentations together and of each; what could not be asked on a day is left out."""

    days: Mapping[int, Scores]
    presentations: Mapping[Key, Mapping[int, Scores]] = field(default_factory=dict)


def backtest(found: Mapping[Key, Presentation]) -> Backtest:
    """Ask on every day of every presentation who won't finish."""
    pooled, presentations = {day: Asked() for day in DAYS}, {}
    for key, one in sorted(found.items()):
        theirs = as_facts(one)
        asked = {day: _asked_on(one, theirs, day) for day in DAYS}
        presentations[key] = _scores(asked)
        for day, of in asked.items():
            pooled[day].add(of)
    return Backtest(_scores(pooled), presentations)


def _scores(asked: Mapping[int, Asked]) -> dict[int, Scores]:
    return {day: _score_of(of) for day, of in asked.items() if of.fails}


def _asked_on(of: Presentation, theirs: Mapping[str, Theirs], day: int) -> Asked:
    known = facts_on(of, theirs, day)
    facts = [work for work, _ in known]
    risk = [concern(work) for work in facts]
    ranked = (risk, [work.missed_latest for work in facts], [work.missed_share for work in facts])
    return Asked(ranked, [fails for _, fails in known])


def facts_on(of: Presentation, theirs: Mapping[str, Theirs], day: int) -> list[tuple[WorkFacts, bool]]:
    """Return the facts of everyone who took part on a day, from what was known by then, and if they did not finish.

    Nobody is asked about before anything was due, or after the end.
    """
    owed = [place for place, piece in enumerate(of.pieces) if piece.due <= day]
    here = [one for one in of.registrations if one.since <= day < one.until]
    if not owed or not here or day > of.length:
        return []
    known = [_known_by(theirs.get(one.student, NOTHING), day) for one in here]
    today, length = _today(of, known, day), of.length
    # All of whom nothing ever came look alike.
    of_nothing = facts_of(today, day / length, owed, ())
    facts = [
        facts_of(today, (day - last) / length, owed, handed_in) if handed_in else of_nothing
        for last, handed_in in known
    ]
    return [(work, one.fails) for work, one in zip(facts, here, strict=True)]


def _known_by(theirs: Theirs, day: int) -> tuple[float, Sequence[PlainHandedIn]]:
    """Return the last day on which anything came, 0 where nothing did since the start, and what had come by a day."""
    on, days, handed_in = theirs
    count = bisect_right(days, day)
    if not count:
        return 0.0, ()
    last = max(0.0, days[count - 1])
    if not on or count == len(days):
        return last, handed_in[:count]
    return last, [each for each, came_on in zip(handed_in, on, strict=True) if came_on <= day]


def _today(of: Presentation, known: Sequence[tuple[float, Sequence[PlainHandedIn]]], day: int) -> Day:
    """Return the day with what became of each piece of work among those who take part."""
    counts = [0] * len(of.pieces)
    scores: list[list[float]] = [[] for _ in of.pieces]
    for place, _, score, _ in chain.from_iterable([handed_in for _, handed_in in known]):
        counts[place] += 1
        if score is not None:
            scores[place].append(score)
    works = [
        Work(piece.weight + LEAST_WEIGHT, count / len(known), median(of_piece) if of_piece else None)
        for piece, count, of_piece in zip(of.pieces, counts, scores, strict=True)
    ]
    return day_of(day / of.length, works)


def as_facts(of: Presentation) -> Mapping[str, Theirs]:
    """Return what everyone handed in as facts of the rule, each with its day, by student."""
    dues, length, margins = [piece.due for piece in of.pieces], of.length, _Margins()
    found: dict[str, Theirs] = {}
    for student, handed_in in of.handed_in.items():
        on = [day for _, day, _ in handed_in]
        facts = [
            (piece, (day - dues[piece]) / length if day > dues[piece] else 0.0, score, margins[score])
            for piece, day, score in handed_in
        ]
        days = sorted(on)
        found[student] = (() if on == days else on, days, facts)
    return found


class _Margins(dict[float | None, float | None]):
    """The margin of each score, reckoned once."""

    def __missing__(self, score: float | None) -> float | None:
        margin = self[score] = None if score is None else margin_of(score, PASS_MARK)
        return margin


def _score_of(asked: Asked) -> Scores:
    fails = asked.fails
    rules = {name: _score(of_rule, fails) for name, of_rule in zip(RULES, asked.ranked, strict=True)}
    return Scores(len(fails), sum(fails) / len(fails), rules)


def _score(ranked: Sequence[float], fails: Sequence[bool]) -> Score:
    counts, of_fails = _together(ranked, fails)
    return Score(_auc(counts, of_fails), _precision(counts, of_fails, max(1, round(len(fails) / TENTH))))


def _together(ranked: Sequence[float], fails: Sequence[bool]) -> tuple[list[int], list[int]]:
    """Return how many have each score, the highest first, and how many of them did not finish."""
    counts, of_fails = Counter(ranked), Counter(compress(ranked, fails))
    scores = sorted(counts, reverse=True)
    return list(map(counts.__getitem__, scores)), list(map(of_fails.get, scores, repeat(0)))


def _auc(counts: Sequence[int], of_fails: Sequence[int]) -> float | None:
    """Return how often one who did not finish ranks over one who did; equal scores count half."""
    positive = sum(of_fails)
    negative = sum(counts) - positive
    if not positive or not negative:
        return None
    above = accumulate(of_fails, initial=0)
    half_pairs = sum([(count - fails) * (2 * over + fails) for count, fails, over in zip(counts, of_fails, above)])  # noqa: B905 - the last of `above` is beyond the end
    return half_pairs / (2 * positive * negative)


def _precision(counts: Sequence[int], of_fails: Sequence[int], most: int) -> float:
    """Return the share who did not finish among so many of the highest; of equal scores each counts a part."""
    left, hits = float(most), 0.0
    for count, fails in zip(counts, of_fails, strict=True):
        taken = min(left, count)
        hits += fails * taken / count
        left -= taken
        if left <= 0:
            break
    return hits / most
