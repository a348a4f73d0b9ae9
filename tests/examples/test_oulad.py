"""A presentation of the Open University's dataset becomes a programme that says no more than the data does."""

import csv
import gzip
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.policy import load_policy
from examples.oulad import main, oulad_programme, read_table
from sandbox.people import load_people

LONDON = ZoneInfo("Europe/London")
ROOT = Path(__file__).parents[2]
OULAD = ROOT.parent / "shared" / "data" / "oulad"

TABLES = {
    "courses": """\
code_module,code_presentation,module_presentation_length
XYZ,2013J,240
XYZ,2014B,230
XYZ,2013J2,1
""",
    "assessments": """\
code_module,code_presentation,id_assessment,assessment_type,date,weight
XYZ,2013J,12,TMA,54,60
XYZ,2013J,11,TMA,19,40
XYZ,2013J,13,CMA,26,0
XYZ,2013J,14,Exam,,100
XYZ,2014B,21,TMA,20,100
XYZ,2014B,22,Exam,230,50
XYZ,2014B,23,Exam,229,50
ABC,2013J,31,TMA,19,100
""",
    "studentRegistration": """\
code_module,code_presentation,id_student,date_registration,date_unregistration
XYZ,2013J,1,-150,
XYZ,2013J,2,-20,26
XYZ,2013J,3,,-3
XYZ,2013J,4,?,
XYZ,2014B,1,-10,
XYZ,2014B,2,5,
ABC,2013J,5,-5,
""",
    "studentInfo": """\
code_module,code_presentation,id_student,gender,region,imd_band,age_band,disability,final_result
XYZ,2013J,1,F,Scotland,90-100%,55<=,Y,Pass
XYZ,2013J,4,M,Wales,0-10%,0-35,N,Withdrawn
""",
    "studentAssessment": """\
id_assessment,id_student,date_submitted,is_banked,score
11,1,19,0,78
11,2,-1,1,61
12,1,54,0,
13,1,25,0,40
13,2,26,0,39
13,4,27,0,100
22,1,229,0,55
31,5,19,0,90
""",
}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The dataset's format in small, half of it packed."""
    folder = tmp_path / "oulad"
    folder.mkdir()
    for number, (table, text) in enumerate(TABLES.items()):
        if number % 2:
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        else:
            (folder / f"{table}.csv.gz").write_bytes(gzip.compress(text.encode()))
    return folder


@pytest.fixture
def out(tiny: Path, tmp_path: Path) -> Path:
    """What was written of XYZ 2013J."""
    main([str(tiny), "XYZ", "2013J", str(tmp_path / "out")])
    return tmp_path / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(path: Path, key: str, value: str) -> dict[str, str]:
    return {row[key]: row[value] for row in rows(path)}


def midnight_of_day(number: int) -> str:
    return f"{date(2013, 10, 1) + timedelta(days=number)} 00:00"


def in_utc(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=LONDON).astimezone(UTC)


def test_students_join_at_registration_and_leave_at_unregistration(out: Path) -> None:
    students = [row for row in rows(out / "roster.csv") if row["role"] == "student"]
    assert [(row["name"], row["status"], row["joined_at"], row["left_at"]) for row in students] == [
        ("Student 1", "active", "2013-05-04 00:00", ""),
        ("Student 2", "withdrawn", "2013-09-11 00:00", "2013-10-27 00:00"),
        ("Student 3", "withdrawn", "", "2013-09-28 00:00"),
        ("Student 4", "active", "", ""),
    ]
    assert {row["zone"] for row in students} == {"Europe/London"}


def test_one_ta_and_one_organizer_are_added(out: Path) -> None:
    staff = [(row["email"], row["role"]) for row in rows(out / "roster.csv") if row["role"] != "student"]
    assert staff == [("tara@example.org", "ta"), ("orla@example.org", "organizer")]


def test_assessments_are_numbered_by_due_day_and_weight_0_is_optional(out: Path) -> None:
    wanted = ("slug", "title", "kind", "week", "due_at", "pass_mark", "required")
    assert [tuple(row[key] for key in wanted) for row in rows(out / "assignments.csv")] == [
        ("tma1", "TMA 11", "written", "3", "2013-10-20 23:59", "40", "yes"),
        ("cma1", "CMA 13", "written", "4", "2013-10-27 23:59", "40", "no"),
        ("tma2", "TMA 12", "written", "8", "2013-11-24 23:59", "40", "yes"),
        ("exam", "Exam 14", "exam", "", "", "40", "yes"),
    ]


def test_an_exam_has_a_due_time_only_where_submissions_for_it_are_known(tiny: Path, tmp_path: Path) -> None:
    main([str(tiny), "XYZ", "2014B", str(tmp_path / "spring")])
    assert column(tmp_path / "spring" / "assignments.csv", "slug", "due_at") == {
        "tma1": "2014-02-21 23:59",
        "exam1": "",
        "exam2": "2014-09-19 23:59",
    }


def test_submissions_keep_their_day_score_and_what_was_banked(out: Path) -> None:
    found = [tuple(row.values()) for row in rows(out / "submissions.csv")]
    assert found == [
        ("student1@example.org", "tma1", "1", "2013-10-20 12:00", "78"),
        ("student2@example.org", "tma1", "1", "2013-09-30 12:00", "61"),
        ("student1@example.org", "tma2", "1", "2013-11-24 12:00", ""),
        ("student1@example.org", "cma1", "1", "2013-10-26 12:00", "40"),
        ("student2@example.org", "cma1", "1", "2013-10-27 12:00", "39"),
        ("student4@example.org", "cma1", "1", "2013-10-28 12:00", "100"),
    ]


def test_days_keep_their_wall_time_across_the_clock_change_of_october_2013(out: Path) -> None:
    handed_in = [row for row in rows(out / "submissions.csv") if row["assignment"] == "cma1"]
    assert [in_utc(row["submitted_at"]).isoformat() for row in handed_in] == [
        "2013-10-26T11:00:00+00:00",
        "2013-10-27T12:00:00+00:00",
        "2013-10-28T12:00:00+00:00",
    ]
    due = column(out / "assignments.csv", "slug", "due_at")
    assert in_utc(due["tma1"]).isoformat() == "2013-10-20T22:59:00+00:00"
    assert in_utc(due["cma1"]).isoformat() == "2013-10-27T23:59:00+00:00"


def test_nothing_of_who_students_are_or_how_it_ended_is_written(tiny: Path, out: Path, tmp_path: Path) -> None:
    (tiny / "studentInfo.csv").unlink()
    main([str(tiny), "XYZ", "2013J", str(tmp_path / "without")])
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / "without" / path.name).read_bytes()


def test_the_bot_and_the_sandbox_read_what_is_written(out: Path) -> None:
    programme = load_policy(out / "cohort.toml").programme
    assert (programme.name, str(programme.starts_on), str(programme.ends_on)) == (
        "XYZ 2013J",
        "2013-10-01",
        "2014-05-29",
    )
    workspace = load_people(out / "workspace.toml")
    assert workspace.users == load_people(out / "people.csv").users
    assert workspace.channels[0].members == ("tara", "orla", "bot")


@pytest.mark.parametrize(
    ("module", "presentation", "told"),
    [
        ("XYZ", "2015J", "courses has no XYZ 2015J"),
        ("XYZ", "2013J2", "'2013J2' is not a presentation; write it like 2013J or 2014B"),
    ],
)
def test_an_unknown_presentation_is_a_sentence(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], module: str, presentation: str, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tiny), module, presentation, str(tmp_path / "none")])
    assert ended.value.code == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_submission_without_a_day_is_a_sentence(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tiny / "studentAssessment.csv").write_text(
        "id_assessment,id_student,date_submitted,is_banked,score\n11,1,,0,78\n", encoding="utf-8"
    )
    with pytest.raises(SystemExit):
        main([str(tiny), "XYZ", "2013J", str(tiny / "none")])
    assert "a submission for assessment 11 has no day" in capsys.readouterr().err


def test_a_missing_table_is_a_sentence(tmp_path: Path) -> None:
    script = ROOT / "examples" / "oulad.py"
    ran = subprocess.run(
        [sys.executable, script, tmp_path, "AAA", "2013J", tmp_path / "none"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "has neither courses.csv nor courses.csv.gz" in ran.stderr


@pytest.mark.skipif(not OULAD.is_dir(), reason="The dataset is not part of the project and is not beside it.")
def test_aaa_2013j_has_what_a_direct_count_of_the_dataset_has(tmp_path: Path) -> None:
    main([str(OULAD), "AAA", "2013J", str(tmp_path)])
    registered = [
        row
        for row in read_table(OULAD, "studentRegistration")
        if (row["code_module"], row["code_presentation"]) == ("AAA", "2013J")
    ]
    ids = {"1752": "tma1", "1753": "tma2", "1754": "tma3", "1755": "tma4", "1756": "tma5"}
    handed_in = [row for row in read_table(OULAD, "studentAssessment") if row["id_assessment"] in ids]
    students = [row for row in rows(tmp_path / "roster.csv") if row["role"] == "student"]
    submissions = rows(tmp_path / "submissions.csv")

    assert len(students) == len(registered) == 383
    assert Counter(row["status"] for row in students) == {"active": 323, "withdrawn": 60}
    assert {row["email"]: row["left_at"] for row in students if row["left_at"]} == {
        f"student{row['id_student']}@example.org": midnight_of_day(int(row["date_unregistration"]))
        for row in registered
        if row["date_unregistration"]
    }
    assert Counter(row["assignment"] for row in submissions) == Counter(ids[row["id_assessment"]] for row in handed_in)
    due = column(tmp_path / "assignments.csv", "slug", "due_at")
    late = Counter(row["assignment"] for row in submissions if row["submitted_at"] > due[row["assignment"]])
    due_days = {"1752": 19, "1753": 54, "1754": 117, "1755": 166, "1756": 215}
    assert late == Counter(
        ids[row["id_assessment"]] for row in handed_in if int(row["date_submitted"]) > due_days[row["id_assessment"]]
    )


@pytest.mark.skipif(not OULAD.is_dir(), reason="The dataset is not part of the project and is not beside it.")
def test_every_presentation_becomes_rows_that_refer_to_each_other() -> None:
    for course in read_table(OULAD, "courses"):
        programme = oulad_programme(OULAD, course["code_module"], course["code_presentation"])
        emails = {member.email for member in programme.roster}
        slugs = {assignment.slug for assignment in programme.assignments}
        assert len(emails) == len(programme.roster)
        assert len(slugs) == len(programme.assignments)
        assert {(row.email, row.assignment) for row in programme.submissions} <= {(e, s) for e in emails for s in slugs}
        keys = {(row.email, row.assignment) for row in programme.submissions}
        assert len(keys) == len(programme.submissions)
        due = [assignment.due_at.date() for assignment in programme.assignments if assignment.due_at]
        assert programme.starts_on <= min(due)
        assert max(due) <= programme.ends_on
