"""One example of every view of grading, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.grading import Grade, Marked, Standing, Verdict
from cohort.hand_ins import LINK, SUMMARY, TEXT, File, HandIn, HandInState, Version
from cohort.integrity import CaseState, IntegrityCase
from cohort.regrades import Regrade, RegradeState
from cohort.roster import Member
from handlers.views import grading as views
from handlers.views import grading_messages as messages
from handlers.views import integrity, regrades
from handlers.views.blocks import Rendered, View
from services.file_copies import FileCopy
from services.grade_releases import Release
from services.grading import Given
from services.grading_messages import GradedNote
from services.grading_queue import PAGE, Claimed, Entry, GradeGiven, Opened, Queue
from services.grading_upkeep import ClaimLine, ClaimsEnd, ClaimsOver, DueLine, GradingDue, GradingOverdue
from services.integrity import CaseFile
from services.regrades import Asked, Questioned, RegradeCard, RegradeNote

Picture = tuple[str, Rendered | View]
LONG = "What a grader writes, <at length> & with care. " * 70
STUDENTS = 9


@dataclass(frozen=True, slots=True)
class Graders:
    """Who and what stands in the pictures."""

    work: Sequence[Assignment]
    student: Member
    ta: Member
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which they are read."""
        return self.ta.tz

    def pictures(self) -> Iterator[Picture]:
        """Yield the queue, one thing opened, the form, and what is said after each."""
        yield "queue, empty", views.queue(self._queue([]), self.now, self.zone)
        yield "queue, full", views.queue(self._queue(list(self._entries())), self.now, self.zone)
        for standing in Standing:
            yield f"handed in, {standing}", views.opened(self._opened(standing), self.zone)
        opened = self._opened(Standing.CLAIMED)
        unmarked = replace(opened, entry=replace(opened.entry, assignment=replace(self.work[1], pass_mark=None)))
        yield "grade", views.grade_form(opened, self.zone)
        yield "grade, without a score", views.grade_form(unmarked, self.zone)
        kept = Marked(85.5, passed=False, feedback=LONG[:3000], staff_note=LONG[:1500], why=LONG[:500])
        yield "grade, newer version", views.grade_form(opened, self.zone, kept)
        for found in (None, Claimed(opened), Claimed(opened, is_next=True)):
            yield f"claimed, {found is None} {found is not None and found.is_next}", views.claimed(found, self.zone)
        yield "file comes", views.file_comes(opened.latest.file)
        yield "no file", views.file_comes(None)
        yield "given back", views.given_back()
        yield "not held", views.not_held()
        for verdict in Verdict:
            given = Given(
                assignment=self.work[1],
                students=[self.student] * STUDENTS,
                grade=self._grade(verdict),
                is_held=verdict is Verdict.PART,
                had_expired=True,
            )
            yield f"graded, {verdict}", views.given(given)
        yield from self._releases()
        yield from self._questions()
        yield from self._integrity(opened)

    def notes(self) -> Iterator[object]:
        """Yield what students and graders are told."""
        for verdict in Verdict:
            for due_at in (self.now + timedelta(days=5), None):
                yield GradedNote(self.student, self.work[1], self._grade(verdict), self.ta, due_at)
        yield FileCopy(self.work[1], [self.student] * STUDENTS, File("F0123456789", "solution <1>.pdf"))
        yield GradedNote(self.student, self.work[1], self._grade(Verdict.NOT_YET), self.ta, None, has_passed=True)
        claims = [ClaimLine("hin_0", work, [self.student] * STUDENTS, self.now) for work in self.work]
        yield from (ClaimsEnd(self.ta, claims), ClaimsOver(self.ta, claims))
        due = [DueLine(self.ta if n % 2 else None, work, 9, n % 3, self.now) for n, work in enumerate(self.work)]
        yield from (GradingDue(self.ta, due, 3), GradingDue(self.ta, [], 1), GradingOverdue(due))
        for state in RegradeState:
            yield from (RegradeCard(self._questioned(state)), RegradeNote(self._questioned(state)))
        yield RegradeCard(self._questioned(RegradeState.SETTLED), has_left=True)
        yield from (self._file(self._opened(Standing.CLAIMED), state) for state in CaseState)

    def _integrity(self, opened: Opened) -> Iterator[Picture]:
        yield "integrity, flag", integrity.flag_form(opened)
        yield "integrity, flagged", integrity.flagged()
        files = [self._file(opened, state) for state in CaseState]
        for file in files:
            yield f"integrity, {file.case.state}", integrity.case(file, self.zone)
        yield "integrity, list", integrity.cases(files * 40, self.zone)
        yield "integrity, nothing", integrity.cases([], self.zone)
        yield "integrity, uphold", integrity.uphold_form(files[0])
        marked = Marked(20.0, passed=False, feedback=LONG[:3000])
        yield "integrity, uphold, newer version", integrity.uphold_form(files[0], marked, LONG[:1500])
        yield "integrity, cleared", integrity.cleared()
        yield "integrity, upheld", integrity.upheld()

    def _file(self, opened: Opened, state: CaseState) -> CaseFile:
        case = IntegrityCase("int_0", "hin_0", self.ta.id, self.now, LONG[:1500], state, self.ta.id, self.now)
        return CaseFile(case, opened, self.ta, self.ta)

    def _questions(self) -> Iterator[Picture]:
        yield "question about a grade", regrades.question_form(self.work[1], "grd_0")
        for state in RegradeState:
            about = self._questioned(state)
            for is_new in (True, False):
                yield f"asked, {state} {is_new}", regrades.asked(Asked(self.work[1], about.regrade, self.ta, is_new))
        for verdict in Verdict:
            asked = replace(self._questioned(RegradeState.ASKED), grade=self._grade(verdict))
            yield f"answer, {verdict}", regrades.answer_form(asked)
        yield "answered", regrades.answered(self._questioned(RegradeState.SETTLED))

    def _questioned(self, state: RegradeState) -> Questioned:
        words = LONG[:1500]
        asked = Regrade("rgd_0", "grd_0", self.student.id, words, self.now, self.ta.id, state, words, self.now)
        regrade = replace(asked, changed=state is RegradeState.SETTLED)
        hand_in = self._entry(Standing.FREE, self.work[1]).hand_in
        return Questioned(regrade, self.student, hand_in, self.work[1], self._grade(Verdict.NOT_YET), self.ta)

    def _releases(self) -> Iterator[Picture]:
        full = Release(self.work[1], dict.fromkeys(Verdict, 40), 7, was_released=False)
        empty = replace(full, students=dict.fromkeys(Verdict, 0), waiting=0)
        for found in (full, empty, replace(empty, was_released=True)):
            yield f"release, {found.total} {found.was_released}", messages.release_preview(found)
            yield f"released, {found.total} {found.was_released}", messages.release_done(found)

    def _queue(self, entries: list[Entry]) -> Queue:
        counts = dict.fromkeys(Standing, 75) if entries else {}
        waits = [(work, 3) for work in self.work] if entries else []
        return Queue(entries, counts, waits, self.work[1] if entries else None, 1, 30, self.now - timedelta(days=3))

    def _entries(self) -> Iterator[Entry]:
        for number in range(PAGE):
            yield self._entry(list(Standing)[number % 4], self.work[number + 1])

    def _entry(self, standing: Standing, assignment: Assignment) -> Entry:
        is_claimed = standing in {Standing.CLAIMED, Standing.OTHERS}
        hand_in = HandIn(
            id="hin_0123456789abcdef",
            assignment_id=assignment.id,
            by_id=self.student.id,
            submitted_at=self.now,
            ready_at=self.now,
            grade_by_at=self.now + timedelta(days=4),
            due_at=self.now - timedelta(hours=1),
            is_part=standing is Standing.FREE,
            hours=7.5,
            tools=LONG[:500],
            state=HandInState.CLAIMED if is_claimed else HandInState.WAITING,
            claimed_by=self.ta.id if is_claimed else None,
            claim_expires_at=self.now + timedelta(days=2) if is_claimed else None,
        )
        return Entry(hand_in, assignment, [self.student] * STUDENTS, 2, standing)

    def _opened(self, standing: Standing) -> Opened:
        content = {LINK: "https://example.org/" + "x" * 1900, TEXT: LONG[:3000], SUMMARY: LONG[:3000]}
        file = File("F0123456789", "solution <1>.pdf", "0" * 64)
        versions = [Version("hin_0", number, self.now, content, file) for number in range(1, 10)]
        earlier = [GradeGiven(1, self._grade(verdict), self.ta) for verdict in list(Verdict) * 3]
        return Opened(self._entry(standing, self.work[1]), versions, earlier, self.ta, has_copy=True)

    def _grade(self, verdict: Verdict) -> Grade:
        score = None if verdict is Verdict.PART else 72.5
        return Grade("grd_0", "hin_0", 1, self.ta.id, verdict, LONG[:3000], self.now, score, LONG[:1500], LONG[:500])
