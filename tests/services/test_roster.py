"""Students who pause, come back and withdraw; who may do it, what ends with it, and what they read."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cohort.assignments import Assignment
from cohort.errors import AlreadySeen, NotActive, NotAllowed, NotFound, ReasonNeeded
from cohort.extensions import ExtensionRequest, Lapse, State
from cohort.roster import Member, Role, Status, with_status
from services.desk import Desk
from services.excuses import ExcuseNote, excuse
from services.imports import import_roster
from services.letters import Obsolete
from services.messages import Ready, prepare
from services.roster import StatusNote, change_status
from tests.conftest import NOON, a_member

HOUR = timedelta(hours=1)

CHANGES = [
    pytest.param(Status.ACTIVE, Status.PAUSED, None, id="pause"),
    pytest.param(Status.PAUSED, Status.ACTIVE, None, id="resume"),
    pytest.param(Status.WITHDRAWN, Status.ACTIVE, None, id="come back"),
    pytest.param(Status.ACTIVE, Status.WITHDRAWN, NOON, id="withdraw"),
    pytest.param(Status.PAUSED, Status.WITHDRAWN, NOON, id="withdraw from a pause"),
]


@pytest.mark.parametrize(("before", "after", "left_at"), CHANGES)
def test_what_can_become_what(ada: Member, before: Status, after: Status, left_at: datetime | None) -> None:
    assert with_status(replace(ada, status=before), after, NOON) == replace(ada, status=after, left_at=left_at)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.WITHDRAWN, Status.PAUSED),
        (Status.EXPELLED, Status.ACTIVE),
        (Status.GRADUATED, Status.ACTIVE),
        (Status.EXPELLED, Status.WITHDRAWN),
    ],
)
def test_what_can_not_become_what(ada: Member, before: Status, after: Status) -> None:
    with pytest.raises(NotActive) as refused:
        with_status(replace(ada, status=before), after, NOON)
    assert (refused.value.status, refused.value.about_self) == (before.value, False)


def test_withdrawing_keeps_an_earlier_leaving_date_and_brings_a_later_one_forward(ada: Member) -> None:
    earlier, later = replace(ada, left_at=NOON - HOUR), replace(ada, left_at=NOON + HOUR)
    assert with_status(earlier, Status.WITHDRAWN, NOON).left_at == NOON - HOUR
    assert with_status(later, Status.WITHDRAWN, NOON).left_at == NOON


def test_a_pause_is_kept_in_history_and_audit_and_told(desk: Desk, ada: Member, orla: Member) -> None:
    changed = change_status(orla, "U0ADA", Status.PAUSED, NOON, desk)
    assert (changed.student, changed.is_new) == (replace(ada, status=Status.PAUSED), True)
    with desk.store.reading() as records:
        assert records.roster.get(ada.id) == replace(ada, status=Status.PAUSED)
        assert records.roster.status_history(ada.id) == [(Status.PAUSED, NOON, orla.id)]
        lines = [(line.actor_id, line.action, line.detail) for line in records.audit.about(ada.id)]
    assert lines == [(orla.id, "roster.status", "paused")]
    assert said(desk, "roster.status") == [StatusNote(changed.student, orla)]


def test_open_requests_end_with_it(desk: Desk, ada: Member, orla: Member, hw3: Assignment, hw4: Assignment) -> None:
    with desk.store.transaction() as records:
        for work in (hw3, hw4):
            records.requests.add(ExtensionRequest(f"req_{work.slug}", ada.id, work.id, State.PENDING, NOON, NOON))
    assert change_status(orla, ada.email, Status.WITHDRAWN, NOON, desk).lapsed == 2
    with desk.store.reading() as records:
        assert records.requests.waiting() == []
        assert {request.lapse for request in records.requests.of(ada.id)} == {Lapse.GONE}


def test_a_second_time_changes_nothing(desk: Desk, orla: Member) -> None:
    first = change_status(orla, "Ada", Status.WITHDRAWN, NOON, desk)
    again = change_status(orla, "Ada", Status.WITHDRAWN, NOON + HOUR, desk)
    assert (again.student, again.is_new) == (first.student, False)
    assert len(said(desk, "roster.status")) == 1


def test_one_delivery_changes_things_once(desk: Desk, orla: Member) -> None:
    delivered = desk.for_delivery("command:1")
    change_status(orla, "Ada", Status.PAUSED, NOON, delivered)
    with pytest.raises(AlreadySeen):
        change_status(orla, "Ada", Status.ACTIVE, NOON, delivered)


def test_what_has_changed_again_is_not_told(desk: Desk, orla: Member) -> None:
    change_status(orla, "Ada", Status.PAUSED, NOON, desk)
    change_status(orla, "Ada", Status.ACTIVE, NOON + HOUR, desk)
    pause, resumed = letters(desk, "roster.status")
    assert pause == Obsolete("changed again")
    assert isinstance(resumed, Ready)


@pytest.mark.parametrize("who", ["ada", "bo", "tara"])
def test_only_organizers_change_a_status(desk: Desk, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotAllowed):
        change_status(request.getfixturevalue(who), "Ada", Status.PAUSED, NOON, desk)


@pytest.mark.parametrize("whom", ["Tara", "orla@example.org", "U0NOBODY", "Zed"])
def test_staff_and_strangers_have_no_status_to_change(desk: Desk, orla: Member, whom: str) -> None:
    with pytest.raises(NotFound):
        change_status(orla, whom, Status.PAUSED, NOON, desk)


def test_an_organizer_who_is_away_changes_nothing(desk: Desk, orla: Member) -> None:
    with pytest.raises(NotActive):
        change_status(replace(orla, status=Status.PAUSED), "Ada", Status.PAUSED, NOON, desk)


def test_whoever_is_changed_by_an_import_is_told_of_an_organizer_to_write_to(desk: Desk, orla: Member) -> None:
    import_roster("email,name,role,status\nada@example.org,Ada,student,graduated\n", NOON, desk)
    (note,) = said(desk, "roster.status")
    assert isinstance(note, StatusNote)
    assert note.contact == orla


def test_an_excuse_is_told_audited_and_ends_the_request(desk: Desk, ada: Member, orla: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.requests.add(ExtensionRequest("req_1", ada.id, hw3.id, State.PENDING, NOON, NOON))
    assert excuse(orla, "U0ADA", "HW3 was ill ", NOON, desk).is_new
    assert not excuse(orla, "U0ADA", "problem set 3 again", NOON, desk).is_new
    with desk.store.reading() as records:
        request = records.requests.get("req_1")
        assert records.submissions.excused() == {(ada.id, hw3.id)}
        lines = [(line.actor_id, line.action, line.detail) for line in records.audit.about(ada.id)]
    assert request is not None
    assert request.lapse is Lapse.EXCUSED
    assert lines == [(orla.id, "excuse.given", hw3.id)]
    assert said(desk, "excuses.excused") == [ExcuseNote(ada, hw3, orla, "was ill")]


def test_an_excuse_needs_a_reason(desk: Desk, orla: Member) -> None:
    with pytest.raises(ReasonNeeded):
        excuse(orla, "Ada", "hw3  ", NOON, desk)


def test_a_paused_student_can_be_excused(desk: Desk, orla: Member) -> None:
    change_status(orla, "Ada", Status.PAUSED, NOON, desk)
    assert excuse(orla, "Ada", "hw3 was ill", NOON, desk).is_new


@pytest.mark.parametrize("who", ["ada", "tara"])
def test_only_organizers_excuse(desk: Desk, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotAllowed):
        excuse(request.getfixturevalue(who), "Ada", "hw3 was ill", NOON, desk)


@pytest.mark.parametrize(("whom", "what"), [("Tara", "hw3"), ("Ada", "hw33"), ("Zed", "hw3")])
def test_only_students_are_excused_and_only_from_what_there_is(desk: Desk, orla: Member, whom: str, what: str) -> None:
    with pytest.raises(NotFound):
        excuse(orla, whom, f"{what} was ill", NOON, desk)


def test_without_an_organizer_who_can_be_written_to_no_name_is_given(desk: Desk, orla: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(orla, slack_id=None))
        records.roster.save(replace(a_member("Olaf", Role.ORGANIZER), status=Status.PAUSED))
    import_roster("email,name,role,status\nada@example.org,Ada,student,paused\n", NOON, desk)
    (note,) = said(desk, "roster.status")
    assert isinstance(note, StatusNote)
    assert note.contact is None


def letters(desk: Desk, kind: str) -> list[object]:
    with desk.store.reading() as records:
        queued = [letter for letter, _ in records.outbox.of_kind(kind)]
    return [prepare(letter, desk, NOON + HOUR) for letter in queued]


def said(desk: Desk, kind: str) -> list[object]:
    return [ready.content for ready in letters(desk, kind) if isinstance(ready, Ready)]
