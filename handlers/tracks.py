"""`/cohort track`, and the press that moves a student to another track."""

from cohort.errors import Unclear
from handlers.answers import Answer, Ask, Listener, Say
from handlers.reading import read_person, unescaped
from handlers.views import tracks as views
from services import tracks
from services.desk import Desk

EXAMPLE = "/cohort track @ada research"


def track(ask: Ask, desk: Desk) -> Answer:
    """`/cohort track @student name` shows both plans; `none` is no track."""
    student, rest = read_person(ask.text, EXAMPLE)
    name = unescaped(rest).strip(' "“”')
    if not name:
        raise Unclear("I don't see which track; `none` is no track.", EXAMPLE)
    return Say(views.preview(tracks.preview(student, name, ask.member, ask.now, desk)))


def switch(ask: Ask, desk: Desk) -> Answer:
    """Move the student as the preview said."""
    student_id, was, name = [*ask.value.split("|"), "", "", ""][:3]
    return Say(views.switched(tracks.switch(student_id, was, name, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"tracks.switch": switch}
