"""Whatever is wrong with a file is named by line and column, and nothing of it is written."""

import pytest

from services.desk import Desk
from services.imports import IMPORTS
from tests.conftest import NOON

ROSTER = "email,name,role\n"
WORK = "slug,title,kind,due_at,hard_due_at,opens_at\n"
HANDED_IN = "email,assignment,submitted_at\n"

FILES = [
    pytest.param("roster", b"", ["the file: is empty; the first line names"], id="empty file"),
    pytest.param("roster", b"\xef\xbb\xbf\r\n\r\n", ["the file: is empty"], id="nothing but a mark and breaks"),
    pytest.param("roster", b",,,\n", ["the file: is empty"], id="header of commas"),
    pytest.param(
        "roster",
        "email,name,role\nada@example.org,Zoë,student\n".encode("latin-1"),
        ["line 2: is not UTF-8; save the file as “CSV UTF-8”"],
        id="latin-1",
    ),
    pytest.param("roster", ROSTER.encode("utf-16"), ["line 1: is not UTF-8"], id="utf-16"),
    pytest.param("roster", ROSTER.encode("utf-16-le"), ["line 1: holds a NUL byte"], id="utf-16 without mark"),
    pytest.param("roster", b"email,name,role\na@example.org,\0,ta\n", ["line 2: holds a NUL byte"], id="NUL"),
    pytest.param("roster", b"PK\x03\x04", ["line 1: holds a control character"], id="a spreadsheet itself"),
    pytest.param("roster", "name,role\nAda,ta\n", ["line 1, email: is missing among the columns"], id="no email"),
    pytest.param(
        "roster",
        "email,name,role,acommodation_days\n",
        ["line 1, acommodation_days: is no column of this table; did you mean accommodation_days?"],
        id="misspelled header",
    ),
    pytest.param(
        "roster",
        "email,name,role,shoe size\n",
        ["line 1, shoe size: is no column of this table; there are email, name, role, preferred_name"],
        id="unknown header",
    ),
    pytest.param("roster", "email,name,role,Name\n", ["line 1, name: stands there more than once"], id="twice"),
    pytest.param(
        "roster",
        ROSTER + "dan@example.org,Dan\neve@example.org,Eve,student,,\n",
        ["line 2: has 2 cells, but the header names 3", "line 3: has 5 cells, but the header names 3"],
        id="ragged",
    ),
    pytest.param(
        "roster",
        "email,name,role,\nd@example.org,D,ta,x\n",
        ["line 2: has something in a column without a name"],
        id="stray",
    ),
    pytest.param(
        "roster",
        ROSTER + 'dan@example.org,"Dan,student\neve@example.org,Eve,student\n',
        ["line 2: has quotes that are not closed"],
        id="open quote",
    ),
    pytest.param("roster", ROSTER + 'd@example.org,"D"an,ta\n', ["line 2: has quotes"], id="quote in a cell"),
    pytest.param(
        "roster",
        ROSTER + '"dan@example.org","Dan\nDoe",student\nEVE,Eve,student\n',
        ["line 2, name: has a line break", "line 4, email: “EVE” is not an email address"],
        id="line numbers count breaks in cells",
    ),
    pytest.param(
        "roster",
        ROSTER + "dan@example.org,Dan,student\nDAN@example.org,Dan,ta\n",
        ["line 3: says the same thing again as line 2"],
        id="one address twice, whatever the case",
    ),
    pytest.param(
        "roster",
        ROSTER + ",Dan,student\nx@y,,tutor\n",
        [
            "line 2, email: is empty, and must not be",
            "line 3, email: “x@y” is not an email address",
            "line 3, name: is empty",
            "line 3, role: “tutor” is none of student, ta, organizer",
        ],
        id="every problem at once",
    ),
    pytest.param(
        "roster",
        "email,name,role,zone,status,accommodation_days,joined_at,left_at\n"
        "d@example.org,D,student,Europe/Londn,away,-1,1.7.2026,2026-02-30\n"
        "e@example.org,E,student,/etc/passwd,,61,2026-07-02,2026-07-01\n"
        "f@example.org,F,student,Europe,,two,0001-01-01 00:00,2026-07-01T10:00+99:00\n",
        [
            "line 2, zone: “Europe/Londn” is not a time zone; did you mean Europe/London?",
            "line 2, status: “away” is none of active, paused, withdrawn, expelled, graduated",
            "line 2, accommodation_days: “-1” is not a whole number from 0 to 60",
            "line 2, joined_at: “1.7.2026” can't be read as date and time; write it like 2026-07-04 18:00",
            "line 2, left_at: “2026-02-30” is not in the calendar",
            "line 3, zone: “/etc/passwd” is not a time zone; use a name like Europe/London",
            "line 3, accommodation_days: “61”",
            "line 3, left_at: is before joined_at",
            "line 4, zone: “Europe” is not a time zone",
            "line 4, accommodation_days: “two”",
            "line 4, joined_at: “0001-01-01 00:00” has a year that can't be meant",
            "line 4, left_at: “2026-07-01T10:00+99:00” is not in the calendar or not on the clock",
        ],
        id="cells of the roster",
    ),
    pytest.param(
        "roster", ROSTER + f"d@example.org,{'D' * 121},student\n", ["line 2, name: has 121 characters"], id="long"
    ),
    pytest.param(
        "roster", ROSTER + f"d@example.org,{'D' * 200_000},student\n", ["line 2: has quotes"], id="endless cell"
    ),
    pytest.param(
        "assignments",
        WORK + "hw 5,Five,written,2026-07-10,,\nhw6,Six,essay,2026-07-10 25:00,,\n",
        [
            "line 2, slug: “hw 5” is no short name",
            "line 2, due_at: “2026-07-10” needs a time of day; write it like 2026-07-04 18:00",
            "line 3, kind: “essay” is none of lecture, reading, written",
            "line 3, due_at: “2026-07-10 25:00” is not in the calendar or not on the clock",
        ],
        id="cells of assignments",
    ),
    pytest.param(
        "assignments",
        "slug,title,kind,week,pass_mark,required,estimated_hours,url,status\n"
        'hw5,Five,written,first,"50,5",maybe,-2,example.org/hw5,off\n',
        [
            "line 2, week: “first” is not a whole number from 0 to 99",
            "line 2, pass_mark: “50,5” has a comma; write 50.5 with a point",
            "line 2, required: “maybe” is none of yes, no",
            "line 2, estimated_hours: “-2” is not a number from 0",
            "line 2, url: “example.org/hw5” is not a web address",
            "line 2, status: “off” is none of active, cancelled",
        ],
        id="more cells of assignments",
    ),
    pytest.param(
        "assignments",
        WORK + "hw5,Five,written,2026-09-01 12:00,,\nhw6,Six,written,2026-07-01 12:00,2026-07-01 11:59,2026-07-02\n",
        [
            "line 2, due_at: is after the last moment anyone may hand in, 2026-08-16 23:59; move hard_due_at",
            "line 3, due_at: is after the last moment anyone may hand in, 2026-07-01 11:59",
            "line 3, opens_at: is after it is due",
        ],
        id="times in the wrong order",
    ),
    pytest.param(
        "submissions",
        HANDED_IN + "adda@example.org,hw3,2026-07-01 10:00\nada@example.org,hw33,2026-07-01\nada@example.org,,\n",
        [
            "line 2, email: “adda@example.org” is nobody's address on the roster; did you mean ada@example.org?",
            "line 3, assignment: “hw33” is no assignment; did you mean hw3?",
            "line 3, submitted_at: “2026-07-01” needs a time of day",
            "line 4, assignment: is empty",
            "line 4, submitted_at: is empty",
        ],
        id="cells of submissions",
    ),
    pytest.param(
        "submissions",
        "email,assignment,submitted_at,attempt,score\n"
        "ada@example.org,hw3,2026-07-01 10:00,0,nan\nada@example.org,hw3,2026-07-01 10:00,1.5,1e999\n",
        [
            "line 2, attempt: “0” is not a whole number from 1 to 1000",
            "line 2, score: “nan” is not a number from 0",
            "line 3, attempt: “1.5”",
            "line 3, score: “1e999”",
            "line 3: says the same attempt again",
        ],
        id="numbers of submissions",
    ),
    pytest.param(
        "submissions",
        "email,assignment,submitted_at,attempt\n"
        "ada@example.org,hw3,2026-07-01 10:00,\nADA@EXAMPLE.ORG,HW3,2026-07-01 11:00,1\n",
        ["line 3: says the same attempt again as line 2; number attempts in the column attempt"],
        id="one attempt twice",
    ),
    pytest.param(
        "duties",
        "week_on,email\nnext week,tara@example.org\n2026-07-06,ada@example.org\n2026-07-08,zed@example.org\n",
        ["line 2, week_on: “next week” can't be read as a date", "line 4: says the same thing again as line 3"],
        id="cells of duties",
    ),
    pytest.param(
        "duties",
        "week_on,email\n2026-07-06,ada@example.org\n2026-07-13,zed@example.org\n2026-07-20,tara@example.org\n",
        [
            "line 2, email: “ada@example.org” is a student; duty is for TAs and organizers",
            "line 3, email: “zed@example.org” is nobody's address on the roster",
        ],
        id="duty of someone else",
    ),
    pytest.param(
        "duties",
        "week_on,email,duty\n2026-07-06,tara@example.org,coffee\n2026-07-07,tara@example.org,questions\n"
        "2026-07-08,tara@example.org,QUESTIONS\n",
        [
            "line 2, duty: “coffee” is none of extensions, questions",
            "line 4: says the same thing again as line 3",
        ],
        id="a duty that there is not, and one twice",
    ),
]


@pytest.mark.parametrize(("table", "content", "starts"), FILES)
@pytest.mark.parametrize("dry_run", [True, False], ids=["dry run", "for good"])
def test_problems_are_named_by_line_and_column_and_nothing_is_written(
    desk: Desk, table: str, content: str | bytes, starts: list[str], dry_run: bool
) -> None:
    before = _everything(desk)
    report = IMPORTS[table](content, NOON, desk, dry_run=dry_run)
    told = [str(problem) for problem in report.problems]
    assert [line[: len(start)] for line, start in zip(told, starts, strict=False)] == starts, told
    assert len(told) == len(starts), told
    assert (report.added, report.changed, report.unchanged, report.absent) == (0, 0, 0, 0)
    assert _everything(desk) == before


def _everything(desk: Desk) -> list[str]:
    with desk.store.reading() as records:
        return list(records.connection.iterdump())
