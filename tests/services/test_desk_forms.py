"""Roster and assignments by form, on a real database: added, changed, refused, and never the last organizer gone."""

from pathlib import Path

import pytest

from cohort.errors import ChangedMeanwhile, NotAllowed, NotByForm, NotFound
from cohort.roster import Member, Role, Status
from services.desk_forms import ASSIGNMENTS, BACK_ON, ROSTER, STATUS, Filled, Row, Written, listed, mark, row_of, write
from services.roster import change_status
from tests.services.nudge_world import ADA, NOW, ORLA, TARA, World, new_world

DEE = {"email": "dee@example.org", "name": "Dee", "role": "student", "zone": "Europe/London", "track": ""}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def member(world: World, email: str) -> tuple[str, Role, int] | None:
    with world.desk.store.reading() as records:
        found = records.roster.by_email(email)
    return None if found is None else (found.name, found.role, found.accommodation_days)


def opened(world: World, table: str, key: str) -> dict[str, str]:
    """Return the marks of a form that an organizer opens now."""
    return {name: mark(value) for name, value in row_of(table, key, ORLA, NOW, world.desk).items()}


def send(
    world: World, table: str, key: str, fields: Row, actor: Member = ORLA, seen: dict[str, str] | None = None
) -> Written:
    """Send a form, opened just before unless it was opened earlier."""
    marks = opened(world, table, key) if seen is None else seen
    return write(table, Filled(key, fields, marks), actor, NOW, world.desk)


def status(world: World, email: str = ADA.email) -> tuple[Status, str]:
    row = row_of(ROSTER, email, ORLA, NOW, world.desk)
    return Status(row[STATUS]), row[BACK_ON]


def test_someone_is_added_and_changed_and_the_rest_stays(world: World) -> None:
    before = listed(ROSTER, "", ORLA, NOW, world.desk).of_all
    assert send(world, ROSTER, "", DEE, ORLA).report.added == 1
    assert member(world, "dee@example.org") == ("Dee", Role.STUDENT, 0)
    changed = send(world, ROSTER, "dee@example.org", {"accommodation_days": "5", "role": "ta"}, ORLA)
    assert changed.report.changed == 1
    assert member(world, "dee@example.org") == ("Dee", Role.TA, 5)
    assert listed(ROSTER, "", ORLA, NOW, world.desk).of_all == before + 1
    again = send(world, ROSTER, "dee@example.org", {"role": "ta"}, ORLA).report
    assert (again.added, again.changed) == (0, 0)
    assert [row["name"] for row in listed(ROSTER, "dee", ORLA, NOW, world.desk).rows] == ["Dee"]


def test_what_is_wrong_is_said_and_nothing_is_written(world: World) -> None:
    wrong = send(world, ROSTER, "", DEE | {"email": "no address", "zone": "Atlantis"}, ORLA)
    said = " ".join(map(str, wrong.report.problems))
    assert "email" in said
    assert "zone" in said
    assert listed(ROSTER, "Dee", ORLA, NOW, world.desk).rows == []
    with pytest.raises(NotByForm, match="there already"):
        send(world, ROSTER, "", DEE | {"email": ADA.email}, ORLA)
    with pytest.raises(NotFound):
        row_of(ROSTER, "nobody@example.org", ORLA, NOW, world.desk)


def test_nobody_takes_their_own_desk_away(world: World) -> None:
    with pytest.raises(NotByForm, match="Another organizer"):
        send(world, ROSTER, ORLA.email, {"role": "student"}, ORLA)
    assert member(world, ORLA.email) == ("Orla", Role.ORGANIZER, 0)


def test_only_organizers_may(world: World) -> None:
    for actor in (ADA, TARA):
        for table in (ROSTER, ASSIGNMENTS):
            with pytest.raises(NotAllowed):
                listed(table, "", actor, NOW, world.desk)
            with pytest.raises(NotAllowed):
                send(world, table, "", DEE, actor)


def test_an_assignment_is_added_and_changed_without_its_due_time(world: World) -> None:
    new = {"slug": "lab1", "title": "Lab", "kind": "programming", "due_at": "2026-03-20 18:00", "required": "yes"}
    assert send(world, ASSIGNMENTS, "", new, ORLA).report.added == 1
    due = row_of(ASSIGNMENTS, "lab1", ORLA, NOW, world.desk)["due_at"]
    send(world, ASSIGNMENTS, "lab1", {"title": "The first lab", "estimated_hours": "4"}, ORLA)
    row = row_of(ASSIGNMENTS, "lab1", ORLA, NOW, world.desk)
    assert (row["title"], row["estimated_hours"], row["due_at"]) == ("The first lab", "4", due)


def test_a_status_is_changed_as_by_the_command(world: World) -> None:
    done = send(world, ROSTER, ADA.email, {STATUS: "paused", BACK_ON: "2026-02-25", "track": "research"})
    assert done.status is not None
    assert (done.report.changed, done.status.is_new, status(world)) == (1, True, (Status.PAUSED, "2026-02-25"))
    assert send(world, ROSTER, ADA.email, {STATUS: "paused", BACK_ON: ""}).status is not None
    assert status(world) == (Status.PAUSED, "")
    send(world, ROSTER, ADA.email, {STATUS: "withdrawn"})
    assert send(world, ROSTER, ADA.email, {STATUS: "withdrawn"}).status is None
    with world.desk.store.reading() as records:
        lines = [(line.actor_id, line.action, line.detail) for line in records.audit.about(ADA.id)]
    assert lines == [
        (ORLA.id, "roster.status", "paused"),
        (ORLA.id, "pause.ends", ""),
        (ORLA.id, "roster.status", "withdrawn"),
    ]


def test_what_a_status_can_t_become_says_why_and_how_and_nothing_is_written(world: World) -> None:
    refused: list[tuple[str, Row, str, str]] = [
        (TARA.email, {STATUS: "paused"}, STATUS, "hands over what a TA holds"),
        (ADA.email, {STATUS: "graduated"}, STATUS, "set by an import"),
        (ADA.email, {STATUS: "asleep"}, STATUS, "set by an import"),
        (ADA.email, {STATUS: "paused", BACK_ON: "2026-02-18"}, BACK_ON, "a day to come"),
        (ADA.email, {STATUS: "paused", BACK_ON: "soon"}, BACK_ON, "as a day"),
        (ADA.email, {BACK_ON: "2026-02-25"}, BACK_ON, "needs a pause"),
        (ADA.email, {STATUS: "paused", "role": "ta"}, STATUS, "hands over what a TA holds"),
    ]
    for email, fields, field, why in refused:
        with pytest.raises(NotByForm) as told:
            send(world, ROSTER, email, fields | {"track": "other"})
        assert (told.value.field, why in told.value.why) == (field, True), fields
        assert row_of(ROSTER, email, ORLA, NOW, world.desk)["track"] == ""
        assert status(world, email) == (Status.ACTIVE, "")


def test_who_has_left_comes_back_before_a_pause(world: World) -> None:
    send(world, ROSTER, ADA.email, {STATUS: "withdrawn"})
    with pytest.raises(NotByForm, match="comes back first"):
        send(world, ROSTER, ADA.email, {STATUS: "paused"})
    send(world, ROSTER, ADA.email, {STATUS: "active"})
    assert status(world) == (Status.ACTIVE, "")


def test_of_two_organizers_the_second_undoes_nothing_of_the_first_unseen(world: World) -> None:
    seen = opened(world, ROSTER, ADA.email)
    shown = row_of(ROSTER, ADA.email, ORLA, NOW, world.desk)
    send(world, ROSTER, ADA.email, {"track": "research"}, seen=seen)
    change_status(ORLA, ADA.email, Status.PAUSED, NOW, world.desk)
    stale = {name: shown[name] for name in ("track", "name", STATUS)}
    send(world, ROSTER, ADA.email, stale | {"preferred_name": "Adi"}, seen=seen)
    row = row_of(ROSTER, ADA.email, ORLA, NOW, world.desk)
    assert (row["track"], row[STATUS], row["preferred_name"]) == ("research", "paused", "Adi")
    for field, value in (("track", "engineering"), (STATUS, "withdrawn")):
        with pytest.raises(ChangedMeanwhile) as told:
            send(world, ROSTER, ADA.email, {field: value, "preferred_name": "Ada"}, seen=seen)
        assert told.value.field in {field, "preferred_name"}
    assert row_of(ROSTER, ADA.email, ORLA, NOW, world.desk) == row


def test_a_field_that_the_form_did_not_have_is_not_read(world: World) -> None:
    seen = {name: value for name, value in opened(world, ROSTER, ADA.email).items() if name == "name"}
    done = send(world, ROSTER, ADA.email, {"email": "eve@example.org", "role": "organizer"}, seen=seen)
    assert (done.report.added, done.report.changed) == (0, 0)
    assert member(world, ADA.email) == ("Ada", Role.STUDENT, 0)


def test_nothing_of_a_form_with_a_problem_is_kept_and_it_can_be_sent_again(world: World) -> None:
    desk = world.desk.for_delivery("view:1")
    seen = opened(world, ROSTER, ADA.email)
    wrong = write(ROSTER, Filled(ADA.email, {"zone": "Atlantis", STATUS: "paused"}, seen), ORLA, NOW, desk)
    assert [problem.column for problem in wrong.report.problems] == ["zone"]
    assert status(world) == (Status.ACTIVE, "")
    write(ROSTER, Filled(ADA.email, {"zone": "Europe/Paris", STATUS: "paused"}, seen), ORLA, NOW, desk)
    assert status(world) == (Status.PAUSED, "")
