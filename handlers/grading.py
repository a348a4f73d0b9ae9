"""`/grade-queue`: what waits to be graded, claiming it, looking at it, and the form for a grade."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from cohort.errors import GradeNotTaken
from cohort.grading import Marked, fault_of
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_text
from handlers.views import grading as views
from services import grading, grading_queue
from services.desk import Desk
from services.file_copies import ask_copy


def command(ask: Ask, desk: Desk) -> Answer:
    """`/grade-queue` and `/grade-queue hw3`."""
    return _queue(ask, desk, ask.text.strip())


def show_page(ask: Ask, desk: Desk) -> Answer:
    """Show another page of the queue."""
    page, _, about = ask.value.partition(":")
    return _queue(ask, desk, about, int(page) if page.isdecimal() and page.isascii() and len(page) < 6 else 0)


def narrow(ask: Ask, desk: Desk) -> Answer:
    """Show the queue of the assignment that was chosen, or of all."""
    return _queue(ask, desk, "" if ask.value == views.EVERYTHING else ask.value)


def _queue(ask: Ask, desk: Desk, about: str, page: int = 0) -> Answer:
    found = grading_queue.queue(ask.member, ask.now, desk, about or None, page)
    return Say(views.queue(found, ask.now, ask.member.tz))


def claim_next(ask: Ask, desk: Desk) -> Answer:
    """Claim what is to be graded first."""
    return Say(views.claimed(grading_queue.claim_next(ask.member, ask.now, desk, ask.value or None), ask.member.tz))


def claim(ask: Ask, desk: Desk) -> Answer:
    """Claim one thing, or what comes after it."""
    return Say(views.claimed(grading_queue.claim(ask.value, ask.member, ask.now, desk), ask.member.tz))


def release(ask: Ask, desk: Desk) -> Answer:
    """Give something back."""
    was_held = grading_queue.release(ask.value, ask.member, ask.now, desk)
    return Say(views.given_back() if was_held else views.not_held())


def open_one(ask: Ask, desk: Desk) -> Answer:
    """Show one thing with all its versions."""
    return OpenModal(views.opened(grading_queue.opened(ask.value, ask.member, ask.now, desk), ask.member.tz))


def file(ask: Ask, desk: Desk) -> Answer:
    """Send a copy of the file that was handed in."""
    return Say(views.file_comes(ask_copy(ask.value, ask.member, ask.now, desk)))


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a grade."""
    return OpenModal(views.grade_form(grading.to_grade(ask.value, ask.member, ask.now, desk), ask.member.tz))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take a grade in; where a newer version came meanwhile, show it above what was typed."""
    try:
        return submit_newer(ask, desk)
    except GradeNotTaken as problem:
        if problem.why != "replaced":
            raise
        hand_in_id, _ = _read_metadata(ask.metadata)
        found = grading_queue.opened(hand_in_id, ask.member, ask.now, desk)
        return OpenModal(views.grade_form(found, ask.member.tz, read_marked(ask.state)))


def submit_newer(ask: Ask, desk: Desk) -> Answer:
    """Take a grade in, or keep the form open and say at the field what is missing."""
    hand_in_id, version = _read_metadata(ask.metadata)
    marked = read_marked(ask.state)
    entry = grading_queue.opened(hand_in_id, ask.member, ask.now, desk).entry
    fault = fault_of(marked, entry.assignment, is_part=entry.hand_in.is_part)
    if fault is not None:
        field, told = views.FAULTS[fault]
        return FieldErrors({field: told})
    given = grading.GiveGrade(hand_in_id, version, marked)
    return Say(views.given(grading.grade(given, ask.member, ask.now, desk)))


def read_marked(state: Mapping[str, Mapping[str, Any]]) -> Marked:
    """Read what a grader filled in; what is no number is no score."""
    chosen = state.get("result", {}).get("result", {}).get("selected_option")
    result = chosen.get("value") if isinstance(chosen, Mapping) else None
    return Marked(
        score=read_number(read_text(state, "score")),
        passed={views.PASSED: True, views.NOT_YET: False}.get(str(result)),
        feedback=read_text(state, "feedback"),
        staff_note=read_text(state, "note"),
        why=read_text(state, "why"),
    )


def read_number(text: str) -> float | None:
    """Read a score as people write it: `85`, `72,5` or `90%`; None for anything else."""
    try:
        number = float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _read_metadata(metadata: str) -> tuple[str, int]:
    hand_in_id, _, version = metadata.partition(":")
    is_number = version.isdecimal() and version.isascii() and len(version) < 6
    return hand_in_id, int(version) if is_number else 0


PRESSES: dict[str, Listener] = {
    "grading.page": show_page,
    "grading.filter": narrow,
    "grading.claim_next": claim_next,
    "grading.claim": claim,
    "grading.release": release,
    "grading.open": open_one,
    "grading.file": file,
    "grading.form": form,
}
SUBMISSIONS: dict[str, Listener] = {"grading.grade": submit, "grading.grade_newer": submit_newer}
