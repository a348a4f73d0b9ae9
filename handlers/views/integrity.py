"""What graders and organizers see of integrity review."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.grading import Marked
from cohort.integrity import CaseState
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    date,
    divider,
    escape,
    field_of,
    modal,
    name_of,
    say,
    section,
    text_input,
)
from handlers.views.grading import file_button, names_of, opened, result_fields
from services.grading_queue import Opened
from services.integrity import CaseFile

LISTED_MOST = 15
CONFIDENTIAL = "Confidential: only organizers see this. For the student and other TAs the work simply waits."


def flag_form(found: Opened) -> View:
    """Return the form in which a grader says what organizers should look at."""
    entry = found.entry
    blocks = [
        section(
            f"*{names_of(entry.students)}*: {title_of(entry.assignment)}\nOrganizers look at it instead of you. Nobody "
            "else hears of it, and to the student it is still being graded. It is a question, not a verdict."
        ),
        field_of("note", "What should they look at?", text_input("note", multiline=True, most=1500)),
    ]
    return modal("Integrity review", blocks, callback_id="integrity.flag", submit="Send", metadata=entry.hand_in.id)


def flagged() -> Rendered:
    """Return what the grader reads."""
    return say("Thank you. The organizers look at it now; there is nothing more for you to do, and nobody else knows.")


def card(file: CaseFile, zone: ZoneInfo) -> Rendered:
    """Return the card for an organizer."""
    entry = file.opened.entry
    what = f"{title_of(entry.assignment)}, by {names_of(entry.students)}"
    since = date(file.case.flagged_at, zone)
    head = f":lock: {name_of(file.flagged_by)} asks organizers to look at {what}, since {since}."
    if file.case.state is CaseState.OPEN:
        return say(head, context(CONFIDENTIAL), actions(*_buttons(file)))
    by = name_of(file.decided_by) if file.decided_by else "An organizer"
    done = "cleared it: it is back in the queue" if file.case.state is CaseState.CLEARED else "upheld it"
    return say(f"{head} {by} {done}.")


def _buttons(file: CaseFile) -> list[Element]:
    return [
        button("Look into it", "integrity.look", file.case.id, "primary"),
        button("Clear", "integrity.clear", file.case.id),
        button("Uphold…", "integrity.uphold", file.case.id),
    ]


def cases(files: Sequence[CaseFile], zone: ZoneInfo) -> Rendered:
    """Return what waits for organizers."""
    if not files:
        return say("No integrity case is open. :herb:")
    blocks: list[Block] = [section(f"*{len(files)} open*, the oldest first")]
    for file in files[:LISTED_MOST]:
        blocks += [divider(), *card(file, zone).blocks]
    if len(files) > LISTED_MOST:
        blocks.append(context(f"And {len(files) - LISTED_MOST} more."))
    return Rendered("Integrity cases", blocks)


def case(file: CaseFile, zone: ZoneInfo) -> View:
    """Return all of a case: the note, and the work as a grader sees it."""
    work = [block for block in opened(file.opened, zone)["blocks"] if block["type"] != "actions"]
    lead = f"*{name_of(file.flagged_by)}*, {date(file.case.flagged_at, zone)}:\n>{_quoted(file.case.note)}"
    buttons = [*(_buttons(file)[1:] if file.case.state is CaseState.OPEN else []), *file_button(file.opened)]
    tail = [actions(*buttons)] if buttons else []
    return modal("Integrity case", [section(lead), context(CONFIDENTIAL), divider(), *work, *tail])


def uphold_form(file: CaseFile, kept: Marked | None = None, reason: str = "") -> View:
    """Return the form for an organizer's grade; with what was typed before where a newer version came meanwhile."""
    entry, marked = file.opened.entry, kept or Marked()
    lead = f"*{names_of(entry.students)}*: {title_of(entry.assignment)}"
    if kept is not None:
        lead = "A newer version was handed in while you wrote, and what you typed is still here.\n" + lead
    blocks = [
        section(lead),
        *result_fields(entry.assignment, entry.hand_in, marked),
        field_of(
            "feedback",
            "Feedback, for the student to read",
            _typed(text_input("feedback", multiline=True, most=3000), marked.feedback),
            optional=True,
        ),
        field_of(
            "reason",
            "Why it is upheld",
            _typed(text_input("reason", multiline=True, most=1500), reason),
            optional=True,
            hint="For the record, which only organizers read.",
        ),
    ]
    metadata = f"{file.case.id}:{file.opened.latest.number}"
    return modal("Uphold", blocks, callback_id="integrity.uphold", submit="Grade", metadata=metadata)


def _typed(element: Element, text: str) -> Element:
    return element | ({"initial_value": text} if text else {})


def _quoted(words: str) -> str:
    return escape(words).replace("\n", "\n>")


def cleared() -> Rendered:
    """Return what the organizer reads who cleared a case."""
    return say("Cleared: the work is back at its place in the queue, as if nothing had been.")


def upheld() -> Rendered:
    """Return what the organizer reads who upheld a case."""
    return say(
        "Upheld. The student hears of the grade as of any other of this work; the reason is on record for organizers."
    )


RENDERERS: Renderers = {CaseFile: card}
