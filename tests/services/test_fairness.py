"""How groups fare: imported, compared in sums by organizers, erased, and read by no rule."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed
from cohort.extensions import ExtensionRequest, State
from cohort.levels import Level, LevelSince
from cohort.nudge_limits import NudgeKind
from cohort.nudges import Offer, OfferState
from cohort.roster import Member, Status
from services.erase import erase
from services.exports import EXPORTS
from services.fairness import report
from services.fairness_imports import import_fairness
from services.housekeeping import erase_words
from tests.services.nudge_world import DUE, HW3, NOW, ORLA, TARA, World, new_world, person

HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[2]
SOME = [person(f"Student {number:03}") for number in range(9)]
# Who may name the rows: their own rooms, who writes out, erases or forgets everything, and the list of tables that a
# replay empties.
MAY_READ = {
    "cohort/fairness.py",
    "services/erase.py",
    "services/exports.py",
    "services/fairness.py",
    "services/fairness_imports.py",
    "services/housekeeping.py",
    "services/imports.py",
    "storage/arrivals.py",
    "storage/fairness.py",
    "storage/records.py",
    "storage/migrations/follow_through.py",
    "handlers/commands.py",
    "handlers/fairness.py",
    "handlers/views/fairness.py",
    "handlers/views/fairness_gallery.py",
    "handlers/views/gallery.py",
    "bot/cli.py",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a cohort of twelve, of whom five are from Asia and the others from Europe."""
    world = new_world(tmp_path)
    world.add(*SOME)
    asia = "".join(f"{student.email},Region,Asia\n" for student in SOME[:5])
    europe = "".join(f"{email},region,Europe\n" for email in [*(s.email for s in SOME[5:]), "ada@example.org"])
    europe += "bo@example.org,region,Europe\nchen@example.org,region,Europe\n"
    assert import_fairness(f"email,trait,value\n{asia}{europe}", NOW, world.desk).problems == ()
    return world


def asked(world: World, student: Member, hours: int, state: State = State.APPROVED) -> None:
    """Write a request that Tara decided after some hours."""
    name = f"req_{student.id}_{hours}"
    request = ExtensionRequest(
        name, student.id, HW3.id, state, DUE, NOW, decided_at=DUE + hours * HOUR, decided_by=TARA.id
    )
    with world.desk.store.transaction() as records:
        records.requests.add(request)


def test_sums_of_each_group_are_shown_to_organizers(world: World) -> None:
    for hours, student in enumerate(SOME[:5], start=1):
        asked(world, student, hours)
    asked(world, SOME[0], 9, State.DECLINED)
    world.add(replace(SOME[1], status=Status.WITHDRAWN, left_at=NOW - HOUR))
    with world.desk.store.transaction() as records:
        records.nudges.add("ndg_1", SOME[0].id, NudgeKind.MISSED, NOW - HOUR, NOW)
        records.nudges.add_offer(Offer("off_1", SOME[0].id, HW3.id, "ndg_1", 2, OfferState.OPEN, NOW))
        for student in SOME[:2]:
            records.risk.note(LevelSince(student.id, NOW - HOUR, Level.AT_RISK, 1.0))
    [(trait, [europe, asia])] = report(ORLA, NOW, world.desk).traits
    assert (trait, europe.value, europe.students, europe.requests) == ("region", "Europe", 7, 0)
    assert (europe.granted, europe.answered_in, europe.left) == (None, None, 0)
    assert (asia.value, asia.students, asia.offers, asia.requests, asia.left) == ("Asia", 5, 1, 6, 1)
    assert asia.granted == pytest.approx(5 / 6)
    assert asia.answered_in == timedelta(hours=3.5)
    assert asia.levels[Level.AT_RISK] == 1


def test_how_fast_a_few_were_answered_is_not_shown(world: World) -> None:
    for hours in (1, 2, 3, 4, 5):
        asked(world, SOME[0], hours, State.DECLINED)
    [(_, [_, asia])] = report(ORLA, NOW, world.desk).traits
    assert asia.answered_in is None


def test_only_organizers_see_it(world: World) -> None:
    for actor in (TARA, SOME[0]):
        with pytest.raises(NotAllowed):
            report(actor, NOW, world.desk)


def test_an_import_says_what_changes_without_naming_a_group(world: World) -> None:
    again = import_fairness(EXPORTS["fairness"](world.desk, NOW), NOW, world.desk)
    assert (again.added, again.changed, again.unchanged, again.absent) == (0, 0, 12, 0)
    changed = import_fairness(f"email,trait,value\n{SOME[0].email},REGION,Europe\n", NOW, world.desk)
    assert changed.changes == (f"{SOME[0].email}, region",)
    assert changed.absent == 11


def test_who_is_no_student_and_what_is_said_twice_is_refused(world: World) -> None:
    twice = f"email,trait,value\n{SOME[0].email},a,1\n{SOME[0].email},A,2\n"
    wrong = f"email,trait,value\ntara@example.org,region,x\nnobody@example.org,region,x\n{SOME[1].email},a,\n"
    for text, lines in ((twice, [3]), (wrong, [2, 3, 4])):
        found = import_fairness(text, NOW, world.desk)
        assert [problem.line for problem in found.problems] == lines


def test_the_rows_go_with_the_person_and_after_the_programme(world: World) -> None:
    erase(SOME[0].email, NOW, world.desk)
    with world.desk.store.reading() as records:
        assert SOME[0].id not in {row.student_id for row in records.fairness.every()}
    erase_words(world.desk, NOW + timedelta(days=100))
    with world.desk.store.reading() as records:
        assert records.fairness.every() == []


def test_no_rule_reads_the_groups() -> None:
    rooms = ("cohort", "storage", "services", "handlers", "scheduler", "bot")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    touching = {str(path.relative_to(ROOT)) for path in files if re.search(r"fairness", path.read_text())}
    assert touching <= MAY_READ
