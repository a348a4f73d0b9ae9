"""A table dropped into the direct messages: looked at first, imported with one press, by whom it is for."""

from dataclasses import dataclass, field, replace

import pytest

from cohort.assignments import Assignment
from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.roster import Member
from cohort.submissions import Submission
from handlers.views.dropped_files import trial
from services.desk import Desk, Dropped
from services.dropped_files import LARGEST, apply, try_out
from tests.conftest import NOON

GRADES = "email,assignment,score\nada@example.org,hw3,85\nada@example.org,hw4,90\n"
ONE = "Name,SID,Email,Total Score,Max Points,Status\nAda,,ada@example.org,17,20,Graded\n"
SUBMISSIONS = (
    "email,assignment,submitted_at,score\n"
    "ada@example.org,hw3,2026-07-01 10:00,85\nada@example.org,hw4,2026-07-01 10:00,90\n"
)
CONFLICTS = "ta,student\ntara@example.org,ada@example.org\n"


@dataclass
class Drawer:
    """Files that lie in memory, by id."""

    lying: dict[str, Dropped] = field(default_factory=dict)

    def put(self, owner: Member, text: str, name: str = "grades.csv") -> str:
        file_id = f"F{len(self.lying)}"
        self.lying[file_id] = Dropped(file_id, name, text.encode(), owner.slack_id or "")
        return file_id

    def read(self, file_id: str, most: int) -> Dropped | None:
        found = self.lying.get(file_id)
        return found if found is not None and len(found.content) <= most else None


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def desk(desk: Desk, drawer: Drawer, tara: Member, hw3: Assignment) -> Desk:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id])
    return replace(desk, files=drawer)


def scores(desk: Desk) -> dict[str, float | None]:
    with desk.store.reading() as records:
        return {s.assignment_id: s.score for s in records.submissions.every()}


def test_nothing_is_written_before_the_press_and_then_what_was_shown(
    desk: Desk, drawer: Drawer, orla: Member, hw3: Assignment, hw4: Assignment
) -> None:
    file_id = drawer.put(orla, GRADES)
    look = try_out(file_id, orla, NOON, desk)
    assert (look.table, look.report.added, look.changes_something, scores(desk)) == ("grades", 2, True, {})
    done = apply(look.seen, orla, NOON, desk)
    assert (done.is_done, done.report) == (True, look.report)
    assert scores(desk) == {hw3.id: 85.0, hw4.id: 90.0}
    again = apply(look.seen, orla, NOON, desk)
    assert (again.is_done, again.report.added, again.report.changed, again.report.unchanged) == (False, 0, 0, 2)
    with desk.store.reading() as records:
        by = [line.actor_id for line in records.audit.all() if line.action == "imported.by"]
    assert by == [orla.id]


def test_a_ta_brings_the_grades_of_their_assignments_and_no_other_table(
    desk: Desk, drawer: Drawer, tara: Member, hw3: Assignment
) -> None:
    look = try_out(drawer.put(tara, GRADES), tara, NOON, desk)
    assert (look.report.added, look.report.left_out) == (1, ("hw4: not yours to grade",))
    apply(look.seen, tara, NOON, desk)
    assert scores(desk) == {hw3.id: 85.0}
    with pytest.raises(NotAllowed):
        try_out(drawer.put(tara, CONFLICTS), tara, NOON, desk)


def test_an_organizer_brings_any_table(desk: Desk, drawer: Drawer, ada: Member, tara: Member, orla: Member) -> None:
    look = try_out(drawer.put(orla, CONFLICTS), orla, NOON, desk)
    assert look.table == "conflicts"
    apply(look.seen, orla, NOON, desk)
    with desk.store.reading() as records:
        assert records.graders.in_conflict(tara.id) == {ada.id}


def test_the_name_of_a_file_says_which_assignment_it_is(
    desk: Desk, drawer: Drawer, tara: Member, hw3: Assignment
) -> None:
    look = try_out(drawer.put(tara, ONE, "Problem_set_3_scores.csv"), tara, NOON, desk)
    apply(look.seen, tara, NOON, desk)
    assert scores(desk) == {hw3.id: 85.0}
    (problem,) = try_out(drawer.put(tara, ONE, "scores.csv"), tara, NOON, desk).report.problems
    assert problem.what == "“scores” is no assignment"


def test_a_file_that_changed_since_is_not_written(desk: Desk, drawer: Drawer, orla: Member) -> None:
    file_id = drawer.put(orla, GRADES)
    look = try_out(file_id, orla, NOON, desk)
    drawer.lying[file_id] = replace(drawer.lying[file_id], content=GRADES.replace("85", "15").encode())
    with pytest.raises(Unclear):
        apply(look.seen, orla, NOON, desk)
    assert scores(desk) == {}


def test_a_look_at_the_roster_shows_values_and_is_bound_to_them(
    desk: Desk, drawer: Drawer, ada: Member, orla: Member
) -> None:
    content = "email,name,role,accommodation_days\nada@example.org,Ada,student,5\ndan@example.org,Dan,student,0\n"
    look = try_out(drawer.put(orla, content, "roster.csv"), orla, NOON, desk)
    shown = str(trial(look).blocks)
    assert "ada@example.org: accommodation_days 0 → 5" in shown
    assert "dan@example.org (Dan, student)" in shown
    assert "5 not in the file stay as they are" in shown
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, accommodation_days=2))
    anew = apply(look.seen, orla, NOON, desk)
    assert (anew.is_anew, anew.report.changes) == (True, ("ada@example.org: accommodation_days 2 → 5",))
    done = str(trial(apply(anew.seen, orla, NOON, desk)).blocks)
    assert "is in: 1 added, 1 changed" in done
    assert "5 not in the file stay as they are" in done


def test_an_empty_file_is_called_empty(desk: Desk, drawer: Drawer, orla: Member) -> None:
    assert "is empty, so nothing was changed" in trial(try_out(drawer.put(orla, " \n"), orla, NOON, desk)).text


@pytest.mark.parametrize("text", [GRADES, SUBMISSIONS], ids=["grades", "submissions"])
def test_where_the_records_changed_since_it_is_only_looked_at_anew(
    desk: Desk, drawer: Drawer, ada: Member, orla: Member, hw3: Assignment, hw4: Assignment, text: str
) -> None:
    look = try_out(drawer.put(orla, text), orla, NOON, desk)
    with desk.store.transaction() as records:
        records.submissions.add(Submission("sub_new", hw3.id, ada.id, 1, NOON, 10.0))
    anew = apply(look.seen, orla, NOON, desk)
    assert (anew.is_anew, anew.is_done, anew.report.added, anew.report.changed) == (True, False, 1, 1)
    assert scores(desk) == {hw3.id: 10.0}
    assert apply(anew.seen, orla, NOON, desk).is_done
    assert scores(desk) == {hw3.id: 85.0, hw4.id: 90.0}


def test_what_is_wrong_is_said_and_what_is_no_table_too(desk: Desk, drawer: Drawer, orla: Member) -> None:
    wrong = try_out(drawer.put(orla, GRADES.replace("85", "x")), orla, NOON, desk)
    assert [problem.line for problem in wrong.report.problems] == [2]
    assert wrong.changes_something is False
    done = apply(wrong.seen, orla, NOON, desk)
    assert (done.is_done, scores(desk)) == (False, {})
    assert try_out(drawer.put(orla, "milk,bread\n1,2\n"), orla, NOON, desk).table == ""
    assert try_out(drawer.put(orla, "PK\x03\x04"), orla, NOON, desk).table == ""


def test_nobody_reads_a_file_of_somebody_else_or_a_large_one(
    desk: Desk, drawer: Drawer, ada: Member, tara: Member, orla: Member
) -> None:
    with pytest.raises(NotAllowed):
        try_out(drawer.put(orla, GRADES), tara, NOON, desk)
    with pytest.raises(NotAllowed):
        try_out(drawer.put(ada, GRADES), ada, NOON, desk)
    with pytest.raises(NotFound):
        try_out(drawer.put(orla, "x" * (LARGEST + 1)), orla, NOON, desk)
    with pytest.raises(NotFound):
        try_out("F_NONE", orla, NOON, desk)
