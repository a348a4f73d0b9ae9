"""The example programme: the same for a seed and a day, whole, and in the middle of its fifth week."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.policy import load_policy
from examples.programme import example_programme, main
from examples.writing import Assignment, Member, Programme, Submission
from sandbox.people import load_people

LONDON = ZoneInfo("Europe/London")
ROOT = Path(__file__).parents[2]
WEDNESDAY = date(2026, 6, 24)
# A Monday and a Sunday, the two clock changes inside the term and around today, and the turn of a year.
DAYS = [
    date(2026, 6, 22),
    date(2026, 6, 28),
    date(2026, 3, 29),
    date(2026, 3, 30),
    date(2026, 10, 25),
    date(2026, 10, 28),
    date(2027, 1, 1),
]
EVERY_DAY = pytest.mark.parametrize("today", DAYS, ids=str)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def students(programme: Programme) -> list[Member]:
    return [member for member in programme.roster if member.role == "student"]


def instant(wall: datetime) -> datetime:
    return wall.replace(tzinfo=LONDON).astimezone(UTC)


def past_due(programme: Programme, today: date) -> list[Assignment]:
    return [a for a in programme.assignments if a.due_at is not None and a.due_at.date() < today]


def first_attempts(programme: Programme) -> dict[tuple[str, str], Submission]:
    return {(row.email, row.assignment): row for row in programme.submissions if row.attempt == 1}


@pytest.mark.parametrize("today", [WEDNESDAY, WEDNESDAY + timedelta(days=4)])
def test_every_week_has_its_duties_and_the_current_one_is_that_of_whom_people_know(today: date) -> None:
    programme = example_programme(1, today)
    monday = today - timedelta(days=today.weekday())
    assert {row.duty: row.email for row in programme.duties if row.week_on == monday} == {
        "extensions": "tara@example.org",
        "questions": "tom@example.org",
    }
    weeks = {row.week_on for row in programme.duties}
    assert len(programme.duties) == 2 * len(weeks)
    assert (min(weeks), max(weeks) + timedelta(days=6)) == (programme.starts_on, programme.ends_on)


def test_the_same_seed_and_day_write_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        main(["--seed", "7", "--today", "2026-06-24", "--out", str(tmp_path / name)])
    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert written == [
        "assignments.csv",
        "cohort.toml",
        "duties.csv",
        "people.csv",
        "roster.csv",
        "series.csv",
        "submissions.csv",
        "to_come.csv",
        "workspace.toml",
    ]
    for name in written:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_is_another_cohort_in_the_same_course() -> None:
    one, other = example_programme(1, WEDNESDAY), example_programme(2, WEDNESDAY)
    assert one.submissions != other.submissions
    assert one.assignments == other.assignments


def test_the_script_runs_by_its_path_from_any_folder(tmp_path: Path) -> None:
    script = ROOT / "examples" / "programme.py"
    subprocess.run([sys.executable, script, "--seed", "1", "--out", "here"], cwd=tmp_path, check=True)
    assert len(rows(tmp_path / "here" / "roster.csv")) == 114


@EVERY_DAY
def test_has_104_students_9_tas_and_one_organizer(today: date) -> None:
    roster = example_programme(1, today).roster
    assert Counter(member.role for member in roster) == {"student": 104, "ta": 9, "organizer": 1}
    assert len({member.email for member in roster}) == len(roster)


@EVERY_DAY
def test_runs_for_ten_weeks_from_a_monday_and_is_in_its_fifth(today: date) -> None:
    programme = example_programme(1, today)
    assert programme.starts_on.weekday() == 0
    assert programme.ends_on - programme.starts_on == timedelta(weeks=10, days=-1)
    assert (today - programme.starts_on).days // 7 == 4


def test_everyone_with_a_name_lives_where_the_examples_say() -> None:
    zones = {member.name: member.zone for member in example_programme(3, WEDNESDAY).roster}
    assert {name: zones[name] for name in ("Ada", "Bo", "Chen", "Tara", "Tom", "Orla")} == {
        "Ada": "America/New_York",
        "Bo": "Europe/London",
        "Chen": "Asia/Singapore",
        "Tara": "Europe/Berlin",
        "Tom": "America/Los_Angeles",
        "Orla": "Europe/London",
    }
    assert len(set(zones.values())) == 14


def test_the_course_has_twenty_assignments_of_six_kinds() -> None:
    kinds = Counter(assignment.kind for assignment in example_programme(1, WEDNESDAY).assignments)
    assert kinds == {
        "reading": 3,
        "written": 10,
        "programming": 3,
        "paper_reading": 2,
        "project": 1,
        "exam": 1,
    }


@EVERY_DAY
def test_problem_set_5_is_open_and_falls_due_in_two_days(today: date) -> None:
    course = {assignment.slug: assignment for assignment in example_programme(1, today).assignments}
    opens_at, due_at = course["hw5"].opens_at, course["hw5"].due_at
    assert opens_at is not None
    assert opens_at.date() <= today
    assert due_at is not None
    assert due_at.date() == today + timedelta(days=2)
    assert {"hw3", "prog2", "paper1"} <= {a.slug for a in past_due(example_programme(1, today), today)}


@EVERY_DAY
def test_everything_falls_due_within_the_programme_and_in_its_order(today: date) -> None:
    programme = example_programme(1, today)
    for assignment in programme.assignments:
        if assignment.due_at is not None and assignment.opens_at is not None:
            assert assignment.opens_at < assignment.due_at
            assert assignment.due_at.date() <= programme.ends_on
        if assignment.hard_due_at is not None and assignment.due_at is not None:
            assert assignment.hard_due_at > assignment.due_at


@EVERY_DAY
def test_every_submission_is_of_a_known_student_for_work_that_was_open(today: date) -> None:
    programme = example_programme(1, today)
    emails = {member.email for member in students(programme)}
    course = {assignment.slug: assignment for assignment in programme.assignments}
    midnight = instant(datetime.combine(today, datetime.min.time()))
    for row in programme.submissions:
        opens_at = course[row.assignment].opens_at
        assert row.email in emails
        assert opens_at is not None
        assert instant(opens_at) <= row.submitted_at < midnight


@EVERY_DAY
def test_no_attempt_comes_twice_and_a_second_follows_a_failed_first(today: date) -> None:
    programme = example_programme(1, today)
    keys = [(row.email, row.assignment, row.attempt) for row in programme.submissions]
    assert len(keys) == len(set(keys))
    firsts = first_attempts(programme)
    seconds = [row for row in programme.submissions if row.attempt == 2]
    assert seconds
    for second in seconds:
        first = firsts[second.email, second.assignment]
        assert first.score is not None
        assert first.score < 50
        assert first.submitted_at < second.submitted_at


@EVERY_DAY
def test_no_wall_time_is_skipped_or_repeated_by_a_clock_change(today: date) -> None:
    programme = example_programme(1, today)
    walls = [wall for a in programme.assignments for wall in (a.opens_at, a.due_at, a.hard_due_at) if wall]
    walls += [wall for m in programme.roster for wall in (m.joined_at, m.left_at) if wall]
    for wall in walls:
        first, second = (wall.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1))
        assert first == second, wall
    assert all(row.submitted_at.utcoffset() is not None for row in programme.submissions)


@EVERY_DAY
def test_about_seventy_percent_comes_on_time_and_the_rest_late_or_not_at_all(today: date) -> None:
    programme = example_programme(1, today)
    firsts = first_attempts(programme)
    fates: Counter[str] = Counter()
    for assignment in past_due(programme, today):
        assert assignment.due_at is not None
        for student in students(programme):
            row = firsts.get((student.email, assignment.slug))
            late = row is not None and row.submitted_at > instant(assignment.due_at)
            fates["missing" if row is None else "late" if late else "on time"] += 1
    assert 0.65 < fates["on time"] / fates.total() < 0.75
    assert fates["late"] > 50
    assert fates["missing"] > 50


@EVERY_DAY
def test_ada_and_bo_are_up_to_date_and_chen_has_missed_one_thing(today: date) -> None:
    programme = example_programme(1, today)
    firsts = first_attempts(programme)
    due = [assignment.slug for assignment in past_due(programme, today)]
    missed = {
        name: [slug for slug in due if (f"{name}@example.org", slug) not in firsts] for name in ("ada", "bo", "chen")
    }
    assert missed == {"ada": [], "bo": [], "chen": ["hw4"]}
    assert ("ada@example.org", "hw5") not in firsts


@EVERY_DAY
def test_twelve_active_students_have_done_nothing_for_two_weeks(today: date) -> None:
    programme = example_programme(1, today)
    since = instant(datetime.combine(today - timedelta(days=14), datetime.min.time()))
    busy = {row.email for row in programme.submissions if row.submitted_at >= since}
    silent = [m for m in students(programme) if m.status == "active" and m.email not in busy]
    assert 12 <= len(silent) <= 14


@EVERY_DAY
def test_some_have_left_some_pause_and_two_have_accommodations(today: date) -> None:
    programme = example_programme(1, today)
    assert Counter(m.status for m in students(programme)) == {"active": 98, "withdrawn": 4, "paused": 2}
    assert [m.accommodation_days for m in programme.roster if m.accommodation_days] == [5, 5]
    for member in programme.roster:
        assert (member.left_at is None) == (member.status != "withdrawn")
        if member.left_at is not None and member.joined_at is not None:
            assert member.joined_at < member.left_at
            left_at = instant(member.left_at)
            assert all(row.submitted_at < left_at for row in programme.submissions if row.email == member.email)


@EVERY_DAY
def test_what_waits_for_a_grade_is_recent_and_the_days_to_come_bring_one(today: date) -> None:
    programme = example_programme(1, today)
    midnight = instant(datetime.combine(today, datetime.min.time()))
    waits = [row for row in programme.submissions if row.score is None]
    assert all(row.submitted_at >= midnight - timedelta(days=6) for row in waits)
    graded = {(row.email, row.assignment, row.attempt) for row in programme.to_come if row.score is not None}
    named = {
        (row.email, row.assignment, row.attempt) for row in waits if row.email in {"ada@example.org", "bo@example.org"}
    }
    assert named <= graded


def test_recent_work_is_not_graded_yet() -> None:
    graded = Counter(row.score is not None for row in example_programme(1, WEDNESDAY).submissions)
    assert graded[True] > graded[False] > 50


def test_the_bot_and_the_sandbox_read_what_is_written(tmp_path: Path) -> None:
    main(["--today", "2026-06-24", "--out", str(tmp_path)])
    programme = load_policy(tmp_path / "cohort.toml").programme
    assert (programme.starts_on, programme.organizers) == (date(2026, 5, 25), ("orla@example.org",))
    workspace = load_people(tmp_path / "workspace.toml")
    assert workspace.users == load_people(tmp_path / "people.csv").users
    staff, announcements = workspace.channels
    assert (staff.name, staff.private) == ("staff", True)
    assert set(staff.members) == {"tara", "tom", *(f"ta{n}" for n in range(3, 10)), "orla", "bot"}
    assert (announcements.name, announcements.private) == ("announcements", False)
    assert len(announcements.members) == 115
