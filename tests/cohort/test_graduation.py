"""Where a student stands towards graduating: one mark for each piece of work, and a sentence that is always true."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.extensions import Case, Extension, Origin
from cohort.graduation import (
    Forecast,
    Ledger,
    Mark,
    NoDrop,
    Outlook,
    Standing,
    forecast,
    ledger_of,
    standing_of,
    why_not_dropped,
)
from cohort.own_work import Arrangements, Retry, RetryReason, TrackItem
from cohort.roster import Member, Role
from cohort.submissions import Submission

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSES = NOW + 40 * DAY
HARD = NOW + 30 * DAY
ADA = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, "Europe/London")
HW = Assignment("asg_hw", "hw", "Homework", Kind.WRITTEN, HARD, due_at=NOW + DAY, pass_mark=70.0)
LATE = replace(HW, due_at=NOW - DAY)
CLOSED = replace(LATE, hard_due_at=NOW - DAY / 2)
NOTHING = Arrangements()


def tried(at: datetime = NOW - 2 * DAY, hand_in_id: str = "hin_1", **more: object) -> Submission:
    return replace(Submission("sub", HW.id, ADA.id, 1, at, hand_in_id=hand_in_id), **more)  # type: ignore[arg-type] # any field


def again(due_at: datetime, opened_at: datetime = NOW - DAY) -> Arrangements:
    retry = Retry("rty", ADA.id, HW.id, "hin_1", RetryReason.NOT_YET, opened_at, due_at, CLOSES)
    return Arrangements(retries=[retry])


def standing(
    assignment: Assignment,
    *submissions: Submission,
    arranged: Arrangements = NOTHING,
    claimed: Sequence[str] = (),
    **case: object,
) -> Standing | None:
    known = Case(arranged.owed(assignment), ADA, submissions=submissions, is_dropped=arranged.has_dropped(assignment))
    return standing_of(assignment, replace(known, **case), arranged, claimed, NOW)  # type: ignore[arg-type] # any field


EXTENDED = [Extension("ext", ADA.id, HW.id, NOW + DAY, 2 * DAY, Origin.TA, NOW - DAY)]
DROPPED = Arrangements(dropped=frozenset({HW.id}))
MARKS = [
    pytest.param(standing(HW), Mark.DUE, True, id="due"),
    pytest.param(standing(replace(HW, due_at=None)), Mark.DUE, True, id="no due time"),
    pytest.param(standing(LATE), Mark.MISSED, True, id="late, and still taken"),
    pytest.param(standing(LATE, extensions=EXTENDED), Mark.DUE, True, id="more time"),
    pytest.param(standing(CLOSED), Mark.MISSED, False, id="closed"),
    pytest.param(standing(CLOSED, claimed=[HW.id]), Mark.WAITING, True, id="said to be handed in"),
    pytest.param(standing(CLOSED, tried()), Mark.WAITING, True, id="waits for its grade"),
    pytest.param(standing(HW, tried(score=70.0)), Mark.PASSED, False, id="passed by its score"),
    pytest.param(standing(HW, tried(passed=True), is_excused=True), Mark.PASSED, False, id="passed and excused"),
    pytest.param(standing(HW, tried(score=50.0), is_excused=True), Mark.EXCUSED, False, id="excused"),
    pytest.param(standing(HW, tried(score=50.0)), Mark.RETRY, True, id="not passed, still taken"),
    pytest.param(standing(CLOSED, tried(score=50.0)), Mark.MISSED, False, id="not passed, closed"),
    pytest.param(
        standing(replace(CLOSED, pass_mark=None), tried(score=50.0)), Mark.WAITING, True, id="nobody knows what passes"
    ),
    pytest.param(
        standing(CLOSED, tried(passed=False), arranged=again(NOW + DAY)), Mark.RETRY, True, id="a date of its own"
    ),
    pytest.param(
        standing(CLOSED, tried(passed=False), arranged=again(NOW - DAY / 2)), Mark.MISSED, True, id="its date is past"
    ),
    pytest.param(standing(CLOSED, tried(), arranged=again(NOW + DAY)), Mark.RETRY, True, id="the rest of a part"),
    pytest.param(
        standing(CLOSED, tried(passed=False), tried(NOW, "hin_2"), arranged=again(NOW + DAY)),
        Mark.WAITING,
        True,
        id="tried again",
    ),
    pytest.param(standing(LATE, arranged=DROPPED), Mark.DROPPED, True, id="dropped"),
    pytest.param(standing(CLOSED, arranged=DROPPED), Mark.DROPPED, False, id="dropped and closed"),
    pytest.param(standing(HW, tried(passed=True), arranged=DROPPED), Mark.PASSED, False, id="dropped, then passed"),
    pytest.param(standing(replace(LATE, droppable=False), arranged=DROPPED), Mark.MISSED, True, id="never dropped"),
    pytest.param(standing(LATE, student=replace(ADA, joined_at=NOW)), Mark.DUE, True, id="due before they joined"),
]


@pytest.mark.parametrize(("found", "mark", "is_open"), MARKS)
def test_each_piece_of_work_has_one_mark(found: Standing, mark: Mark, is_open: bool) -> None:
    assert (found.mark, found.mark in {Mark.PASSED, Mark.EXCUSED} or found.is_open) == (
        mark,
        is_open or mark in {Mark.PASSED, Mark.EXCUSED},
    )
    assert found.needed


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(standing(replace(HW, cancelled=True)), id="cancelled"),
        pytest.param(standing(replace(HW, kind=Kind.LECTURE)), id="a lecture"),
        pytest.param(standing(replace(HW, required=False)), id="optional"),
        pytest.param(standing(CLOSED, student=replace(ADA, joined_at=NOW)), id="closed before they joined"),
        pytest.param(standing(HW, arranged=Arrangements({"asg_x": TrackItem("slow", "asg_x", True)})), id="no track's"),
    ],
)
def test_what_does_not_count_is_left_out(found: Standing | None) -> None:
    assert found is None


def test_optional_work_that_was_chosen_is_shown_and_stands_in_nobodys_way() -> None:
    found = standing(replace(CLOSED, required=False), arranged=Arrangements(chosen=frozenset({HW.id})))
    assert found is not None
    assert not found.needed
    assert forecast(ledger_of([found], 0)).outlook is Outlook.DONE


def made(number: int, mark: Mark, *, is_open: bool, droppable: bool) -> Standing:
    assignment = replace(HW, id=f"asg_{number}", slug=f"hw{number}", droppable=droppable or mark is Mark.DROPPED)
    return Standing(assignment, mark, is_open or mark in {Mark.DUE, Mark.RETRY, Mark.WAITING})


PIECES = st.lists(
    st.tuples(st.sampled_from(Mark), st.booleans(), st.sampled_from([True, True, True, False])), max_size=8
)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    pieces = draw(PIECES)
    found = [made(n, mark, is_open=is_open, droppable=drop) for n, (mark, is_open, drop) in enumerate(pieces)]
    return ledger_of(found, draw(st.integers(0, 4)))


def outcomes(ledger: Ledger) -> Iterator[frozenset[str]]:
    """Yield every set of what may come to a pass of all that still can, dropped or not."""
    may = [s.assignment.id for s in ledger.counted if s.is_open and s.mark not in {Mark.PASSED, Mark.EXCUSED}]
    return map(frozenset, chain.from_iterable(combinations(may, size) for size in range(len(may) + 1)))


def graduates(ledger: Ledger, passed: frozenset[str]) -> bool:
    """Count it out: all that is required is passed or waived, but for what may be left out."""
    not_passed = [
        s.assignment
        for s in ledger.counted
        if s.mark not in {Mark.PASSED, Mark.EXCUSED} and s.assignment.id not in passed
    ]
    return len(not_passed) <= ledger.drops_allowed and all(a.droppable for a in not_passed)


def promises(said: Forecast, passed: frozenset[str]) -> bool:
    """Read the sentence: does it say that a student who passes these graduates?"""
    if said.outlook is Outlook.OUT_OF_REACH:
        return False
    of_left = sum(a.id in passed for a in said.left)
    return of_left >= said.passes and all(a.id in passed for a in said.must)


@given(ledgers())
def test_the_sentence_is_true_whatever_becomes_of_what_is_left(ledger: Ledger) -> None:
    said = forecast(ledger)
    dropped = {s.assignment.id for s in ledger.dropped}
    for passed in outcomes(ledger):
        if said.outlook is Outlook.TAKE_BACK or not passed & dropped:
            assert promises(said, passed) == graduates(ledger, passed)
        elif said.outlook is Outlook.OUT_OF_REACH:
            assert not graduates(ledger, passed)


@given(ledgers())
def test_what_is_out_of_reach_is_in_reach_once_that_is_waived(ledger: Ledger) -> None:
    said = forecast(ledger)
    if said.outlook is not Outlook.OUT_OF_REACH:
        return
    order = [*said.must, *(a for a in said.without if a not in said.must)]
    assert 0 < said.too_many <= len(order)
    for count in (said.too_many - 1, said.too_many):
        waived = {a.id for a in order[:count]}
        eased = [replace(s, mark=Mark.EXCUSED) if s.assignment.id in waived else s for s in ledger.standings]
        is_out = forecast(Ledger(eased, ledger.drops_allowed)).outlook is Outlook.OUT_OF_REACH
        assert is_out == (count < said.too_many)


@given(ledgers())
def test_who_drops_what_may_be_dropped_can_still_graduate(ledger: Ledger) -> None:
    if forecast(ledger).outlook is Outlook.OUT_OF_REACH:
        return
    for each in ledger.standings:
        if each.mark is Mark.DROPPED or why_not_dropped(each, ledger, CLOSES, NOW) is not None:
            continue
        after = [replace(s, mark=Mark.DROPPED) if s is each else s for s in ledger.standings]
        said = forecast(Ledger(after, ledger.drops_allowed))
        assert said.outlook not in {Outlook.OUT_OF_REACH, Outlook.TAKE_BACK} or not each.is_open


DUE = made(0, Mark.DUE, is_open=True, droppable=True)
REFUSED = [
    (None, 2, NoDrop.NOT_COUNTED),
    (replace(DUE, needed=False), 2, NoDrop.NOT_COUNTED),
    (replace(DUE, mark=Mark.PASSED), 2, NoDrop.PASSED),
    (replace(DUE, mark=Mark.EXCUSED), 2, NoDrop.EXCUSED),
    (replace(DUE, mark=Mark.WAITING), 2, NoDrop.WAITING),
    (replace(DUE, assignment=replace(HW, droppable=False)), 2, NoDrop.UNDROPPABLE),
    (DUE, 0, NoDrop.USED_UP),
    (DUE, 1, None),
    (replace(DUE, mark=Mark.MISSED, is_open=False), 1, None),
    (replace(DUE, mark=Mark.DROPPED), 0, None),
]


@pytest.mark.parametrize(("found", "allowed", "why"), REFUSED)
def test_what_can_be_left_out(found: Standing | None, allowed: int, why: NoDrop | None) -> None:
    ledger = ledger_of([found], allowed)
    assert why_not_dropped(found, ledger, CLOSES, NOW) is why
    if found is not None and found.needed:
        assert why_not_dropped(found, ledger, NOW, NOW) is NoDrop.OVER


def test_two_that_are_lost_leave_none_to_drop() -> None:
    lost = [made(n, Mark.MISSED, is_open=False, droppable=True) for n in (1, 2)]
    ledger = ledger_of([DUE, *lost], 2)
    assert (ledger.drops_left, why_not_dropped(DUE, ledger, CLOSES, NOW)) == (0, NoDrop.USED_UP)


def test_on_course_is_said_where_nothing_was_missed_or_left_out() -> None:
    passed = made(1, Mark.PASSED, is_open=False, droppable=True)
    missed = made(2, Mark.MISSED, is_open=True, droppable=True)
    more = [made(n, Mark.DUE, is_open=True, droppable=True) for n in range(3, 7)]
    work = [s.assignment for s in more]
    assert forecast(ledger_of([passed, *more], 2)) == Forecast(Outlook.ON_COURSE, 2, work, must=[])
    assert forecast(ledger_of([passed, missed, *more], 2)).outlook is Outlook.SOME
