"""Asking for more time and deciding about it, on a real database."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from cohort.assignments import Assignment
from cohort.errors import (
    AlreadyDecided,
    AlreadySeen,
    CohortError,
    DateNotLater,
    DatePassed,
    NotActive,
    NotAllowed,
    NotFound,
    ReasonNeeded,
)
from cohort.extensions import (
    AlreadyCovered,
    Category,
    ExtensionRequest,
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
from cohort.wishes import ForDays, UntilInstant, UntilWeekday, Wish
from services.access import note_refused
from services.desk import Desk
from services.extension_decisions import approve, decline, grant_directly, reason_of, talk_first
from services.extension_upkeep import lapse_waiting, remind_waiting
from services.extensions import Answered, case_of, choices, listed, request_extension, withdraw_request
from services.letters import Obsolete
from services.messages import Ready, prepare, told
from storage.outbox import Letter, Post
from tests.conftest import NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = NOON + timedelta(days=400)
SIX_DAYS = ForDays(6)


def ask(
    desk: Desk, student: Member, wish: Wish | None = SIX_DAYS, about: str = "hw3", now: datetime = NOON
) -> Answered:
    return request_extension(RequestExtension(about, wish, Category.HEALTH, "a private note"), student, now, desk)


def a_pending_request(desk: Desk, student: Member, now: datetime = NOON) -> str:
    answered = ask(desk, student, now=now)
    assert answered.request_id is not None
    return answered.request_id


def request(desk: Desk, request_id: str) -> ExtensionRequest:
    with desk.store.reading() as records:
        found = records.requests.get(request_id)
    assert found is not None
    return found


def letters(desk: Desk, kind: str) -> list[Letter]:
    with desk.store.reading() as records:
        return [letter for letter, _ in records.outbox.of_kind(kind)]


def own_due(desk: Desk, student: Member, assignment: Assignment) -> datetime | None:
    with desk.store.reading() as records:
        return case_of(records, student, assignment, LATER).effective_due_at


def deliver(desk: Desk, now: datetime) -> list[tuple[Letter, Ready]]:
    """Do what the delivery does, without Slack: claim, compose, note as told."""
    with desk.store.transaction() as records:
        claimed = records.outbox.claim("test", now, 100)
    sent = []
    for letter in claimed:
        ready = prepare(letter, desk, now)
        if isinstance(ready, Ready):
            told(letter, ready, Post("C1", f"{letter.id}.000", ready.subject, letter.kind), desk, now)
            sent.append((letter, ready))
    return sent


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


def at_once(work: list[Callable[[], object]]) -> list[object]:
    """Run every function on a thread of its own, all starting together; an error is a result."""
    barrier, results = threading.Barrier(len(work)), []

    def run(function: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            results.append(function())
        except CohortError as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(function,)) for function in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


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


def test_reminders_climb_from_duty_to_everyone_to_organizers(
    desk: Desk, ada: Member, tara: Member, orla: Member
) -> None:
    a_pending_request(desk, ada)
    with desk.store.transaction() as records:
        records.duties.assign("extensions", datetime(2026, 6, 29, tzinfo=UTC).date(), tara.id)
    seen = []
    for hours in (8, 9, 9.5, 12, 13, 18, 20, 40, 44):
        remind_waiting(desk, NOON + hours * HOUR)
        seen.append([letter.recipient for letter in letters(desk, "extensions.waiting")])
    duty, staff, organizer = f"member:{tara.id}", "channel:staff", f"member:{orla.id}"
    assert seen[:2] == [[], [duty]]
    assert seen[2:5] == [[duty], [duty, staff], [duty, staff]]
    assert seen[5] == [duty, staff, organizer]
    assert seen[-1] == [duty, staff, organizer, organizer]


def test_a_reminder_about_what_is_decided_meanwhile_is_not_sent(desk: Desk, ada: Member, tara: Member) -> None:
    request_id = a_pending_request(desk, ada)
    remind_waiting(desk, NOON + 12 * HOUR)
    approve(request_id, tara, NOON + 12 * HOUR, desk)
    [reminder] = letters(desk, "extensions.waiting")
    assert isinstance(prepare(reminder, desk, NOON + 12 * HOUR), Obsolete)


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
