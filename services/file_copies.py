"""Copying a file that was handed in into the direct messages of the TA who has claimed it.

A file from a form is visible to whoever uploaded it and to the app: only a copy lets a TA open it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cohort.assignments import Assignment
from cohort.hand_ins import File, Version
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

STILL_AWAKE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FileCopy:
    """For a TA: the file of what they have claimed, which travels with these words."""

    assignment: Assignment
    students: list[Member]
    file: File


def send_copy(records: Records, version: Version, grader: Member, now: datetime) -> None:
    """Queue a copy of the file of a version that was just claimed, where it has one; once for each claim."""
    if version.file is None:
        return
    data = {"hand_in": version.hand_in_id, "version": version.number, "grader": grader.id}
    key = f"file:{version.hand_in_id}:{version.number}:{grader.id}:{now.isoformat()}"
    outbox.post(records, "grading.file", outbox.to(grader), data, key, now)


def note_copied(data: Mapping[str, Any], sha256: str, desk: Desk) -> None:
    """Write the SHA-256 of a file whose bytes were read to copy it."""
    with desk.store.transaction() as records:
        records.hand_ins.set_sha256(data["hand_in"], data["version"], sha256)


def compose_file(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the file for whoever has claimed it; nothing where they hold it no more."""
    del desk
    hand_in = records.hand_ins.get(data["hand_in"])
    if hand_in is None or hand_in.claimed_by != data["grader"]:
        return Obsolete("not claimed any more")
    version = next((v for v in records.hand_ins.versions(hand_in.id) if v.number == data["version"]), None)
    if version is None or version.file is None:
        return Obsolete("the file was erased")
    assignment = access.assignment(records, hand_in.assignment_id)
    students = [access.known(records, s.student_id) for s in records.submissions.of_hand_in(hand_in.id)]
    # Who has just claimed it is awake.
    latest_at = (hand_in.claimed_at or now) + STILL_AWAKE
    return Said(FileCopy(assignment, students, version.file), latest_at=latest_at)


COMPOSERS = {"grading.file": compose_file}
