"""Tracks: what a file says of them, and moving a student from one to another."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed, NotFound
from services import tracks
from services.messages import Ready
from services.track_imports import import_tracks
from services.tracks import TrackNote
from tests.services.nudge_world import ADA, BO, DUE, NOW, ORLA, TARA, World, homework, new_world

DAY = timedelta(days=1)
HW4, HW5 = homework("hw4", NOW + 3 * DAY), homework("hw5", NOW + 9 * DAY)
FILE = "track,assignment,required,due_at\nresearch,hw4,,2026-03-01 18:00\nresearch,hw5,no,\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.assign(HW4, HW5)
    assert import_tracks(FILE, NOW, made.desk).added == 2
    return made


def due_of(plan: tracks.TrackPlan) -> dict[str, str]:
    return {assignment.slug: f"{due:%d %b}" if due else "" for assignment, due in plan.work}


def test_a_file_again_changes_nothing_and_a_changed_one_what_differs(world: World) -> None:
    assert import_tracks(FILE, NOW, world.desk).unchanged == 2
    report = import_tracks("track,assignment,due_at\nresearch,hw4,2026-03-02 18:00\n", NOW, world.desk)
    assert report.changes == ("research, hw4: required, due 2026-03-01 18:00 → required, due 2026-03-02 18:00",)
    assert report.absent_keys == ("research, hw5",)


def test_what_can_t_be_is_told_with_its_line_and_nothing_is_written(world: World) -> None:
    report = import_tracks("track,assignment,due_at\nx,hw9,\nx,hw4,2026-12-01 18:00\n", NOW, world.desk)
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, "assignment"), (3, "due_at")]
    with world.desk.store.reading() as records:
        assert list(records.own_work.tracks()) == ["research"]


def test_both_plans_are_shown_and_one_press_switches(world: World) -> None:
    found = tracks.preview("Ada", "Research", ORLA, NOW, world.desk)
    assert due_of(found.before) == {"hw3": "17 Feb", "hw4": "21 Feb", "hw5": "27 Feb"}
    assert due_of(found.after) == {"hw4": "01 Mar"}
    assert tracks.switch(ADA.id, "", "research", ORLA, NOW, world.desk).is_new
    [note] = [sent.content for _, sent in world.deliver(NOW) if isinstance(sent, Ready)]
    assert isinstance(note, TrackNote)
    assert due_of(note.plan) == {"hw4": "01 Mar"}
    with world.desk.store.reading() as records:
        assert [(line.action, line.detail) for line in records.audit.about(ADA.id)] == [
            ("track.switched", "none → research")
        ]


def test_a_second_press_and_a_stale_one_change_nothing(world: World) -> None:
    tracks.switch(ADA.id, "", "research", ORLA, NOW, world.desk)
    again = tracks.switch(ADA.id, "", "research", ORLA, NOW, world.desk)
    assert (again.is_new, again.is_stale) == (False, False)
    world.add(replace(BO, track="research"))
    assert tracks.switch(BO.id, "", "none", ORLA, NOW, world.desk).is_stale
    assert len(world.letters("tracks.switched")) == 1


def test_back_to_no_track(world: World) -> None:
    world.add(replace(ADA, track="research"))
    assert tracks.switch(ADA.id, "research", "none", ORLA, NOW, world.desk).after.name == ""


def test_time_that_was_granted_stays(world: World) -> None:
    world.extend(ADA, HW4, DUE + 20 * DAY, NOW)
    tracks.switch(ADA.id, "", "research", ORLA, NOW, world.desk)
    assert due_of(tracks.preview("Ada", "none", ORLA, NOW, world.desk).before) == {"hw4": "09 Mar"}


def test_only_organizers_switch_and_only_to_tracks_there_are(world: World) -> None:
    with pytest.raises(NotFound) as told:
        tracks.preview("Ada", "reserch", ORLA, NOW, world.desk)
    assert list(told.value.closest) == ["research"]
    with pytest.raises(NotFound):
        tracks.preview("Tara", "research", ORLA, NOW, world.desk)
    for other in (TARA, BO):
        with pytest.raises(NotAllowed):
            tracks.preview("Ada", "research", other, NOW, world.desk)
        with pytest.raises(NotAllowed):
            tracks.switch(ADA.id, "", "research", other, NOW, world.desk)
