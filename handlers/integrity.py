"""Integrity review: flagging from the form for a grade, and what organizers decide."""

from cohort.errors import GradeNotTaken
from cohort.grading import fault_of
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from handlers.extensions import read_text
from handlers.grading import read_marked
from handlers.views import grading as grading_views
from handlers.views import integrity as views
from services import integrity
from services.desk import Desk


def flag(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a note to the organizers."""
    return OpenModal(views.flag_form(integrity.to_flag(ask.value, ask.member, ask.now, desk)))


def submit_flag(ask: Ask, desk: Desk) -> Answer:
    """Hand the work to the organizers."""
    note = read_text(ask.state, "note")
    if not note:
        return FieldErrors({"note": "Say in a sentence what they should look at."})
    integrity.flag(ask.metadata, note, ask.member, ask.now, desk)
    return Say(views.flagged())


def cases(ask: Ask, desk: Desk) -> Answer:
    """`/cohort integrity` shows organizers what waits for them."""
    return Say(views.cases(integrity.open_cases(ask.member, ask.now, desk), ask.member.tz))


def look(ask: Ask, desk: Desk) -> Answer:
    """Show all of a case."""
    return OpenModal(views.case(integrity.case_file(ask.value, ask.member, ask.now, desk), ask.member.tz))


def clear(ask: Ask, desk: Desk) -> Answer:
    """Put the work back into the queue."""
    integrity.clear(ask.value, ask.member, ask.now, desk)
    return Say(views.cleared())


def uphold(ask: Ask, desk: Desk) -> Answer:
    """Open the form for the grade and the reason."""
    return OpenModal(views.uphold_form(integrity.case_file(ask.value, ask.member, ask.now, desk)))


def submit_uphold(ask: Ask, desk: Desk) -> Answer:
    """Grade the work, or keep the form open and say at the field what is missing."""
    case_id, _, version = ask.metadata.partition(":")
    file = integrity.case_file(case_id, ask.member, ask.now, desk)
    marked, entry = read_marked(ask.state), file.opened.entry
    fault = fault_of(marked, entry.assignment, is_part=entry.hand_in.is_part)
    if fault is not None:
        field, told = grading_views.FAULTS[fault]
        return FieldErrors({field: told})
    reason = read_text(ask.state, "reason")
    if not reason:
        return FieldErrors({"reason": "Say why; it goes on record for organizers only."})
    seen = int(version) if version.isdecimal() and version.isascii() and len(version) < 6 else 0
    try:
        integrity.uphold(integrity.Uphold(case_id, seen, marked, reason), ask.member, ask.now, desk)
    except GradeNotTaken as problem:
        if problem.why != "replaced":
            raise
        return OpenModal(views.uphold_form(file, marked, reason))
    return Say(views.upheld())


PRESSES = {
    "integrity.flag": flag,
    "integrity.look": look,
    "integrity.clear": clear,
    "integrity.uphold": uphold,
}
SUBMISSIONS = {"integrity.flag": submit_flag, "integrity.uphold": submit_uphold}
