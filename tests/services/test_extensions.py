"""Asking for more time, on a real database."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from cohort.assignments import Assignment
from cohort.errors import (
    AlreadySeen,
    NotActive,
    NotAllowed,
    NotFound,
)
from cohort.extensions import (
    AlreadyCovered,
    Category,
    Granted,
    Lapse,
    NeedsReview,
    Origin,
    Outcome,
    RequestExtension,
    State,
    Why,
)
from cohort.roster import Member, Status
from cohort.submissions import Submission
from cohort.wishes import ForDays, UntilInstant, UntilWeekday
from services.desk import Desk
from services.extension_decisions import decline
from services.extension_upkeep import lapse_waiting
from services.extensions import choices, listed, request_extension
from tests.conftest import NOON
from tests.services.extension_world import (
    DAY,
    HOUR,
    SIX_DAYS,
    a_pending_request,
    ask,
    at_once,
    letters,
    own_due,
    request,
)


def test_a_short_request_is_granted_written_and_told(desk: Desk, ada: Member, hw3: Assignment) -> None:
    answered = ask(desk, ada, ForDays(2))
    until = datetime(2026, 7, 4, 17, tzinfo=UTC)
    assert answered.outcome == Granted(until, Origin.POLICY)
    assert own_due(desk, ada, hw3) == until
    assert [letter.recipient for letter in letters(desk, "extensions.granted")] == [f"member:{ada.id}"]
    assert letters(desk, "extensions.card") == []


def test_a_long_request_waits_for_a_ta_with_one_card(desk: Desk, ada: Member, hw3: Assignment) -> None:
    answered = ask(desk, ada)
    assert answered.outcome == NeedsReview(datetime(2026, 7, 8, 17, tzinfo=UTC), Why.LONG)
    assert own_due(desk, ada, hw3) == hw3.due_at
    assert [letter.recipient for letter in letters(desk, "extensions.card")] == ["channel:staff"]
    with desk.store.reading() as records:
        assert records.requests.unanswered() == {(ada.id, hw3.id)}


def test_letters_and_audit_never_hold_what_the_student_wrote(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    decline(request_id, "a private answer", tara, NOON, desk)
    with desk.store.reading() as records:
        rows = records.connection.execute("SELECT data FROM outbox UNION ALL SELECT detail FROM audit").fetchall()
    assert rows
    assert not any("private" in text or "health" in text for (text,) in rows)


def test_the_same_wish_again_makes_no_second_request(desk: Desk, ada: Member) -> None:
    assert ask(desk, ada).request_id == ask(desk, ada, now=NOON + HOUR).request_id
    assert len(letters(desk, "extensions.card")) == 1


def test_a_reason_added_later_is_kept_with_the_request_that_waits(desk: Desk, ada: Member) -> None:
    first = request_extension(RequestExtension("hw3", SIX_DAYS), ada, NOON, desk)
    assert first.request_id is not None
    assert ask(desk, ada).request_id == first.request_id
    kept = request(desk, first.request_id)
    assert (kept.category, kept.note) == (Category.HEALTH, "a private note")


def test_asking_anew_replaces_what_waits(desk: Desk, ada: Member) -> None:
    first, second = ask(desk, ada, ForDays(6)), ask(desk, ada, ForDays(8))
    assert first.request_id is not None
    assert second.request_id is not None
    assert request(desk, first.request_id).state is State.REPLACED
    assert request(desk, second.request_id).state is State.PENDING


def test_a_short_request_settles_the_long_one_that_waits(desk: Desk, ada: Member) -> None:
    waiting = a_pending_request(desk, ada)
    assert isinstance(ask(desk, ada, ForDays(2)).outcome, Granted)
    assert request(desk, waiting).state is State.REPLACED


def test_asking_for_less_than_one_has_leaves_a_waiting_request_alone(desk: Desk, ada: Member) -> None:
    ask(desk, ada, ForDays(3))
    waiting = a_pending_request(desk, ada)
    assert isinstance(ask(desk, ada, UntilInstant(NOON + DAY)).outcome, AlreadyCovered)
    assert request(desk, waiting).state is State.PENDING


def test_the_fifth_automatic_grant_is_one_day_with_a_talk(desk: Desk, ada: Member, hw4: Assignment) -> None:
    for number in range(4):
        extra = replace(hw4, id=f"asg_x{number}", slug=f"x{number}")
        with desk.store.transaction() as records:
            records.assignments.save(extra)
        assert ask(desk, ada, ForDays(2), extra.slug).outcome == Granted(
            datetime(2026, 7, 6, 17, tzinfo=UTC), Origin.POLICY
        )
    fifth = ask(desk, ada, ForDays(2), "hw4")
    assert fifth.outcome == Granted(datetime(2026, 7, 5, 17, tzinfo=UTC), Origin.POLICY, offers_talk=True)


def test_two_requests_at_once_can_not_both_take_the_last_automatic_grant(
    desk: Desk, ada: Member, hw3: Assignment
) -> None:
    slugs = [f"y{number}" for number in range(8)]
    with desk.store.transaction() as records:
        for slug in slugs:
            records.assignments.save(replace(hw3, id=f"asg_{slug}", slug=slug, title=slug))
    outcomes = at_once([partial(_outcome, desk, ada, slug) for slug in slugs])
    full = [found for found in outcomes if isinstance(found, Granted) and not found.offers_talk]
    assert len(full) == 4


def _outcome(desk: Desk, student: Member, slug: str) -> Outcome:
    return ask(desk, student, ForDays(3), slug).outcome


def test_a_delivery_that_comes_twice_changes_nothing_the_second_time(desk: Desk, ada: Member) -> None:
    delivered = desk.for_delivery("command:1")
    ask(delivered, ada, ForDays(2))
    with pytest.raises(AlreadySeen):
        ask(delivered, ada, ForDays(2))
    assert len(letters(desk, "extensions.granted")) == 1


def test_a_refused_delivery_is_not_kept(desk: Desk, ada: Member) -> None:
    delivered = desk.for_delivery("view:1")
    with pytest.raises(NotFound):
        ask(delivered, ada, about="hw33")
    assert isinstance(ask(delivered, ada, ForDays(2)).outcome, Granted)


def test_an_unknown_assignment_is_answered_with_the_closest(desk: Desk, ada: Member) -> None:
    with pytest.raises(NotFound) as told_off:
        ask(desk, ada, about="hw33")
    assert list(told_off.value.closest) == ["hw3", "hw4"]


@pytest.mark.parametrize("status", [Status.PAUSED, Status.WITHDRAWN, Status.EXPELLED, Status.GRADUATED])
def test_someone_not_taking_part_can_not_ask(desk: Desk, ada: Member, status: Status) -> None:
    with pytest.raises(NotActive):
        ask(desk, replace(ada, status=status))


def test_staff_have_nothing_to_ask(desk: Desk, tara: Member) -> None:
    with pytest.raises(NotAllowed):
        ask(desk, tara)


def test_a_weekday_is_read_in_the_students_zone(desk: Desk, chen: Member) -> None:
    """18:00 on Thursday in London is 01:00 on Friday in Singapore."""
    answered = ask(desk, chen, UntilWeekday(5))
    assert answered.outcome == Granted(datetime(2026, 7, 3, 17, tzinfo=UTC), Origin.POLICY)


def test_choices_are_open_work_by_the_students_own_due_time(desk: Desk, ada: Member) -> None:
    ask(desk, ada, ForDays(3), "hw3")
    assert [(c.assignment.slug, c.due_at.day) for c in choices(ada, NOON, desk)] == [
        ("hw4", 4),
        ("hw3", 5),
        ("final", 7),
    ]
    assert choices(ada, NOON, desk, "final")[0].assignment.slug == "final"


def test_the_list_is_a_students_own_and_for_staff_what_waits(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    mine, theirs = a_pending_request(desk, ada), a_pending_request(desk, bo, NOON - HOUR)
    ask(desk, ada, ForDays(2), "hw4")
    assert len(listed(ada, NOON, desk)) == 2
    assert [entry.request.id for entry in listed(tara, NOON, desk)] == [theirs, mine]


def test_handing_in_lets_a_request_lapse_and_leaves_the_list(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    request_id = a_pending_request(desk, ada)
    with desk.store.transaction() as records:
        records.submissions.save_many([Submission("sub_1", hw3.id, ada.id, 1, NOON + HOUR)])
    assert lapse_waiting(desk, NOON + 2 * HOUR) == 1
    assert request(desk, request_id).lapse is Lapse.HANDED_IN
    assert listed(tara, NOON, desk) == []
    assert lapse_waiting(desk, NOON + 3 * HOUR) == 0


def test_what_is_handed_in_later_than_now_is_not_known_yet(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.submissions.save_many([Submission("sub_1", hw3.id, ada.id, 1, NOON + DAY, 100.0)])
    assert isinstance(ask(desk, ada, ForDays(2)).outcome, Granted)


def test_a_request_nobody_answered_in_time_is_owned_up_to(desk: Desk, ada: Member, hw3: Assignment) -> None:
    a_pending_request(desk, ada)
    assert lapse_waiting(desk, hw3.hard_due_at) == 1
    assert [letter.recipient for letter in letters(desk, "extensions.closed")] == [f"member:{ada.id}"]
