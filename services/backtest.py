"""How well risk tells who won't finish: asked on days of terms on record, from what was known on that day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from cohort.risk import Day, HandedIn, Work, WorkFacts, concern, day_of, facts_of, margin_of
from services.oulad import HandIn, Key, Presentation

DAYS: Final = (30, 60, 90, 120, 150, 180, 210)
PASS_MARK: Final = 40.0
RULES: Final = ("risk", "missed_latest", "missed_share")
# Every piece of work counts a little, also where it adds nothing to the result: it is a sign of life.
LEAST_WEIGHT: Final = 1.0
TENTH: Final = 10

# A score of each rule of RULES, and whether the student did not finish.
Asked = tuple[float, float, float, bool]
# What each student handed in, each with its day.
Theirs = Mapping[str, Sequence[tuple[float, HandedIn]]]


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
    asked = {}
    for key, one in sorted(found.items()):
        theirs = as_facts(one)
        asked[key] = {day: asked_on(one, theirs, day) for day in DAYS}
    pooled = {day: [each for of in asked.values() for each in of[day]] for day in DAYS}
    return Backtest(_scores(pooled), {key: _scores(of) for key, of in asked.items()})


def _scores(asked: Mapping[int, Sequence[Asked]]) -> dict[int, Scores]:
    return {day: _score_of(answers) for day, answers in asked.items() if answers}


def asked_on(of: Presentation, theirs: Theirs, day: int) -> list[Asked]:
    """Return each rule's score and the outcome of everyone who took part on a day, from what was known by then."""
    known = facts_on(of, theirs, day)
    return [(concern(work), work.missed_latest, work.missed_share, fails) for work, fails in known]


def facts_on(of: Presentation, theirs: Theirs, day: int) -> list[tuple[WorkFacts, bool]]:
    """Return the facts and the outcome of everyone who took part on a day, from what was known by then.

    Nobody is asked about before anything was due, or after the end.
    """
    owed = [place for place, piece in enumerate(of.pieces) if piece.due <= day]
    here = [one for one in of.registrations if one.since <= day < one.until]
    if not owed or not here or day > of.length:
        return []
    known = [_known_by(theirs.get(one.student, ()), day) for one in here]
    today = _today(of, known, day)
    found = []
    for one, (last, handed_in) in zip(here, known, strict=True):
        found.append((facts_of(today, (day - last) / of.length, owed, handed_in), one.fails))
    return found


def _known_by(theirs: Sequence[tuple[float, HandedIn]], day: int) -> tuple[float, list[HandedIn]]:
    """Return the last day on which anything came, 0 where nothing did since the start, and what had come by a day."""
    known = [(on, each) for on, each in theirs if on <= day]
    return max([0.0, *[on for on, _ in known]]), [each for _, each in known]


def _today(of: Presentation, known: Sequence[tuple[float, Sequence[HandedIn]]], day: int) -> Day:
    """Return the day with what became of each piece of work among those who take part."""
    counts = [0] * len(of.pieces)
    scores: list[list[float]] = [[] for _ in of.pieces]
    for _, handed_in in known:
        for place, _, score, _ in handed_in:
            counts[place] += 1
            if score is not None:
                scores[place].append(score)
    works = [
        Work(piece.weight + LEAST_WEIGHT, count / len(known), median(of_piece) if of_piece else None)
        for piece, count, of_piece in zip(of.pieces, counts, scores, strict=True)
    ]
    return day_of(day / of.length, works)


def as_facts(of: Presentation) -> Theirs:
    """Return what everyone handed in as facts of the rule, each with its day, by student."""
    dues, length = [piece.due for piece in of.pieces], of.length
    return {student: [_fact(each, dues, length) for each in handed_in] for student, handed_in in of.handed_in.items()}


def _fact(each: HandIn, dues: Sequence[float], length: float) -> tuple[float, HandedIn]:
    piece, day, score = each
    late = max(0.0, day - dues[piece]) / length
    return day, HandedIn(piece, late, score, None if score is None else margin_of(score, PASS_MARK))


def _score_of(asked: Sequence[Asked]) -> Scores:
    fails = [each[-1] for each in asked]
    rules = {name: _score([float(each[place]) for each in asked], fails) for place, name in enumerate(RULES)}
    return Scores(len(asked), sum(fails) / len(fails), rules)


def _score(ranked: Sequence[float], fails: Sequence[bool]) -> Score:
    groups = list(_together(ranked, fails))
    return Score(_auc(groups), _precision(groups, max(1, round(len(fails) / TENTH))))


def _together(ranked: Sequence[float], fails: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield those of one score together, the highest first: how many, and how many of them did not finish."""
    found: dict[float, list[int]] = {}
    for score, is_fail in zip(ranked, fails, strict=True):
        group = found.setdefault(score, [0, 0])
        group[0] += 1
        group[1] += is_fail
    for score in sorted(found, reverse=True):
        yield found[score][0], found[score][1]


def _auc(groups: Sequence[tuple[int, int]]) -> float | None:
    """Return how often one who did not finish ranks over one who did; equal scores count half."""
    positive = sum(fails for _, fails in groups)
    negative = sum(count for count, _ in groups) - positive
    if not positive or not negative:
        return None
    above, pairs = 0, 0.0
    for count, fails in groups:
        pairs += (count - fails) * (above + fails / 2)
        above += fails
    return pairs / (positive * negative)


def _precision(groups: Sequence[tuple[int, int]], most: int) -> float:
    """Return the share who did not finish among so many of the highest; of equal scores each counts a part."""
    left, hits = float(most), 0.0
    for count, fails in groups:
        taken = min(left, count)
        hits += fails * taken / count
        left -= taken
        if left <= 0:
            break
    return hits / most
