"""What importing submissions does: many rows, all checked before any is written, and others can write meanwhile."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest, Lapse, State
from cohort.roster import Member
from cohort.submissions import Submission
from services.desk import Desk
from services.imports import import_submissions
from services.submission_imports import ROWS_AT_ONCE
from tests.conftest import NOON

HEADER = "email,assignment,attempt,submitted_at,score\n"


def test_rows_become_attempts(desk: Desk, ada: Member, hw3: Assignment) -> None:
    content = HEADER + "ADA@example.org,HW3,,2026-07-01 12:30:15.5,85.5\nada@example.org,hw3,2,2026-07-02T01:00Z,\n"
    assert import_submissions(content, NOON, desk).added == 2
    with desk.store.reading() as records:
        first, second = records.submissions.of(ada.id, hw3.id)
    assert (first.attempt, first.submitted_at, first.score) == (
        1,
        datetime(2026, 7, 1, 11, 30, 15, 500_000, UTC),
        85.5,
    )
    assert (second.attempt, second.submitted_at, second.score) == (2, datetime(2026, 7, 2, 1, tzinfo=UTC), None)


def test_a_second_import_says_what_is_new_changed_the_same_and_absent(desk: Desk, ada: Member, hw3: Assignment) -> None:
    rows = [f"{name}@example.org,hw3,1,2026-07-01 12:00,{score}\n" for name, score in (("ada", 50), ("bo", 60))]
    import_submissions(HEADER + "".join(rows), NOON, desk)
    with desk.store.reading() as records:
        (before,) = records.submissions.of(ada.id, hw3.id)
    again = (
        "ada@example.org,hw3,1,2026-07-01 12:00,90\n"
        "chen@example.org,hw3,1,2026-07-01 12:00,\nada@example.org,hw4,1,2026-07-01 12:00,\n"
    )
    tried = import_submissions(HEADER + again, NOON, desk, dry_run=True)
    report = import_submissions(HEADER + again, NOON, desk)
    assert tried == report
    assert (report.added, report.changed, report.unchanged, report.absent) == (2, 1, 0, 1)
    assert import_submissions(HEADER + again, NOON, desk).unchanged == 3
    with desk.store.reading() as records:
        assert records.submissions.of(ada.id, hw3.id) == [
            Submission(before.id, hw3.id, ada.id, 1, before.submitted_at, 90.0)
        ]


@pytest.mark.parametrize(
    ("header", "cell", "score"), [(",score", ",", None), ("", "", 50.0)], ids=["empty cell", "no such column"]
)
def test_a_score_goes_with_an_empty_cell_and_stays_without_the_column(
    desk: Desk, ada: Member, hw3: Assignment, header: str, cell: str, score: float | None
) -> None:
    import_submissions(HEADER + "ada@example.org,hw3,1,2026-07-01 12:00,50\n", NOON, desk)
    import_submissions(
        f"email,assignment,submitted_at{header}\nada@example.org,hw3,2026-07-01 12:00{cell}\n", NOON, desk
    )
    with desk.store.reading() as records:
        assert [s.score for s in records.submissions.of(ada.id, hw3.id)] == [score]


def test_what_was_handed_in_ends_the_request_for_more_time(desk: Desk, ada: Member, hw3: Assignment) -> None:
    asked_at = NOON - timedelta(hours=3)
    with desk.store.transaction() as records:
        records.requests.add(ExtensionRequest("req_1", ada.id, hw3.id, State.PENDING, asked_at, NOON))
    import_submissions(HEADER + "ada@example.org,hw3,1,2026-07-01 12:00,\n", NOON, desk)
    with desk.store.reading() as records:
        request = records.requests.get("req_1")
        audit = [line for line in records.audit.all() if line.action == "imported"]
    assert request is not None
    assert (request.state, request.lapse) == (State.LAPSED, Lapse.HANDED_IN)
    assert [line.detail for line in audit] == ["1 added, 0 changed, 0 unchanged, 0 absent from the file"]


def test_many_rows_are_written_in_parts_between_which_others_can_write(desk: Desk, ada: Member) -> None:
    content = HEADER + "".join(
        f"{name}@example.org,{work},{attempt},2026-07-01 12:00,\n"
        for name in ("ada", "bo", "chen")
        for work in ("hw3", "hw4", "final")
        for attempt in range(1, 1001)
    )
    told: list[tuple[int, int]] = []

    def someone_writes_at_each_part(done: int, total: int) -> None:
        told.append((done, total))
        other = threading.Thread(target=_write_something, args=(desk, ada))
        other.start()
        other.join(timeout=2)

    report = import_submissions(content, NOON, desk, progress=someone_writes_at_each_part)
    assert report.added == 9000
    assert [done for done, _ in told] == [0, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE, 9000]
    assert {total for _, total in told} == {9000}
    with desk.store.reading() as records:
        assert len(records.audit.about(ada.id)) == len(told)
        assert sum(1 for _ in records.submissions.every()) == 9000


def _write_something(desk: Desk, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.audit.add(ada.id, "wrote", ada.id, NOON)
