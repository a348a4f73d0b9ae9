"""Sharing a question and its answer without a name, taking it back, and finding what others have shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import NotActive, NotAllowed, NotFound, ReasonNeeded
from cohort.roster import Member
from cohort.shared_questions import Shared, names_in, search
from services.asking import Asked, own
from services.desk import Desk

SHARE, SEE = "questions.share", "questions.see"


@dataclass(frozen=True, slots=True)
class ToShare:
    """What a student may share, with the names of people on the roster that stand in its words."""

    about: Asked
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class FoundQuestions:
    """What fits some words, best first, with the titles of assignments by id; `of_all` is how many are shared."""

    words: str
    shared: Sequence[Shared]
    titles: Mapping[str, str]
    of_all: int


def to_share(question_id: str, actor: Member, now: datetime, desk: Desk) -> ToShare:
    """Return a student's own question that has an answer. Raises NotAllowed, NotActive, and NotFound without one."""
    about = _own_answered(question_id, actor, now, desk)
    with desk.store.reading() as records:
        names = [name for member in records.roster.all() for name in (member.name, member.preferred_name)]
    return ToShare(about, names_in(f"{about.question.words} {about.question.answer}", names))


def _own_answered(question_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    about = own(question_id, actor, now, desk)
    if about.question.answered_at is None:
        raise NotFound("answer", "")
    return about


def share(question_id: str, words: str, answer: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Share a question and its answer in the words the student leaves in; nobody's name goes along.

    Raises as `to_share`, and ReasonNeeded where nothing is left of one of the two.
    """
    about = _own_answered(question_id, actor, now, desk)
    if not words.strip() or not answer.strip():
        raise ReasonNeeded("a question and an answer")
    with desk.transaction(now) as records:
        records.shared_questions.share(question_id, words.strip(), answer.strip(), now)
        records.audit.add(actor.id, "question.shared", question_id, now)
    return about


def take_back(question_id: str, actor: Member, now: datetime, desk: Desk) -> bool:
    """Take a shared question back: one's own, or as staff anyone's; say whether it was shared until now.

    Raises NotFound, NotActive, and NotAllowed for another student's.
    """
    _require_active(actor, now)
    with desk.transaction(now) as records:
        question = records.asking.get(question_id)
        if question is None:
            raise NotFound("question", question_id)
        if question.student_id != actor.id and not actor.is_staff:
            raise NotAllowed(SHARE, "the student who asked, and staff")
        is_new = records.shared_questions.take_back(question_id, actor.id, now)
        if is_new:
            records.audit.add(actor.id, "question.taken_back", question_id, now)
        return is_new


def find(words: str, actor: Member, now: datetime, desk: Desk) -> FoundQuestions:
    """Return what was shared and fits some words; everything without words. Raises NotActive."""
    _require_active(actor, now)
    with desk.store.reading() as records:
        works = {one.id: one for one in records.assignments.all()}
        every = records.shared_questions.all()
    found = search(words, every, {one.id: one.slug for one in works.values()})
    return FoundQuestions(words.strip(), found, {one.id: one.title for one in works.values()}, len(every))


def _require_active(actor: Member, now: datetime) -> None:
    if not actor.is_active(now):
        raise NotActive(actor.status.value, about_self=True)
