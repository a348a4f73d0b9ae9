"""The messages about grading: what students hear of their work, and graders of what waits for them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.grading import Verdict
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    actions,
    button,
    cut,
    date,
    name_of,
    plain,
    say,
    section,
)
from handlers.views.grading import names_of
from services.file_copies import FileCopy
from services.grade_releases import Release
from services.grading_messages import GradedNote
from services.grading_upkeep import ClaimLine, ClaimsEnd, ClaimsOver, DueLine, GradingDue, GradingOverdue

LINES_MOST = 15
COUNTED = {
    Verdict.PASSED: "{} passed",
    Verdict.NOT_YET: "{} not passed yet, each with a date to try again",
    Verdict.PART: "{} handed in a part, each with a date for the rest",
}


def graded_note(note: GradedNote, zone: ZoneInfo) -> Rendered:
    """Return what a student hears of their work."""
    title, grade = title_of(note.assignment), note.grade
    score = f" with *{grade.score:g}*" if grade.score is not None else ""
    match grade.verdict:
        case Verdict.PASSED:
            return say(f":tada: You passed {title}{score}.", *_feedback(note), actions(_question(note)))
        case Verdict.NOT_YET if note.has_passed:
            text = f":memo: You have passed {title} already, so this changes nothing; here is the feedback on it."
            return say(text, *_feedback(note), actions(_question(note)))
        case Verdict.NOT_YET:
            return _again(note, f"{title} has not passed yet{score}. {_try(note, zone)}")
        case Verdict.PART:
            return _again(note, f":memo: There is feedback on what you handed in for {title}. {_rest(note, zone)}")


def _again(note: GradedNote, text: str) -> Rendered:
    label = "Hand in the rest" if note.grade.verdict is Verdict.PART else "Hand in again"
    again = [button(label, "hand_ins.form", note.assignment.id, "primary")] if note.due_at else []
    book = button("Book office hours", "bookings.open", note.assignment.id)
    return say(text, *_feedback(note), actions(*again, book, _question(note)))


def _question(note: GradedNote) -> Element:
    return button("Question about this grade", "regrades.form", note.grade.id)


def _try(note: GradedNote, zone: ZoneInfo) -> str:
    if note.due_at is None:
        return "Please write to an organizer about what is possible now."
    return f"You can try again until {date(note.due_at, zone)}. This is what to work on:"


def _rest(note: GradedNote, zone: ZoneInfo) -> str:
    if note.due_at is None:
        return ""
    return f"The rest is due {date(note.due_at, zone)}, a date of its own."


def _feedback(note: GradedNote) -> list[Block]:
    if not note.grade.feedback:
        return []
    by = section(f"*Feedback from {name_of(note.grader)}*")
    return [by, {"type": "section", "text": plain(cut(note.grade.feedback, 3000))}]


def claims_end(note: ClaimsEnd, zone: ZoneInfo) -> Rendered:
    """Return the reminder that what someone claimed is theirs no longer soon."""
    head = ":hourglass: Soon a claim of yours runs out. What is not graded by then goes back to the queue."
    return say(head, *_claim_lines(note.lines, "yours until", zone), _queue_row())


def claims_over(note: ClaimsOver, zone: ZoneInfo) -> Rendered:
    """Return the message that what someone claimed went back to the queue."""
    head = (
        "These went back to the queue, since your claim ran out. A form that is still open can be sent as long as "
        "nobody else takes it."
    )
    return say(head, *_claim_lines(note.lines, "yours until", zone), _queue_row())


def _claim_lines(lines: Sequence[ClaimLine], until: str, zone: ZoneInfo) -> list[Block]:
    shown = [
        f"• {title_of(line.assignment)}, {names_of(line.students)}: {until} {date(line.ends_at, zone)}"
        for line in lines[:LINES_MOST]
    ]
    rest = len(lines) - len(shown)
    return [section("\n".join(shown + [f"… and {rest} more"] * (rest > 0)))]


def due(note: GradingDue, zone: ZoneInfo) -> Rendered:
    """Return what a grader is to grade within a day."""
    count = sum(line.count for line in note.lines)
    late = sum(line.overdue for line in note.lines)
    head = f":inbox_tray: {_things(count)} to grade within a day{f', {late} of them overdue' if late else ''}:"
    shown = [
        f"• {title_of(line.assignment)}: {line.count}, the first by {date(line.first_by_at, zone)}"
        for line in note.lines[:LINES_MOST]
    ]
    blocks = [section("\n".join(shown))] if shown else []
    if note.questions:
        asked = "One question" if note.questions == 1 else f"{note.questions} questions"
        blocks.append(section(f":raising_hand: {asked} about a grade waited for a day: each has a message of its own."))
    return say(head if shown else "Someone waits for an answer of yours.", *blocks, _queue_row())


def overdue(note: GradingOverdue, zone: ZoneInfo) -> Rendered:
    """Return what should have been graded by now, for organizers."""
    count = sum(line.count for line in note.lines)
    head = f":hourglass: {_things(count)} should have been graded by now:"
    shown = [_overdue_line(line, zone) for line in note.lines[:LINES_MOST]]
    rest = len(note.lines) - len(shown)
    return say(head, section("\n".join(shown + [f"… and {rest} more"] * (rest > 0))), _queue_row())


def _overdue_line(line: DueLine, zone: ZoneInfo) -> str:
    who = name_of(line.grader) if line.grader else "nobody's yet"
    return f"• {title_of(line.assignment)}: {line.count}, {who}, since {date(line.first_by_at, zone)}"


def _things(count: int) -> str:
    return "One thing" if count == 1 else f"{count} things"


def _queue_row() -> Block:
    return actions(button("Show the queue", "grading.page", "0:"))


def release_preview(found: Release) -> Rendered:
    """Return what releasing an assignment's grades would tell, with the button that does it."""
    title = title_of(found.assignment)
    if not found.total and found.was_released:
        return say(f"The grades of {title} are told already, each as it is given.")
    release = button("Release", "assignments_desk.release", found.assignment.id, "primary")
    lead = f"Releasing {title} tells {_students(found.total)}: {_counts(found)}."
    if not found.total:
        lead = f"No grade of {title} is held. Releasing it lets every grade be told as it is given."
    return say(f"{lead}{_waiting(found)}", actions(release))


def release_done(found: Release) -> Rendered:
    """Return what an organizer reads after releasing."""
    title = title_of(found.assignment)
    if not found.total:
        return say(f"Nothing was held of {title}. From now on its grades are told as they are given.{_waiting(found)}")
    told = f":white_check_mark: {title} is released to {_students(found.total)}: {_counts(found)}."
    return say(f"{told}{_waiting(found)}")


def _students(count: int) -> str:
    return "one student" if count == 1 else f"{count} students"


def _counts(found: Release) -> str:
    return ", ".join(
        words.format(found.students[verdict]) for verdict, words in COUNTED.items() if found.students[verdict]
    )


def _waiting(found: Release) -> str:
    return f" {_things(found.waiting)} of it still to be graded: told as it is graded." if found.waiting else ""


def file_copy(note: FileCopy, zone: ZoneInfo) -> Rendered:
    """Return the words with which the copy of a file comes."""
    del zone
    return say(f":page_facing_up: From {names_of(note.students)}, for {title_of(note.assignment)}.")


RENDERERS: Renderers = {
    FileCopy: file_copy,
    GradedNote: graded_note,
    ClaimsEnd: claims_end,
    ClaimsOver: claims_over,
    GradingDue: due,
    GradingOverdue: overdue,
}
