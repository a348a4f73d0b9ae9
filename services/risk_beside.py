"""What is known of students beside how they hand work in: signs of life, sections, check-ins, what can be left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from cohort.assignments import Assignment
from cohort.graduation import Ledger, Outlook, forecast, ledger_of
from cohort.policy import CheckInPolicy
from cohort.risk import OtherFacts
from cohort.roster import Member, Status
from cohort.sections import by_week, missed, weeks_among
from services.desk import Desk
from services.nudge_sweeps import Alongside, Own, by_student
from services.sections import Line, taking_part
from services.standings import places
from storage.records import Records
from storage.signs import CheckInSign

# So long after it was asked a check-in without an answer counts as missed.
ANSWER_WITHIN = timedelta(days=3)
# From when to when someone took no part; None for a span that lasts.
Span = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class KnownBeside:
    """One student: the facts, when they last booked, asked or answered, if ever, and when they took no part."""

    facts: OtherFacts
    acted_at: datetime | None
    away: Sequence[Span]


class Beside:
    """Reads it with a fixed number of queries; to be asked in the order of student ids, as rows stream past."""

    def __init__(self, records: Records, assignments: Sequence[Assignment], desk: Desk, now: datetime) -> None:
        self._assignments, self._policy, self._now = assignments, desk.policy, now
        self._acted = Alongside(records.signs.latest(now), itemgetter(0))
        self._not_kept = Alongside(records.signs.not_kept(), itemgetter(0))
        self._check_ins = Alongside(records.signs.check_ins(now), itemgetter(0))
        self._history = Alongside(records.roster.every_status(), itemgetter(0))
        self._excused = by_student(records.submissions.excused())
        self._claimed = by_student(records.submissions.claimed_handed_in())
        self._sections = _Sections(records, desk, now)

    def of(self, own: Own) -> KnownBeside:
        """Return what is known of a student beside their work, given what they handed in and were granted."""
        student_id, found = own.student.id, self._ledger(own)
        history = [(status, since_at, by) for _, status, since_at, by in self._history.of(student_id)]
        facts = OtherFacts(
            sections_missed=self._sections.missed(own.student, history),
            bookings_not_kept=next((count for _, count in self._not_kept.of(student_id)), 0),
            drops_used=int(bool(found.counted) and found.drops_left <= 0),
            out_of_reach=int(forecast(found).outlook in {Outlook.TAKE_BACK, Outlook.OUT_OF_REACH}),
        )
        check_ins = [sign for _, sign in self._check_ins.of(student_id)]
        acted_at = next((at for _, at in self._acted.of(student_id)), None)
        facts = _with_check_ins(facts, check_ins, self._policy.checkins, self._now)
        return KnownBeside(facts, acted_at, _away(history, self._now))

    def _ledger(self, own: Own) -> Ledger:
        excused = self._excused.get(own.student.id, frozenset())
        claimed = self._claimed.get(own.student.id, frozenset())
        drops_allowed = self._policy.grading.drops_allowed
        asked = self._assignments if drops_allowed < 1 else [a for a in self._assignments if self._may_cost(a, own)]
        standings = (each.standing for each in places(own, asked, excused, claimed, self._now))
        return ledger_of(standings, drops_allowed)

    def _may_cost(self, assignment: Assignment, own: Own) -> bool:
        """Say whether a piece can use up one that may be left out; where there are some, only that is asked."""
        owed = own.arranged.owed(assignment)
        return not owed.is_still_ahead(self._now) or own.arranged.has_dropped(assignment)


class _Sections:
    """The sections of every week, where there are any, with who was there and who is excused."""

    def __init__(self, records: Records, desk: Desk, now: datetime) -> None:
        self._events = by_week(records.events.sections(), desk.policy.programme.tz)
        self._needed, self._now = desk.policy.events.sections_a_week, now
        self._attended = Alongside(records.events.every_attendance(), itemgetter(0))
        self._excused = Alongside(records.events.every_excused(), itemgetter(0))

    def missed(self, student: Member, history: Sequence[Line]) -> int:
        """Return in how many weeks a student missed the sections that were asked for."""
        if not self._events:
            return 0
        attended = {event_id for _, event_id in self._attended.of(student.id)}
        excused: set[date] = {week_on for _, week_on in self._excused.of(student.id)}
        part = taking_part(student, attended, excused, history)
        return len(missed(weeks_among(self._events, part, self._needed, self._now)))


def _away(history: Sequence[Line], now: datetime) -> list[Span]:
    """Return the spans in which someone took no part, as known by an instant."""
    spans: list[Span] = []
    for status, since_at, _ in history:
        if since_at > now:
            continue
        if spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], since_at)
        if status is not Status.ACTIVE:
            spans.append((since_at, None))
    return spans


def _with_check_ins(
    other: OtherFacts, signs: Sequence[CheckInSign], policy: CheckInPolicy, now: datetime
) -> OtherFacts:
    """Add the facts of check-ins: how many of the latest were not answered, and what the last answer says."""
    row = 0
    for sign in reversed(signs):
        if sign.is_answered:
            break
        if not sign.is_skipped and sign.asked_at is not None and now - sign.asked_at >= ANSWER_WITHIN:
            row += 1
    last = next((sign for sign in reversed(signs) if sign.is_answered), None)
    other = other._replace(check_ins_missed=row, mood=last.mood if last else None)
    if last is None or last.hours is None:
        return other
    least, most = policy.hours_promised
    over = last.hours - most
    under = 1 - last.hours / least if least and last.hours <= least / 2 else 0.0
    return other._replace(hours_over=over if over >= policy.over_by_hours else 0.0, hours_under=under)
