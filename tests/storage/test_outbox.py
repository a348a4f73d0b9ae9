"""Messages wait, are claimed, and end; what was begun when a process died is looked at by kind."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from services.outbox import refresh
from storage.database import Database
from storage.outbox import Letter, Post
from storage.records import Records
from tests.conftest import NOON
from tests.storage.trials import a_trial

LATER = NOON + timedelta(minutes=5)


def put(
    records: Records, key: str, not_before_at: datetime = NOON, *, nudge: bool = False, to: str = "member:m"
) -> None:
    assert records.outbox.add(Letter("k", to, {}, key, NOON, not_before_at, at_most_once=nudge))


def claimed(records: Records, now: datetime = NOON, most: int = 100) -> list[Letter]:
    return records.outbox.claim("w", now, most)


def keys(letters: list[Letter]) -> list[str]:
    return [letter.dedupe_key for letter in letters]


def test_what_is_due_is_claimed_longest_due_first_and_as_much_as_asked(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "second")
        put(records, "third")
        put(records, "first", NOON - timedelta(hours=1))
        put(records, "later", LATER)
        assert records.outbox.next_due_at() == NOON - timedelta(hours=1)
        assert keys(claimed(records, most=2)) == ["first", "second"]
        assert keys(claimed(records)) == ["third"]
        assert claimed(records) == []
        assert records.outbox.next_due_at() == LATER
        assert keys(claimed(records, LATER)) == ["later"]
        assert records.outbox.next_due_at() is None


def test_what_someone_waits_for_goes_before_every_nudge(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "first nudge", NOON - timedelta(hours=1), nudge=True)
        put(records, "second nudge", NOON - timedelta(minutes=1), nudge=True)
        put(records, "card")
        put(records, "answer", NOON - timedelta(minutes=2))
        put(records, "later", LATER)
        assert keys(claimed(records, most=1)) == ["answer"]
        assert keys(claimed(records, most=2)) == ["card", "first nudge"]
        assert keys(claimed(records)) == ["second nudge"]


def test_a_key_is_used_once_whatever_became_of_the_message(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "key")
        (letter,) = claimed(records)
        assert not records.outbox.add(Letter("k", "member:m", {}, "key", NOON, NOON))
        records.outbox.settle(letter.id, "sent", NOON)
        assert not records.outbox.add(Letter("other", "member:n", {"a": 1}, "key", LATER, LATER))
        assert records.outbox.states() == {"sent": 1}


def test_what_is_put_back_is_claimed_again_later_and_counts_its_attempts(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "key")
        (first,) = claimed(records)
        records.outbox.put_back(first.id, LATER, "429")
        assert claimed(records) == []
        (second,) = claimed(records, LATER)
        assert (first.attempts, second.attempts) == (1, 2)
        assert (second.id, second.not_before_at) == (first.id, LATER)


@pytest.mark.parametrize("state", ["sent", "unknown", "failed", "obsolete"])
def test_what_is_settled_is_settled_for_good(store: Database, state: str) -> None:
    with a_trial(store) as records:
        put(records, "key")
        (letter,) = claimed(records)
        assert records.outbox.settle(letter.id, state, NOON, "a problem")
        assert not records.outbox.settle(letter.id, "sent", NOON)
        records.outbox.put_back(letter.id, NOON, "too late")
        assert claimed(records, LATER) == []
        assert records.outbox.states() == {state: 1}


def test_what_nobody_claimed_can_not_be_settled(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "key")
        ((letter, _),) = records.outbox.of_kind("k")
        assert not records.outbox.settle(letter.id, "sent", NOON)
        assert records.outbox.states() == {"queued": 1}


def test_after_a_death_nudges_are_unknown_and_everything_else_is_sent_again(store: Database) -> None:
    with a_trial(store) as records:
        for key in ("nudge 1", "nudge 2"):
            put(records, key, nudge=True)
        put(records, "decision")
        put(records, "sent")
        letters = {letter.dedupe_key: letter for letter in claimed(records)}
        records.outbox.settle(letters["sent"].id, "sent", NOON)
        put(records, "nudge 3", nudge=True)
        assert records.outbox.recover(LATER) == (2, 1)
        assert records.outbox.recover(LATER) == (0, 0)
        assert records.outbox.states() == {"unknown": 2, "sent": 1, "queued": 2}
        again = claimed(records, LATER)
        assert [(letter.dedupe_key, letter.attempts) for letter in again] == [("decision", 2), ("nudge 3", 1)]


def test_messages_to_someone_erased_are_not_sent_any_more(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "on its way", to="member:mem_ada")
        (letter,) = claimed(records)
        put(records, "waits", to="member:mem_ada")
        put(records, "for later", LATER, to="member:mem_ada")
        put(records, "for another", to="member:mem_ada2")
        assert records.outbox.drop_to("member:mem_ada", NOON) == 2
        assert keys(claimed(records, LATER)) == ["for another"]
        assert records.outbox.settle(letter.id, "sent", NOON)
        assert records.outbox.states() == {"obsolete": 2, "sending": 1, "sent": 1}


def test_settled_messages_are_forgotten_but_for_those_that_failed_or_wait(store: Database) -> None:
    with a_trial(store) as records:
        ends = ("sent", "unknown", "obsolete", "failed")
        for state in ends:
            put(records, state)
        for letter in claimed(records):
            records.outbox.settle(letter.id, letter.dedupe_key, NOON)
        put(records, "waits")
        assert records.outbox.prune(NOON) == 0
        assert records.outbox.prune(LATER) == 3
        assert records.outbox.states() == {"failed": 1, "queued": 1}


def test_every_post_about_a_thing_is_updated_once_a_change(store: Database) -> None:
    with a_trial(store) as records:
        for post in (
            Post("C01", "1.2", "req_1", "extensions.card"),
            Post("D02", "1.1", "req_1", "extensions.card"),
            Post("C01", "1.3", "req_2", "extensions.card"),
        ):
            records.outbox.add_post(post)
        for stamp in ("approved", "approved", "told"):
            refresh(records, "extensions.card", {}, "req_1", stamp, NOON)
        updates = Counter(letter.recipient for letter in claimed(records))
    assert updates == {"post:C01:1.2": 2, "post:D02:1.1": 2}


def test_one_message_is_claimed_by_its_id_only_while_it_is_queued_and_due(store: Database) -> None:
    with a_trial(store) as records:
        put(records, "now")
        put(records, "later", LATER)
        (first,) = claimed(records)
        assert records.outbox.claim_one(first.id, "w", NOON) is None
        records.outbox.put_back(first.id, NOON, "")
        again = records.outbox.claim_one(first.id, "w", NOON)
        assert again is not None
        assert (again.dedupe_key, again.attempts) == ("now", 2)
        assert records.outbox.claim_one(first.id + 1, "w", NOON) is None


def test_what_may_have_arrived_is_known_by_its_key(store: Database) -> None:
    with a_trial(store) as records:
        for key in ("sent", "unsure", "held", "never"):
            put(records, key)
        by_key = {letter.dedupe_key: letter for letter in claimed(records)}
        records.outbox.settle(by_key["sent"].id, "sent", NOON)
        records.outbox.put_back(by_key["unsure"].id, LATER, "no answer")
        records.outbox.put_back(by_key["held"].id, LATER, "")
        records.outbox.settle(by_key["never"].id, "obsolete", NOON)
        maybe = [key for key in by_key if records.outbox.maybe_sent([key])]
        assert sorted(maybe) == ["sent", "unsure"]
        assert records.outbox.maybe_sent(["held", "unsure"])
        assert not records.outbox.maybe_sent([])
