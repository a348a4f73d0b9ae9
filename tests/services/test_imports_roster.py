"""What importing a roster does, in whatever shape a spreadsheet saved it, the first time and again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest, Lapse, State
from cohort.roster import Member, Role, Status
from services.desk import Desk
from services.imports import import_roster
from tests.conftest import NOON

SHAPES = [
    pytest.param("email,name,role\ndan@example.org,Zoë Dan,student\n".encode(), id="plain"),
    pytest.param("\ufeffemail,name,role\ndan@example.org,Zoë Dan,student\n".encode(), id="byte order mark"),
    pytest.param("email,name,role\ndan@example.org,Zoë Dan,student\n", id="text"),
    pytest.param("email,name,role\r\ndan@example.org,Zoë Dan,student\r\n".encode(), id="CRLF"),
    pytest.param("email,name,role\rdan@example.org,Zoë Dan,student".encode(), id="CR"),
    pytest.param("email;name;role\ndan@example.org;Zoë Dan;student\n".encode(), id="semicolons"),
    pytest.param("email\tname\trole\ndan@example.org\tZoë Dan\tstudent\n".encode(), id="tabs"),
    pytest.param('"email";"name";"role"\n"dan@example.org";"Zoë Dan";"student"'.encode(), id="quoted"),
    pytest.param(" Email , NAME,role,,\n\n dan@example.org ,\u00a0Zoë Dan, Student,,\n,,,,\n".encode(), id="untidy"),
]


@pytest.mark.parametrize("content", SHAPES)
def test_every_shape_a_spreadsheet_saves_is_read(desk: Desk, content: str | bytes) -> None:
    report = import_roster(content, NOON, desk)
    assert (report.added, report.changed, report.unchanged, report.absent) == (1, 0, 0, 6), report.problems
    dan = member(desk, "dan@example.org")
    assert (dan.name, dan.role, dan.status, dan.zone) == ("Zoë Dan", Role.STUDENT, Status.ACTIVE, "Europe/London")


def test_names_with_commas_in_a_file_of_semicolons_are_kept(desk: Desk) -> None:
    import_roster("email;name;role\ndan@example.org;Doe, Dan, Jr.;student\n", NOON, desk)
    assert member(desk, "dan@example.org").name == "Doe, Dan, Jr."


def test_every_column_is_read(desk: Desk) -> None:
    content = (
        "email,name,preferred_name,role,zone,status,track,accommodation_days,joined_at,left_at\n"
        "dan@example.org,Daniel Doe,Dan,student,Asia/Tokyo,withdrawn,theory,5,2026-06-01,2026-06-20 18:00\n"
    )
    import_roster(content, NOON, desk)
    assert replace(member(desk, "dan@example.org"), id="") == Member(
        id="",
        email="dan@example.org",
        name="Daniel Doe",
        role=Role.STUDENT,
        zone="Asia/Tokyo",
        preferred_name="Dan",
        status=Status.WITHDRAWN,
        track="theory",
        accommodation_days=5,
        joined_at=datetime(2026, 5, 31, 23, tzinfo=UTC),
        left_at=datetime(2026, 6, 20, 17, tzinfo=UTC),
    )


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk) -> None:
    content = "email,name,role\nada@example.org,Ada L.,student\ndan@example.org,Dan,student\n"
    tried = import_roster(content, NOON, desk, dry_run=True)
    assert member_or_none(desk, "dan@example.org") is None
    assert member(desk, "ada@example.org").name == "Ada"
    assert import_roster(content, NOON, desk) == tried
    assert tried.changes == ("ada@example.org: name Ada → “Ada L.”",)
    assert tried.additions == ("dan@example.org (Dan, student)",)
    assert tried.absent_keys == (
        "bo@example.org",
        "chen@example.org",
        "orla@example.org",
        "tara@example.org",
        "tom@example.org",
    )


def test_absent_columns_change_nothing_and_empty_cells_mean_the_default(desk: Desk, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, preferred_name="A", accommodation_days=5, track="theory"))
    import_roster("email,name,role,track,zone\nADA@example.org,Ada,student,,\n", NOON, desk)
    assert member(desk, ada.email) == replace(ada, preferred_name="A", accommodation_days=5, track="")


def test_importing_the_same_again_changes_nothing(desk: Desk) -> None:
    content = "email,name,role,status,left_at\ndan@example.org,Dan,student,withdrawn,\n"
    import_roster(content, NOON, desk)
    report = import_roster(content, NOON + timedelta(days=1), desk)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 1)


def test_progress_is_told(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    import_roster(
        "email,name,role\nd@example.org,D,ta\ne@example.org,E,ta\n",
        NOON,
        desk,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (2, 2)


def test_one_audit_line_holds_counts_and_no_names(desk: Desk) -> None:
    import_roster("email,name,role\ndan@example.org,Dan,student\n", NOON, desk)
    with desk.store.reading() as records:
        lines = [(line.actor_id, line.action, line.subject, line.detail) for line in records.audit.all()]
    assert lines == [(None, "imported", "roster", "1 added, 0 changed, 0 unchanged, 6 absent from the file")]


def test_a_new_member_starts_a_history(desk: Desk) -> None:
    import_roster("email,name,role,joined_at\ndan@example.org,Dan,student,2026-06-01\n", NOON, desk)
    dan = member(desk, "dan@example.org")
    with desk.store.reading() as records:
        history = records.roster.status_history(dan.id)
    assert history == [(Status.ACTIVE, datetime(2026, 5, 31, 23, tzinfo=UTC), None)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("orla@example.org,Orla,ta,active", "role", id="another role"),
        pytest.param("orla@example.org,Orla,organizer,withdrawn", "status", id="gone"),
        pytest.param("orla@example.org,Orla,organizer,paused", "status", id="paused"),
    ],
)
def test_no_file_takes_away_the_last_organizer(desk: Desk, orla: Member, row: str, column: str) -> None:
    report = import_roster(f"email,name,role,status\ndan@example.org,Dan,student,active\n{row}\n", NOON, desk)
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, column)]
    assert "make somebody else an organizer first" in report.problems[0].what
    assert member(desk, orla.email) == orla
    assert member_or_none(desk, "dan@example.org") is None


def test_a_file_that_names_another_organizer_may_change_the_last_one(desk: Desk, orla: Member) -> None:
    content = "email,name,role\norla@example.org,Orla,ta\ndan@example.org,Dan,organizer\n"
    assert import_roster(content, NOON, desk).problems == ()
    assert member(desk, orla.email).role is Role.TA


def test_a_changed_status_ends_requests_and_is_told_to_the_student(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.requests.add(ExtensionRequest("req_1", ada.id, hw3.id, State.PENDING, NOON, NOON))
    report = import_roster("email,name,role,status\nada@example.org,Ada,student,paused\n", NOON, desk)
    assert report.changes == ("ada@example.org: status active → paused",)
    with desk.store.reading() as records:
        request = records.requests.get("req_1")
        assert request is not None
        assert (request.state, request.lapse) == (State.LAPSED, Lapse.GONE)
        assert records.roster.status_history(ada.id) == [(Status.PAUSED, NOON, None)]
        assert [letter.recipient for letter, _ in records.outbox.of_kind("roster.status")] == [f"member:{ada.id}"]


def test_that_someone_was_expelled_is_left_to_a_person_to_say(desk: Desk) -> None:
    import_roster("email,name,role,status\nada@example.org,Ada,student,expelled\n", NOON, desk)
    assert member(desk, "ada@example.org").left_at == NOON
    with desk.store.reading() as records:
        assert records.outbox.of_kind("roster.status") == []


@pytest.mark.parametrize(
    ("header", "cells", "left_at"),
    [
        pytest.param("status", "withdrawn", NOON, id="gone now, where the file does not say when"),
        pytest.param(
            "status,left_at", "withdrawn,2026-06-30 13:00", datetime(2026, 6, 30, 12, tzinfo=UTC), id="as said"
        ),
        pytest.param("status,left_at", "withdrawn,", None, id="an empty cell is no date"),
    ],
)
def test_when_someone_left(desk: Desk, header: str, cells: str, left_at: datetime | None) -> None:
    import_roster(f"email,name,role,{header}\nada@example.org,Ada,student,{cells}\n", NOON, desk)
    assert member(desk, "ada@example.org").left_at == left_at
    import_roster("email,name,role,status\nada@example.org,Ada,student,active\n", NOON, desk)
    assert member(desk, "ada@example.org").left_at is None


def test_a_pause_keeps_a_leaving_date(desk: Desk, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, left_at=NOON + timedelta(days=3)))
    import_roster("email,name,role,status\nada@example.org,Ada,student,paused\n", NOON, desk)
    assert member(desk, ada.email).left_at == NOON + timedelta(days=3)


def member(desk: Desk, email: str) -> Member:
    found = member_or_none(desk, email)
    assert found is not None
    return found


def member_or_none(desk: Desk, email: str) -> Member | None:
    with desk.store.reading() as records:
        return records.roster.by_email(email)
