"""Erasing a person leaves an id and what was counted, and nothing of who they were or what they wrote."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cohort.assignments import Assignment
from cohort.errors import NotFound
from cohort.extensions import Category, ExtensionRequest, Lapse, State
from cohort.roster import Member, Status
from cohort.submissions import Submission
from services import accounts, outbox
from services.desk import Desk
from services.erase import erase
from services.exports import export_roster
from services.housekeeping import erase_words
from services.imports import import_roster
from tests.conftest import NOON
from tests.services.calendar_world import PLACE, a_series, booked, hours


def test_nothing_of_the_person_is_left_in_the_file(desk: Desk, ada: Member, orla: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, name="Ada Unusual", preferred_name="Adachen", track="rare"))
        records.requests.add(
            ExtensionRequest(
                "req_1", ada.id, hw3.id, State.PENDING, NOON, NOON, category=Category.HEALTH, note="a private word"
            )
        )
        records.submissions.save_many([Submission("sub_1", hw3.id, ada.id, 1, NOON - timedelta(days=1), 85.0)])
        records.submissions.excuse(ada.id, hw3.id, NOON, orla.id, "a confided reason")
        outbox.post(records, "roster.status", outbox.to(ada), {"member": ada.id}, "status:1", NOON)
    erased = erase("ADA@example.org", NOON, desk)
    assert (erased.member_id, erased.lapsed, erased.unsent) == (ada.id, 1, 1)
    with desk.store.reading() as records:
        dump = "\n".join(records.connection.iterdump())
        request = records.requests.get("req_1")
        left = records.roster.get(ada.id)
        assert [s.score for s in records.submissions.of_student(ada.id)] == [85.0]
        lines = [(line.actor_id, line.action, line.detail) for line in records.audit.about(ada.id)]
    for word in ("ada@example.org", "Unusual", "Adachen", "rare", "U0ADA", "private word", "confided", "New_York"):
        assert word.casefold() not in dump.casefold()
    assert request is not None
    assert (request.state, request.lapse) == (State.LAPSED, Lapse.GONE)
    assert left is not None
    assert not left.is_active(NOON)
    assert lines == [(None, "member.erased", "")]
    assert str(erased).startswith(f"Erased; what is left is the id {ada.id}.")
    assert accounts.unlinked(orla, NOON, desk) == []


def test_a_leaving_date_to_come_does_not_keep_the_erased_active(desk: Desk, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, status=Status.WITHDRAWN, left_at=NOON + timedelta(days=5)))
    erase(ada.id, NOON, desk)
    with desk.store.reading() as records:
        left = records.roster.get(ada.id)
    assert left is not None
    assert left.left_at == NOON


def test_the_erased_are_exported_and_imported_like_everyone(desk: Desk, ada: Member) -> None:
    erase(ada.email, NOON, desk)
    assert import_roster(export_roster(desk), NOON, desk).unchanged == 6


def test_a_stranger_can_t_be_erased(desk: Desk) -> None:
    with pytest.raises(NotFound):
        erase("zed@example.org", NOON, desk)


def test_of_office_hours_only_that_they_took_place_is_left(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    slots = hours(desk, a_series(tara, date(2026, 6, 22), time(18), "Europe/London"))
    booked(desk, slots[0], ada, now=NOON - timedelta(days=14))
    booked(desk, slots[1], bo, now=NOON - timedelta(days=14))
    with desk.store.transaction() as records:
        records.connection.execute(
            "INSERT INTO line_places (id, session_id, student_id, joined_at, about, note) VALUES"
            " ('lin_0', ?, ?, '2026-06-22', 'a private word', 'noted of it')",
            (slots[0].session_id, ada.id),
        )
    for person in (ada, tara):
        erase(person.email, NOON, desk)
    with desk.store.reading() as records:
        dump = "\n".join(records.connection.iterdump())
        assert [len(records.bookings.of_student(who.id)) for who in (ada, bo)] == [1, 1]
    assert dump.count("panic over recursion") == 1  # what Bo wrote
    for words in ("a private word", "noted of it", PLACE):
        assert words not in dump
    assert erase_words(desk, datetime(2026, 12, 1, tzinfo=UTC)) == 1
    with desk.store.reading() as records:
        assert "panic over recursion" not in "\n".join(records.connection.iterdump())
