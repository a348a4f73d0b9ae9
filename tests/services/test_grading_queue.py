"""The queue of a grader: what is offered, claiming, giving back, and who is first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from cohort.assignments import Assignment
from cohort.errors import NotAllowed, NotFound
from cohort.grading import Standing
from cohort.hand_ins import HandInState
from cohort.roster import Member, Role, Status
from services.desk import Desk
from services.grading_queue import PAGE, claim, claim_next, opened, queue, release
from tests.conftest import NOON, a_member
from tests.services.grading_world import (
    DAY,
    HOUR,
    WEAK,
    audited,
    conflict,
    graded,
    hand_in,
    new_version,
    state_of,
)


def ids(found: object) -> list[str]:
    return [entry.hand_in.id for entry in found.entries]  # type: ignore[attr-defined] # a queue


def test_what_is_theirs_comes_before_what_is_free_each_by_its_time(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, hw3: Assignment, hw4: Assignment
) -> None:
    free = hand_in(desk, hw3, ada, grade_by_at=NOON)
    late = hand_in(desk, hw3, bo, owner_id=tara.id, grade_by_at=NOON + 2 * DAY)
    soon = hand_in(desk, hw3, chen, owner_id=tara.id, grade_by_at=NOON + DAY)
    held = hand_in(desk, hw4, ada, grade_by_at=NOON + 5 * DAY)
    hand_in(desk, hw4, bo, owner_id=tom.id)
    claim(held.id, tara, NOON, desk)
    found = queue(tara, NOON, desk)
    assert ids(found) == [held.id, soon.id, late.id, free.id]
    assert found.counts == {Standing.CLAIMED: 1, Standing.MINE: 2, Standing.FREE: 1}
    assert found.oldest_at == NOON - DAY
    assert [(a.slug, count) for a, count in found.by_assignment] == [("hw3", 3), ("hw4", 1)]
    assert ids(queue(tara, NOON, desk, "hw4")) == [held.id]


def test_organizers_see_what_waits_for_others_too(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    theirs = hand_in(desk, hw3, ada, owner_id=tom.id)
    assert ids(queue(tara, NOON, desk)) == []
    assert [entry.standing for entry in queue(orla, NOON, desk).entries] == [Standing.OTHERS]
    claim(theirs.id, tom, NOON, desk)
    assert len(queue(orla, NOON, desk).entries) == 1


@pytest.mark.parametrize("away", [True, False])
def test_what_waits_for_someone_who_is_not_there_is_free(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment, away: bool
) -> None:
    made = hand_in(desk, hw3, ada, owner_id=tom.id)
    with desk.store.transaction() as records:
        if away:
            records.graders.set_away(tom.id, NOON - DAY, NOON + DAY)
        else:
            records.roster.save(replace(tom, status=Status.WITHDRAWN))
    assert [entry.standing for entry in queue(tara, NOON, desk).entries] == [Standing.FREE]
    found = claim_next(tara, NOON, desk)
    assert found is not None
    assert found.opened.entry.hand_in.id == made.id


def test_who_has_a_conflict_of_interest_is_never_offered_it(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada, bo)
    conflict(desk, tara, bo)
    assert ids(queue(tara, NOON, desk)) == []
    assert claim_next(tara, NOON, desk) is None
    for look in (opened, claim, release):
        with pytest.raises(NotAllowed):
            look(made.id, tara, NOON, desk)
    assert ids(queue(tom, NOON, desk)) == [made.id]


def test_what_organizers_look_into_is_offered_to_nobody_and_looks_as_if_it_waited(
    desk: Desk, ada: Member, tara: Member, orla: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    with desk.store.transaction() as records:
        records.hand_ins.set_aside(made.id)
    assert ids(queue(tara, NOON, desk)) == []
    assert claim(made.id, tara, NOON, desk) is None
    assert opened(made.id, tara, NOON, desk).entry.hand_in.state is HandInState.WAITING
    assert opened(made.id, orla, NOON, desk).entry.hand_in.state is HandInState.IN_REVIEW


def test_a_long_queue_has_pages(desk: Desk, hw3: Assignment, tara: Member) -> None:
    students = [a_member(f"Student {n:03d}") for n in range(25)]
    with desk.store.transaction() as records:
        for student in students:
            records.roster.save(student)
    made = [hand_in(desk, hw3, s, grade_by_at=NOON + n * HOUR) for n, s in enumerate(students)]
    pages = [queue(tara, NOON, desk, page=page) for page in range(3)]
    assert [entry for page in pages for entry in ids(page)] == [each.id for each in made]
    assert {page.pages for page in pages} == {3}
    assert [len(page.entries) for page in pages] == [PAGE, PAGE, 5]
    assert queue(tara, NOON, desk, page=99).page == 2
    assert queue(tara, NOON, desk, page=-1).page == 0


def test_the_second_to_claim_gets_the_next(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    first, second = hand_in(desk, hw3, ada), hand_in(desk, hw3, bo, grade_by_at=NOON + 9 * DAY)
    mine = claim(first.id, tara, NOON, desk)
    theirs = claim(first.id, tom, NOON, desk)
    assert mine is not None
    assert theirs is not None
    assert (mine.is_next, mine.opened.entry.hand_in.id) == (False, first.id)
    assert (theirs.is_next, theirs.opened.entry.hand_in.id) == (True, second.id)
    assert claim(first.id, orla, NOON, desk) is None
    again = claim(first.id, tara, NOON + HOUR, desk)
    assert again is not None
    assert again.opened.entry.hand_in.claim_expires_at == NOON + timedelta(hours=48)


def test_claims_at_once_go_to_one_each(desk: Desk, hw3: Assignment) -> None:
    students = [a_member(f"Student {n:03d}") for n in range(20)]
    graders = [a_member(f"Grader {n}", Role.TA) for n in range(8)]
    with desk.store.transaction() as records:
        for member in (*students, *graders):
            records.roster.save(member)
    for student in students:
        hand_in(desk, hw3, student)
    gate = Barrier(len(graders))

    def work(grader: Member) -> list[str]:
        gate.wait(10)
        claimed = []
        while (found := claim_next(grader, NOON, desk)) is not None:
            claimed.append(found.opened.entry.hand_in.id)
        return claimed

    with ThreadPoolExecutor(len(graders)) as pool:
        taken = [hand_in_id for each in pool.map(work, graders) for hand_in_id in each]
    assert len(taken) == len(set(taken)) == len(students)


def test_what_is_given_back_is_anyones_again_and_on_record(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    claim(made.id, tara, NOON, desk)
    assert release(made.id, tom, NOON, desk) is False
    assert release(made.id, tara, NOON, desk) is True
    assert release(made.id, tara, NOON, desk) is False
    assert state_of(desk, made).state is HandInState.WAITING
    assert ids(queue(tom, NOON, desk)) == [made.id]
    assert audited(desk, made) == ["grading.claimed", "grading.released"]


def test_what_is_opened_shows_versions_and_what_was_said_before(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    first = hand_in(desk, hw3, ada, at=NOON - 9 * DAY)
    graded(desk, first, tom, WEAK, NOON - 8 * DAY)
    second = hand_in(desk, hw3, ada, bo, attempt=2, is_retry=True)
    new_version(desk, second, 2)
    seen = opened(second.id, tara, NOON, desk)
    assert seen.latest.content == {"text": "version 2"}
    assert [s.name for s in seen.entry.students] == ["Ada", "Bo"]
    assert seen.entry.attempt == 2
    assert [(e.attempt, e.grader.name, e.grade.feedback) for e in seen.earlier] == [(1, "Tom", WEAK.feedback)]


def test_students_have_no_part_in_it(desk: Desk, ada: Member, hw3: Assignment) -> None:
    made = hand_in(desk, hw3, ada)
    for attempt in (
        lambda: queue(ada, NOON, desk),
        lambda: claim_next(ada, NOON, desk),
        lambda: claim(made.id, ada, NOON, desk),
        lambda: release(made.id, ada, NOON, desk),
        lambda: opened(made.id, ada, NOON, desk),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_what_is_not_there_is_not_found(desk: Desk, tara: Member) -> None:
    with pytest.raises(NotFound):
        claim("hin_nothing", tara, NOON, desk)
    with pytest.raises(NotFound):
        queue(tara, NOON, desk, "hw99")
