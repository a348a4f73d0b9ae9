"""What is written comes back the same: every field of every record, whatever is in it."""

import string
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.extensions import Category, Extension, ExtensionRequest, Lapse, Origin, State, Why
from cohort.nudges import Offer, OfferState
from cohort.roster import Member, Role, Status
from cohort.submissions import Submission
from storage.audit import AuditLine
from storage.database import Database
from storage.ids import new_id
from storage.instants import instant, text
from storage.jobs import Heartbeat
from storage.outbox import Letter, Post
from storage.programme import Identity
from tests.conftest import NOON
from tests.storage.trials import a_trial

T = TypeVar("T")

# Each example is undone, so that all may use the one store of the test.
trial = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def to_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=zones)
instants = times.map(to_milliseconds)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ids = st.text(string.ascii_lowercase + string.digits, min_size=4, max_size=8).map("id_{}".format)
numbers = st.floats(allow_nan=False)
staff = st.sampled_from(["mem_tara", "mem_tom"])

members = st.builds(
    Member,
    id=ids,
    email=ids.map("{}@example.org".format),
    name=words,
    role=st.sampled_from(Role),
    zone=words,
    slack_id=maybe(ids),
    preferred_name=words,
    status=st.sampled_from(Status),
    track=words,
    accommodation_days=st.integers(0, 60),
    joined_at=maybe(instants),
    left_at=maybe(instants),
)
assignments = st.builds(
    lambda due_at, hard_due_at, **fields: Assignment(
        due_at=due_at and min(due_at, hard_due_at), hard_due_at=hard_due_at, **fields
    ),
    id=ids,
    slug=ids,
    title=words,
    kind=st.sampled_from(Kind),
    hard_due_at=instants,
    due_at=maybe(instants),
    opens_at=maybe(instants),
    week=maybe(st.integers(-1, 60)),
    pass_mark=maybe(numbers),
    required=st.booleans(),
    estimated_hours=maybe(numbers),
    url=words,
    cancelled=st.booleans(),
)
submissions = st.builds(
    Submission,
    id=ids,
    assignment_id=st.just("asg_hw3"),
    student_id=st.just("mem_ada"),
    attempt=st.integers(1, 2**40),
    submitted_at=instants,
    score=maybe(numbers),
)
requests = st.builds(
    ExtensionRequest,
    id=ids,
    student_id=st.just("mem_ada"),
    assignment_id=st.just("asg_hw3"),
    state=st.sampled_from(State),
    asked_at=instants,
    review_by_at=instants,
    until_at=maybe(instants),
    why=maybe(st.sampled_from(Why)),
    category=maybe(st.sampled_from(Category)),
    note=words,
    decided_at=maybe(instants),
    decided_by=maybe(staff),
    granted_until_at=maybe(instants),
    decline_reason=words,
    lapse=maybe(st.sampled_from(Lapse)),
    told_at=maybe(instants),
    reminded=st.integers(0, 3),
)
extensions = st.builds(
    Extension,
    id=ids,
    student_id=st.just("mem_ada"),
    assignment_id=st.just("asg_hw3"),
    until_at=instants,
    length=st.integers(0, 10**8).map(lambda seconds: timedelta(seconds=seconds)),
    origin=st.sampled_from(Origin),
    granted_at=instants,
    granted_by=maybe(staff),
    request_id=st.none(),
)
offers = st.builds(
    Offer,
    id=ids,
    student_id=st.just("mem_ada"),
    assignment_id=st.just("asg_hw3"),
    nudge_id=st.just("nud_1"),
    days=st.integers(1, 60),
    state=st.sampled_from(OfferState),
    lapses_at=instants,
)
facts = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
letters = st.builds(
    Letter,
    kind=words,
    recipient=words,
    data=st.dictionaries(words, facts, max_size=4),
    dedupe_key=words,
    created_at=instants,
    not_before_at=instants,
    expires_at=maybe(instants),
    at_most_once=st.booleans(),
)


@given(times)
def test_an_instant_comes_back_to_the_millisecond_in_utc(at: datetime) -> None:
    assert instant(text(at)) == to_milliseconds(at)
    assert instant(text(at)).tzinfo is UTC
    assert len(text(at)) == 29


@given(times, times)
def test_instants_sort_as_text_as_they_do_in_time(one: datetime, other: datetime) -> None:
    assert (text(one) < text(other)) == (to_milliseconds(one) < to_milliseconds(other))


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        text(NOON.replace(tzinfo=None))


def test_ids_are_random_and_name_what_they_are_of() -> None:
    made = {new_id("req") for _ in range(1000)}
    assert len(made) == 1000
    assert all(one.startswith("req_") and len(one) == 20 for one in made)


@trial
@given(members)
def test_members(store: Database, member: Member) -> None:
    with a_trial(store) as records:
        records.roster.save(member)
        assert records.roster.get(member.id) == member
        assert records.roster.by_email(member.email.upper()) == member
        assert records.roster.all() == records.roster.with_role(member.role) == [member]


@trial
@given(members, members)
def test_a_member_that_is_saved_again_is_changed(store: Database, old: Member, new: Member) -> None:
    changed = Member(old.id, *(getattr(new, field) for field in Member.__slots__[1:]))
    with a_trial(store) as records:
        records.roster.save(old)
        records.roster.save(changed)
        assert records.roster.all() == [changed]


@trial
@given(st.lists(st.tuples(st.sampled_from(Status), instants, maybe(staff)), max_size=5))
def test_the_history_of_a_status(cohort: Database, history: list[tuple[Status, datetime, str | None]]) -> None:
    with a_trial(cohort) as records:
        for status, since_at, changed_by in history:
            records.roster.add_status("mem_ada", status, since_at, changed_by)
        assert records.roster.status_history("mem_ada") == history
        assert records.roster.status_history("mem_bo") == []


@trial
@given(assignments)
def test_assignments(store: Database, assignment: Assignment) -> None:
    with a_trial(store) as records:
        records.assignments.save(assignment)
        assert records.assignments.get(assignment.id) == assignment
        assert records.assignments.all() == [assignment]


@trial
@given(assignments, assignments)
def test_an_assignment_that_is_saved_again_is_changed(store: Database, old: Assignment, new: Assignment) -> None:
    changed = Assignment(old.id, *(getattr(new, field) for field in Assignment.__slots__[1:]))
    with a_trial(store) as records:
        records.assignments.save(old)
        records.assignments.save(changed)
        assert records.assignments.all() == [changed]


@trial
@given(st.lists(submissions, max_size=6, unique_by=(lambda s: s.id, lambda s: s.attempt)))
def test_submissions(cohort: Database, handed_in: list[Submission]) -> None:
    in_order = sorted(handed_in, key=lambda submission: submission.attempt)
    with a_trial(cohort) as records:
        records.submissions.save_many(handed_in)
        assert records.submissions.of("mem_ada", "asg_hw3") == in_order
        assert records.submissions.of_student("mem_ada") == in_order
        assert list(records.submissions.every()) == in_order


@trial
@given(requests)
def test_requests(cohort: Database, request: ExtensionRequest) -> None:
    with a_trial(cohort) as records:
        records.requests.add(request)
        assert records.requests.get(request.id) == request
        assert records.requests.of("mem_ada") == [request]
        assert records.requests.waiting() == ([request] if request.state.is_open else [])
        assert records.requests.open_of("mem_ada", "asg_hw3") == (request if request.state.is_open else None)


@trial
@given(extensions)
def test_extensions(cohort: Database, extension: Extension) -> None:
    with a_trial(cohort) as records:
        records.extensions.add(extension)
        assert records.extensions.of("mem_ada") == [extension]
        assert records.extensions.on("asg_hw3") == list(records.extensions.every()) == [extension]
        assert records.extensions.automatic_grants("mem_ada") == int(extension.origin.is_automatic)


@trial
@given(offers)
def test_offers(cohort: Database, offer: Offer) -> None:
    with a_trial(cohort) as records:
        records.nudges.add("nud_1", "mem_ada", "missed", NOON)
        records.nudges.add_offer(offer)
        assert records.nudges.offer(offer.id) == offer
        assert records.nudges.offers_of("mem_ada") == [offer]


@trial
@given(letters)
def test_letters(store: Database, letter: Letter) -> None:
    with a_trial(store) as records:
        assert records.outbox.add(letter)
        (claimed,) = records.outbox.claim("worker", letter.not_before_at, 10)
        assert claimed.attempts == 1
        ((kept, state),) = records.outbox.of_kind(letter.kind)
        assert (kept, state) == (claimed, "sending")
        written = {field: getattr(claimed, field) for field in Letter.__slots__} | {"id": 0, "attempts": 0}
        assert Letter(**written) == letter


@trial
@given(st.builds(Post, words, words, words, words))
def test_posts(store: Database, post: Post) -> None:
    with a_trial(store) as records:
        assert records.outbox.add_post(post)
        assert records.outbox.posts_about(post.subject) == [post]


@trial
@given(st.lists(st.builds(AuditLine, instants, maybe(words), words, words, words), max_size=5))
def test_audit_lines(store: Database, lines: list[AuditLine]) -> None:
    with a_trial(store) as records:
        for line in lines:
            records.audit.add(line.actor_id, line.action, line.subject, line.at, line.detail)
        assert records.audit.all() == lines
        for subject in {line.subject for line in lines}:
            assert records.audit.about(subject) == [line for line in lines if line.subject == subject]


@trial
@given(st.lists(st.builds(Heartbeat, instants, st.booleans(), words), min_size=1, max_size=3))
def test_the_last_heartbeat(store: Database, beats: list[Heartbeat]) -> None:
    with a_trial(store) as records:
        assert records.jobs.heartbeat() is None
        for beat in beats:
            records.jobs.beat(beat.beat_at, beat.holder, is_connected=beat.is_connected)
        assert records.jobs.heartbeat() == beats[-1]


@trial
@given(st.dictionaries(st.dates(date(2000, 1, 1), date(2100, 1, 1)), staff, max_size=4))
def test_duties(cohort: Database, rota: dict[date, str]) -> None:
    with a_trial(cohort) as records:
        for week_on, member_id in rota.items():
            records.duties.assign("extensions", week_on, member_id)
        assert records.duties.from_week("extensions", date.min) == sorted(rota.items())
        assert all(records.duties.holder("extensions", week_on) == holder for week_on, holder in rota.items())


@trial
@given(st.lists(st.builds(Identity, words, maybe(words), maybe(words)), min_size=1, max_size=3))
def test_the_programme(store: Database, known: list[Identity]) -> None:
    with a_trial(store) as records:
        assert records.programme.identity() is None
        for identity in known:
            records.programme.save(identity)
        assert records.programme.identity() == known[-1]


@pytest.mark.parametrize("id_", ["", "mem_ada "])
def test_what_is_not_there_is_none(cohort: Database, id_: str) -> None:
    with cohort.reading() as records:
        assert records.roster.get(id_) is None
        assert records.assignments.get(id_) is None
        assert records.requests.get(id_) is None
        assert records.nudges.offer(id_) is None
        assert records.duties.holder("extensions", date(2026, 6, 29)) is None
