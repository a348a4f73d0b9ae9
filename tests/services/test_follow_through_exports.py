"""Lists of follow-ups, check-ins and leaving: when and what came of them, and nobody's words, reasons or notes."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.check_ins import CheckIn, Reply, Wish
from cohort.follow_ups import NoteKind, Origin, Outcome
from cohort.leavings import Instead, LeavingReason
from services.check_in_answers import answer
from services.erase import erase
from services.follow_through_exports import LISTS
from services.follow_ups import add_note, close_all, open_case
from services.leavings import WantsToLeave, begin, undo
from tests.services.nudge_world import ADA, BO, NOW, TARA, World, new_world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRETS = ("secret", "Health", "office_hours", "money", "pause")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Ada was followed up and answered a check-in, and Bo wanted to leave and stayed."""
    made = new_world(tmp_path)
    with made.desk.store.transaction() as records:
        case = open_case(records, ADA, Origin.STAFF, "secret reason", NOW, made.desk, to=TARA)
        add_note(records, case, NoteKind.NOTE, "secret note", TARA.id, NOW)
        close_all(records, ADA.id, Outcome.NO_NEED, NOW + HOUR)
        records.check_ins.add(CheckIn("chk_ada", ADA.id, NOW.date() - 2 * DAY, NOW))
    reply = Reply(12.5, 2, "Health", Wish.OFFICE_HOURS, "secret words")
    answer("chk_ada", reply, ADA, NOW + HOUR, made.desk)
    wish = WantsToLeave([LeavingReason.MONEY], [Instead.PAUSE], "secret")
    undo(begin(wish, BO, NOW, made.desk).leaving.id, BO, NOW + DAY, made.desk)
    return made


def rows(world: World, what: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(LISTS[what](world.desk, NOW + 2 * DAY))))


def test_each_list_says_when_and_what_came_of_it(world: World) -> None:
    first, second = rows(world, "follow-ups")
    assert first == {
        "email": "ada@example.org",
        "origin": "staff",
        "opened_at": "2026-02-18 12:00",
        "owner": "tara@example.org",
        "due_at": first["due_at"],
        "closed_at": "2026-02-18 13:00",
        "closed_by": "",
        "outcome": "no_need",
    }
    assert (second["email"], second["origin"], second["outcome"]) == ("bo@example.org", "leaving", "")
    assert rows(world, "check-ins") == [
        {
            "email": "ada@example.org",
            "week_on": "2026-02-16",
            "asked_at": "2026-02-18 12:00",
            "reminded_at": "",
            "answered_at": "2026-02-18 13:00",
            "skipped_at": "",
            "hours": "12.5",
            "mood": "2",
        }
    ]
    assert rows(world, "leavings") == [
        {
            "email": "bo@example.org",
            "asked_at": "2026-02-18 12:00",
            "takes_effect_at": "2026-02-21 12:00",
            "undone_at": "2026-02-19 12:00",
            "done_at": "",
        }
    ]


@pytest.mark.parametrize("what", LISTS)
def test_no_list_holds_words_reasons_or_notes(world: World, what: str) -> None:
    text = LISTS[what](world.desk, NOW + 2 * DAY)
    assert [secret for secret in SECRETS if secret in text] == []
    erase(ADA.email, NOW + 2 * DAY, world.desk)
    erase(BO.email, NOW + 2 * DAY, world.desk)
    after = LISTS[what](world.desk, NOW + 2 * DAY)
    assert ADA.email not in after
    assert BO.email not in after
