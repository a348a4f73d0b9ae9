"""Each student's own work: what is tried again, chosen, left out or on a track, wherever the bot says what is owed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.assignments import Assignment, Kind
from cohort.extensions import NotNeeded, RequestExtension, Why
from cohort.hand_ins import HandIn, HandInState
from cohort.nudges import Offer, OfferState
from cohort.own_work import Retry, RetryReason, TrackItem
from cohort.roster import Member, Status
from cohort.submissions import Submission
from cohort.wishes import ForDays
from handlers.views.messages import render
from services.assignment_imports import import_assignments
from services.brakes import BrakeCard
from services.due_soon import DueSoon, remind_due_soon
from services.extension_messages import RequestCard, dues_of
from services.extensions import choices, request_extension
from services.messages import Ready
from services.nudge_answers import Taken, say_handed_in, take_offer
from services.nudge_messages import MissedWork
from services.nudges import lapse_offers, nudge_missed
from services.submission_imports import import_submissions
from services.week_plans import WeekPlan, plan_week
from storage.ids import new_id
from tests.services.nudge_world import ADA, BO, CHEN, DUE, HARD, HW3, NOW, World, homework, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROJECT = homework("pr1", NOW - HOUR, kind=Kind.PROJECT, required=False)
CLOSED = homework("hw1", NOW - 9 * DAY, hard_due_at=NOW - 5 * DAY)
SUNDAY = datetime(2026, 2, 22, 18, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a programme in which Ada alone takes part, and has handed hw3 in."""
    made = new_world(tmp_path)
    made.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    made.hand_in(ADA, HW3, DUE - DAY)
    made.assign(CLOSED)
    return made


def handed_in_here(
    world: World, student: Member, assignment: Assignment, at: datetime, state: HandInState = HandInState.GRADED
) -> str:
    """Write something handed in here, and return its id."""
    hand_in = HandIn(new_id("hin"), assignment.id, student.id, at, at, at + 4 * DAY, state=state)
    with world.desk.store.transaction() as records:
        records.hand_ins.add(hand_in)
        attempt = len(records.submissions.of(student.id, assignment.id)) + 1
        submission = Submission(new_id("sub"), assignment.id, student.id, attempt, at, hand_in_id=hand_in.id)
        records.submissions.add(submission)
    return hand_in.id


def opened(
    world: World, student: Member, assignment: Assignment, hand_in_id: str, opened_at: datetime, due_at: datetime
) -> Retry:
    """Write a date to hand in again."""
    retry = Retry(
        new_id("rty"), student.id, assignment.id, hand_in_id, RetryReason.NOT_YET, opened_at, due_at, HARD + 7 * DAY
    )
    with world.desk.store.transaction() as records:
        records.own_work.open_retry(retry)
    return retry


def not_passed(world: World, due_at: datetime, opened_at: datetime = NOW - 4 * DAY) -> str:
    """Let Ada try hw1 again, which is closed for everyone else."""
    hand_in_id = handed_in_here(world, ADA, CLOSED, NOW - 6 * DAY)
    opened(world, ADA, CLOSED, hand_in_id, opened_at, due_at)
    return hand_in_id


def told(world: World, now: datetime) -> list[object]:
    return [sent.content for _, sent in world.deliver(now) if isinstance(sent, Ready)]


def missed_by_ada(world: World, now: datetime = NOW) -> list[str]:
    nudge_missed(world.desk, now)
    found = [content for content in told(world, now) if isinstance(content, MissedWork)]
    return [item.assignment.slug for content in found for item in content.items]


def offered_to_ada(world: World, now: datetime) -> list[Offer]:
    """Return the offers that stand in what Ada is told of missed work at an instant."""
    lapse_offers(world.desk, now)
    nudge_missed(world.desk, now)
    return [offer for content in told(world, now) if isinstance(content, MissedWork) for offer in content.offers]


def test_what_is_to_be_tried_again_is_missed_by_its_own_due_time(world: World) -> None:
    not_passed(world, NOW + HOUR)
    assert missed_by_ada(world) == []
    assert missed_by_ada(world, NOW + 2 * HOUR) == ["hw1"]
    assert missed_by_ada(world, NOW + 3 * HOUR) == []


def test_what_was_tried_again_is_handed_in(world: World) -> None:
    not_passed(world, NOW - HOUR)
    handed_in_here(world, ADA, CLOSED, NOW - 2 * HOUR, HandInState.IN_REVIEW)
    assert missed_by_ada(world) == []


def test_a_second_try_that_is_imported_is_handed_in_though_it_came_before_the_first_was_graded(world: World) -> None:
    not_passed(world, NOW - HOUR)
    text = f"email,assignment,attempt,submitted_at\n{ADA.email},hw1,2,{NOW - 5 * DAY:%Y-%m-%d %H:%M}\n"
    assert import_submissions(text, NOW, world.desk).added == 1
    assert missed_by_ada(world) == []


def test_a_second_date_after_a_second_try_counts_alone(world: World) -> None:
    not_passed(world, NOW - 2 * DAY)
    second = handed_in_here(world, ADA, CLOSED, NOW - 3 * DAY)
    opened(world, ADA, CLOSED, second, NOW - 2 * DAY, NOW - HOUR)
    assert missed_by_ada(world) == ["hw1"]


def test_a_try_that_is_missed_is_told_though_the_first_was_told_before(world: World) -> None:
    world.assign(replace(CLOSED, due_at=NOW - 9 * DAY, hard_due_at=HARD))
    assert missed_by_ada(world, NOW - 8 * DAY) == ["hw1"]
    not_passed(world, NOW - HOUR)
    assert missed_by_ada(world) == ["hw1"]


def test_a_try_that_is_missed_is_offered_time_anew(world: World) -> None:
    world.assign(replace(CLOSED, due_at=NOW - 9 * DAY, hard_due_at=HARD))
    assert [offer.state for offer in offered_to_ada(world, NOW - 8 * DAY)] == [OfferState.OPEN]
    not_passed(world, NOW - HOUR)
    [offer] = offered_to_ada(world, NOW)
    taken = take_offer(offer.id, ADA, NOW, world.desk)
    assert isinstance(taken, Taken)
    assert taken.until_at == NOW + offer.days * DAY
    assert offered_to_ada(world, NOW + 5 * DAY) == []


def test_an_offer_that_still_stands_is_not_made_anew(world: World) -> None:
    world.assign(replace(CLOSED, due_at=NOW - 9 * DAY, hard_due_at=HARD))
    [before] = offered_to_ada(world, NOW - DAY)
    not_passed(world, NOW - HOUR, opened_at=NOW - 2 * HOUR)
    assert offered_to_ada(world, NOW) == [before]


def test_what_was_said_to_be_handed_in_was_the_first_try(world: World) -> None:
    world.assign(replace(CLOSED, hard_due_at=HARD))
    say_handed_in(CLOSED.id, ADA, NOW - 7 * DAY, world.desk)
    not_passed(world, NOW - HOUR)
    assert missed_by_ada(world) == ["hw1"]
    assert not say_handed_in(CLOSED.id, ADA, NOW, world.desk).is_recorded
    assert len(world.letters("nudges.claimed")) == 2
    with world.desk.store.reading() as records:
        assert records.submissions.claimed_handed_in() == {(ADA.id, CLOSED.id)}


def test_a_second_try_is_reminded_of_before_it_is_due(world: World) -> None:
    not_passed(world, NOW + 20 * HOUR)
    assert remind_due_soon(world.desk, NOW) == 1
    [reminder] = [content for content in told(world, NOW) if isinstance(content, DueSoon)]
    assert [(due.assignment.slug, due.due_at) for due in reminder.dues] == [("hw1", NOW + 20 * HOUR)]


def test_a_second_try_stands_in_the_plan(world: World) -> None:
    not_passed(world, SUNDAY + 3 * DAY)
    assert plan_week(world.desk, SUNDAY) == 1
    [plan] = [content for content in told(world, SUNDAY) if isinstance(content, WeekPlan)]
    assert [(item.assignment.slug, item.due_at) for item in plan.items] == [("hw1", SUNDAY + 3 * DAY)]
    assert not plan.items[0].is_settled


def test_a_second_try_can_have_more_time_after_the_end_for_all(world: World) -> None:
    not_passed(world, NOW + HOUR)
    [choice] = [c for c in choices(ADA, NOW, world.desk) if c.assignment.slug == "hw1"]
    assert (choice.due_at, choice.is_handed_in) == (NOW + HOUR, False)
    request_extension(RequestExtension("hw1", ForDays(1)), ADA, NOW, world.desk)
    with world.desk.store.reading() as records:
        assert [due for a, due in dues_of(records, ADA, NOW) if a.slug == "hw1"] == [NOW + HOUR + DAY]


def test_time_for_the_first_try_does_not_lengthen_the_second(world: World) -> None:
    world.extend(ADA, CLOSED, NOW + 5 * DAY, NOW - 7 * DAY)
    not_passed(world, NOW - HOUR)
    assert missed_by_ada(world) == ["hw1"]


def test_moving_the_due_time_leaves_time_for_a_second_try_alone(world: World) -> None:
    world.extend(ADA, CLOSED, NOW - 7 * DAY, NOW - 8 * DAY)
    not_passed(world, NOW - HOUR)
    world.extend(ADA, CLOSED, NOW + DAY, NOW)
    later = NOW - 8 * DAY
    text = f"slug,title,kind,due_at,hard_due_at\nhw1,Homework 1,programming,{later:%Y-%m-%d %H:%M},2026-02-14 12:00\n"
    report = import_assignments(text, NOW, world.desk)
    assert (report.problems, report.changed) == ((), 1)
    with world.desk.store.reading() as records:
        assert [e.until_at for e in records.extensions.of(ADA.id)] == [NOW - 7 * DAY, NOW + DAY]


def test_optional_work_is_only_missed_by_those_who_chose_it(world: World) -> None:
    world.assign(PROJECT)
    world.add(BO)
    world.hand_in(BO, HW3, DUE)
    with world.desk.store.transaction() as records:
        records.own_work.choose(ADA.id, PROJECT.id, NOW - DAY)
    nudge_missed(world.desk, NOW)
    assert [letter.recipient for letter in world.letters("nudges.missed")] == [f"member:{ADA.id}"]
    with world.desk.store.transaction() as records:
        records.own_work.let_go(ADA.id, PROJECT.id)
    assert told(world, NOW) == []


def test_dropped_work_is_missed_by_nobody_and_gets_no_more_time(world: World) -> None:
    work = homework("hw4", NOW - HOUR)
    world.assign(work)
    with world.desk.store.transaction() as records:
        records.own_work.drop(ADA.id, work.id, NOW)
    assert missed_by_ada(world) == []
    answered = request_extension(RequestExtension("hw4", ForDays(1)), ADA, NOW, world.desk)
    assert answered.outcome == NotNeeded(Why.DROPPED)
    assert choices(ADA, NOW, world.desk) == [c for c in choices(ADA, NOW, world.desk) if c.assignment.slug != "hw4"]


def test_what_nobody_may_leave_out_is_missed_whatever_was_pressed(world: World) -> None:
    work = homework("hw4", NOW - HOUR, droppable=False)
    world.assign(work)
    with world.desk.store.transaction() as records:
        records.own_work.drop(ADA.id, work.id, NOW)
    assert missed_by_ada(world) == ["hw4"]


def test_on_a_track_its_work_and_its_dates_hold(world: World) -> None:
    late, other = homework("hw4", NOW - HOUR), homework("hw5", NOW - HOUR)
    world.assign(late, other)
    world.add(replace(ADA, track="slow"))
    with world.desk.store.transaction() as records:
        records.own_work.save_track_items([TrackItem("slow", late.id, required=True, due_at=NOW + HOUR)])
    assert missed_by_ada(world) == []
    assert missed_by_ada(world, NOW + 2 * HOUR) == ["hw4"]


def test_a_track_that_is_not_known_changes_nothing(world: World) -> None:
    world.assign(homework("hw4", NOW - HOUR))
    world.add(replace(ADA, track="unknown"))
    assert missed_by_ada(world) == ["hw4"]


def test_the_brake_counts_who_owes_it_by_that_time(world: World) -> None:
    work = homework("hw4", NOW - HOUR)
    world.assign(work)
    others = [person(f"Student {n}", track="slow") for n in range(6)]
    here = [person(f"Student {n}") for n in range(6, 12)]
    world.add(*others, *here)
    for student in (*others, *here):
        world.hand_in(student, HW3, DUE)
    with world.desk.store.transaction() as records:
        records.own_work.save_track_items(
            [TrackItem("slow", work.id, required=True, due_at=NOW + DAY), TrackItem("slow", HW3.id, required=True)]
        )
        records.own_work.drop(here[0].id, work.id, NOW - DAY)
    nudge_missed(world.desk, NOW)
    [card] = [content for content in told(world, NOW) if isinstance(content, BrakeCard)]
    assert (card.brake.missing, card.brake.expected) == (6, 6)


def test_a_card_warns_where_the_time_asked_for_piles_up(world: World) -> None:
    work = homework("hw4", NOW + DAY)
    world.assign(work, *(homework(f"x{n}", NOW + 20 * DAY) for n in range(3)))
    request_extension(RequestExtension("hw4", ForDays(19)), ADA, NOW, world.desk)
    [card] = [content for content in told(world, NOW) if isinstance(content, RequestCard)]
    [crowd] = card.crowds
    assert [a.slug for a in crowd.work] == ["hw4", "x0", "x1", "x2"]
    assert ":warning: 4 things due on" in str(render(card, ADA.tz).blocks)
