"""Roster and assignments by form, on a real database: added, changed, refused, and never the last organizer gone."""

from pathlib import Path

import pytest

from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.roster import Role
from services.desk_forms import ASSIGNMENTS, ROSTER, listed, row_of, write
from tests.services.nudge_world import ADA, NOW, ORLA, TARA, World, new_world

DEE = {"email": "dee@example.org", "name": "Dee", "role": "student", "zone": "Europe/London", "track": ""}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def member(world: World, email: str) -> tuple[str, Role, int] | None:
    with world.desk.store.reading() as records:
        found = records.roster.by_email(email)
    return None if found is None else (found.name, found.role, found.accommodation_days)


def test_someone_is_added_and_changed_and_the_rest_stays(world: World) -> None:
    before = listed(ROSTER, "", ORLA, NOW, world.desk).of_all
    assert write(ROSTER, "", DEE, ORLA, NOW, world.desk).report.added == 1
    assert member(world, "dee@example.org") == ("Dee", Role.STUDENT, 0)
    changed = write(ROSTER, "dee@example.org", {"accommodation_days": "5", "role": "ta"}, ORLA, NOW, world.desk)
    assert changed.report.changed == 1
    assert member(world, "dee@example.org") == ("Dee", Role.TA, 5)
    assert listed(ROSTER, "", ORLA, NOW, world.desk).of_all == before + 1
    again = write(ROSTER, "dee@example.org", {"role": "ta"}, ORLA, NOW, world.desk).report
    assert (again.added, again.changed) == (0, 0)
    assert [row["name"] for row in listed(ROSTER, "dee", ORLA, NOW, world.desk).rows] == ["Dee"]


def test_what_is_wrong_is_said_and_nothing_is_written(world: World) -> None:
    wrong = write(ROSTER, "", DEE | {"email": "no address", "zone": "Atlantis"}, ORLA, NOW, world.desk)
    said = " ".join(map(str, wrong.report.problems))
    assert "email" in said
    assert "zone" in said
    assert listed(ROSTER, "Dee", ORLA, NOW, world.desk).rows == []
    with pytest.raises(Unclear, match="there already"):
        write(ROSTER, "", DEE | {"email": ADA.email}, ORLA, NOW, world.desk)
    with pytest.raises(NotFound):
        row_of(ROSTER, "nobody@example.org", ORLA, NOW, world.desk)


def test_nobody_takes_their_own_desk_away(world: World) -> None:
    with pytest.raises(Unclear, match="Another organizer"):
        write(ROSTER, ORLA.email, {"role": "student"}, ORLA, NOW, world.desk)
    assert member(world, ORLA.email) == ("Orla", Role.ORGANIZER, 0)


def test_only_organizers_may(world: World) -> None:
    for actor in (ADA, TARA):
        for table in (ROSTER, ASSIGNMENTS):
            with pytest.raises(NotAllowed):
                listed(table, "", actor, NOW, world.desk)
            with pytest.raises(NotAllowed):
                write(table, "", DEE, actor, NOW, world.desk)


def test_an_assignment_is_added_and_changed_without_its_due_time(world: World) -> None:
    new = {"slug": "lab1", "title": "Lab", "kind": "programming", "due_at": "2026-03-20 18:00", "required": "yes"}
    assert write(ASSIGNMENTS, "", new, ORLA, NOW, world.desk).report.added == 1
    due = row_of(ASSIGNMENTS, "lab1", ORLA, NOW, world.desk)["due_at"]
    write(ASSIGNMENTS, "lab1", {"title": "The first lab", "estimated_hours": "4"}, ORLA, NOW, world.desk)
    row = row_of(ASSIGNMENTS, "lab1", ORLA, NOW, world.desk)
    assert (row["title"], row["estimated_hours"], row["due_at"]) == ("The first lab", "4", due)
