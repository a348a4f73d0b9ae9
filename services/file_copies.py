"""Copying a file that was handed in into the direct messages of whoever has claimed it or looks at it again.

A file from a form is visible to whoever uploaded it and to the app: only a copy lets anyone else open it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotAllowed
from cohort.hand_ins import File, HandIn, Version
from cohort.roster import Member, Role
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

STILL_AWAKE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FileCopy:
    """For whoever grades something or looks at it again: its file, which travels with these words."""

    assignment: Assignment
    students: list[Member]
    file: File


def send_copy(records: Records, version: Version, grader: Member, now: datetime) -> None:
    """Queue a copy of the file of a version, where it has one; once for each time it is claimed or asked for."""
    if version.file is None:
        return
    data = {
        "hand_in": version.hand_in_id,
        "version": version.number,
        "grader": grader.id,
        "asked_at": now.isoformat(),
    }
    key = f"file:{version.hand_in_id}:{version.number}:{grader.id}:{now.isoformat()}"
    outbox.post(records, "grading.file", outbox.to(grader), data, key, now)


def may_have(records: Records, hand_in: HandIn, viewer: Member) -> bool:
    """Say whether a copy is for someone: who has claimed it, organizers, and who was asked about its grade."""
    if hand_in.claimed_by == viewer.id or viewer.role is Role.ORGANIZER:
        return True
    return any(regrade.with_id == viewer.id for regrade in records.regrades.open_about(hand_in.id))


def ask_copy(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> File | None:
    """Send someone a copy of the file of the latest version, and return which; None where it has none.

    Raises NotAllowed for whom it is not for, and NotFound.
    """
    with desk.transaction(now) as records:
        hand_in = access.hand_in_to_grade(records, hand_in_id, actor, now)
        if not may_have(records, hand_in, actor):
            raise NotAllowed("grading.file", "whoever grades it or looks at it again")
        latest = records.hand_ins.versions(hand_in.id)[-1]
        if latest.file is not None:
            send_copy(records, latest, actor, now)
            records.audit.add(actor.id, "grading.file_asked", hand_in.id, now)
        return latest.file


def note_copied(data: Mapping[str, Any], sha256: str, desk: Desk) -> None:
    """Write the SHA-256 of a file whose bytes were read to copy it."""
    with desk.store.transaction() as records:
        records.hand_ins.set_sha256(data["hand_in"], data["version"], sha256)


def compose_file(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the file for whoever has claimed it or asked for it; nothing where it is not theirs to read any more."""
    del desk, now
    hand_in = records.hand_ins.get(data["hand_in"])
    if hand_in is None or not may_have(records, hand_in, access.known(records, data["grader"])):
        return Obsolete("not theirs to read any more")
    version = next((v for v in records.hand_ins.versions(hand_in.id) if v.number == data["version"]), None)
    if version is None or version.file is None:
        return Obsolete("the file was erased")
    assignment = access.assignment(records, hand_in.assignment_id)
    students = [access.known(records, s.student_id) for s in records.submissions.of_hand_in(hand_in.id)]
    # Who has just claimed it or asked for it is awake.
    latest_at = datetime.fromisoformat(data["asked_at"]) + STILL_AWAKE
    return Said(FileCopy(assignment, students, version.file), latest_at=latest_at)


COMPOSERS = {"grading.file": compose_file}
