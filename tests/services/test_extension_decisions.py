"""Deciding about more time: who may, what follows, who is told, and who is reminded."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cohort.assignments import Assignment
from cohort.errors import (
    AlreadyDecided,
    DateNotLater,
    DatePassed,
    NotActive,
    NotAllowed,
    NotFound,
    ReasonNeeded,
)
from cohort.extensions import (
    Category,
    State,
)
from cohort.roster import Member, Status
from cohort.wishes import ForDays, UntilInstant
from services.access import note_refused
from services.desk import Desk
from services.extension_decisions import approve, decline, grant_directly, reason_of, talk_first
from services.extension_messages import RequestCard
from services.extension_upkeep import remind_waiting
from services.extensions import withdraw_request
from services.letters import Obsolete
from services.messages import Ready, prepare, told
from storage.outbox import Post
from tests.conftest import NOON
from tests.services.extension_world import (
    DAY,
    HOUR,
    a_pending_request,
    ask,
    at_once,
    deliver,
    letters,
    own_due,
    request,
)


def test_approval_grants_closes_and_tells(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    request_id = a_pending_request(desk, ada)
    decided = approve(request_id, tara, NOON + HOUR, desk)
    assert own_due(desk, ada, hw3) == decided.request.until_at
    stored = request(desk, request_id)
    assert (stored.state, stored.decided_by) == (State.APPROVED, tara.id)
    assert len(letters(desk, "extensions.granted")) == 1


def test_second_ta_is_told_who_decided_first(desk: Desk, ada: Member, tom: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    approve(request_id, tom, NOON, desk)
    with pytest.raises(AlreadyDecided) as told_off:
        decline(request_id, "no time left", tara, NOON, desk)
    assert told_off.value.decided_by == tom


def test_of_two_deciding_at_once_one_wins(desk: Desk, ada: Member, tom: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    results = at_once(
        [
            lambda: approve(request_id, tom, NOON, desk),
            lambda: decline(request_id, "why not", tara, NOON, desk),
            lambda: approve(request_id, tara, NOON, desk, NOON + 5 * DAY),
        ]
    )
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 2
    assert len(letters(desk, "extensions.granted")) + len(letters(desk, "extensions.declined")) == 1


def test_approving_a_date_that_has_passed_asks_for_a_new_one(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    late = NOON + 10 * DAY
    with pytest.raises(DatePassed):
        approve(request_id, tara, late, desk)
    approve(request_id, tara, late, desk, late + DAY)
    assert request(desk, request_id).granted_until_at == late + DAY


def test_a_talk_needs_a_date_to_be_approved(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = ask(desk, ada, None).request_id
    assert request_id is not None
    with pytest.raises(ReasonNeeded):
        approve(request_id, tara, NOON, desk)


def test_declining_needs_a_reason_and_leaves_a_day(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    request_id = a_pending_request(desk, ada)
    asked_late = datetime(2026, 7, 2, 16, tzinfo=UTC)
    with pytest.raises(ReasonNeeded):
        decline(request_id, "  ", tara, asked_late, desk)
    decline(request_id, "please talk to me", tara, asked_late, desk)
    assert own_due(desk, ada, hw3) == asked_late + DAY


def test_the_day_after_a_refusal_runs_from_when_it_is_told(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    request_id = a_pending_request(desk, ada)
    decided, heard = datetime(2026, 7, 2, 16, tzinfo=UTC), datetime(2026, 7, 3, 13, tzinfo=UTC)
    decline(request_id, "please talk to me", tara, decided, desk)
    with desk.store.reading() as records:
        assert records.requests.unanswered() == {(ada.id, hw3.id)}
    deliver(desk, heard)
    assert own_due(desk, ada, hw3) == heard + DAY
    with desk.store.reading() as records:
        assert records.requests.unanswered() == set()


def test_talking_first_keeps_the_request_open(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    request_id = a_pending_request(desk, ada)
    talk_first(request_id, tara, NOON, desk)
    with pytest.raises(AlreadyDecided) as told_off:
        talk_first(request_id, tom, NOON, desk)
    assert (told_off.value.state, told_off.value.decided_by) == ("talking", tara)
    approve(request_id, tom, NOON, desk)
    assert request(desk, request_id).decided_by == tom.id


def test_only_staff_decide_and_a_try_is_audited(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    for attempt in (
        lambda: approve(request_id, bo, NOON, desk),
        lambda: decline(request_id, "ha", bo, NOON, desk),
        lambda: talk_first(request_id, ada, NOON, desk),
        lambda: reason_of(request_id, bo, NOON, desk),
        lambda: grant_directly("ada@example.org", "hw3", ForDays(2), bo, NOON, desk),
    ):
        with pytest.raises(NotAllowed) as refused:
            attempt()
        note_refused(bo, refused.value, "forged", NOON, desk)
    with pytest.raises(NotActive):
        approve(request_id, replace(tara, status=Status.WITHDRAWN), NOON, desk)
    assert request(desk, request_id).state is State.PENDING
    with desk.store.reading() as records:
        assert [line.actor_id for line in records.audit.about("forged")] == [bo.id] * 5


def test_nobody_takes_back_the_request_of_another(desk: Desk, ada: Member, bo: Member) -> None:
    request_id = a_pending_request(desk, ada)
    with pytest.raises(NotAllowed):
        withdraw_request(request_id, bo, NOON, desk)
    assert withdraw_request(request_id, ada, NOON, desk).state is State.WITHDRAWN
    assert withdraw_request(request_id, ada, NOON, desk).state is State.WITHDRAWN


def test_the_reason_is_shown_to_those_who_decide_and_that_is_audited(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    reason = reason_of(request_id, tara, NOON, desk)
    assert (reason.category, reason.note) == (Category.HEALTH, "a private note")
    with desk.store.reading() as records:
        assert "extension.reason_read" in [line.action for line in records.audit.about(request_id)]


def test_a_ta_grants_without_a_request(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    extension = grant_directly(ada.slack_id or "", "hw3", ForDays(5), tara, NOON, desk).extension
    assert (extension.granted_by, own_due(desk, ada, hw3)) == (tara.id, datetime(2026, 7, 7, 17, tzinfo=UTC))
    with pytest.raises(DateNotLater):
        grant_directly("ada@example.org", "hw3", UntilInstant(NOON + 2 * DAY), tara, NOON, desk)
    with pytest.raises(NotFound):
        grant_directly("tom@example.org", "hw3", ForDays(5), tara, NOON, desk)


def test_a_grant_settles_the_request_that_waits(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    granted = grant_directly("ada@example.org", "hw3", ForDays(4), tara, NOON, desk)
    assert granted.answered is not None
    assert granted.answered.id == request_id
    assert request(desk, request_id).state is State.APPROVED


def test_reminders_climb_from_duty_to_everyone_to_organizers(
    desk: Desk, ada: Member, tara: Member, orla: Member
) -> None:
    a_pending_request(desk, ada)
    with desk.store.transaction() as records:
        records.duties.assign("extensions", datetime(2026, 6, 29, tzinfo=UTC).date(), tara.id)
    seen, daily = [], []
    for hours in (8, 9, 9.5, 12, 13, 18, 20, 40, 42):
        remind_waiting(desk, NOON + hours * HOUR)
        seen.append([letter.recipient for letter in letters(desk, "extensions.waiting")])
        daily.append([letter.recipient for letter in letters(desk, "extensions.all_waiting")])
    duty, staff, organizer = f"member:{tara.id}", "channel:staff", f"member:{orla.id}"
    assert seen[:2] == [[], [duty]]
    assert seen[2:5] == [[duty], [duty, staff], [duty, staff]]
    assert seen[5] == [duty, staff, organizer]
    assert seen[-1] == [duty, staff, organizer], "once the due time has passed, it can wait until the morning"
    assert (daily[5], daily[-1]) == ([], [organizer])


def test_a_reminder_about_what_is_decided_meanwhile_is_not_sent(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    remind_waiting(desk, NOON + 12 * HOUR)
    approve(request_id, tara, NOON + 12 * HOUR, desk)
    [reminder] = letters(desk, "extensions.waiting")
    assert isinstance(prepare(reminder, desk, NOON + 12 * HOUR), Obsolete)


@pytest.mark.usefixtures("hw3", "hw4")
def test_an_extension_that_still_runs_stands_on_the_next_card(desk: Desk, ada: Member, tara: Member) -> None:
    approve(a_pending_request(desk, ada), tara, NOON, desk)
    deliver(desk, NOON)
    ask(desk, ada, about="hw4", now=NOON + HOUR)
    cards = [r.content for _, r in deliver(desk, NOON + HOUR) if isinstance(r.content, RequestCard)]
    card = next(card for card in cards if card.assignment.slug == "hw4")
    assert (card.earlier, [work.slug for work, _ in card.running]) == ([], ["hw3"])


def test_every_card_says_who_decided(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    assert len(deliver(desk, NOON)) == 1
    with desk.store.transaction() as records:
        records.outbox.add_post(Post("C9", "9.000", f"extension:{request_id}", "extensions.card"))
    approve(request_id, tara, NOON, desk)
    updated = [letter.recipient for letter, _ in deliver(desk, NOON) if letter.kind == "extensions.card"]
    assert sorted(updated) == ["post:C1:1.000", "post:C9:9.000"]


def test_a_card_decided_while_it_was_on_its_way_is_brought_up_to_date(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    with desk.store.transaction() as records:
        [letter] = records.outbox.claim("test", NOON, 1)
    ready = prepare(letter, desk, NOON)
    approve(request_id, tara, NOON, desk)
    assert isinstance(ready, Ready)
    told(letter, ready, Post("C1", "1.000", ready.subject, letter.kind), desk, NOON)
    assert "post:C1:1.000" in [letter.recipient for letter in letters(desk, "extensions.card")]
