"""What an organizer or TA reads when they pause, resume, withdraw, excuse or set duty, and what accounts change."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cohort.assignments import Assignment
from cohort.errors import CohortError, NotAllowed, NotFound, Unclear
from cohort.extensions import ExtensionRequest, State
from cohort.roster import Member, Status
from handlers import roster
from handlers.answers import Ask, Listener, Say
from handlers.views import roster as views
from handlers.views.blocks import Rendered
from handlers.views.messages import render
from sandbox.limits import check_message
from services.accounts import EmailNote, UnlinkedNote
from services.desk import Account, Desk
from services.duties import DutyNote
from services.excuses import ExcuseNote
from services.roster import StatusNote
from tests.conftest import NOON, PhoneBook

LONDON = ZoneInfo("Europe/London")


def read(listener: Listener, actor: Member, text: str, desk: Desk) -> str:
    """Return what the actor reads when they type a text."""
    answer = listener(Ask(actor, NOON, text=text), desk)
    assert isinstance(answer, Say)
    return words(answer.rendered)


def words(rendered: Rendered) -> str:
    assert check_message({"text": rendered.text, "blocks": rendered.blocks}) == []
    return "\n".join(str(block) for block in rendered.blocks)


FORMS = ["<@U0ADA>", "<@U0ADA|ada>", "@Ada", "ada@example.org", "<mailto:ada@example.org|ada@example.org>"]


@pytest.mark.parametrize("form", FORMS)
def test_a_person_may_be_named_in_every_form(desk: Desk, orla: Member, form: str) -> None:
    assert "Ada is paused now, and gets a message about it." in read(roster.pause, orla, form, desk)


def test_pause_resume_and_withdraw_say_what_is_so_now(desk: Desk, ada: Member, orla: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.requests.add(ExtensionRequest("req_1", ada.id, hw3.id, State.PENDING, NOON, NOON))
    assert "One open request for more time is closed with it." in read(roster.pause, orla, "@Ada", desk)
    assert "is paused already; nothing was changed" in read(roster.pause, orla, "@Ada", desk)
    assert "Ada is paused now until <!date^" in read(roster.pause, orla, "@Ada until friday", desk)
    assert "is back and takes part again" in read(roster.resume, orla, "@Ada", desk)
    assert "takes part already" in read(roster.resume, orla, "@Ada", desk)
    assert "has withdrawn now" in read(roster.withdraw, orla, "@Ada", desk)
    assert "has withdrawn already" in read(roster.withdraw, orla, "@Ada", desk)


def test_several_requests_are_counted(desk: Desk, ada: Member, orla: Member, hw3: Assignment, hw4: Assignment) -> None:
    with desk.store.transaction() as records:
        for work in (hw3, hw4):
            records.requests.add(ExtensionRequest(f"req_{work.slug}", ada.id, work.id, State.PENDING, NOON, NOON))
    assert "2 open requests for more time are closed with it." in read(roster.withdraw, orla, "@Ada", desk)


def test_who_can_t_be_written_to_is_left_to_the_organizer(desk: Desk, ada: Member, orla: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, slack_id=None))
    assert "please tell them yourself" in read(roster.pause, orla, ada.email, desk)


@pytest.mark.parametrize(
    ("listener", "text", "error"),
    [
        pytest.param(roster.pause, "", Unclear, id="nobody named"),
        pytest.param(roster.pause, "@Ada @Bo", Unclear, id="two people"),
        pytest.param(roster.resume, "@Zed", NotFound, id="a stranger"),
        pytest.param(roster.withdraw, "@Tara", NotFound, id="a TA"),
        pytest.param(roster.excuse, "@Ada", Unclear, id="no assignment"),
        pytest.param(roster.excuse, "@Ada hw33", NotFound, id="an unknown assignment"),
        pytest.param(roster.duty, "@Tara tomorrow", Unclear, id="no date"),
        pytest.param(roster.duty, "@Tara 2026-02-30", Unclear, id="not in the calendar"),
        pytest.param(roster.duty, "@Tara 2026-06-28", Unclear, id="a week that is over"),
        pytest.param(roster.duty, "@Ada", NotFound, id="a student on duty"),
    ],
)
def test_what_can_t_be_read_or_found_changes_nothing(
    desk: Desk, orla: Member, listener: Listener, text: str, error: type[CohortError]
) -> None:
    with pytest.raises(error):
        read(listener, orla, text, desk)
    with desk.store.reading() as records:
        assert records.audit.all() == []


@pytest.mark.parametrize("who", ["ada", "tara"])
@pytest.mark.parametrize("listener", [roster.pause, roster.resume, roster.withdraw, roster.unlinked])
def test_others_than_organizers_are_refused(
    desk: Desk, request: pytest.FixtureRequest, listener: Listener, who: str
) -> None:
    with pytest.raises(NotAllowed):
        read(listener, request.getfixturevalue(who), "@Bo", desk)


def test_an_excuse_names_the_work(desk: Desk, orla: Member) -> None:
    assert ":white_check_mark: Ada need not hand in *Problem set 3* (hw3)." in read(
        roster.excuse, orla, "@Ada problem set 3 was ill", desk
    )
    assert "that was so already" in read(roster.excuse, orla, "@Ada hw3 was ill", desk)


def test_the_rota_is_shown_and_set(desk: Desk, orla: Member, tara: Member) -> None:
    assert "Nobody is on extension duty" in read(roster.duty, orla, "", desk)
    assert "Tara has extension duty in the week of 6 Jul to 12 Jul." in read(
        roster.duty, orla, "@Tara 2026-07-08", desk
    )
    assert "this week: nobody" in read(roster.duty, orla, "", desk)
    assert "Tom has extension duty in the week of 29 Jun to 5 Jul." in read(roster.duty, orla, "<@U0TOM>", desk)
    assert "already" in read(roster.duty, orla, "<@U0TOM>", desk)
    assert "instead of Tom" in read(roster.duty, tara, "@Tara", desk)
    shown = read(roster.duty, tara, " ", desk)
    assert "29 Jun to 5 Jul: <@U0TARA> (this week)" in shown
    assert "6 Jul to 12 Jul: <@U0TARA>" in shown


def test_question_duty_is_named_before_the_ta(desk: Desk, orla: Member) -> None:
    assert "Tara has question duty in the week of 29 Jun to 5 Jul." in read(roster.duty, orla, "questions @Tara", desk)
    assert "Nobody is on extension duty" in read(roster.duty, orla, "questions", desk)
    with pytest.raises(Unclear):
        read(roster.duty, orla, "questions @Tara tomorrow", desk)


def test_who_is_not_linked_is_listed(desk: Desk, orla: Member, ada: Member, bo: Member) -> None:
    assert "Everyone on the roster has a Slack account" in read(roster.unlinked, orla, "", desk)
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, slack_id=None))
    assert "One member of the roster has no Slack account" in read(roster.unlinked, orla, "", desk)
    many = tuple(replace(bo, email=f"s{n}@example.org") for n in range(60))
    shown = words(views.unlinked(many))
    assert "60 members of the roster have" in shown
    assert "and 20 more" in shown


NOTES = [
    (Status.ACTIVE, "Welcome back!"),
    (Status.PAUSED, "Rest: nothing is due for you"),
    (Status.WITHDRAWN, "it can be undone"),
    (Status.GRADUATED, "Congratulations!"),
    (Status.EXPELLED, "Your place in the programme has changed."),
]


@pytest.mark.parametrize(("status", "phrase"), NOTES)
def test_a_student_reads_what_their_status_means_and_whom_to_write_to(
    ada: Member, orla: Member, status: Status, phrase: str
) -> None:
    shown = words(render(StatusNote(replace(ada, status=status), orla), LONDON))
    assert phrase in shown
    assert "Write to <@U0ORLA>" in shown
    assert "Write to an organizer" in words(render(StatusNote(ada, None), LONDON))


def test_every_other_message_says_what_it_means(ada: Member, orla: Member, tara: Member, hw3: Assignment) -> None:
    week_on = date(2026, 7, 6)
    assert "Orla has excused you from *Problem set 3* (hw3)" in words(
        render(ExcuseNote(ada, hw3, orla, "was ill"), LONDON)
    )
    assert "Orla put you on extension duty" in words(render(DutyNote(week_on, tara, True, orla), LONDON))
    assert "to Tara, so it is not yours any more" in words(render(DutyNote(week_on, tara, False, orla), LONDON))
    assert "ada@example.org" in words(render(UnlinkedNote((ada,)), LONDON))
    assert "another address in Slack" in words(render(EmailNote(ada), LONDON))


def test_names_can_t_call_a_channel(ada: Member, orla: Member) -> None:
    loud = replace(ada, name="<!channel>", email="<!here>@example.org", slack_id=None)
    for content in (StatusNote(loud, orla), UnlinkedNote((loud,)), EmailNote(loud)):
        assert "<!" not in words(render(content, LONDON))


def user(**changes: Any) -> dict[str, Any]:
    profile = {"email": changes.pop("email", "dan@example.org")}
    return {"user": {"id": "U0DAN", "real_name": "Dan", "tz": "Asia/Tokyo", "profile": profile, **changes}}


@pytest.mark.parametrize("name", ["team_join", "user_change"])
def test_who_joins_or_changes_is_linked(desk: Desk, ada: Member, name: str) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, id="mem_dan", email="dan@example.org", slack_id=None))
    desk = replace(desk, directory=PhoneBook([Account("U0DAN", "dan@example.org", "Dan", "Asia/Tokyo")]))
    roster.HAPPENINGS[name](user(), NOON, desk)
    with desk.store.reading() as records:
        dan = records.roster.get("mem_dan")
    assert dan is not None
    assert (dan.slack_id, dan.zone) == ("U0DAN", "Asia/Tokyo")


@pytest.mark.parametrize("name", ["team_join", "user_change"])
@pytest.mark.parametrize(
    "event",
    [
        {},
        {"user": "U0ADA"},
        {"user": {}},
        {"user": {"id": 5}},
        {"user": {"id": "U0ADA", "profile": None, "tz": None}},
        {"user": {"id": "U0ADA", "profile": {"email": ["x"]}, "tz": 7}},
        {"user": {"id": "U0ADA", "tz": "Asia/Tokyo", "deleted": True}},
        {"user": {"id": "U0ADA", "tz": "Asia/Tokyo", "is_bot": True}},
    ],
    ids=str,
)
def test_an_unreadable_event_changes_nothing(desk: Desk, ada: Member, name: str, event: dict[str, Any]) -> None:
    roster.HAPPENINGS[name](event, NOON.astimezone(UTC) + timedelta(days=1), desk)
    with desk.store.reading() as records:
        assert records.roster.get(ada.id) == ada
        assert records.audit.all() == []
