"""Whatever somebody writes in plain words, nothing is done before they press."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohort.distress import sounds_like_distress
from cohort.roster import Member, Role
from handlers import direct_messages
from handlers.answers import Ask, OpenModal, Say
from services import pictures
from services.desk import Desk
from tests.conftest import NOON

PHRASES = Path(__file__).parents[1] / "cohort" / "phrases.txt"
# What was not understood is kept for a day, so that it can be shown to a person on a yes.
KEPT = "unclear_words"


def phrases() -> list[str]:
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    return [line.rpartition("|")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


WORDS = sorted({word for phrase in phrases() for word in phrase.split()})
MADE_UP = st.lists(st.sampled_from(WORDS) | st.sampled_from(phrases()), min_size=1, max_size=12).map(" ".join)


def rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Return everything on record, but for what is kept of messages that were not understood."""
    with desk.store.reading() as records:
        run = records.connection.execute
        names = [name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'") if name != KEPT]
        found = {name: run(f"SELECT * FROM [{name}]").fetchall() for name in sorted(names)}  # noqa: S608 - own tables
        # The pictures of a digest belong to its answer, and go to whoever asked for it.
        return {**found, "outbox": [letter for letter in found["outbox"] if letter[1] not in pictures.EVERY]}


def write(text: str, who: Member, desk: Desk) -> Say | OpenModal:
    """Write a direct message; there is always an answer, and never a form that nobody asked to open."""
    answer = direct_messages.wrote(Ask(who, NOON, text=text, event={"channel_type": "im"}), desk)
    assert isinstance(answer, Say | OpenModal)
    return answer


@pytest.fixture
def people(ada: Member, tara: Member, orla: Member) -> dict[Role, Member]:
    return {Role.STUDENT: ada, Role.TA: tara, Role.ORGANIZER: orla}


def test_no_phrase_of_the_table_changes_anything(people: dict[Role, Member], desk: Desk) -> None:
    before = rows(desk)
    for role, who in people.items():
        for text in phrases():
            assert isinstance(write(text, who, desk), Say), (role, text)
    assert rows(desk) == before


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MADE_UP.filter(lambda text: not sounds_like_distress(text)), role=st.sampled_from(Role))
def test_nothing_made_of_such_words_changes_anything(
    people: dict[Role, Member], desk: Desk, text: str, role: Role
) -> None:
    before = rows(desk)
    assert isinstance(write(text, people[role], desk), Say)
    assert rows(desk) == before
