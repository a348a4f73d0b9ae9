"""Many do the same at once: exactly one has done it, and the others are told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cohort.errors import AlreadySeen
from cohort.extensions import ExtensionRequest, State
from cohort.nudges import Offer, OfferState
from cohort.roster import Member, Role
from storage.database import Database
from storage.opening import claim
from storage.outbox import Letter, Post
from storage.programme import Identity
from storage.records import Records
from tests.conftest import NOON
from tests.storage.trials import THREADS, in_transactions

ONE_WINNER = [False] * (THREADS - 1) + [True]
PENDING = ExtensionRequest("req_1", "mem_ada", "asg_hw3", State.PENDING, NOON, NOON + timedelta(hours=12))
OFFER = Offer("off_1", "mem_ada", "asg_hw3", "nud_1", 2, OfferState.OPEN, NOON + timedelta(hours=72))


def test_one_decision_about_a_request_counts(cohort: Database) -> None:
    with cohort.transaction() as records:
        records.requests.add(PENDING)
    ends = [
        replace(PENDING, state=state, decided_by=by, decided_at=NOON + timedelta(minutes=number))
        for number, (state, by) in enumerate([(State.APPROVED, "mem_tara"), (State.DECLINED, "mem_tom")] * 8)
    ]
    won = in_transactions(cohort, lambda records, number: records.requests.close(ends[number]))
    assert sorted(won) == ONE_WINNER
    with cohort.reading() as records:
        assert records.requests.get("req_1") == ends[won.index(True)]


def test_one_ta_starts_talking(cohort: Database) -> None:
    with cohort.transaction() as records:
        records.requests.add(PENDING)
    by = ["mem_tara", "mem_tom"] * 8
    won = in_transactions(cohort, lambda records, number: records.requests.start_talking("req_1", by[number]))
    assert sorted(won) == ONE_WINNER
    with cohort.reading() as records:
        assert records.requests.get("req_1") == replace(PENDING, state=State.TALKING, decided_by=by[won.index(True)])


def test_a_decision_is_told_once(cohort: Database) -> None:
    with cohort.transaction() as records:
        records.requests.add(PENDING)
    assert sorted(in_transactions(cohort, lambda records, _: records.requests.set_told("req_1", NOON))) == ONE_WINNER


def test_an_offer_is_taken_once(cohort: Database) -> None:
    with cohort.transaction() as records:
        records.nudges.add("nud_1", "mem_ada", "missed", NOON)
        records.nudges.add_offer(OFFER)
    took = in_transactions(cohort, lambda records, _: records.nudges.close_offer("off_1", OfferState.TAKEN))
    assert sorted(took) == ONE_WINNER


def test_a_member_is_linked_to_one_account(store: Database, ada: Member) -> None:
    with store.transaction() as records:
        records.roster.save(replace(ada, slack_id=None))
    won = in_transactions(store, lambda records, number: records.roster.link(ada.id, f"U{number}", "UTC"))
    assert sorted(won) == ONE_WINNER
    with store.reading() as records:
        assert records.roster.get(ada.id) == replace(ada, slack_id=f"U{won.index(True)}", zone="UTC")


def test_an_account_is_linked_to_one_member(store: Database) -> None:
    students = [Member(f"mem_{n}", f"s{n}@example.org", f"Student {n:03}", Role.STUDENT, "UTC") for n in range(THREADS)]
    with store.transaction() as records:
        for student in students:
            records.roster.save(student)
    won = in_transactions(store, lambda records, number: records.roster.link(f"mem_{number}", "U01", "UTC"))
    assert sorted(won) == ONE_WINNER
    with store.reading() as records:
        assert records.roster.by_slack_id("U01") == replace(students[won.index(True)], slack_id="U01")


def test_a_delivery_is_noted_once(store: Database) -> None:
    def note(records: Records, _: int) -> bool:
        try:
            records.deliveries.add("Ev01", NOON)
        except AlreadySeen:
            return False
        return True

    assert sorted(in_transactions(store, note)) == ONE_WINNER


def test_a_run_of_a_job_starts_once(store: Database) -> None:
    assert sorted(in_transactions(store, lambda records, _: records.jobs.start("missed", NOON, NOON))) == ONE_WINNER


def test_one_process_has_the_lease(store: Database) -> None:
    until_at = NOON + timedelta(seconds=30)
    taken = in_transactions(store, lambda records, number: records.lease.take(f"h{number}", NOON, until_at))
    assert sorted(taken) == ONE_WINNER


def test_one_message_is_queued_under_one_key(store: Database) -> None:
    letter = Letter("extensions.decided", "member:mem_ada", {}, "decided:req_1", NOON, NOON)
    assert sorted(in_transactions(store, lambda records, _: records.outbox.add(letter))) == ONE_WINNER


def test_a_post_is_noted_once(store: Database) -> None:
    post = Post("C01", "1.2", "req_1", "extensions.card")
    assert sorted(in_transactions(store, lambda records, _: records.outbox.add_post(post))) == ONE_WINNER


def test_an_excuse_and_a_word_about_a_hand_in_are_news_once(cohort: Database) -> None:
    excused = in_transactions(
        cohort, lambda records, _: records.submissions.excuse("mem_ada", "asg_hw3", NOON, "mem_tara")
    )
    claimed = in_transactions(
        cohort, lambda records, _: records.submissions.claim_handed_in("mem_ada", "asg_hw3", NOON)
    )
    assert sorted(excused) == sorted(claimed) == ONE_WINNER


@pytest.mark.parametrize("workers", [4, THREADS])
def test_no_message_is_claimed_twice(store: Database, workers: int) -> None:
    with store.transaction() as records:
        for number in range(100):
            records.outbox.add(Letter("k", "channel:staff", {"number": number}, f"k{number}", NOON, NOON))

    def claim_all(records: Records, number: int) -> list[int]:
        return [letter.data["number"] for letter in records.outbox.claim(f"w{number % workers}", NOON, 7)]

    claimed = [number for numbers in in_transactions(store, claim_all) for number in numbers]
    assert sorted(claimed) == list(range(100))


def test_a_new_database_becomes_one_programmes(store: Database) -> None:
    in_transactions(store, lambda records, _: claim(records, Identity("Summer", "T01")))
    with store.reading() as records:
        assert records.programme.identity() == Identity("Summer", "T01")
