"""Whether a student can be written to unasked: the limits, read from the records and noted when a nudge goes out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from cohort.nudge_limits import NudgeKind, free_from, last_sign, may_send
from cohort.nudges import Work
from cohort.policy import NudgePolicy
from cohort.roster import Member
from services.desk import Desk
from services.letters import Composed, Later, Obsolete, Said
from storage.outbox import Letter
from storage.records import Records

# The letters that count as nudges; everything else is waited for, and only held at night.
NUDGES: Final[Mapping[str, NudgeKind]] = {
    "nudges.missed": NudgeKind.MISSED,
    "nudges.due_soon": NudgeKind.DUE_SOON,
    "nudges.plan": NudgeKind.PLAN,
    "ladder.help": NudgeKind.HELP,
    "check_ins.reminder": NudgeKind.CHECK_IN,
}
# What else the bot says by itself; what a student asked for, as an answer or a booked hour, is not among it.
AUTOMATIC: Final = frozenset({"check_ins.card", "bookings.reminder", "events.reminder", "unstuck.question"})


def can_be_nudged(records: Records, student: Member, kind: NudgeKind, policy: NudgePolicy, now: datetime) -> bool:
    """Say whether a nudge of a kind may be made for a student now."""
    if records.help.is_quiet(student.id) or not records.choices.of(student.id).hears(kind, now):
        return False
    past = records.nudges.past_of(student.id, now)
    sign_at = last_sign(past, acted_at(records, student.id), now)
    return may_send(kind, past, sign_at, now, student.tz, policy)


def acted_at(records: Records, student_id: str) -> list[datetime]:
    """Return when a student handed something in or booked office hours."""
    handed_in = [s.submitted_at for s in records.submissions.of_student(student_id)]
    return handed_in + records.bookings.made_by(student_id)


def as_wanted(records: Records, work: Work, now: datetime) -> Work:
    """Return a student's work without what they do not want to be told of yet."""
    return replace(work, quiet=work.quiet | records.choices.of(work.student.id).not_yet(now))


def hold_nudge(records: Records, letter: Letter, composed: Composed, desk: Desk, now: datetime) -> Composed:
    """Return what becomes of a nudge under the limits as they stand when it is sent; others pass as they are.

    Nothing automatic goes to a student whom a person is with.
    """
    if letter.kind in AUTOMATIC and records.help.is_quiet(letter.recipient.partition(":")[2]):
        return Obsolete("a person is with them")
    if letter.kind not in NUDGES or not isinstance(composed, Said):
        return composed
    student_id, nudge_id = letter.data["student"], letter.data["nudge"]
    student = records.roster.get(student_id)
    if student is None:
        return Obsolete("nobody to write to")
    kind = NUDGES[letter.kind]
    if records.help.is_quiet(student_id):
        return Obsolete("a person is with them")
    if not records.choices.of(student_id).hears(kind, now):
        return Obsolete("they chose not to hear of it")
    past = [nudge for nudge in records.nudges.past_of(student_id, now) if nudge.id != nudge_id]
    sign_at = last_sign(past, acted_at(records, student_id), now)
    from_at = free_from(kind, past, sign_at, now, student.tz, desk.policy.nudges)
    if from_at is None:
        return Obsolete("it is a person's turn")
    return composed if from_at <= now else Later(from_at)


def note_nudge(letter: Letter, composed: object, desk: Desk, now: datetime) -> None:
    """Note, before Slack is called, that a nudge counts as sent; or that it will never be sent."""
    if letter.kind not in NUDGES or isinstance(composed, Later):
        return
    with desk.store.transaction() as records:
        note = records.nudges.drop if isinstance(composed, Obsolete) else records.nudges.begin
        note(letter.data["nudge"], now)


def note_reaction(actor: Member, how: str, now: datetime, desk: Desk) -> None:
    """Note that a student pressed, asked or answered something, if a nudge of theirs had no reaction yet."""
    if actor.is_staff:
        return
    with desk.store.reading() as records:
        if not records.nudges.awaits_reaction(actor.id):
            return
    with desk.store.transaction() as records:
        records.nudges.react(actor.id, how, now)
