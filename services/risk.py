"""How students stand, with the reasons a person would give; noted when it changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Final

from cohort.levels import Level, LevelSince, Reason
from cohort.risk import Assessment, Found, assess
from cohort.risk_weights import Signal
from cohort.roster import Member
from services.desk import Desk
from services.nudge_sweeps import Alongside, in_batches
from services.risk_facts import Known, gather
from storage.records import Records

NAMED_MOST = 3


def assess_all(records: Records, desk: Desk, now: datetime) -> Mapping[str, LevelSince]:
    """Return how every student stands who takes part, by student id; nobody before any work was due."""
    return {known.student.id: _level(known, now) for known in gather(records, desk, now)}


def of(records: Records, student: Member, desk: Desk, now: datetime) -> LevelSince | None:
    """Return how one student stands, None where nothing is known yet."""
    return next((_level(known, now) for known in gather(records, desk, now, student)), None)


def note_levels(desk: Desk, now: datetime) -> int:
    """Assess everyone, and note each change of a level or of its reasons; return how many changed."""
    with desk.store.reading() as records:
        found = list(_news(records, desk, now))
    return in_batches(found, partial(_note, now=now), desk)


def _news(records: Records, desk: Desk, now: datetime) -> Iterator[LevelSince]:
    """Yield each level that is another than noted, both in the order of student ids, so that few are held at once."""
    latest = Alongside(records.risk.every_latest(now), attrgetter("student_id"))
    for known in gather(records, desk, now):
        before = next(iter(latest.of(known.student.id)), None)
        level = _level(known, now)
        if _is_news(level, before):
            yield level


def _is_news(level: LevelSince, before: LevelSince | None) -> bool:
    """Say whether a level or the signals behind it are others than noted; who was always on track is no news."""
    if before is None:
        return level.level is not Level.ON_TRACK
    if level.level is Level.ON_TRACK and before.level is Level.ON_TRACK:
        return False
    return (before.level, _signals(before)) != (level.level, _signals(level))


def _signals(level: LevelSince) -> frozenset[str]:
    return frozenset(reason.signal for reason in level.reasons)


def _note(records: Records, level: LevelSince, now: datetime) -> bool:
    before = records.risk.of(level.student_id)
    if before and before[-1].since_at >= now:
        return False
    records.risk.note(level)
    if not before or before[-1].level is not level.level:
        records.audit.add(None, f"risk.{level.level}", level.student_id, now)
    return True


def _level(known: Known, now: datetime) -> LevelSince:
    assessed = assess(known.work, known.other)
    reasons = tuple(Reason(each.signal, words_for(each.signal, known)) for each in assessed.reasons)
    return LevelSince(known.student.id, now, assessed.level, assessed.concern, reasons)


def own_facts(actor: Member, now: datetime, desk: Desk) -> Sequence[str]:
    """Return every fact about a student that is used, in words, the heaviest first; for that student, never staff."""
    if actor.is_staff or not actor.is_active(now):
        return []
    with desk.store.reading() as records:
        return _facts(records, actor, desk, now)


def _facts(records: Records, student: Member, desk: Desk, now: datetime) -> Sequence[str]:
    known = next(gather(records, desk, now, student), None)
    if known is None:
        return []
    assessed: Assessment = assess(known.work, known.other)
    found: Sequence[Found] = assessed.found
    return list(dict.fromkeys(words_for(each.signal, known) for each in found))


def words_for(signal: Signal, known: Known) -> str:
    """Return the evidence of a signal as a sentence about facts, the same for the student and for staff."""
    return _WORDS[signal](known)


def _missed(known: Known) -> str:
    names = ", ".join(assignment.slug for assignment in known.missed[-NAMED_MOST:])
    of_all = f"{len(known.missed)} of {known.owed} pieces of work" if known.owed > 1 else "the first piece of work"
    return f"{of_all} not handed in: {names}"


def _in_a_row(known: Known) -> str:
    return f"the latest {known.work.missed_in_a_row} pieces in a row not handed in"


def _late(known: Known) -> str:
    return f"work came {_many(max(1, round(known.late_days)), 'day')} late on average"


def _scores(known: Known) -> str:
    mean = sum(known.scores) / len(known.scores)
    return f"scores of {mean:.0f} on average"


def _below(known: Known) -> str:
    return f"scores {_many(max(1, round(known.work.below or 0)), 'point')} under the middle of the cohort"


def _not_tried(known: Known) -> str:
    names = ", ".join(assignment.slug for assignment in known.not_tried_again[:NAMED_MOST])
    return f"not passed yet and not tried again: {names}"


def _check_ins(known: Known) -> str:
    row = known.other.check_ins_missed
    return "the last check-in not answered" if row == 1 else f"the last {row} check-ins not answered"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


_WORDS: Final[Mapping[Signal, Callable[[Known], str]]] = {
    Signal.MISSED: _missed,
    Signal.IN_A_ROW: _in_a_row,
    Signal.LATE: _late,
    Signal.SCORES: _scores,
    Signal.LATEST_SCORE: lambda known: f"a latest score of {known.scores[-1]:.0f}",
    Signal.FALLING: lambda known: f"a latest score of {known.scores[-1]:.0f} after {known.scores[-2]:.0f}",
    Signal.BELOW: _below,
    Signal.SILENT: lambda known: f"nothing handed in, booked or answered for {_many(known.silent_days, 'day')}",
    Signal.BEHIND: lambda known: f"{known.work.behind:.0%} of what most have handed in by now is missing",
    Signal.NOT_TRIED_AGAIN: _not_tried,
    Signal.SECTIONS: lambda known: f"{_many(known.other.sections_missed, 'required section')} missed",
    Signal.NO_CHECK_IN: _check_ins,
    Signal.MOOD: lambda known: f"the last check-in said {known.other.mood or 0:.0f} of 5",
    Signal.HOURS_OVER: lambda known: f"{known.other.hours_over:.0f} hours more than asked for, by the last check-in",
    Signal.HOURS_UNDER: lambda known: f"{known.other.hours_under:.0%} fewer hours than asked for, by the last check-in",
    Signal.NOT_KEPT: lambda known: f"{_many(known.other.bookings_not_kept, 'booking')} not kept",
    Signal.DROPS_USED: lambda _: "no more work can be left out",
    Signal.OUT_OF_REACH: lambda _: "graduating is out of reach without a change of plan",
}
