"""Sharing a question and its answer without a name, taking it back, and finding what others have shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import NotActive, NotAllowed, NotFound, ReasonNeeded
from cohort.roster import Member
from cohort.shared_questions import Shared, names_in, search
from services import access, outbox
from services.asking import OFFER, Asked, asked, own
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

SHARE, SEE = "questions.share", "questions.see"


@dataclass(frozen=True, slots=True)
class ToShare:
    """What a student may share, with the names of people on the roster that stand in its words."""

    about: Asked
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """For the student: what they had shared was taken out, and by whom."""

    about: Asked
    by: Member


@dataclass(frozen=True, slots=True)
class FoundQuestions:
    """What fits some words, best first, with the titles of assignments by id; `of_all` is how many are shared."""

    words: str
    shared: Sequence[Shared]
    titles: Mapping[str, str]
    of_all: int


def to_share(question_id: str, actor: Member, now: datetime, desk: Desk) -> ToShare:
    """Return a student's own question that has an answer.

    Raises NotAllowed, also where staff took it out before, NotActive, and NotFound without an answer to be read.
    """
    about = _own_answered(question_id, actor, now, desk)
    with desk.store.reading() as records:
        names = [name for member in records.roster.all() for name in (member.name, member.preferred_name)]
    return ToShare(about, names_in(f"{about.question.words} {about.question.answer}", names))


def _own_answered(question_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    about = own(question_id, actor, now, desk)
    if about.question.answered_at is None or about.question.answer == OFFER:
        raise NotFound("answer", "")
    with desk.store.reading() as records:
        by_id = records.shared_questions.taken_back_by(question_id)
    if by_id not in {None, actor.id}:
        raise NotAllowed(SHARE, "those who took it out")
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
            _tell(records, question_id, question.student_id, actor, now)
        return is_new


def _tell(records: Records, question_id: str, student_id: str, by: Member, now: datetime) -> None:
    """Tell a student whose question somebody else took out."""
    if by.id != student_id:
        data, key = {"question": question_id, "by": by.id}, f"question_taken_out:{question_id}:{now.isoformat()}"
        outbox.post(records, "questions.taken_out", outbox.to(access.known(records, student_id)), data, key, now)


def compose_taken_out(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads whose shared question was taken out; nothing where they are gone."""
    del desk
    about = asked(records, data["question"])
    if not about.student.is_active(now):
        return Obsolete("takes part no more")
    return Said(TakenOut(about, access.known(records, data["by"])))


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


COMPOSERS = {"questions.taken_out": compose_taken_out}
