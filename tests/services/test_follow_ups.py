"""Follow-ups: owned at once by whoever knows the student, worked on by them alone, closed by a person."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.errors import AlreadyDecided, NotAllowed, NotFound
from cohort.follow_ups import Candidate, FollowUp, NoteKind, Origin, Outcome, owner_for
from cohort.levels import Level
from cohort.policy import FollowUpPolicy
from cohort.roster import Member, Status
from services import follow_up_cards
from services.follow_up_messages import FollowUpCard, Introduced, Overdue, reasons_of
from services.follow_up_upkeep import look_after
from services.follow_ups import Which, close, hand_on, listed, log_contact, note, open_case, open_for
from services.handovers import HandOver, hand_over, undo
from services.letters import Obsolete
from services.nudges import nudge_missed
from services.silence import report_silent
from tests.services.booking_world import booked, hours
from tests.services.follow_through_world import case_of, stands, the_case
from tests.services.grading_world import conflict, heard, letters
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, ORLA, TARA, TOM, World, new_world, person

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def opened(world: World, student: Member = ADA, why: str = "hw3 is missing") -> FollowUp:
    with world.desk.store.transaction() as records:
        return open_case(records, student, Origin.LADDER, why, NOW, world.desk)


# ---- whose it is


@pytest.mark.parametrize(
    ("candidates", "owner"),
    [
        pytest.param([Candidate("tara", 0, 0), Candidate("tom", 0, 2)], "tom", id="who knows the student"),
        pytest.param([Candidate("tara", 1, 0), Candidate("tom", 3, 0)], "tara", id="else who has the fewest"),
        pytest.param([Candidate("tara", 5, 9), Candidate("tom", 4, 0)], "tom", id="nobody has more than five"),
        pytest.param(
            [Candidate("tara", 5, 9), Candidate("orla", 30, 0, is_organizer=True)], "orla", id="then an organizer"
        ),
        pytest.param([], None, id="nobody is there"),
    ],
)
def test_who_owns_it(candidates: list[Candidate], owner: str | None) -> None:
    assert owner_for(candidates, 5) == owner


def test_it_goes_to_the_ta_who_met_the_student_and_never_across_a_conflict(world: World) -> None:
    [slot] = hours(world.desk, TOM, NOW + DAY, 1)
    booked(world.desk, ADA, slot, now=NOW)
    assert opened(world).owner_id == TOM.id
    [card] = letters(world.desk, "follow_ups.card")
    assert card.recipient == f"member:{TOM.id}"
    conflict(world.desk, TOM, BO)
    assert opened(world, BO).owner_id == TARA.id


def test_a_second_reason_joins_the_case_that_is_open(world: World) -> None:
    first = opened(world)
    assert opened(world, why="nothing heard for 12 days").id == first.id
    card = follow_up_cards.look_at(first.id, TARA if first.owner_id == TARA.id else TOM, NOW, world.desk)
    assert reasons_of(card) == ["hw3 is missing", "nothing heard for 12 days"]
    assert len(letters(world.desk, "follow_ups.card")) == 1


def test_of_many_at_one_instant_one_case_is_opened(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        cases = list(pool.map(lambda _: opened(world).id, range(8)))
    assert len(set(cases)) == 1


def test_what_is_beyond_five_a_ta_goes_to_organizers(world: World) -> None:
    students = [person(f"Student {n:03}") for n in range(13)]
    world.add(*students)
    owners = [opened(world, student).owner_id for student in students]
    assert sorted(owners, key=str) == sorted([TARA.id] * 5 + [TOM.id] * 5 + [ORLA.id] * 3)


def test_nobody_stays_without_an_owner_once_somebody_is_there(world: World) -> None:
    everyone = (TARA, TOM, ORLA)
    with world.desk.store.transaction() as records:
        for member in everyone:
            records.roster.save(replace(member, status=Status.PAUSED))
    assert opened(world).owner_id is None
    with world.desk.store.transaction() as records:
        records.roster.save(TARA)
    assert look_after(world.desk, NOW + timedelta(minutes=15)) == 1
    assert the_case(world.desk, ADA).owner_id == TARA.id


# ---- working on it


def test_only_the_owner_and_organizers_see_and_change_it(world: World) -> None:
    case = opened(world)
    owner, other = (TARA, TOM) if case.owner_id == TARA.id else (TOM, TARA)
    note(case.id, "called twice", owner, NOW, world.desk)
    for actor in (other, ADA):
        for press in (follow_up_cards.look_at, follow_up_cards.introduce, follow_up_cards.offer):
            with pytest.raises(NotAllowed):
                press(case.id, actor, NOW, world.desk)
        with pytest.raises(NotAllowed):
            close(case.id, Outcome.NO_NEED, actor, NOW, world.desk)
    assert follow_up_cards.look_at(case.id, ORLA, NOW, world.desk).lines[0].note.words == "called twice"
    with pytest.raises(NotFound):
        follow_up_cards.look_at("fup_forged", ORLA, NOW, world.desk)


def test_closing_is_done_once_and_the_second_is_told_who_was_first(world: World) -> None:
    case = opened(world)
    owner = TARA if case.owner_id == TARA.id else TOM
    close(case.id, Outcome.NEW_PLAN, owner, NOW, world.desk)
    with pytest.raises(AlreadyDecided) as told:
        close(case.id, Outcome.NO_NEED, ORLA, NOW, world.desk)
    assert told.value.decided_by == owner
    assert case_of(world.desk, ADA) is None
    assert opened(world).id != case.id


def test_a_conversation_of_both_is_begun_once(world: World) -> None:
    case = opened(world)
    owner = TARA if case.owner_id == TARA.id else TOM
    for _ in range(2):
        follow_up_cards.introduce(case.id, owner, NOW, world.desk)
    [letter] = letters(world.desk, "follow_ups.introduced")
    assert letter.recipient == f"together:{ADA.id},{owner.id}"
    assert heard(world.desk, letter, NOW) == Introduced(ADA, owner)


def test_being_in_touch_puts_it_off_and_nothing_closes_it(world: World) -> None:
    case = opened(world)
    owner = TARA if case.owner_id == TARA.id else TOM
    put_off = log_contact(case.id, "", owner, NOW + 2 * DAY, world.desk)
    assert put_off.due_at == NOW + 4 * DAY
    for day in range(60):
        look_after(world.desk, NOW + day * DAY)
    assert the_case(world.desk, ADA).id == case.id


@pytest.mark.parametrize(
    ("opened_at", "due_at"),
    [
        pytest.param("2026-02-17 12:00", "2026-02-19 12:00", id="in the day"),
        pytest.param("2026-02-17 00:00", "2026-02-19 08:00", id="at midnight"),
        pytest.param("2026-02-17 22:30", "2026-02-20 08:00", id="in the evening"),
        pytest.param("2026-03-27 02:30", "2026-03-29 08:00", id="in the night in which clocks go forward"),
    ],
)
def test_nothing_is_due_at_night(world: World, opened_at: str, due_at: str) -> None:
    tz = world.desk.policy.programme.tz
    with world.desk.store.transaction() as records:
        now = datetime.fromisoformat(opened_at).replace(tzinfo=tz)
        case = open_case(records, ADA, Origin.LADDER, "hw3 is missing", now, world.desk)
    assert f"{case.due_at.astimezone(tz):%Y-%m-%d %H:%M}" == due_at


def test_overdue_is_told_to_the_owner_then_to_organizers_each_once(world: World) -> None:
    case = opened(world)
    late = case.due_at + timedelta(minutes=15)
    for at in (late, late + timedelta(hours=1), case.due_at + DAY, case.due_at + 2 * DAY):
        look_after(world.desk, at)
    told = letters(world.desk, "follow_ups.overdue") + letters(world.desk, "follow_ups.all_overdue")
    assert [letter.recipient for letter in told] == [f"member:{case.owner_id}", f"member:{ORLA.id}"]
    said = heard(world.desk, told[1], case.due_at + DAY)
    assert isinstance(said, Overdue)
    assert [row.case.id for row in said.cases.rows] == [case.id]
    close(case.id, Outcome.NO_NEED, ORLA, NOW, world.desk)
    assert isinstance(heard(world.desk, told[1], case.due_at + DAY), Obsolete)


def test_overdue_distress_is_told_at_once_and_the_rest_once_a_day(world: World) -> None:
    cases = [opened(world), opened(world, BO), opened(world, CHEN)]
    with world.desk.store.transaction() as records:
        open_case(records, CHEN, Origin.DISTRESS, "words", NOW, world.desk)
    for minutes in (0, 15, 30):
        look_after(world.desk, cases[0].due_at + DAY + timedelta(minutes=minutes))
    told_late = [one for one in letters(world.desk, "follow_ups.overdue") if one.recipient == f"member:{ORLA.id}"]
    assert [one.data["cases"] for one in told_late] == [[cases[2].id]]
    [daily] = letters(world.desk, "follow_ups.all_overdue")
    assert set(daily.data["cases"]) == {cases[0].id, cases[1].id}


def test_the_card_proposes_back_on_track_once_the_reason_is_gone(world: World) -> None:
    stands(world.desk, ADA, Level.AT_RISK, NOW)
    case = opened(world)
    look_after(world.desk, NOW)
    assert the_case(world.desk, ADA).settled_at is None
    stands(world.desk, ADA, Level.ON_TRACK, NOW + DAY)
    look_after(world.desk, NOW + DAY)
    assert the_case(world.desk, ADA).settled_at == NOW + DAY
    stands(world.desk, ADA, Level.AT_RISK, NOW + 2 * DAY)
    look_after(world.desk, NOW + 2 * DAY)
    assert the_case(world.desk, ADA).settled_at is None
    assert the_case(world.desk, ADA).id == case.id


def test_handing_on_tells_the_next_and_bars_a_conflict(world: World) -> None:
    case = opened(world)
    owner, other = (TARA, TOM) if case.owner_id == TARA.id else (TOM, TARA)
    conflict(world.desk, other, ADA)
    with pytest.raises(NotAllowed):
        hand_on(case.id, other.id, owner, NOW, world.desk)
    assert hand_on(case.id, ORLA.id, owner, NOW, world.desk).owner_id == ORLA.id
    first, second = letters(world.desk, "follow_ups.card")
    assert isinstance(heard(world.desk, first, NOW), Obsolete)
    assert isinstance(heard(world.desk, second, NOW), FollowUpCard)
    with world.desk.store.reading() as records:
        assert [line.kind for line in records.follow_ups.notes_of(case.id)] == [NoteKind.HANDED_ON]


def test_a_handover_takes_cases_along_and_undo_brings_them_back(world: World) -> None:
    case = opened(world)
    owner, other = (TARA, TOM) if case.owner_id == TARA.id else (TOM, TARA)
    handover = hand_over(HandOver(owner.id), ORLA, NOW, world.desk).handover
    assert the_case(world.desk, ADA).owner_id == other.id
    undo(handover.id, ORLA, NOW, world.desk)
    assert the_case(world.desk, ADA).owner_id == owner.id


def test_undone_a_handover_leaves_the_due_time_there_was_and_sends_no_second_card(world: World) -> None:
    case = opened(world)
    owner, other = (TARA, TOM) if case.owner_id == TARA.id else (TOM, TARA)
    world.deliver(NOW)
    look_after(world.desk, NOW + 5 * DAY)
    late = the_case(world.desk, ADA)
    assert late.told_owner_at is not None
    handover = hand_over(HandOver(owner.id), ORLA, NOW + 5 * DAY, world.desk).handover
    assert the_case(world.desk, ADA).due_at > case.due_at
    undo(handover.id, ORLA, NOW + 5 * DAY, world.desk)
    back = the_case(world.desk, ADA)
    assert (back.owner_id, back.due_at, back.told_owner_at) == (owner.id, case.due_at, late.told_owner_at)
    assert [one.recipient for one in letters(world.desk, "follow_ups.card")] == [
        f"member:{owner.id}",
        f"member:{other.id}",
    ]


def test_what_was_done_between_a_handover_and_its_undoing_counts(world: World) -> None:
    case = opened(world)
    owner, other = (TARA, TOM) if case.owner_id == TARA.id else (TOM, TARA)
    handover = hand_over(HandOver(owner.id), ORLA, NOW + DAY, world.desk).handover
    log_contact(case.id, "", other, NOW + 2 * DAY, world.desk)
    put_off = the_case(world.desk, ADA).due_at
    undo(handover.id, ORLA, NOW + 3 * DAY, world.desk)
    assert (the_case(world.desk, ADA).owner_id, the_case(world.desk, ADA).due_at) == (owner.id, put_off)


def test_a_card_that_never_reached_its_owner_goes_to_them_once_they_have_the_case_again(world: World) -> None:
    case = opened(world)
    owner = TARA if case.owner_id == TARA.id else TOM
    handover = hand_over(HandOver(owner.id), ORLA, NOW, world.desk).handover
    world.deliver(NOW)
    undo(handover.id, ORLA, NOW + DAY, world.desk)
    *_, last = letters(world.desk, "follow_ups.card")
    assert isinstance(heard(world.desk, last, NOW + DAY), FollowUpCard)
    assert last.recipient == f"member:{owner.id}"


def test_the_card_says_each_reason_once(world: World) -> None:
    stands(world.desk, ADA, Level.AT_RISK, NOW - DAY)
    opened(world, why="hw3 was not handed in; nothing heard for 12 days")
    [letter] = letters(world.desk, "follow_ups.card")
    card = heard(world.desk, letter, NOW)
    assert isinstance(card, FollowUpCard)
    assert reasons_of(card) == ["hw3 was not handed in", "nothing heard for 12 days"]


def test_of_a_reason_told_again_with_other_figures_the_latest_stands(world: World) -> None:
    opened(world, why="55% of the work is missing; 4 of 7 pieces not handed in: hw1, hw2; nothing heard for 12 days")
    opened(world, why="58% of the work is missing; 5 of 8 pieces not handed in: hw1, hw2, hw3")
    [letter] = letters(world.desk, "follow_ups.card")
    card = heard(world.desk, letter, NOW)
    assert isinstance(card, FollowUpCard)
    assert reasons_of(card) == [
        "58% of the work is missing",
        "5 of 8 pieces not handed in: hw1, hw2, hw3",
        "nothing heard for 12 days",
    ]


# ---- where they come from, and lists


def test_two_messages_without_a_reaction_bring_a_person_the_same_day(world: World) -> None:
    work = [replace(HW3, id=f"asg_hw{n}", slug=f"hw{n}", due_at=NOW + (n - 4) * DAY) for n in (4, 5, 6)]
    world.assign(*work)
    for hour in range(24 * 6):
        at = NOW + timedelta(hours=hour)
        nudge_missed(world.desk, at)
        world.deliver(at)
        if report_silent(world.desk, at):
            break
    case = the_case(world.desk, ADA)
    assert (case.origin, case.owner_id is not None) == (Origin.SILENCE, True)
    assert "no reaction to 2 messages" in case.reason


def test_staff_open_one_with_words_that_only_the_owner_reads(world: World) -> None:
    found = open_for("ada@example.org", "seemed very tired today", TARA, NOW, world.desk)
    assert found.owner is not None
    assert "tired" not in found.case.reason
    [card] = letters(world.desk, "follow_ups.card")
    assert "tired" not in str(card.data)
    with pytest.raises(NotAllowed):
        open_for("ada@example.org", "", CHEN, NOW, world.desk)


def test_lists_show_the_worst_first_to_those_who_may(world: World) -> None:
    for student, level in ((ADA, Level.SLIPPING), (BO, Level.CRITICAL), (CHEN, Level.AT_RISK)):
        stands(world.desk, student, level, NOW)
        opened(world, student)
    found = listed(Which.ALL, ORLA, NOW, world.desk)
    assert [row.student for row in found.rows] == [BO, CHEN, ADA]
    mine = listed(Which.MINE, TARA, NOW, world.desk)
    assert {row.owner for row in mine.rows} == {TARA}
    assert listed(Which.OVERDUE, ORLA, NOW, world.desk).rows == []
    assert len(listed(Which.OVERDUE, ORLA, NOW + 9 * DAY, world.desk).rows) == 3
    for actor in (TARA, ADA):
        with pytest.raises(NotAllowed):
            listed(Which.ALL, actor, NOW, world.desk)


def test_more_than_policy_gives_a_ta_is_a_number_of_policy() -> None:
    assert owner_for([Candidate("tara", 1, 0)], FollowUpPolicy(open_per_ta=1).open_per_ta) is None
