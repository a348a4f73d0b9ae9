"""Plain words: a table of phrases, and that nothing anybody writes breaks the reading of it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.plain_intents import Intent
from cohort.plain_words import LONGEST, Understood, is_hours_only, understand
from cohort.roster import Role

TODAY = date(2026, 7, 1)
WORKS = {
    "hw1": "Problem set 1",
    "hw2": "Problem set 2",
    "hw3": "Problem set 3",
    "hw5": "Problem set 5",
    "prog2": "Programming exercise 2",
    "paper1": "Paper reading 1",
    "paper2": "Paper reading 2",
    "project": "Project",
    "exam": "Final exam",
    "reading1": "Reading 1",
}
WRITERS = {"T": Role.TA, "O": Role.ORGANIZER}


def rows() -> list[tuple[str, Role, list[str]]]:
    found = []
    for line in (Path(__file__).parent / "phrases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        words, _, meant = line.rpartition("|")
        writer, colon, rest = meant.partition(":")
        role = WRITERS.get(writer, Role.STUDENT) if colon else Role.STUDENT
        found.append((words.strip(), role, (rest if colon else meant).split("/")))
    return found


def read(words: str, role: Role = Role.STUDENT) -> Understood | None:
    return understand(words, role, WORKS, TODAY)


def in_words(found: Understood | None) -> set[str]:
    """Return every way in which the table may write what was understood."""
    if found is None:
        return {"-"}
    intent, about, until = found.intent.value, found.assignment, found.until
    return {" ".join(part for part in parts if part) for parts in ((intent,), (intent, about), (intent, about, until))}


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("can I get two more days for hw3?", "more_time hw3 2d"),
        ("can I have until friday for problem set 5", "more_time hw5 friday"),
        ("pls extend the project by 1 week", "more_time project 7d"),
        ("book a TA tomorrow afternoon", "book"),
        ("12 hours, a bit stuck", "check_in"),
        ("what's due?", "due"),
        ("when is hw3 due?", "due hw3"),
        ("stop reminding me", "quiet"),
        ("I want to leave", "leave"),
        ("I do not want to leave", "nothing"),
        ("who do I ask about pset 2?", "who hw2"),
        ("here is my hw3: https://example.org/hw3", "hand_in hw3"),
        ("did I pass hw2?", "progress hw2"),
        ("I don't need an extension", "nothing"),
        ("purple elephants dance", "-"),
    ],
)
def test_what_people_say_most_is_understood_to_the_letter(words: str, meant: str) -> None:
    assert meant in in_words(read(words))


def test_of_the_table_nearly_all_is_understood_and_hardly_anything_wrongly() -> None:
    taken = [(in_words(read(words, role)), [one.strip() for one in meant]) for words, role, meant in rows()]
    right = sum(1 for found, meant in taken if found & {each.split()[0] for each in meant})
    wrong = sum(1 for found, meant in taken if found != {"-"} and not found & {each.split()[0] for each in meant})
    assert right >= 0.93 * len(taken)
    assert wrong <= 0.02 * len(taken)


def test_what_is_named_with_a_wish_is_read_with_it() -> None:
    """Where the place is right, the assignment and until when are those of the table."""
    for words, role, meant in rows():
        found, full = in_words(read(words, role)), {one.strip() for one in meant}
        if found & {one.split()[0] for one in full} and not found & full:
            assert not {one for one in full if one.split()[0] in found}, (words, found, full)


def test_the_table_holds_every_intent() -> None:
    named = {one.split()[0] for _, _, meant in rows() for one in meant}
    assert {intent.value for intent in Intent} <= named


@given(st.text(max_size=600), st.sampled_from(Role))
def test_nothing_anybody_writes_breaks_the_reading(words: str, role: Role) -> None:
    found = read(words, role)
    assert found is None or found.assignment in {"", *WORKS}
    is_hours_only(words)


@given(st.sampled_from([words for words, _, _ in rows()]), st.sampled_from(Role))
def test_case_and_marks_change_nothing(words: str, role: Role) -> None:
    assert read(words.upper(), role) == read(words, role) or "http" in words
    assert read(f"  {words}  ", role) == read(words, role)


def test_staff_wish_for_nothing_that_only_students_have() -> None:
    for words, _, _ in rows():
        for role in (Role.TA, Role.ORGANIZER):
            found = read(words, role)
            students_own = {Intent.MORE_TIME, Intent.HAND_IN, Intent.LEAVE, Intent.QUIET, Intent.CHECK_IN, Intent.DROP}
            assert found is None or found.intent not in students_own


def test_what_two_assignments_are_called_names_neither() -> None:
    found = understand("can I have more time for homework 3", Role.STUDENT, {"hw3": "Set 3", "ps3": "Sheet 3"}, TODAY)
    assert found is not None
    assert found.assignment == ""


def test_a_long_letter_is_left_to_people() -> None:
    assert read("I need more time. " * (LONGEST // 10)) is None


@pytest.mark.parametrize(
    ("words", "is_reply"),
    [
        ("12 hours, stuck on backprop", True),
        ("can I get 12 hours more for hw3?", False),
        ("book 1 hour with a TA", False),
    ],
)
def test_hours_are_a_check_in_only_where_nothing_else_is_meant(words: str, *, is_reply: bool) -> None:
    assert is_hours_only(words) is is_reply
