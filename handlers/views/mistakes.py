"""What is seen of our mistakes: the form, what students read, and what organizers hear."""

from zoneinfo import ZoneInfo

from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Rendered,
    Renderers,
    View,
    context,
    escape,
    field_of,
    modal,
    name_of,
    say,
    section,
    text_input,
)
from services.mistakes import MistakeNote, MistakeReport, Touched


def form(touched: Touched) -> View:
    """Return the form in which staff say what was wrong and what holds instead."""
    whom = f"{_students(touched.students)} will read this, each in one message."
    if touched.failed:
        whom += f" {_pieces(touched.failed)} that had not passed {_goes(touched.failed)} back to whoever graded it."
    blocks = [
        section(f"Our mistake in {title_of(touched.assignment)}. {whom} Organizers can then move the due time."),
        field_of(
            "question",
            "Which question?",
            text_input("question", most=80, hint="Question 2b"),
            optional=True,
            hint="Leave it empty where it is about the whole assignment.",
        ),
        field_of(
            "words",
            "What was wrong, and what holds instead?",
            text_input("words", multiline=True, most=1500),
            hint="Students read this as it stands.",
        ),
    ]
    return modal(
        "Our mistake", blocks, callback_id="mistakes.admit", submit="Tell them", metadata=touched.assignment.id
    )


def done(touched: Touched) -> Rendered:
    """Return what whoever admitted it reads."""
    text = f"Thank you for saying so. {_students(touched.students)} will read it, and the organizers know."
    if touched.failed:
        text += f" {_pieces(touched.failed)} {_goes(touched.failed)} back to the queue."
    return say(text)


def told(note: MistakeNote, zone: ZoneInfo) -> Rendered:
    """Return what a student reads."""
    del zone
    where = f" ({escape(note.mistake.question)})" if note.mistake.question else ""
    title = title_of(note.assignment)
    text = f"We made a mistake in {title}{where}, and we are sorry. This is what holds:\n>{_quoted(note.mistake.words)}"
    if note.looked_at_again:
        text += (
            "\nYour work is looked at again because of it, without your doing anything. The date you have to hand in "
            "again stays as it is."
        )
    else:
        text += "\nIf it cost you time, `/extension` gives you more: nothing needs explaining."
    return say(text)


def report(note: MistakeReport, zone: ZoneInfo) -> Rendered:
    """Return what organizers read."""
    del zone
    where = f" ({escape(note.mistake.question)})" if note.mistake.question else ""
    slug, title = note.assignment.slug, title_of(note.assignment)
    text = f"{name_of(note.by)} told {_students(note.students)} of a mistake of ours in {title}{where}:"
    text += f"\n>{_quoted(note.mistake.words)}"
    if note.failed:
        text += f"\n{_pieces(note.failed)} that had not passed {_goes(note.failed)} back to the queue."
    return say(text, context(f"If it cost time, move it for everyone: `/cohort assignment {slug} move 2d`."))


def _quoted(words: str) -> str:
    return escape(words).replace("\n", "\n>")


def _students(count: int) -> str:
    return "One student" if count == 1 else f"{count} students"


def _pieces(count: int) -> str:
    return "One piece of work" if count == 1 else f"{count} pieces of work"


def _goes(count: int) -> str:
    return "goes" if count == 1 else "go"


RENDERERS: Renderers = {MistakeNote: told, MistakeReport: report}
