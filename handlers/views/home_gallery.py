"""Home of everyone it is made for, with nothing, a little and far too much on it, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.asking import Question
from cohort.assignments import Assignment, Kind
from cohort.bookings import Booking
from cohort.events import Event, EventKind
from cohort.extensions import Category, ExtensionRequest, State
from cohort.follow_ups import FollowUp, Origin
from cohort.grading import Standing as QueueStanding
from cohort.graduation import Ledger, Mark, Standing, forecast
from cohort.hand_ins import HandIn
from cohort.home import Backlog
from cohort.leavings import Leaving
from cohort.levels import Level, LevelSince
from cohort.office_hours import Session, Slot
from cohort.open_hours import LinePlace, PlaceState
from cohort.policy import WorkloadPolicy
from cohort.roster import Member, Role, Status
from cohort.waitlist import Wait
from cohort.week_plans import Progress as Said
from cohort.workload import crowds
from handlers.views.blocks import Rendered, View
from handlers.views.home import home, stranger
from handlers.views.home_ta import questions
from handlers.views.talks import asked
from services.appointments import Appointment
from services.events import Shown
from services.follow_ups import Listed, Which
from services.grading_queue import Entry, Queue
from services.graduation import Progress
from services.home import RestingHome
from services.home_staff import Cases, CohortToday, Load, Questions, Requests, StaffHome
from services.home_student import StudentHome
from services.lines import Panel, Row
from services.lines import Standing as InLine
from services.office_hours import HeldDate
from services.open_hours import OnNow
from services.talks import Talk
from services.waitlist import Offered
from services.week_plans import PlanItem

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIZES = (0, 3, 300)
# What no Home may show: it stands behind a button, for those it is for.
PRIVATE = "For those who decide, and nobody else. "


class Homes:
    """The people and things that stand on the Homes."""

    def __init__(self, work: Sequence[Assignment], people: tuple[Member, Member, Member], now: datetime) -> None:
        self.work, self.now = work, now
        self.student, self.ta, self.organizer = people
        place = "https://example.org/room?" + "x" * 600
        self.session = Session("ses_0", self.ta.id, now.date(), now - HOUR, now + HOUR, now + HOUR, place, capacity=300)
        self.slot = Slot("slt_0", "ses_0", now, now + HOUR)

    def views(self) -> Iterator[tuple[str, View]]:
        """Yield the Homes by name."""
        for size in SIZES:
            found = self.of_student(size)
            yield f"home of a student, {size}", home(found)
            yield f"home before the start, {size}", home(replace(found, begins_at=self.now + DAY))
            yield f"home of a TA, {size}", home(self.of_staff(size, self.ta))
            yield f"home of an organizer, {size}", home(self.of_staff(size, self.organizer))
        on_duty = replace(self.of_staff(3, self.ta), absence=(self.now, self.now + DAY))
        yield "home of a TA who is away", home(replace(on_duty, requests=replace(on_duty.requests, on_duty=self.ta)))
        others = replace(on_duty.requests, on_duty=self.organizer)
        yield "home of a TA without duty", home(replace(on_duty, requests=others, absence=(self.now, None)))
        yield "home after the end", home(replace(self.of_student(0), is_over=True))
        for status in (Status.PAUSED, Status.WITHDRAWN, Status.EXPELLED, Status.GRADUATED):
            yield f"home, {status}", home(RestingHome(replace(self.student, status=status), self.now, self.organizer))
        leaving = Leaving("lea_0", self.student.id, self.now, self.now + DAY, words=PRIVATE)
        paused = replace(self.student, status=Status.PAUSED)
        yield "home of who leaves", home(RestingHome(paused, self.now, None, leaving))
        coming = replace(self.student, joined_at=self.now + DAY)
        yield "home of who joins later", home(RestingHome(coming, self.now, self.organizer))
        yield from (("home of a stranger", stranger(known)) for known in ([], [self.organizer] * 9))

    def answers(self) -> Iterator[tuple[str, Rendered]]:
        """Yield what is said after the presses that only Home has."""
        for size in SIZES:
            first = [(self._question(n), a, self.student) for n, a in enumerate(self.work[: min(size, 40)])]
            yield f"questions for somebody, {size}", questions(Questions(size, first), self.now)
        for owner in (self.ta, None):
            yield f"would rather talk, {owner is None}", asked(Talk(owner, is_new=owner is None))

    def of_student(self, size: int) -> StudentHome:
        """Return a student's Home with so many of everything that grows."""
        work = [replace(a, estimated_hours=7.5) for a in self.work[:size]]
        due = [
            Standing(a, mark, is_open=True, due_at=self.now + n * HOUR)
            for n, (a, mark) in enumerate(zip(work, [Mark.MISSED, Mark.RETRY, Mark.DUE] * size, strict=False))
        ]
        marks = zip(work, [*Mark] * size, strict=False)
        ledger = Ledger([Standing(a, mark, is_open=True, due_at=self.now) for a, mark in marks], 2)
        progress = Progress(self.student, ledger, forecast(ledger), self.organizer, self.now + 30 * DAY)
        said = [None, *Said]
        plan = [PlanItem(a, self.now, self.now, said[n % 4]) for n, a in enumerate(work)]
        return StudentHome(
            student=self.student,
            now=self.now,
            due=due,
            plan=plan,
            to_attend=[replace(a, kind=Kind.LECTURE) for a in work],
            progress=progress,
            requests=[(self._request(n), a) for n, a in enumerate(work)],
            questions=[(self._question(n), a) for n, a in enumerate(work)],
            lines=OnNow([self._in_line()] * size, [(self.session, self.ta)] * size),
            own=[self._appointment(n) for n in range(size)],
            waiting=[self._wait(n) for n in range(size)],
            events=[self._event(n) for n in range(min(size, 4))],
            on_duty=self.ta if size else None,
            organizer=self.organizer if size else None,
        )

    def of_staff(self, size: int, member: Member) -> StaffHome:
        """Return the Home of a TA or organizer with so many of everything that waits."""
        entries = [self._entry(n, a) for n, a in enumerate(self.work[: min(size, 5)])]
        counts = {standing: size for standing in QueueStanding if size}
        by_assignment = [(a, 3) for a in self.work[:size]]
        queue = Queue(entries, counts, by_assignment, None, 0, max(1, size // 5), self.now - 3 * DAY if size else None)
        first = [(self._request(n), a, self.student) for n, a in enumerate(self.work[: min(size, 6)])]
        questions = [(self._question(n), a, self.student) for n, a in enumerate(self.work[: min(size, 4)])]
        return StaffHome(
            member=member,
            now=self.now,
            panels=[self._panel(size)] if size else [],
            requests=Requests(size, first, None),
            questions=Questions(size, questions),
            queue=queue,
            cases=self._cases(Which.MINE, size),
            dates=[HeldDate(self.session, [self._appointment(n) for n in range(size)], 2)] * min(size, 5),
            duties=[(self.now.date(), "questions"), (self.now.date() + 7 * DAY, "extensions")] * size,
            this_week_on=self.now.date(),
            absence=None,
            cohort=self._cohort(size) if member.role is Role.ORGANIZER else None,
        )

    def _cohort(self, size: int) -> CohortToday:
        backlog = Backlog(size, self.now - 3 * DAY if size else None, size)
        return CohortToday(
            students=dict.fromkeys(Status, size),
            levels=dict.fromkeys(Level, size),
            grading=backlog,
            requests=backlog,
            questions=backlog,
            open_cases=size,
            unowned=self._cases(Which.UNOWNED, size),
            overdue=self._cases(Which.OVERDUE, size),
            load=[Load(replace(a, estimated_hours=7.5), self.now, 104) for a in self.work[:size]],
            crowds=crowds([(a, self.now) for a in self.work[: min(size, 40)]], WorkloadPolicy(), self.ta.tz),
        )

    def _cases(self, which: Which, size: int) -> Cases:
        level = LevelSince(self.student.id, self.now, Level.CRITICAL, 2.0)
        owner = None if which is Which.UNOWNED else self.ta
        cases = [
            FollowUp(f"fup_{n}", self.student.id, Origin.LADDER, PRIVATE, self.now, self.now)
            for n in range(min(size, 5))
        ]
        return Cases(which, size, [Listed(case, self.student, owner, level) for case in cases])

    def _request(self, number: int) -> ExtensionRequest:
        return ExtensionRequest(
            f"req_{number}", self.student.id, f"asg_{number}", State.TALKING if number == 1 else State.PENDING,
            self.now - DAY, self.now + HOUR, self.now + DAY, category=Category.HEALTH, note=PRIVATE,
        )  # fmt: skip

    def _question(self, number: int) -> Question:
        return Question(f"qst_{number}", self.student.id, f"asg_{number}", PRIVATE, self.now - DAY)

    def _appointment(self, number: int) -> Appointment:
        booking = Booking(f"bkg_{number}", "slt_0", self.student.id, self.now, assignment_id="asg_1")
        return Appointment(booking, self.slot, self.session, self.ta, self.student, (), self.work[1])

    def _wait(self, number: int) -> Offered:
        return Offered(Wait(f"wai_{number}", self.student.id, self.now, self.now + DAY, self.now), self.student)

    def _event(self, number: int) -> Shown:
        starts_at = self.now + number * HOUR
        event = Event(
            f"evt_{number}", f"talk-{number}", EventKind.TALK, "A talk & <more>" * 6, starts_at, starts_at + HOUR,
            self.now, "x" * 400, self.ta.id, 20,
        )  # fmt: skip
        return Shown(event, self.ta, 20)

    def _in_line(self) -> InLine:
        place = LinePlace("lin_0", "ses_0", self.student.id, self.now, "hw3 & <more>" * 10)
        return InLine(place, self.student, self.session, self.ta, 21, 7, is_open=True)

    def _panel(self, size: int) -> Panel:
        def rows(state: PlaceState) -> list[Row]:
            places = [
                LinePlace(f"lin_{n}", "ses_0", self.student.id, self.now, "hw3 & <more>" * 10, state, self.now,
                          self.ta.id, f"grp_{n // 30}")
                for n in range(size)
            ]  # fmt: skip
            return [Row(place, self.student, self.ta) for place in places]

        called, waiting, out = (rows(state) for state in (PlaceState.CALLED, PlaceState.WAITING, PlaceState.OUT))
        booked = [self._appointment(n) for n in range(size)]
        return Panel(self.session, self.ta, called, waiting, out, rows(PlaceState.HELPED), booked, is_over=False)

    def _entry(self, number: int, assignment: Assignment) -> Entry:
        hand_in = HandIn(
            id=f"hin_{number}",
            assignment_id=assignment.id,
            by_id=self.student.id,
            submitted_at=self.now - 3 * DAY,
            ready_at=self.now - 3 * DAY,
            grade_by_at=self.now + DAY,
        )
        return Entry(hand_in, assignment, [self.student] * 9, 2, list(QueueStanding)[number % 4])
