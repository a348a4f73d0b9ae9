"""What importing grades does: gradebooks as Gradescope and Canvas write them, on the scale of the pass mark, once."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment
from cohort.grading import Verdict
from cohort.hand_ins import HandInState
from cohort.roster import Member
from cohort.submissions import Submission
from services.desk import Desk
from services.grade_imports import import_grades, meant, scale
from services.gradebooks import Format, format_of
from services.grading_queue import claim
from services.imports import IMPORTS, table_of
from tests.conftest import NOON
from tests.services.grading_world import DAY, WEAK, graded, grades_of, hand_in, letters, retries_of, state_of

PLAIN = "email,assignment,score,attempt,feedback\n"
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Sections,hw3,hw3 - Max Points,hw3 - Submission Time,hw3 - Lateness (H:M:S),"
    "Problem set 4,Problem set 4 - Max Points,Problem set 4 - Submission Time,Problem set 4 - Lateness (H:M:S),"
    "Warm-up,Warm-up - Max Points,Warm-up - Submission Time,Warm-up - Lateness (H:M:S),Total Lateness (H:M:S)\n"
    "Ada,A,1815,ada@example.org,,17.0,20.0,2026-06-30 18:00:00 -0400,00:00:00,,50.0,,,1,1,,,00:00:00\n"
    "Bo,B,1816,,,9.5,20.0,2026-07-01 02:00:00 -0700,09:00:00,45,50.0,2026-07-01 02:00:00 -0700,00:00:00,,1,,,\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,hw3 (70123),Problem set 4 (70124),Attendance (70125),"
    "Homework Current Score,Final Score\n"
    ",,,,,,,Manual Posting,,,\n"
    "    Points Possible,,,,,,20.00,50.00,10.00,(read only),(read only)\n"
    '"A, Ada",9001,s1815,ada@example.org,One,,17.00,EX,10,85.00,85.00\n'
    '"B, Bo",9002,s1816,bo,One,,"9,50",N/A,,47.50,47.50\n'
    '"Student, Test",9003,,83ab,One,,20.00,50.00,10,100,100\n'
)


def scores(desk: Desk, student: Member, assignment: Assignment) -> list[float | None]:
    with desk.store.reading() as records:
        return [s.score for s in records.submissions.of(student.id, assignment.id)]


def known_as(desk: Desk, member: Member, sid: str) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(member, sid=sid))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_gradescope_is_read_by_its_headers_on_the_scale_of_the_pass_mark(
    desk: Desk, ada: Member, bo: Member, hw3: Assignment, hw4: Assignment, delimiter: str
) -> None:
    known_as(desk, bo, "1816")
    report = import_grades(GRADESCOPE.replace(",", delimiter), NOON, desk)
    assert (report.problems, report.added) == ((), 3)
    assert report.left_out == ("the column Warm-up: no assignment of this name",)
    assert [scores(desk, who, work) for who in (ada, bo) for work in (hw3, hw4)] == [[85.0], [], [47.5], [90.0]]
    with desk.store.reading() as records:
        (first,) = records.submissions.of(ada.id, hw3.id)
    assert first.submitted_at == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert (first.passed, first.passes(hw3)) == (None, True)


def test_canvas_is_read_by_its_headers_without_its_totals_and_its_test_student(
    desk: Desk, ada: Member, bo: Member, hw3: Assignment, hw4: Assignment
) -> None:
    known_as(desk, bo, "S1816")
    report = import_grades("\ufeff" + CANVAS, NOON, desk)
    assert (report.problems, report.added) == ((), 2)
    assert report.left_out == (
        "the column Notes: no assignment of this name",
        "the column Attendance (70125): no assignment of this name",
        "line 4, Problem set 4 (70124): excused there; `/cohort excuse` does it here",
    )
    assert [scores(desk, who, work) for who in (ada, bo) for work in (hw3, hw4)] == [[85.0], [], [47.5], []]


def test_gradescopes_export_of_one_assignment_needs_to_be_told_which(desk: Desk, ada: Member, hw3: Assignment) -> None:
    head = "Name,SID,Email,Total Score,Max Points,Status,Submission ID,Submission Time,Lateness (H:M:S),View Count"
    ada_row = "Ada,,ada@example.org,17,20,Graded,55,2026-06-30 18:00:00 -0400,,1"
    one = f"{head}\n{ada_row}\nBo,,bo@example.org,,20,Missing,,,,\n"
    (problem,) = import_grades(one, NOON, desk).problems
    assert str(problem).startswith("line 1, assignment: is missing: this export does not say which assignment it is")
    assert import_grades(one, NOON, desk, about="Problem_set_3").added == 1
    assert scores(desk, ada, hw3) == [85.0]


@pytest.mark.parametrize(
    ("text", "format_"),
    [(GRADESCOPE, Format.GRADESCOPE), (CANVAS, Format.CANVAS), (PLAIN, Format.PLAIN), ("email,name,role\n", None)],
)
def test_a_gradebook_is_known_by_its_columns(text: str, format_: Format | None) -> None:
    assert format_of(text) is format_
    assert (table_of(text) == "grades") is (format_ is not None)


@pytest.mark.parametrize("text", [GRADESCOPE, CANVAS, PLAIN + "ada@example.org,hw3,71.125,1,\n"])
def test_the_same_file_a_second_time_changes_nothing(desk: Desk, bo: Member, text: str) -> None:
    known_as(desk, bo, "1816" if text is GRADESCOPE else "s1816")
    tried = import_grades(text, NOON, desk, dry_run=True)
    first = import_grades(text, NOON, desk)
    assert first.added > 0
    assert tried == first
    with desk.store.reading() as records:
        before = list(records.submissions.every())
    again = import_grades(text, NOON + DAY, desk)
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    with desk.store.reading() as records:
        assert list(records.submissions.every()) == before


def test_a_score_that_differs_changes_the_latest_attempt(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.submissions.save_many(
            Submission(f"sub_{n}", hw3.id, ada.id, n, NOON - DAY, score) for n, score in ((1, 40.0), (2, 60.0))
        )
    report = import_grades(PLAIN + "ada@example.org,Problem set 3,75,,\n", NOON, desk)
    assert report.changes == ("ada@example.org hw3: 60 → 75",)
    assert scores(desk, ada, hw3) == [40.0, 75.0]


@pytest.mark.parametrize(("at", "scored"), [(NOON - 6 * DAY, [85.0, None]), (NOON - DAY, [40.0, 85.0])])
def test_a_score_with_a_time_is_of_the_attempt_nearest_to_it(
    desk: Desk, ada: Member, hw3: Assignment, at: datetime, scored: list[float | None]
) -> None:
    with desk.store.transaction() as records:
        records.submissions.save_many(
            Submission(f"sub_{n}", hw3.id, ada.id, n, handed_in_at, score)
            for n, handed_in_at, score in ((1, NOON - 7 * DAY, 40.0), (2, NOON - 2 * DAY, None))
        )
    head = "Name,SID,Email,hw3,hw3 - Max Points,hw3 - Submission Time\n"
    text = f"{head}Ada,,ada@example.org,17,20,{at:%Y-%m-%d %H:%M:%S +0000}\n"
    import_grades(text, NOON, desk)
    assert scores(desk, ada, hw3) == scored
    assert import_grades(text, NOON, desk).unchanged == 1


def test_the_score_of_an_earlier_attempt_does_not_grade_the_next_one(desk: Desk, ada: Member, hw3: Assignment) -> None:
    first = hand_in(desk, hw3, ada)
    assert import_grades(PLAIN + "ada@example.org,hw3,40,,Not yet\n", NOON, desk).changed == 1
    second = hand_in(desk, hw3, ada, attempt=2, is_retry=True)
    assert import_grades(PLAIN + "ada@example.org,hw3,40,,Not yet\n", NOON + DAY, desk).unchanged == 1
    assert (state_of(desk, first).state, state_of(desk, second).state) == (HandInState.GRADED, HandInState.WAITING)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(
            PLAIN
            + "zed@example.org,hw3,80,,\nada@example.org,hw9,80,,\nbo@example.org,hw3,x,,\nbo@example.org,hw3,1,,",
            [
                "line 3, assignment: “hw9” is no assignment",
                "line 4, score: “x” is not a number from 0, such as 85 or 85.5",
            ],
            id="cells",
        ),
        pytest.param(
            PLAIN + "zed@example.org,hw3,80,,\nyam@example.org,hw3,80,,\nada@example.org,hw3,1001,,\n",
            [
                "line 2, score: “zed@example.org” is nobody on the roster, by address or by sid",
                "line 3, score: “yam@example.org” is nobody on the roster, by address or by sid",
                "line 4, score: comes to 1001, and 1000 is the most",
            ],
            id="people",
        ),
        pytest.param(
            PLAIN + "ada@example.org,hw3,80,,\nada@example.org,hw3,81,,\n",
            ["line 3: says the same attempt again as line 2; number attempts in the column attempt"],
            id="twice",
        ),
        pytest.param(
            GRADESCOPE, ["line 3, hw3: “1816” is nobody on the roster", "line 3, Problem set 4: “1816”"], id="unmatched"
        ),
        pytest.param(
            GRADESCOPE.replace("hw3", "x1").replace("Problem set 4", "x2"),
            ["line 1: names no assignment that is known here, by its short name or its title"],
            id="no column known",
        ),
        pytest.param(
            GRADESCOPE.replace("Warm-up", "HW 3"), ["line 1, HW 3: means the same assignment as hw3"], id="twice meant"
        ),
        pytest.param(
            "Student,ID,SIS Login ID,Section,hw3 (1)\nA,1,ada@example.org,,5\n",
            ["the file: has no row “Points Possible”, which every export of Canvas has"],
            id="canvas without points",
        ),
        pytest.param(CANVAS.replace("17.00", "A-"), ["line 4, hw3 (70123): “A-” is not a number from 0"], id="letters"),
    ],
)
def test_whatever_is_wrong_is_named_and_nothing_is_written(desk: Desk, text: str, problems: list[str]) -> None:
    report = import_grades(text, NOON, desk)
    assert len(report.problems) == len(problems)
    for problem, start in zip(report.problems, problems, strict=True):
        assert str(problem).startswith(start)
    with desk.store.reading() as records:
        assert list(records.submissions.every()) == []


def test_an_id_of_two_people_is_nobodys(desk: Desk, ada: Member, bo: Member) -> None:
    known_as(desk, ada, "77")
    known_as(desk, bo, "77")
    (problem,) = import_grades(PLAIN + "77,hw3,80,,\n", NOON, desk).problems
    assert problem.what == "“77” stands for more than one person on the roster"


def test_a_zero_without_anything_handed_in_is_no_attempt(desk: Desk, ada: Member, hw3: Assignment) -> None:
    report = import_grades(PLAIN + "ada@example.org,hw3,0,,\n", NOON, desk)
    assert (report.added, report.left_out) == (0, ("1 times 0 where nothing was handed in",))
    assert scores(desk, ada, hw3) == []


def test_staff_are_left_out(desk: Desk, tara: Member, hw3: Assignment) -> None:
    report = import_grades(PLAIN + "tara@example.org,hw3,90,,\n", NOON, desk)
    assert report.left_out == ("line 2: tara@example.org is no student",)
    assert scores(desk, tara, hw3) == []


def test_what_waits_is_graded_and_told_like_any_other_grade(
    desk: Desk, ada: Member, bo: Member, orla: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada, bo)
    rows = "ada@example.org,hw3,40,,Show the last step\nbo@example.org,hw3,40,,Show the last step\n"
    report = import_grades(PLAIN + rows, NOON, desk)
    assert report.changed == 2
    (grade,) = grades_of(desk, made)
    assert (grade.verdict, grade.score, grade.grader_id) == (Verdict.NOT_YET, 40.0, orla.id)
    assert grade.feedback == "Show the last step"
    assert state_of(desk, made).state is HandInState.GRADED
    assert scores(desk, ada, hw3) == scores(desk, bo, hw3) == [40.0]
    assert len(retries_of(desk, ada)) == len(letters(desk, "grading.graded")) - 1 == 1
    assert import_grades(PLAIN + rows, NOON, desk).unchanged == 2
    assert len(grades_of(desk, made)) == 1


def test_partners_have_one_score(desk: Desk, ada: Member, bo: Member, hw3: Assignment) -> None:
    made = hand_in(desk, hw3, ada, bo)
    report = import_grades(PLAIN + "ada@example.org,hw3,80,,\nbo@example.org,hw3,90,,\n", NOON, desk)
    assert [str(problem) for problem in report.problems] == [
        "line 3, score: is not the score of the partner with whom it was handed in"
    ]
    assert grades_of(desk, made) == []


def test_feedback_that_stands_in_gradescope_is_named_by_its_place(desk: Desk, bo: Member, hw3: Assignment) -> None:
    known_as(desk, bo, "1816")
    made = hand_in(desk, hw3, bo)
    import_grades(GRADESCOPE, NOON, desk)
    assert [(g.verdict, g.feedback) for g in grades_of(desk, made)] == [
        (Verdict.NOT_YET, "The feedback is in Gradescope.")
    ]


@pytest.mark.parametrize(
    ("stand", "why"),
    [
        ("claimed", "somebody is looking at it now"),
        ("in_review", "somebody is looking at it now"),
        ("graded", "has another grade already; a question about the grade changes it"),
        ("part", "a part, which needs feedback instead of a score"),
        ("without feedback", "to grade it needs feedback for the student"),
    ],
)
def test_what_a_person_has_to_look_at_is_left_to_them(
    desk: Desk, ada: Member, tom: Member, hw3: Assignment, stand: str, why: str
) -> None:
    made = hand_in(desk, hw3, ada, is_part=stand == "part")
    if stand == "claimed":
        claim(made.id, tom, NOON, desk)
    elif stand == "in_review":
        with desk.store.transaction() as records:
            records.hand_ins.set_aside(made.id)
    elif stand == "graded":
        graded(desk, made, tom, WEAK)
    before = state_of(desk, made), grades_of(desk, made)
    report = import_grades(PLAIN + "ada@example.org,hw3,50,,\n", NOON, desk)
    assert (report.problems, report.changed, report.left_out) == ((), 0, (f"ada@example.org hw3: {why}",))
    assert (state_of(desk, made), grades_of(desk, made)) == before


def test_a_ta_imports_what_they_grade_and_nobody_in_conflict(
    desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment, hw4: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id])
        records.graders.add_conflict(tara.id, bo.id)
    made = hand_in(desk, hw3, ada)
    rows = "ada@example.org,hw3,80,,\nbo@example.org,hw3,80,,\nada@example.org,hw4,80,,\n"
    report = import_grades(PLAIN + rows, NOON, desk, by=tara)
    assert report.left_out == (
        "hw4: not yours to grade",
        "line 3: bo@example.org is for another grader, by a conflict of interest",
    )
    assert [g.grader_id for g in grades_of(desk, made)] == [tara.id]
    assert scores(desk, ada, hw4) == scores(desk, bo, hw3) == []


@pytest.mark.parametrize("name", ["hw3", "HW 3", "hw-3", "Hw_3", "problem set 3", "Problem_set_3"])
def test_a_column_means_an_assignment_by_slug_or_title(hw3: Assignment, name: str) -> None:
    assert meant([hw3], name) == hw3


@pytest.mark.parametrize("name", ["hw", "hw33", "set 3", "hw 3.1", "hw 31"])
def test_a_column_that_is_only_alike_means_nothing(hw3: Assignment, name: str) -> None:
    assert meant([hw3], name) is None


POINTS = st.decimals(0, 500, places=2)


@given(POINTS, POINTS.filter(bool), st.decimals(0, 100, places=2))
def test_a_percentage_passes_exactly_where_the_points_do(score: Decimal, most: Decimal, mark: Decimal) -> None:
    work = Assignment("a", "a", "A", "written", NOON, pass_mark=float(mark))  # type: ignore[arg-type] # any kind
    if score * 100 / most > 1000:
        return
    scaled = scale(score, most, work)
    assert (scaled >= float(mark)) is (score * 100 >= mark * most)
    assert scaled == float((score * 100 / most).quantize(Decimal("0.01"), ROUND_DOWN))


def test_points_stay_points_under_a_pass_mark_over_a_hundred(hw3: Assignment) -> None:
    assert scale(Decimal(150), Decimal(200), replace(hw3, pass_mark=120.0)) == 150.0
    assert scale(Decimal(150), Decimal(200), hw3) == 75.0


def test_a_pass_mark_that_could_be_points_is_noted(desk: Desk, hw3: Assignment, bo: Member) -> None:
    known_as(desk, bo, "1816")
    with desk.store.transaction() as records:
        records.assignments.save(replace(hw3, pass_mark=14.0))
    assert import_grades(GRADESCOPE, NOON, desk).notes == ("hw3: points of 20 are written in percent, and 14 % passes",)


def test_it_is_on_the_command_line() -> None:
    assert IMPORTS["grades"] is import_grades
