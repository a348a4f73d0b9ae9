"""Handing in on a real database: alone and together, once more and too late, and what it ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from cohort.assignments import Assignment, Kind
from cohort.errors import AlreadySeen, NotActive, NotAllowed, NotFound
from cohort.extensions import Lapse, RequestExtension, State
from cohort.hand_in_fields import NothingGiven
from cohort.hand_ins import LINK, TEXT, File, HandIn, HandInState, HandInWork, Why
from cohort.own_work import Retry, RetryReason
from cohort.policy import HandInPolicy
from cohort.roster import Member, Status
from cohort.submissions import Submission
from cohort.wishes import ForDays
from services.desk import Desk
from services.extensions import request_extension
from services.grading_owner import owner_for
from services.hand_ins import Incomplete, NotShared, NotTaken, Outcome, Received, consider, submit
from services.nudge_answers import say_handed_in
from storage.outbox import Letter
from tests.conftest import NOON, a_member
from tests.services.extension_world import at_once

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADDRESS = "https://example.org/work"


def work(about: str = "hw3", link: str = ADDRESS, *partners: Member) -> HandInWork:
    return HandInWork(about, {LINK: link}, partners=tuple(p.slack_id or "" for p in partners))


def hand_in(desk: Desk, student: Member, *partners: Member, now: datetime = NOON, about: str = "hw3") -> Received:
    outcome = submit(work(about, ADDRESS, *partners), student, now, desk)
    assert isinstance(outcome, Received), outcome
    return outcome


def stored(desk: Desk, hand_in_id: str) -> HandIn:
    with desk.store.reading() as records:
        found = records.hand_ins.get(hand_in_id)
    assert found is not None
    return found


def attempts(desk: Desk, student: Member, assignment_id: str = "asg_hw3") -> list[Submission]:
    with desk.store.reading() as records:
        return records.submissions.of(student.id, assignment_id)


def letters(desk: Desk, kind: str) -> list[Letter]:
    with desk.store.reading() as records:
        return [letter for letter, _ in records.outbox.of_kind(kind)]


def claim(desk: Desk, hand_in_id: str, ta: Member) -> None:
    with desk.store.transaction() as records:
        assert records.hand_ins.claim(hand_in_id, ta.id, NOON, NOON + 2 * DAY)


def not_yet(desk: Desk, received: Received, *students: Member, reason: RetryReason = RetryReason.NOT_YET) -> None:
    """Let what was handed in be graded as not passed yet, with a date to try again a week later."""
    due_at = NOON + 7 * DAY
    with desk.store.transaction() as records:
        records.connection.execute("UPDATE hand_ins SET state = 'graded', claimed_by = NULL, claimed_at = NULL")
        for student in students:
            [*_, last] = records.submissions.of(student.id, received.assignment.id)
            records.submissions.save_many([replace(last, score=40.0, passed=False)])
            retry = Retry(
                f"try_{student.id}", student.id, received.assignment.id, received.hand_in.id, reason,
                NOON + HOUR, due_at, desk.policy.programme.closes_at,
            )  # fmt: skip
            records.own_work.open_retry(retry)


def why(outcome: Outcome) -> Why:
    assert isinstance(outcome, NotTaken), outcome
    return outcome.why


def test_something_handed_in_waits_to_be_graded_by_four_days_after_its_due_time(desk: Desk, ada: Member) -> None:
    received = hand_in(desk, ada)
    kept = stored(desk, received.hand_in.id)
    assert kept == received.hand_in
    assert (kept.state, kept.is_late, kept.due_at) == (HandInState.WAITING, False, received.assignment.due_at)
    assert kept.grade_by_at == kept.ready_at + 4 * DAY
    assert [(s.attempt, s.hand_in_id, s.score) for s in attempts(desk, ada)] == [(1, kept.id, None)]
    with desk.store.reading() as records:
        assert [v.content for v in records.hand_ins.versions(kept.id)] == [{LINK: ADDRESS}]
        assert [line.action for line in records.audit.about(kept.id)] == ["hand_in.received"]


def test_what_comes_after_the_due_time_is_taken_and_marked_late(desk: Desk, ada: Member) -> None:
    now = NOON + 3 * DAY
    received = hand_in(desk, ada, now=now)
    assert stored(desk, received.hand_in.id).is_late
    assert received.hand_in.grade_by_at == now + 4 * DAY


def test_an_extension_makes_it_on_time(desk: Desk, ada: Member) -> None:
    request_extension(RequestExtension("hw3", ForDays(3)), ada, NOON, desk)
    assert not hand_in(desk, ada, now=NOON + 3 * DAY).hand_in.is_late


def test_late_work_is_refused_where_policy_says_so(desk: Desk, ada: Member) -> None:
    strict = replace(desk, policy=desk.policy.model_copy(update={"hand_ins": HandInPolicy(late="refused")}))
    assert why(submit(work(), ada, NOON + 3 * DAY, strict)) is Why.LATE
    assert attempts(desk, ada) == []


def test_a_newer_version_takes_the_place_of_what_waits_and_both_stay(desk: Desk, ada: Member) -> None:
    first = hand_in(desk, ada)
    second = submit(HandInWork("hw3", {TEXT: "more"}, File("F1", "a.pdf")), ada, NOON + HOUR, desk)
    assert isinstance(second, Received)
    assert (second.hand_in.id, second.version.number) == (first.hand_in.id, 2)
    assert second.replaced == first.hand_in
    assert stored(desk, first.hand_in.id).submitted_at == NOON + HOUR
    assert [s.submitted_at for s in attempts(desk, ada)] == [NOON + HOUR]
    with desk.store.reading() as records:
        versions = records.hand_ins.versions(first.hand_in.id)
    assert [(v.content, v.file) for v in versions] == [({LINK: ADDRESS}, None), ({TEXT: "more"}, File("F1", "a.pdf"))]


def test_the_file_of_before_stays_where_it_is_to_and_only_ones_own(desk: Desk, ada: Member, bo: Member) -> None:
    with_file = HandInWork("hw3", {}, File("F1", "a.pdf"))
    submit(with_file, ada, NOON, desk)
    kept = submit(replace(with_file, file=None, kept_file="F1"), ada, NOON + HOUR, desk)
    assert isinstance(kept, Received)
    assert kept.version.file == File("F1", "a.pdf")
    other = submit(replace(with_file, file=File("F2", "b.pdf"), kept_file="F1"), ada, NOON + HOUR, desk)
    assert isinstance(other, Received)
    assert other.version.file == File("F2", "b.pdf")
    hand_in(desk, bo)
    assert isinstance(submit(replace(with_file, file=None, kept_file="F1"), bo, NOON + HOUR, desk), Incomplete)


def test_what_a_ta_reads_can_not_be_replaced(desk: Desk, ada: Member, tara: Member) -> None:
    first = hand_in(desk, ada)
    claim(desk, first.hand_in.id, tara)
    outcome = submit(work(), ada, NOON + HOUR, desk)
    assert isinstance(outcome, NotTaken)
    assert (outcome.why, outcome.by) == (Why.CLAIMED, tara)
    with desk.store.reading() as records:
        assert len(records.hand_ins.versions(first.hand_in.id)) == 1


def test_the_rest_of_a_part_that_is_being_read_is_an_attempt_of_its_own(desk: Desk, ada: Member, tara: Member) -> None:
    first = submit(replace(work(), is_part=True), ada, NOON, desk)
    assert isinstance(first, Received)
    claim(desk, first.hand_in.id, tara)
    second = hand_in(desk, ada, now=NOON + HOUR)
    assert second.hand_in.id != first.hand_in.id
    assert [s.attempt for s in attempts(desk, ada)] == [1, 2]


def test_what_organizers_look_at_takes_newer_versions_as_if_it_waited(desk: Desk, ada: Member) -> None:
    first = hand_in(desk, ada)
    with desk.store.transaction() as records:
        records.hand_ins.set_aside(first.hand_in.id)
    second = hand_in(desk, ada, now=NOON + HOUR)
    assert (second.hand_in.id, second.version.number) == (first.hand_in.id, 2)
    assert stored(desk, first.hand_in.id).state is HandInState.IN_REVIEW


def test_a_grade_nobody_was_told_of_yet_is_not_overtaken(desk: Desk, ada: Member) -> None:
    hand_in(desk, ada)
    with desk.store.transaction() as records:
        records.connection.execute("UPDATE hand_ins SET state = 'graded'")
    assert why(submit(work(), ada, NOON + HOUR, desk)) is Why.HELD


def test_trying_again_is_an_attempt_with_a_due_time_of_its_own_and_graded_sooner(desk: Desk, ada: Member) -> None:
    first = hand_in(desk, ada)
    not_yet(desk, first, ada)
    second = hand_in(desk, ada, now=NOON + 2 * DAY)
    assert [s.attempt for s in attempts(desk, ada)] == [1, 2]
    assert second.hand_in.is_retry
    assert second.hand_in.due_at == NOON + 7 * DAY
    assert second.hand_in.grade_by_at == NOON + 9 * DAY
    assert not second.hand_in.is_late


def test_trying_again_is_taken_after_the_assignments_last_moment(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.assignments.save(replace(hw3, hard_due_at=NOON + 3 * DAY))
    first = hand_in(desk, ada)
    not_yet(desk, first, ada)
    assert hand_in(desk, ada, now=NOON + 5 * DAY).hand_in.is_retry


def test_after_the_last_moment_nothing_is_taken(desk: Desk, ada: Member, hw3: Assignment) -> None:
    assert why(submit(work(), ada, hw3.hard_due_at, desk)) is Why.CLOSED
    assert attempts(desk, ada) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cancelled": True}, Why.CANCELLED),
        ({"kind": Kind.LECTURE}, Why.NOT_HANDED_IN),
        ({"opens_at": NOON + HOUR}, Why.NOT_OPEN),
        ({"required": False}, Why.NOT_CHOSEN),
    ],
)
def test_what_is_not_to_be_handed_in_is_refused(
    desk: Desk, ada: Member, hw3: Assignment, changes: dict[str, object], expected: Why
) -> None:
    with desk.store.transaction() as records:
        records.assignments.save(replace(hw3, **changes))  # type: ignore[arg-type] # a table of fields
    assert why(submit(work(), ada, NOON, desk)) is expected


def test_the_excused_and_those_who_passed_need_nothing(
    desk: Desk, ada: Member, bo: Member, orla: Member, hw3: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.submissions.excuse(ada.id, hw3.id, NOON, orla.id)
        records.submissions.save_many([Submission("sub_1", hw3.id, bo.id, 1, NOON, 85.0)])
    assert why(submit(work(), ada, NOON, desk)) is Why.EXCUSED
    assert why(submit(work(), bo, NOON, desk)) is Why.PASSED


def test_what_was_left_out_is_taken_back_by_handing_it_in(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.own_work.drop(ada.id, hw3.id, NOON)
    assert hand_in(desk, ada).is_taken_back
    with desk.store.reading() as records:
        assert records.own_work.of(ada.id, "", NOON).dropped == frozenset()


def test_partners_share_it_with_the_latest_of_their_due_times_and_are_told(desk: Desk, ada: Member, bo: Member) -> None:
    request_extension(RequestExtension("hw3", ForDays(3)), bo, NOON, desk)
    received = hand_in(desk, ada, bo, now=NOON + 2 * DAY)
    assert received.partners == [bo]
    assert received.assignment.due_at is not None
    assert received.hand_in.due_at == received.assignment.due_at + 3 * DAY
    assert not received.hand_in.is_late
    assert [s.hand_in_id for s in attempts(desk, bo)] == [received.hand_in.id]
    assert [letter.recipient for letter in letters(desk, "hand_ins.shared")] == [f"member:{bo.id}"]


def test_either_partner_can_replace_what_they_share(desk: Desk, ada: Member, bo: Member) -> None:
    first = hand_in(desk, ada, bo)
    second = hand_in(desk, bo, now=NOON + HOUR)
    assert second.hand_in.id == first.hand_in.id
    assert second.hand_in.by_id == ada.id
    assert second.partners == [ada]
    assert [s.submitted_at for s in attempts(desk, ada)] == [NOON + HOUR]
    assert [letter.recipient for letter in letters(desk, "hand_ins.shared")] == [f"member:{bo.id}", f"member:{ada.id}"]


def test_naming_oneself_is_no_partner(desk: Desk, ada: Member) -> None:
    assert hand_in(desk, ada, ada).partners == []


def test_who_handed_in_alone_can_not_be_named(desk: Desk, ada: Member, bo: Member) -> None:
    hand_in(desk, bo)
    assert submit(work("hw3", ADDRESS, bo), ada, NOON, desk) == NotShared(["Bo"], desk.policy.hand_ins.partners)
    assert attempts(desk, ada) == []


@pytest.mark.parametrize("status", [Status.PAUSED, Status.WITHDRAWN])
def test_who_takes_no_part_can_not_be_named(desk: Desk, ada: Member, bo: Member, status: Status) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(bo, status=status))
    assert isinstance(submit(work("hw3", ADDRESS, bo), ada, NOON, desk), NotShared)


def test_staff_and_strangers_can_not_be_named(desk: Desk, ada: Member, tara: Member) -> None:
    assert submit(work("hw3", ADDRESS, tara), ada, NOON, desk) == NotShared(["Tara"], 3)
    assert isinstance(submit(replace(work(), partners=("U0NOBODY",)), ada, NOON, desk), NotShared)


def test_no_more_partners_than_policy_allows(desk: Desk, ada: Member) -> None:
    others = [a_member(f"Student{number}") for number in range(4)]
    with desk.store.transaction() as records:
        for other in others:
            records.roster.save(other)
    assert submit(work("hw3", ADDRESS, *others), ada, NOON, desk) == NotShared([], 3)
    assert len(hand_in(desk, ada, *others[:3]).partners) == 3


def test_two_partners_who_hand_in_at_once_share_one(desk: Desk, ada: Member, bo: Member) -> None:
    outcomes = at_once(
        [
            partial(submit, work("hw3", ADDRESS, bo), ada, NOON, desk),
            partial(submit, work("hw3", ADDRESS, ada), bo, NOON, desk),
        ]
    )
    assert all(isinstance(outcome, Received) for outcome in outcomes)
    assert len({outcome.hand_in.id for outcome in outcomes if isinstance(outcome, Received)}) == 1
    assert len(attempts(desk, ada)) == len(attempts(desk, bo)) == 1


def test_the_same_delivery_twice_is_one_version(desk: Desk, ada: Member) -> None:
    delivered = desk.for_delivery("view:1")
    first = submit(work(), ada, NOON, delivered)
    with pytest.raises(AlreadySeen):
        submit(work(), ada, NOON, delivered)
    assert isinstance(first, Received)
    with desk.store.reading() as records:
        assert len(records.hand_ins.versions(first.hand_in.id)) == 1


def test_handing_in_lets_an_open_request_lapse_and_forgets_what_was_said(desk: Desk, ada: Member) -> None:
    say_handed_in("asg_hw3", ada, NOON, desk)
    asked = request_extension(RequestExtension("hw3", ForDays(9)), ada, NOON, desk)
    hand_in(desk, ada, now=NOON + HOUR)
    with desk.store.reading() as records:
        request = records.requests.get(asked.request_id or "")
        assert records.submissions.claimed_handed_in() == set()
    assert request is not None
    assert (request.state, request.lapse) == (State.LAPSED, Lapse.HANDED_IN)


def test_considering_changes_nothing(desk: Desk, ada: Member) -> None:
    assert consider(work(), ada, NOON, desk) is None
    assert isinstance(consider(HandInWork("hw3", {}), ada, NOON, desk), Incomplete)
    assert attempts(desk, ada) == []


def test_nothing_given_is_said_at_its_field(desk: Desk, ada: Member) -> None:
    outcome = submit(HandInWork("hw3", {TEXT: "  "}), ada, NOON, desk)
    assert isinstance(outcome, Incomplete)
    assert outcome.problems == {LINK: NothingGiven()}


def test_only_students_who_take_part_hand_in(desk: Desk, ada: Member, tara: Member) -> None:
    with pytest.raises(NotAllowed):
        submit(work(), tara, NOON, desk)
    with pytest.raises(NotActive):
        submit(work(), replace(ada, status=Status.PAUSED), NOON, desk)
    with pytest.raises(NotFound):
        submit(work("hw99"), ada, NOON, desk)


def test_letters_and_audit_never_hold_what_was_handed_in(desk: Desk, ada: Member, bo: Member) -> None:
    submit(HandInWork("hw3", {TEXT: "my own words"}, partners=(bo.id,), tools="a private tool"), ada, NOON, desk)
    with desk.store.reading() as records:
        rows = records.connection.execute("SELECT data FROM outbox UNION ALL SELECT detail FROM audit").fetchall()
    assert rows
    assert not any("own words" in text or "private" in text for (text,) in rows)


def owner_of(desk: Desk, received: Received) -> str | None:
    return stored(desk, received.hand_in.id).owner_id


def test_the_grader_who_holds_least_gets_it(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign("asg_hw3", [tara.id, tom.id])
    owners = [owner_of(desk, hand_in(desk, student)) for student in (ada, bo, chen)]
    assert sorted(owners[:2], key=str) == sorted([tara.id, tom.id])
    assert owners[2] in {tara.id, tom.id}


def test_nobody_gets_what_they_are_in_conflict_with_or_when_away_or_gone(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign("asg_hw3", [tara.id, tom.id])
        records.graders.add_conflict(tara.id, bo.id)
    assert owner_of(desk, hand_in(desk, ada, bo)) == tom.id
    with desk.store.transaction() as records:
        records.graders.set_away(tom.id, NOON - DAY, NOON + DAY)
        records.roster.save(replace(tara, status=Status.WITHDRAWN, left_at=NOON))
    assert owner_of(desk, hand_in(desk, chen)) is None


def test_what_nobody_was_assigned_to_is_free_for_everyone(desk: Desk, ada: Member) -> None:
    assert owner_of(desk, hand_in(desk, ada)) is None


def test_trying_again_goes_to_whoever_graded_it_before_unless_away(
    desk: Desk, ada: Member, tara: Member, tom: Member
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign("asg_hw3", [tara.id])
    first = hand_in(desk, ada)
    not_yet(desk, first, ada)
    with desk.store.transaction() as records:
        records.connection.execute(
            "INSERT INTO grades (id, hand_in_id, number, grader_id, verdict, graded_at)"
            " VALUES ('grd_1', ?, 1, ?, 'not_yet', '2026-07-01T13:00:00.000+00:00')",
            (first.hand_in.id, tom.id),
        )
    second = hand_in(desk, ada, now=NOON + 2 * HOUR)
    assert owner_of(desk, second) == tom.id
    with desk.store.transaction() as records:
        records.graders.set_away(tom.id, NOON, None)
        assert owner_for(records, second.hand_in, NOON + DAY) == tara.id
