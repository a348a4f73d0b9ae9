"""Moving a student to another track: both plans first, then one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotFound
from cohort.extensions import Case
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.extensions import cases_of
from services.letters import Composed, Obsolete, Said
from storage.records import Records

ACTION = "tracks.switch"
NO_TRACK = "none"


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """What a track asks of a student: its name, empty for none, and the required work with the own due times."""

    name: str
    work: Sequence[tuple[Assignment, datetime | None]]


@dataclass(frozen=True, slots=True)
class Switch:
    """What switching does, or did: the plan as it was and as it will be.

    `is_new` is False where the student is on that track already, and `is_stale` True where they were moved since the
    preview: then nothing was done.
    """

    student: Member
    before: TrackPlan
    after: TrackPlan
    is_new: bool = True
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class TrackNote:
    """For a student: the track they are on now, and its plan."""

    student: Member
    plan: TrackPlan


def preview(student: str, track: str, actor: Member, now: datetime, desk: Desk) -> Switch:
    """Show both plans of a student; `track` is a name or “none”. Raises NotAllowed and NotFound."""
    access.require_organizer(actor, ACTION, now)
    with desk.store.reading() as records:
        found = access.must_be_student(access.person(records, student))
        return _switch(records, found, _named(records, track), now)


def switch(student_id: str, was: str, track: str, actor: Member, now: datetime, desk: Desk) -> Switch:
    """Move a student who still is on the track of the preview, in one act, and tell them.

    Raises NotAllowed and NotFound.
    """
    access.require_organizer(actor, ACTION, now)
    with desk.transaction(now) as records:
        student = access.person(records, student_id)
        name = _named(records, track)
        done = _switch(records, student, name, now)
        if not done.is_new or student.track != was:
            return replace(done, is_new=False, is_stale=done.is_new)
        records.roster.save(replace(student, track=name))
        lapse_settled(records, desk, now)
        outbox.post(
            records,
            "tracks.switched",
            outbox.to(student),
            {"student": student.id, "track": name},
            f"track:{student.id}:{now.isoformat()}",
            now,
        )
        records.audit.add(actor.id, "track.switched", student.id, now, detail=f"{was or NO_TRACK} → {name or NO_TRACK}")
        return done


def _named(records: Records, track: str) -> str:
    name = track.strip()
    if not name or name.casefold() == NO_TRACK:
        return ""
    names = {known.casefold(): known for known in records.own_work.tracks()}
    if name.casefold() not in names:
        raise NotFound("track", name, get_close_matches(name, names.values(), n=3, cutoff=0.4))
    return names[name.casefold()]


def _switch(records: Records, student: Member, name: str, now: datetime) -> Switch:
    before = plan_of(records, student, now)
    after = plan_of(records, replace(student, track=name), now)
    return Switch(student, before, after, is_new=student.track != name)


def plan_of(records: Records, student: Member, now: datetime) -> TrackPlan:
    """Return what a student's track asks of them, what is due first at the start."""
    cases = cases_of(records, student, now)
    work = [(c.assignment, c.effective_due_at) for c in cases if _counts(c)]
    return TrackPlan(student.track, sorted(work, key=lambda pair: (pair[1] or pair[0].hard_due_at, pair[0].slug)))


def _counts(case: Case) -> bool:
    return case.assignment.required and not case.assignment.cancelled and case.assignment.kind.is_handed_in


def compose_switched(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads of their new track; nothing once they are on another."""
    del desk
    student = access.known(records, data["student"])
    if student.track != data["track"]:
        return Obsolete("on another track meanwhile")
    return Said(TrackNote(student, plan_of(records, student, now)))


COMPOSERS = {"tracks.switched": compose_switched}
