"""What each feature's rows answer, beyond coming back the same."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cohort.assignments import Assignment
from cohort.errors import AlreadySeen
from cohort.extensions import Category, Extension, ExtensionRequest, Lapse, Origin, State
from cohort.nudges import Offer, OfferState
from cohort.roster import Member, Role
from cohort.submissions import Submission
from storage.database import Database
from storage.records import Records
from tests.conftest import NOON
from tests.storage.trials import a_trial

DAY = timedelta(days=1)


def a_request(number: int = 1, state: State = State.PENDING, student: str = "mem_ada") -> ExtensionRequest:
    asked_at = NOON + number * timedelta(minutes=1)
    return ExtensionRequest(f"req_{number}", student, "asg_hw3", state, asked_at, asked_at + DAY)


def an_extension(number: int, origin: Origin = Origin.POLICY, student: str = "mem_ada") -> Extension:
    return Extension(f"ext_{number}", student, "asg_hw3", NOON + number * DAY, DAY, origin, NOON + number * DAY)


def an_offer(number: int, records: Records, assignment: Assignment, state: OfferState = OfferState.OPEN) -> Offer:
    records.assignments.save(replace(assignment, id=f"asg_{number}", slug=f"n{number}"))
    offer = Offer(f"off_{number}", "mem_ada", f"asg_{number}", "nud_1", 2, state, NOON + number * DAY)
    records.nudges.add_offer(offer)
    return offer


class TestRoster:
    """Members."""

    def test_members_are_found_by_email_whatever_its_case_and_by_account(self, cohort: Database, ada: Member) -> None:
        with cohort.reading() as records:
            assert records.roster.by_email("ADA@Example.ORG") == ada
            assert records.roster.by_email("ad_@example.org") is None
            assert records.roster.by_slack_id("U0ADA") == ada
            assert records.roster.by_slack_id("U0EVE") is None

    def test_everyone_is_by_email_and_a_role_by_name(self, cohort: Database) -> None:
        with cohort.reading() as records:
            assert [m.name for m in records.roster.all()] == ["Ada", "Bo", "Tara", "Tom"]
            assert [m.name for m in records.roster.with_role(Role.TA)] == ["Tara", "Tom"]
            assert records.roster.with_role(Role.ORGANIZER) == []

    def test_who_has_no_account_yet_is_listed_until_linked(self, cohort: Database, bo: Member) -> None:
        with a_trial(cohort) as records:
            assert records.roster.unlinked() == []
            alone = replace(bo, slack_id=None)
            records.roster.save(alone)
            assert records.roster.unlinked() == [alone]
            assert not records.roster.link(bo.id, "U0ADA", "UTC")
            assert records.roster.link(bo.id, "U0NEW", "Asia/Tokyo")
            assert not records.roster.link(bo.id, "U0NEWER", "UTC")
            assert records.roster.unlinked() == []
            assert records.roster.get(bo.id) == replace(bo, slack_id="U0NEW", zone="Asia/Tokyo")

    def test_a_zone_follows(self, cohort: Database, bo: Member) -> None:
        with a_trial(cohort) as records:
            records.roster.set_zone(bo.id, "Asia/Tokyo")
            assert records.roster.get(bo.id) == replace(bo, zone="Asia/Tokyo")

    def test_erasing_leaves_an_id_and_the_address_is_free_again(self, cohort: Database, ada: Member) -> None:
        told = replace(ada, preferred_name="A.", track="theory", accommodation_days=3, joined_at=NOON)
        with a_trial(cohort) as records:
            records.roster.save(told)
            for _ in range(2):
                records.roster.erase(ada.id)
            assert records.roster.get(ada.id) == Member(
                ada.id, f"erased-{ada.id}@invalid", "Erased", Role.STUDENT, "UTC", joined_at=NOON
            )
            records.roster.save(replace(ada, id="mem_ada2"))


class TestWork:
    """Assignments and submissions."""

    def test_assignments_come_by_due_time_and_those_without_last(self, store: Database, hw3: Assignment) -> None:
        no_due = replace(hw3, id="asg_1", slug="a", due_at=None)
        same = replace(hw3, id="asg_2", slug="HW2")
        early = replace(hw3, id="asg_3", slug="z", due_at=NOON)
        with a_trial(store) as records:
            for assignment in (no_due, hw3, same, early):
                records.assignments.save(assignment)
            assert records.assignments.all() == [early, same, hw3, no_due]

    def test_an_attempt_that_comes_again_changes_and_keeps_its_id(self, cohort: Database) -> None:
        first = Submission("sub_1", "asg_hw3", "mem_ada", 1, NOON)
        with a_trial(cohort) as records:
            records.submissions.save_many([first])
            records.submissions.save_many(iter([Submission("sub_2", "asg_hw3", "mem_ada", 1, NOON + DAY, 80.0)]))
            assert list(records.submissions.every()) == [replace(first, submitted_at=NOON + DAY, score=80.0)]

    def test_excuses_and_words_about_hand_ins(self, cohort: Database) -> None:
        pair = ("mem_ada", "asg_hw3")
        with a_trial(cohort) as records:
            assert records.submissions.excused() == records.submissions.claimed_handed_in() == set()
            records.submissions.excuse(*pair, NOON, "mem_tara")
            records.submissions.claim_handed_in(*pair, NOON)
            assert records.submissions.is_excused(*pair)
            assert not records.submissions.is_excused("mem_bo", "asg_hw3")
            assert records.submissions.excused() == records.submissions.claimed_handed_in() == {pair}


class TestRequests:
    """Requests for more time."""

    @pytest.mark.parametrize("state", [State.PENDING, State.TALKING])
    def test_there_is_one_open_request_at_most(self, cohort: Database, state: State) -> None:
        with a_trial(cohort) as records:
            for number, ended in enumerate(s for s in State if not s.is_open):
                records.requests.add(a_request(10 + number, ended))
            records.requests.add(a_request(1, state))
            records.requests.add(a_request(2, student="mem_bo"))
            with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
                records.requests.add(a_request(3))

    def test_a_student_s_come_newest_first_and_what_waits_oldest_first(self, cohort: Database) -> None:
        old, new, other = a_request(1, State.DECLINED), a_request(3, State.TALKING), a_request(2, student="mem_bo")
        with a_trial(cohort) as records:
            for request in (new, old, other):
                records.requests.add(request)
            assert records.requests.of("mem_ada") == [new, old]
            assert records.requests.waiting() == [other, new]

    def test_what_is_unanswered_includes_a_refusal_that_was_not_told(self, cohort: Database) -> None:
        with a_trial(cohort) as records:
            records.requests.add(a_request(1, State.DECLINED))
            records.requests.add(a_request(2, State.APPROVED, student="mem_bo"))
            assert records.requests.unanswered() == {("mem_ada", "asg_hw3")}
            assert records.requests.set_told("req_1", NOON)
            assert records.requests.unanswered() == set()

    def test_a_request_ends_once_talked_about_or_not(self, cohort: Database) -> None:
        lapsed = replace(a_request(), state=State.LAPSED, decided_at=NOON, lapse=Lapse.HANDED_IN)
        with a_trial(cohort) as records:
            records.requests.add(a_request())
            assert records.requests.start_talking("req_1", "mem_tara")
            assert not records.requests.start_talking("req_1", "mem_tom")
            assert records.requests.close(lapsed)
            assert not records.requests.close(replace(lapsed, state=State.APPROVED, lapse=None))
            assert not records.requests.start_talking("req_1", "mem_tom")
            assert records.requests.get("req_1") == lapsed

    def test_reminders_go_up(self, cohort: Database) -> None:
        with a_trial(cohort) as records:
            records.requests.add(a_request())
            records.requests.set_reminded("req_1", 2)
            assert records.requests.get("req_1") == replace(a_request(), reminded=2)

    def test_words_are_erased_of_one_student_or_of_all(self, cohort: Database) -> None:
        def written(number: int, student: str) -> ExtensionRequest:
            request = a_request(number, student=student)
            return replace(request, category=Category.HEALTH, note="a note", decline_reason="a reason")

        def emptied(request: ExtensionRequest) -> ExtensionRequest:
            return replace(request, category=None, note="", decline_reason="")

        adas, bos, quiet = written(1, "mem_ada"), written(2, "mem_bo"), a_request(3, State.APPROVED)
        with a_trial(cohort) as records:
            for request in (adas, bos, quiet):
                records.requests.add(request)
            assert records.requests.erase_words("mem_ada") == 1
            assert records.requests.of("mem_ada") == [quiet, emptied(adas)]
            assert records.requests.of("mem_bo") == [bos]
            assert records.requests.erase_words() == 1
            assert records.requests.of("mem_bo") == [emptied(bos)]
            assert records.requests.erase_words() == 0


class TestExtensions:
    """Time granted."""

    def test_only_what_nobody_decided_counts_towards_the_limit(self, cohort: Database) -> None:
        with a_trial(cohort) as records:
            for number, origin in enumerate(Origin):
                records.extensions.add(an_extension(number, origin))
            records.extensions.add(an_extension(9, student="mem_bo"))
            assert records.extensions.automatic_grants("mem_ada") == 3
            assert records.extensions.automatic_grants("mem_tara") == 0

    def test_they_come_oldest_first_and_a_student_s_together(self, cohort: Database) -> None:
        adas, bos, later = an_extension(2), an_extension(1, student="mem_bo"), an_extension(3)
        with a_trial(cohort) as records:
            for extension in (later, bos, adas):
                records.extensions.add(extension)
            assert records.extensions.of("mem_ada") == [adas, later]
            assert records.extensions.on("asg_hw3") == [bos, adas, later]
            assert list(records.extensions.every()) == [adas, later, bos]

    def test_an_end_can_move(self, cohort: Database) -> None:
        with a_trial(cohort) as records:
            records.extensions.add(an_extension(1))
            records.extensions.set_until("ext_1", NOON + 5 * DAY)
            assert records.extensions.of("mem_ada") == [replace(an_extension(1), until_at=NOON + 5 * DAY)]


class TestNudges:
    """Nudges and offers."""

    def test_a_student_is_nudged_about_one_thing_once_a_kind(self, cohort: Database) -> None:
        with a_trial(cohort) as records:
            for nudge_id, kind in (("nud_1", "missed"), ("nud_2", "soon"), ("nud_3", "missed")):
                records.nudges.add(nudge_id, "mem_ada", kind, NOON)
            records.nudges.add_items("nud_1", "mem_ada", "missed", ["asg_hw3"])
            records.nudges.add_items("nud_2", "mem_ada", "soon", ["asg_hw3"])
            with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
                records.nudges.add_items("nud_3", "mem_ada", "missed", ["asg_hw3"])
            assert records.nudges.nudged("missed") == {("mem_ada", "asg_hw3")}
            assert records.nudges.nudged("other") == set()

    def test_one_offer_an_assignment_ever(self, cohort: Database, hw3: Assignment) -> None:
        with a_trial(cohort) as records:
            records.nudges.add("nud_1", "mem_ada", "missed", NOON)
            offer = an_offer(1, records, hw3, OfferState.LAPSED)
            with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
                records.nudges.add_offer(replace(offer, id="off_2", state=OfferState.OPEN))

    def test_offers_lapse_when_their_time_is_over_and_only_open_ones(self, cohort: Database, hw3: Assignment) -> None:
        with a_trial(cohort) as records:
            records.nudges.add("nud_1", "mem_ada", "missed", NOON)
            over, taken = an_offer(0, records, hw3), an_offer(1, records, hw3, OfferState.TAKEN)
            due, still = an_offer(2, records, hw3), an_offer(3, records, hw3)
            assert records.nudges.lapse_offers(NOON + 2 * DAY) == 2
            lapsed = [replace(offer, state=OfferState.LAPSED) for offer in (over, due)]
            assert records.nudges.offers_of("mem_ada") == [lapsed[0], taken, lapsed[1], still]
            assert not records.nudges.close_offer(over.id, OfferState.TAKEN)

    def test_time_granted_another_way_closes_the_offer_about_it(self, cohort: Database, hw3: Assignment) -> None:
        with a_trial(cohort) as records:
            records.nudges.add("nud_1", "mem_ada", "missed", NOON)
            one, other = an_offer(1, records, hw3), an_offer(2, records, hw3)
            for state in (OfferState.REPLACED, OfferState.TAKEN):
                records.nudges.close_offers_on("mem_ada", one.assignment_id, state)
            assert records.nudges.offers_of("mem_ada") == [replace(one, state=OfferState.REPLACED), other]


class TestRunning:
    """Lease, jobs, deliveries and duties."""

    def test_the_lease_is_renewed_by_its_holder_and_taken_over_when_it_ran_out(self, store: Database) -> None:
        def seconds(count: int) -> timedelta:
            return timedelta(seconds=count)

        with a_trial(store) as records:
            assert records.lease.take("one", NOON, NOON + seconds(30))
            assert not records.lease.take("two", NOON + seconds(29), NOON + seconds(59))
            assert records.lease.take("one", NOON + seconds(10), NOON + seconds(40))
            assert not records.lease.take("two", NOON + seconds(39), NOON + seconds(69))
            assert records.lease.take("two", NOON + seconds(40), NOON + seconds(70))
            assert not records.lease.take("one", NOON + seconds(41), NOON + seconds(71))

    def test_a_lease_is_given_back_by_its_holder_only(self, store: Database) -> None:
        with a_trial(store) as records:
            records.lease.take("one", NOON, NOON + DAY)
            records.lease.release("two")
            assert not records.lease.take("two", NOON, NOON + DAY)
            records.lease.release("one")
            assert records.lease.take("two", NOON, NOON + DAY)

    def test_a_run_of_a_job_is_noted_with_how_it_ended(self, store: Database) -> None:
        with a_trial(store) as records:
            assert records.jobs.last_due("missed") is None
            assert records.jobs.start("missed", NOON, NOON)
            assert not records.jobs.start("missed", NOON, NOON + DAY)
            assert records.jobs.start("backup", NOON, NOON)
            records.jobs.finish("missed", NOON, NOON + DAY, "ValueError")
            ended = records.connection.execute("SELECT job, finished_at, problem FROM job_runs ORDER BY id")
            assert ended.fetchall() == [
                ("missed", "2026-07-02T12:00:00.000+00:00", "ValueError"),
                ("backup", None, ""),
            ]

    def test_a_job_s_latest_due_run_is_never_forgotten_whichever_was_started_last(self, store: Database) -> None:
        with a_trial(store) as records:
            for days in (0, 5, 2):
                records.jobs.start("missed", NOON + days * DAY, NOON + 9 * DAY)
            records.jobs.start("backup", NOON, NOON)
            assert records.jobs.prune(NOON + 30 * DAY) == 2
            assert records.jobs.last_due("missed") == NOON + 5 * DAY
            assert records.jobs.last_due("backup") == NOON

    def test_a_delivery_is_seen_again_until_it_is_forgotten(self, store: Database) -> None:
        with a_trial(store) as records:
            assert not records.deliveries.has("Ev01")
            records.deliveries.add("Ev01", NOON)
            records.deliveries.add("Ev02", NOON + DAY)
            assert records.deliveries.has("Ev01")
            with pytest.raises(AlreadySeen):
                records.deliveries.add("Ev01", NOON)
            assert records.deliveries.prune(NOON + DAY) == 1
            assert not records.deliveries.has("Ev01")
            assert records.deliveries.has("Ev02")

    def test_a_duty_passes_to_whoever_is_assigned_last(self, cohort: Database) -> None:
        monday = date(2026, 6, 29)
        with a_trial(cohort) as records:
            records.duties.assign("extensions", monday, "mem_tara")
            records.duties.assign("extensions", monday, "mem_tom")
            records.duties.assign("questions", monday, "mem_tara")
            records.duties.assign("extensions", monday + 7 * DAY, "mem_tara")
            assert records.duties.holder("extensions", monday) == "mem_tom"
            assert records.duties.from_week("extensions", monday + DAY) == [(monday + 7 * DAY, "mem_tara")]
