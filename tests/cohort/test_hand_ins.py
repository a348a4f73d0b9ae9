"""What is taken, as what, and until when; and what is wrong with its fields."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.extensions import Case, Extension, Origin
from cohort.hand_in_fields import (
    LINK_MOST,
    LinkProblem,
    NothingGiven,
    Problem,
    TooLong,
    TooShort,
    link_problem,
    problems,
)
from cohort.hand_ins import (
    LINK,
    STRENGTH,
    SUMMARY,
    TEXT,
    WEAKNESS,
    File,
    HandIn,
    HandInState,
    HandInWork,
    NewAttempt,
    NewVersion,
    Refused,
    Side,
    Taking,
    Why,
    grade_by,
    latest_due,
    may_join,
    ready_at,
    take,
)
from cohort.policy import GradingPolicy, HandInPolicy
from cohort.roster import Member, Role, Status
from cohort.submissions import Submission
from cohort.times import wall

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
HARD = NOW + timedelta(days=30)
LONDON = ZoneInfo("Europe/London")
ADA = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, "Europe/London")
HW3 = Assignment("asg_hw3", "hw3", "Problem set 3", Kind.WRITTEN, HARD, DUE, pass_mark=70.0)
MARKED, REFUSED = HandInPolicy(), HandInPolicy(late="refused")


def side(last: HandIn | None = None, **more: object) -> Side:
    return replace(Side(Case(HW3, ADA), last), **more)  # type: ignore[arg-type] # fields by name


def of(**changes: object) -> Side:
    return side(case=Case(replace(HW3, **changes), ADA))  # type: ignore[arg-type] # fields by name


def hand_in(state: HandInState = HandInState.WAITING, *, is_part: bool = False) -> HandIn:
    return HandIn("hin_1", HW3.id, ADA.id, NOW, NOW, NOW, is_part=is_part, state=state)


@pytest.mark.parametrize(
    ("its", "due_at", "policy", "expected"),
    [
        (side(), DUE, MARKED, NewAttempt()),
        (side(tries_again=True), DUE, MARKED, NewAttempt(is_retry=True)),
        (side(), None, REFUSED, NewAttempt()),
        (side(), NOW, REFUSED, NewAttempt()),
        (side(), NOW - timedelta(seconds=1), MARKED, NewAttempt()),
        (side(), NOW - timedelta(seconds=1), REFUSED, Refused(Why.LATE)),
        (side(is_chosen=False), DUE, MARKED, Refused(Why.NOT_CHOSEN)),
        (side(is_dropped=True), DUE, MARKED, NewAttempt()),
        (of(cancelled=True), DUE, MARKED, Refused(Why.CANCELLED)),
        (of(kind=Kind.READING), DUE, MARKED, Refused(Why.NOT_HANDED_IN)),
        (of(opens_at=NOW + timedelta(seconds=1)), DUE, MARKED, Refused(Why.NOT_OPEN)),
        (of(opens_at=NOW), DUE, MARKED, NewAttempt()),
        (of(hard_due_at=NOW), DUE, MARKED, Refused(Why.CLOSED)),
        (of(hard_due_at=NOW + timedelta(seconds=1)), DUE, MARKED, NewAttempt()),
        (side(case=Case(HW3, ADA, is_excused=True)), DUE, MARKED, Refused(Why.EXCUSED)),
        (
            side(case=Case(HW3, ADA, submissions=[Submission("s", HW3.id, ADA.id, 1, NOW, 70.0)])),
            DUE,
            MARKED,
            Refused(Why.PASSED),
        ),
        (
            side(case=Case(HW3, ADA, submissions=[Submission("s", HW3.id, ADA.id, 1, NOW, 69.9)])),
            DUE,
            MARKED,
            NewAttempt(),
        ),
    ],
)  # fmt: skip
def test_what_is_taken(its: Side, due_at: datetime | None, policy: HandInPolicy, expected: Taking) -> None:
    assert take(its, due_at, policy, NOW) == expected


@pytest.mark.parametrize(
    ("state", "is_part", "is_known", "expected"),
    [
        (HandInState.WAITING, False, False, NewVersion(hand_in())),
        (HandInState.WAITING, True, False, NewVersion(hand_in(is_part=True))),
        (HandInState.IN_REVIEW, False, False, NewVersion(hand_in(HandInState.IN_REVIEW))),
        (HandInState.CLAIMED, False, False, Refused(Why.CLAIMED)),
        (HandInState.CLAIMED, True, False, NewAttempt()),
        (HandInState.GRADED, False, False, Refused(Why.HELD)),
        (HandInState.GRADED, True, False, Refused(Why.HELD)),
        (HandInState.GRADED, False, True, NewAttempt()),
        (HandInState.WAITING, False, True, NewAttempt()),
        (HandInState.CLAIMED, False, True, NewAttempt()),
    ],
)
def test_what_was_handed_in_before_decides_as_what_the_next_is_taken(
    state: HandInState, *, is_part: bool, is_known: bool, expected: Taking
) -> None:
    assert take(side(hand_in(state, is_part=is_part), is_known=is_known), DUE, MARKED, NOW) == expected


@given(
    st.sampled_from(HandInState), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.datetimes(NOW.replace(tzinfo=None) - timedelta(days=60), NOW.replace(tzinfo=None) + timedelta(days=60)),
)  # fmt: skip
def test_a_review_never_shows(
    other: HandInState, is_part: bool, is_known: bool, is_chosen: bool, tries_again: bool, naive: datetime
) -> None:
    """Whatever else is the case, what organizers look at is answered exactly like what waits."""
    now, more = naive.replace(tzinfo=UTC), {"is_known": is_known, "is_chosen": is_chosen, "tries_again": tries_again}
    answers = [
        type(take(side(hand_in(state, is_part=is_part), **more), DUE, REFUSED, now))
        for state in (HandInState.WAITING, HandInState.IN_REVIEW)
    ]
    assert answers[0] is answers[1]
    taken = take(side(hand_in(other, is_part=is_part), **more), DUE, REFUSED, now)
    if isinstance(taken, NewVersion):
        assert other in {HandInState.WAITING, HandInState.IN_REVIEW}
    if now >= HARD or now > DUE:
        assert isinstance(taken, Refused)


PAUSED = replace(ADA, status=Status.PAUSED)


@pytest.mark.parametrize(
    ("its", "expected"),
    [
        (side(), True),
        (side(hand_in()), False),
        (side(hand_in(HandInState.GRADED)), False),
        (side(hand_in(HandInState.GRADED), is_known=True), True),
        (side(is_chosen=False), False),
        (side(is_dropped=True), False),
        (side(case=Case(HW3, PAUSED)), False),
        (side(case=Case(HW3, ADA, is_excused=True)), False),
        (of(hard_due_at=NOW), False),
    ],
)
def test_who_can_be_named_as_a_partner(its: Side, *, expected: bool) -> None:
    assert may_join(its, None, NOW) is expected


def test_who_has_a_part_in_it_keeps_it_whatever_came_since() -> None:
    assert may_join(side(hand_in(), case=Case(HW3, PAUSED)), hand_in(), NOW)


def test_partners_have_the_latest_of_their_due_times() -> None:
    longer = Extension("e", ADA.id, HW3.id, DUE + timedelta(days=2), timedelta(days=2), Origin.TA, NOW)
    assert latest_due([side(), side(case=Case(HW3, ADA, [longer]))]) == DUE + timedelta(days=2)
    assert latest_due([of(due_at=None), side()]) == DUE
    assert latest_due([of(due_at=None)]) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.booleans(), st.booleans())
def test_grading_takes_its_days_from_the_later_of_due_and_hand_in(
    naive: datetime, has_due: bool, is_retry: bool
) -> None:
    now = naive.replace(tzinfo=UTC)
    ready = ready_at(DUE if has_due else None, now)
    assert ready == (max(DUE, now) if has_due else now)
    by = grade_by(ready, GradingPolicy(), LONDON, is_retry=is_retry)
    days = (wall(by, LONDON).date() - wall(ready, LONDON).date()).days
    assert days == (2 if is_retry else 4)
    assert by > ready


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://github.com/ada/hw3", None),
        ("http://example.org", None),
        ("HTTPS://Example.org:8443/a?b=c#d", None),
        ("https://example.org/ü/论文", None),
        ("https://example.org/a@b", None),
        ("github.com/ada/hw3", LinkProblem.NO_SCHEME),
        ("ftp://example.org/a", LinkProblem.NO_SCHEME),
        ("javascript:alert(1)", LinkProblem.NO_SCHEME),
        ("file:///etc/passwd", LinkProblem.NO_SCHEME),
        ("https://", LinkProblem.NO_HOST),
        ("https://localhost/a", LinkProblem.NO_HOST),
        ("https://example..org", LinkProblem.NO_HOST),
        ("https://example.org:port/", LinkProblem.NO_HOST),
        ("https://[::1/", LinkProblem.NO_HOST),
        ("https://ada:secret@example.org", LinkProblem.CREDENTIALS),
        ("https://ada@example.org", LinkProblem.CREDENTIALS),
        ("https://example.org/a b", LinkProblem.SPACES),
        ("https://example.org/\n", LinkProblem.SPACES),
        ("https://example.org/\u202ecod", LinkProblem.SPACES),
        ("", LinkProblem.SPACES),
        ("https://example.org/" + "x" * LINK_MOST, LinkProblem.TOO_LONG),
    ],
)
def test_a_link_is_checked_for_its_form(link: str, expected: LinkProblem | None) -> None:
    assert link_problem(link) is expected


@given(st.one_of(st.text(), st.text().map(lambda rest: f"https://{rest}"), st.text().map(lambda r: f"http://a.b/{r}")))
def test_whatever_is_taken_for_a_link_is_one(link: str) -> None:
    if link_problem(link) is None:
        assert link.casefold().startswith(("http://", "https://"))
        assert len(link) <= LINK_MOST
        assert not any(letter.isspace() or not letter.isprintable() for letter in link)
        host = link.partition("://")[2].partition("/")[0]
        assert "." in host
        assert "@" not in host


LABEL = st.text("abcdefghij0123456789", min_size=1, max_size=12)


@given(st.sampled_from(["http", "https"]), st.lists(LABEL, min_size=2, max_size=4), LABEL)
def test_every_plain_address_is_taken(scheme: str, names: list[str], path: str) -> None:
    assert link_problem(f"{scheme}://{'.'.join(names)}/{path}") is None


def work(**content: str) -> HandInWork:
    return HandInWork("hw3", content)


PAPER = {SUMMARY: "s" * 200, STRENGTH: "s" * 60, WEAKNESS: "w" * 60}


@pytest.mark.parametrize(
    ("kind", "handed_in", "expected"),
    [
        (Kind.WRITTEN, work(link="https://example.org"), {}),
        (Kind.PROJECT, work(text="words"), {}),
        (Kind.EXAM, replace(work(), file=File("F1", "a.pdf")), {}),
        (Kind.PROGRAMMING, work(), {LINK: NothingGiven()}),
        (Kind.WRITTEN, work(text=" \n "), {LINK: NothingGiven()}),
        (Kind.WRITTEN, work(summary="of a paper"), {LINK: NothingGiven()}),
        (Kind.WRITTEN, work(link="nowhere"), {LINK: LinkProblem.NO_SCHEME}),
        (Kind.WRITTEN, work(text="x" * 3001), {TEXT: TooLong(3000)}),
        (Kind.PAPER_READING, work(**PAPER), {}),
        (Kind.PAPER_READING, work(**PAPER | {SUMMARY: "s" * 199 + " "}), {SUMMARY: TooShort(200, 199)}),
        (
            Kind.PAPER_READING,
            work(link="https://example.org"),
            {SUMMARY: TooShort(200, 0), STRENGTH: TooShort(60, 0), WEAKNESS: TooShort(60, 0)},
        ),
        (Kind.PAPER_READING, replace(work(summary="so far"), is_part=True), {}),
        (Kind.PAPER_READING, replace(work(), is_part=True), {SUMMARY: NothingGiven()}),
        (Kind.PAPER_READING, replace(work(), is_part=True, file=File("F1", "a")), {SUMMARY: NothingGiven()}),
    ],
)
def test_each_kind_has_its_fields(kind: Kind, handed_in: HandInWork, expected: dict[str, Problem]) -> None:
    assert problems(handed_in, kind, HandInPolicy()) == expected
