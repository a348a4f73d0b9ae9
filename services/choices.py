"""What students choose about messages nobody asked for: none of a kind, a pause, or a reminder on a day of theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cohort.choices import Choices, pause_until, remind_at
from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.nudge_limits import NudgeKind
from cohort.reminders import Due
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudges import own_due_at, work_of
from storage.records import Records

CHOOSE = "nudges.choose"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a student hears of and what not, for themselves."""

    student: Member
    choices: Choices
    later: Sequence[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """For a student: what they asked to be reminded of today, as it stands."""

    student: Member
    dues: Sequence[Due]


def chosen(actor: Member, now: datetime, desk: Desk) -> Chosen:
    """Return a student's own choices. Raises NotAllowed and NotActive."""
    access.require_student(actor, CHOOSE, now)
    with desk.store.reading() as records:
        return _chosen(records, actor, now)


def _chosen(records: Records, actor: Member, now: datetime) -> Chosen:
    choices = records.choices.of(actor.id)
    slugs = {a.id: a.slug for a in records.assignments.all() if a.id in choices.not_yet(now)}
    later = sorted((choices.later[assignment_id], slug) for assignment_id, slug in slugs.items())
    return Chosen(actor, choices, [(slug, at) for at, slug in later])


def refuse(kind: NudgeKind, actor: Member, now: datetime, desk: Desk) -> Chosen:
    """Send a student no more messages of a kind. Raises NotAllowed and NotActive."""
    return _choose(actor, f"refused.{kind}", now, desk, lambda r: r.choices.refuse(actor.id, kind, now))


def allow(kind: NudgeKind, actor: Member, now: datetime, desk: Desk) -> Chosen:
    """Send a student messages of a kind again. Raises NotAllowed and NotActive."""
    return _choose(actor, f"allowed.{kind}", now, desk, lambda r: r.choices.allow(actor.id, kind))


def pause(actor: Member, now: datetime, desk: Desk, until_on: date | None = None) -> Chosen:
    """Send a student nothing unasked for a week, or until a day of theirs.

    Raises NotAllowed, NotActive, and Unclear for a day that is past or too far away.
    """
    until_at = (
        pause_until(now, actor.tz) if until_on is None else remind_at(until_on, now, actor.tz, desk.policy.nudges)
    )
    if until_at is None:
        raise Unclear("A pause can end from tomorrow on, and within four months.", "/cohort messages")
    return _choose(actor, "paused", now, desk, lambda r: r.choices.pause(actor.id, until_at))


def resume(actor: Member, now: datetime, desk: Desk) -> Chosen:
    """End a student's pause. Raises NotAllowed and NotActive."""
    return _choose(actor, "resumed", now, desk, lambda r: r.choices.resume(actor.id))


def _choose(actor: Member, what: str, now: datetime, desk: Desk, change: Callable[[Records], None]) -> Chosen:
    access.require_student(actor, CHOOSE, now)
    with desk.transaction(now) as records:
        change(records)
        records.audit.add(actor.id, f"nudges.{what}", actor.id, now)
        return _chosen(records, actor, now)


def remind_on(nudge_id: str, on: date, actor: Member, now: datetime, desk: Desk) -> datetime:
    """Say nothing of what a nudge was about until a local day, bring it up then, and return when.

    Raises NotFound, NotAllowed for anyone but the student it went to, NotActive, and Unclear for a day that is
    past or too far away.
    """
    access.require_student(actor, CHOOSE, now)
    at = remind_at(on, now, actor.tz, desk.policy.nudges)
    if at is None:
        raise Unclear("I can remind you from tomorrow on, up to four months ahead.", "a day of next week")
    with desk.transaction(now) as records:
        about = _about(records, nudge_id, actor)
        records.choices.snooze(actor.id, about, at)
        data = {"student": actor.id, "assignments": about}
        outbox.post_at(records, "nudges.asked", outbox.to(actor), data, f"asked:{nudge_id}:{on}", now, at)
        records.audit.add(actor.id, "nudges.remind_on", nudge_id, now, detail=on.isoformat())
    return at


def _about(records: Records, nudge_id: str, actor: Member) -> list[str]:
    student_id = records.nudges.student_of(nudge_id)
    if student_id is None:
        raise NotFound("message", nudge_id)
    if student_id != actor.id:
        raise NotAllowed(CHOOSE, "the student it went to")
    return records.nudges.about(nudge_id)


def compose_asked(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what is still open of what someone asked to be reminded of; nothing once all is settled."""
    del desk
    student = access.known(records, data["student"])
    about = [access.assignment(records, assignment_id) for assignment_id in data["assignments"]]
    work = work_of(records, student, about, now)
    settled = work.handed_in | work.quiet
    left = [work.owed(a) for a in about if a.id not in settled]
    dues = [Due(a, own_due_at(work, a)) for a in left if a.required and a.is_open(now)]
    if not dues or not student.is_active(now):
        return Obsolete("all of it is settled")
    return Said(AskedFor(student, sorted(dues, key=lambda due: due.due_at)))


COMPOSERS = {"nudges.asked": compose_asked}
