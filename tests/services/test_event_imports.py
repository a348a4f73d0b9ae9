"""Sections and talks from a file: added in silence, changed with a word to who comes, and twice is once."""

import pytest

from cohort.roster import Member
from services.desk import Desk
from services.events import announce, desk_list, sign_up
from services.exports import export_events
from services.imports import import_events, table_of
from tests.conftest import NOON
from tests.services.grading_world import letters

HEADER = "slug,kind,title,starts_at,minutes,place,facilitator,places\n"
SECTION = "section-w3,section,Limits,2026-07-02 18:00,60,Room 3,tara@example.org,\n"
TALK = "talk,talk,A talk,2026-07-03 17:00,45,,,80\n"


def test_events_are_added_changed_and_left(desk: Desk, ada: Member, orla: Member) -> None:
    report = import_events(HEADER + SECTION + TALK, NOON, desk)
    assert (report.problems, report.counts) == ((), "2 added, 0 changed, 0 unchanged, 0 absent from the file")
    assert letters(desk, "events.card") == []
    section = desk_list(orla, NOON, desk)[0].event.id
    announce(section, orla, NOON, desk)
    sign_up(section, ada, NOON, desk)
    again = import_events(HEADER + SECTION, NOON, desk)
    assert (again.counts, again.absent_keys) == ("0 added, 0 changed, 1 unchanged, 1 absent from the file", ("talk",))
    moved = import_events(HEADER + SECTION.replace("18:00", "19:00"), NOON, desk)
    assert moved.changes == ("section-w3: Limits",)
    assert [letter.recipient for letter in letters(desk, "events.moved")] == [f"member:{ada.id}", "member:mem_tara"]


def test_what_is_exported_is_imported_as_it_is(desk: Desk) -> None:
    import_events(HEADER + SECTION + TALK, NOON, desk)
    assert import_events(export_events(desk, NOON), NOON, desk).unchanged == 2
    assert table_of(HEADER) == "events"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("section-w3,lecture,Limits,2026-07-02 18:00,60,,,", "kind"),
        ("section-w3,section,,2026-07-02 18:00,60,,,", "title"),
        ("section-w3,section,Limits,tomorrow,60,,,", "starts_at"),
        ("section-w3,section,Limits,2026-07-02 18:00,0,,,", "minutes"),
        ("section-w3,section,Limits,2026-07-02 18:00,60,,ada@example.org,", "facilitator"),
        ("section-w3,section,Limits,2026-07-02 18:00,60,,,0", "places"),
    ],
)
def test_nothing_is_written_where_anything_is_wrong(desk: Desk, orla: Member, row: str, column: str) -> None:
    report = import_events(f"{HEADER}{TALK}{row}\n", NOON, desk)
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, column)]
    assert desk_list(orla, NOON, desk) == []


def test_what_is_announced_keeps_someone_who_leads_it(desk: Desk, orla: Member) -> None:
    import_events(HEADER + SECTION, NOON, desk)
    announce(desk_list(orla, NOON, desk)[0].event.id, orla, NOON, desk)
    report = import_events(HEADER + SECTION.replace("tara@example.org", ""), NOON, desk)
    assert [problem.column for problem in report.problems] == ["facilitator"]
