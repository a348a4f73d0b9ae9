"""The sections that are asked for each week: how a student stands with them, and being excused from a week."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cohort.errors import OutsideProgramme
from cohort.policy import Policy
from cohort.roster import GONE, Member, Status
from cohort.sections import SectionWeek, Span, TakingPart, section_weeks
from cohort.times import local_day, week_of
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

EXCUSE = "sections.excuse"
# A line of a status history: which status, since when, changed by whom.
Line = tuple[Status, datetime, str | None]


@dataclass(frozen=True, slots=True)
class WeekExcused:
    """From which week's sections (its Monday) somebody is excused; `is_new` whether they were not before."""

    student: Member
    week_on: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class ExcusedNote:
    """For the student: the week whose sections they need not attend (its Monday), and who said so."""

    week_on: date
    by: Member


def weeks_of(records: Records, student: Member, now: datetime, policy: Policy) -> list[SectionWeek]:
    """Return how a student stands with the sections of every week that had any, the first week first."""
    sections = records.events.sections()
    if not sections:
        return []
    attended, excused = records.events.attended_by(student.id), records.events.excused(student.id)
    part = taking_part(student, attended, excused, records.roster.status_history(student.id))
    return section_weeks(sections, part, policy.events.sections_a_week, now, policy.programme.tz)


def taking_part(
    student: Member, attended: Collection[str], excused: Collection[date], history: Sequence[Line]
) -> TakingPart:
    """Return what is known of a student, given where they were, the weeks excused, and the history of their status."""
    return TakingPart(attended, excused, _away(history, student), _joined_at(history, student))


def _joined_at(history: Sequence[Line], student: Member) -> datetime | None:
    """Return since when someone takes part: the date on the roster, else when they first came onto it."""
    return student.joined_at or (history[0][1] if history else None)


def _away(history: Sequence[Line], student: Member) -> list[Span]:
    """Return when someone took no part: paused or gone; who leaves at a date takes part until then."""
    until = [since for _, since, _ in history[1:]]
    spans: list[Span] = [
        (since, end)
        for (status, since, _), end in zip(history, [*until, None], strict=False)
        if status is not Status.ACTIVE and not (end is None and status in GONE and student.left_at)
    ]
    return [*spans, (student.left_at, None)] if student.left_at else spans


def excuse(student: str, week: date | None, actor: Member, now: datetime, desk: Desk) -> WeekExcused:
    """Excuse a student from the sections of the week of a day, without one of this week; they are told once.

    Raises OutsideProgramme, NotFound also for staff, NotAllowed for students and NotActive.
    """
    access.require_staff(actor, EXCUSE, now)
    programme = desk.policy.programme
    week_on = week_of(week or local_day(now, programme.tz))
    if not week_of(programme.starts_on) <= week_on <= local_day(programme.closes_at, programme.tz):
        raise OutsideProgramme(programme.starts_on, programme.ends_on)
    with desk.transaction(now) as records:
        found = access.must_be_student(access.person(records, student))
        is_new = records.events.excuse(found.id, week_on, actor.id, now)
        if is_new:
            records.audit.add(actor.id, EXCUSE, found.id, now, detail=week_on.isoformat())
            data = {"student": found.id, "week": week_on.isoformat(), "by": actor.id}
            key = f"section_excused:{found.id}:{week_on}"
            outbox.post(records, "sections.excused", outbox.to(found), data, key, now)
        return WeekExcused(found, week_on, is_new)


def compose_excused(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads who is excused; nothing to someone who takes part no more."""
    del desk
    if not access.known(records, data["student"]).is_active(now):
        return Obsolete("takes part no more")
    return Said(ExcusedNote(date.fromisoformat(data["week"]), access.known(records, data["by"])))


COMPOSERS = {"sections.excused": compose_excused}
