"""What importing graders and conflicts of interest does."""

import pytest

from cohort.assignments import Assignment
from cohort.roster import Member
from services.desk import Desk
from services.grading_queue import claim
from services.imports import import_conflicts, import_graders
from tests.conftest import NOON
from tests.services.grading_world import hand_in, state_of

PAIRS = (
    ("tara@example.org", "ada@example.org"),
    ("tara@example.org", "bo@example.org"),
    ("tom@example.org", "bo@example.org"),
)


def graders(desk: Desk, assignment: Assignment) -> list[str]:
    with desk.store.reading() as records:
        return records.graders.of(assignment.id)


def test_an_assignment_has_the_graders_of_its_rows_and_others_keep_theirs(
    desk: Desk, tara: Member, tom: Member, orla: Member, hw3: Assignment, hw4: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [orla.id])
        records.graders.assign(hw4.id, [orla.id])
    text = "assignment,email\nHW3,tara@example.org\nhw3,Tom@example.org\nfinal,tom@example.org\n"
    report = import_graders(text, NOON, desk)
    assert (report.added, report.changes) == (1, ("hw3: tara@example.org, tom@example.org",))
    assert report.absent_keys == ("hw4",)
    assert (graders(desk, hw3), graders(desk, hw4)) == ([tara.id, tom.id], [orla.id])
    assert import_graders(text, NOON, desk).unchanged == 2


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("hw9,tara@example.org", "line 2, assignment: “hw9” is no assignment"),
        ("hw3,ada@example.org", "line 2, email: “ada@example.org” is a student"),
        ("hw3,zed@example.org", "line 2, email: “zed@example.org” is nobody's address on the roster"),
        ("hw3,", "line 2, email: is empty"),
    ],
)
def test_nobody_but_staff_grades_what_is_there(desk: Desk, hw3: Assignment, row: str, problem: str) -> None:
    report = import_graders(f"assignment,email\n{row}\nhw4,tom@example.org\n", NOON, desk)
    assert [str(one) for one in report.problems] == [problem]
    assert graders(desk, hw3) == []


def test_what_waits_with_someone_in_conflict_goes_to_somebody_else(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id, tom.id])
    owned, claimed = hand_in(desk, hw3, ada, owner_id=tara.id), hand_in(desk, hw3, bo, owner_id=tara.id)
    claim(claimed.id, tara, NOON, desk)
    rows = "".join(f"{ta},{student}\n" for ta, student in PAIRS)
    report = import_conflicts(f"ta,student\n{rows}", NOON, desk, dry_run=True)
    assert report.notes == ("2 things that wait with them go to somebody else",)
    assert import_conflicts(f"ta,student\n{rows}", NOON, desk) == report
    # Each row by itself would have given both to Tom, whom another row keeps from Bo's.
    assert (state_of(desk, owned).owner_id, state_of(desk, claimed).owner_id) == (tom.id, None)
    assert state_of(desk, claimed).claimed_by is None
    assert import_conflicts(f"ta,student\n{rows}", NOON, desk).notes == ()


def test_conflicts_are_added_and_never_taken_back(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    with desk.store.transaction() as records:
        records.graders.add_conflict(tara.id, bo.id)
    text = "ta,student\ntara@example.org,ada@example.org\n"
    report = import_conflicts(text, NOON, desk)
    assert (report.added, report.absent_keys) == (1, ("tara@example.org and bo@example.org",))
    assert import_conflicts(text, NOON, desk).unchanged == 1
    with desk.store.reading() as records:
        assert records.graders.in_conflict(tara.id) == {ada.id, bo.id}


def test_a_conflict_is_between_staff_and_a_student(desk: Desk) -> None:
    report = import_conflicts("ta,student\nada@example.org,tara@example.org\n", NOON, desk)
    assert [str(problem) for problem in report.problems] == [
        "line 2, ta: “ada@example.org” is a student",
        "line 2, student: “tara@example.org” is no student",
    ]
