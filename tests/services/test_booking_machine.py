"""Bookings of several students with several TAs, by chance, beside a model of the rules in plain words."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cohort.bookings import Why
from cohort.errors import BookingOver, KeptNoLonger, SlotRefused
from cohort.office_hours import Slot
from cohort.roster import Member, Role
from cohort.waitlist import Wait, WaitState, offer_until
from services.appointments import Appointment, free_for
from services.booking_changes import cancel, reschedule
from services.bookings import BookSlot, book
from services.desk import Desk
from services.waitlist_offers import decline, join, pass_on, take
from storage.records import Records
from tests.services.booking_world import HOUR, hours
from tests.services.nudge_world import ADA, BO, CHEN, NOW, TARA, TOM, World, new_world, person

KAI, LU = person("Kai", Role.TA), person("Lu", zone="Asia/Singapore")
STUDENTS = (ADA, BO, CHEN, LU)
# From a Wednesday noon on: whose hours, after how many hours, and how many slots. Some of them at one time.
HOURS = (
    (TARA, 3, 2),
    (TOM, 3, 2),
    (TARA, 26, 2),
    (TOM, 26, 1),
    (KAI, 48, 1),
    (TOM, 50, 1),
    (KAI, 72, 2),
    (TARA, 121, 2),
)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Has:
    """Who has a slot, and whether it was taken when the limits of the week still held."""

    booking_id: str
    student: Member
    slot: Slot
    was_far: bool


def tried(work: Callable[[], object]) -> object:
    """Return what some work returns, or the error for which it did nothing."""
    try:
        return work()
    except (SlotRefused, BookingOver, KeptNoLonger) as error:
        return error


class Booking(RuleBasedStateMachine):
    """What students and time do to slots, and what must hold whatever they do."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name)
        self.world: World = new_world(path)
        self.world.add(KAI, LU)
        self.now = NOW
        self.slots: dict[str, tuple[Slot, str]] = {}
        for ta, after, many in HOURS:
            self.slots |= {slot.id: (slot, ta.id) for slot in hours(self.desk, ta, NOW + after * HOUR, many)}
        self.has: dict[str, Has] = {}
        self.outside = sqlite3.connect(self.desk.store.path, isolation_level=None, check_same_thread=False)

    @property
    def desk(self) -> Desk:
        return self.world.desk

    def teardown(self) -> None:
        self.outside.close()
        self.desk.store.close()
        self.folder.cleanup()

    # ---- the rules in plain words

    def why_not(self, student: Member, slot_id: str, but_id: str = "") -> Why | None:
        slot, ta_id = self.slots[slot_id]
        if any(one.slot.id == slot_id for one in self.has.values()) or self.kept_from(student, slot_id):
            return Why.TAKEN
        if slot.starts_at < self.now + 30 * MINUTE:
            return Why.TOO_SOON
        mine = [one for one in self.has.values() if one.student == student and one.booking_id != but_id]
        ahead = [one.slot for one in mine if one.slot.ends_at > self.now]
        if any(one.starts_at < slot.ends_at and slot.starts_at < one.ends_at for one in ahead):
            return Why.OWN_TIME
        if any(self.slots[one.id][1] == ta_id for one in ahead):
            return Why.SAME_TA
        if len(ahead) >= 3:
            return Why.OPEN
        same_week = [one for one in mine if self.week(one.slot) == self.week(slot)]
        return Why.WEEK if self.is_far(slot) and len(same_week) >= 2 else None

    def is_far(self, slot: Slot) -> bool:
        return slot.starts_at - self.now > DAY

    @staticmethod
    def week(slot: Slot) -> int:
        return slot.starts_at.isocalendar().week

    def kept_from(self, student: Member, slot_id: str) -> bool:
        with self.desk.store.reading() as records:
            slot = records.office_hours.slot(slot_id)
        return slot is not None and slot.is_held_from(student.id, self.now)

    # ---- what is done

    @rule(data=st.data(), student=st.sampled_from(STUDENTS))
    def book(self, data: st.DataObject, student: Member) -> None:
        slot_id = self.draw_slot(data)
        why = self.why_not(student, slot_id)
        free = [each for each in self.slots if self.why_not(student, each) is None]
        made = tried(lambda: book(BookSlot(slot_id), student, self.now, self.desk))
        if isinstance(made, SlotRefused):
            assert made.why is why
            with self.desk.store.reading() as records:
                offered = [one.slot for one in free_for(records, student, self.now, self.desk)]
            assert sorted(slot.id for slot in offered) == sorted(free)
            assert [slot.starts_at for slot in offered] == sorted(slot.starts_at for slot in offered)
        else:
            assert isinstance(made, Appointment)
            assert why is None
            self.note(made.booking.id, student, slot_id)

    @precondition(lambda self: self.has)
    @rule(data=st.data())
    def reschedule(self, data: st.DataObject) -> None:
        had, slot_id = self.draw_booking(data), self.draw_slot(data)
        why = self.why_not(had.student, slot_id, but_id=had.booking_id)
        with Watched(self.desk, self.outside, had.booking_id):
            moved = tried(lambda: reschedule(had.booking_id, slot_id, had.student, self.now, self.desk))
        if isinstance(moved, Appointment):
            assert why is None
            assert (moved.booking.id, moved.slot.id) == (had.booking_id, slot_id)
            self.note(had.booking_id, had.student, slot_id)
        elif isinstance(moved, SlotRefused):
            assert moved.why is why
        else:
            assert had.slot.starts_at <= self.now

    @precondition(lambda self: self.has)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        had = self.draw_booking(data)
        before = self.waits()
        given_up = tried(lambda: cancel(had.booking_id, had.student, self.now, self.desk))
        if isinstance(given_up, BookingOver):
            assert had.slot.starts_at <= self.now
            return
        del self.has[had.booking_id]
        self.check_order(before)

    @precondition(lambda self: any(one.slot.starts_at > self.now for one in self.has.values()))
    @rule(data=st.data(), student=st.sampled_from(STUDENTS))
    def wait(self, data: st.DataObject, student: Member) -> None:
        taken = [one.slot for one in self.has.values() if one.slot.starts_at > self.now]
        self.now += SECOND
        join(f"slot:{data.draw(st.sampled_from(taken)).id}", student, self.now, self.desk)

    @initialize(order=st.permutations(STUDENTS))
    def begin(self, order: list[Member]) -> None:
        """Begin with one slot that one student has and the others wait for."""
        first, *others = order
        slot_id = list(self.slots)[4]
        self.note(book(BookSlot(slot_id), first, self.now, self.desk).booking.id, first, slot_id)
        for student in others:
            self.now += SECOND
            join(f"slot:{slot_id}", student, self.now, self.desk)

    @precondition(lambda self: self.offered())
    @rule(data=st.data(), wants=st.booleans())
    def answer(self, data: st.DataObject, wants: bool) -> None:
        wait, before = data.draw(st.sampled_from(self.offered())), self.waits()
        student = next(one for one in STUDENTS if one.id == wait.student_id)
        if not wants:
            decline(wait.id, student, self.now, self.desk)
            self.check_order(before)
            return
        why = self.why_not(student, wait.slot_id or "")
        made = tried(lambda: take(wait.id, student, self.now, self.desk))
        if isinstance(made, Appointment):
            self.note(made.booking.id, student, made.slot.id)
        elif isinstance(made, SlotRefused):
            assert made.why is why
        else:
            assert why is not None or wait.offer_until_at is None or wait.offer_until_at <= self.now

    @rule(minutes=st.sampled_from([10, 60, 130, 400, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE
        pass_on(self.desk, self.now)

    # ---- looking

    def draw_slot(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.slots)))

    def draw_booking(self, data: st.DataObject) -> Has:
        return data.draw(st.sampled_from(list(self.has.values())))

    def note(self, booking_id: str, student: Member, slot_id: str) -> None:
        slot = self.slots[slot_id][0]
        self.has[booking_id] = Has(booking_id, student, slot, self.is_far(slot))

    def waits(self) -> dict[str, Wait]:
        with self.desk.store.reading() as records:
            ids = records.connection.execute("SELECT id FROM waits ORDER BY joined_at, id").fetchall()
            found = [records.waitlist.get(wait_id) for (wait_id,) in ids]
        return {wait.id: wait for wait in found if wait is not None}

    def offered(self) -> list[Wait]:
        return [wait for wait in self.waits().values() if wait.state is WaitState.OFFERED]

    def check_order(self, before: dict[str, Wait]) -> None:
        """Hold that nobody who could take what was offered just now stood before the one it was offered to."""
        after = self.waits()
        let_go = {
            (wait.student_id, wait.slot_id)
            for wait in after.values()
            if wait.state in (WaitState.DECLINED, WaitState.LAPSED)
        }
        for wait in after.values():
            if wait.state is not WaitState.OFFERED or before.get(wait.id) == wait or wait.slot_id is None:
                continue
            for other in before.values():
                if other.id != wait.id and other.state is WaitState.WAITING and self.could(other, wait.slot_id):
                    assert (other.student_id, wait.slot_id) in let_go or self.rank(wait) < self.rank(other)

    def could(self, wait: Wait, slot_id: str) -> bool:
        """Say whether a slot that is kept for somebody else now would have been right for someone who waits."""
        student = next(one for one in STUDENTS if one.id == wait.student_id)
        (slot, ta_id), quiet = self.slots[slot_id], self.desk.policy.nudges
        is_wanted = wait.is_for_one(slot) and wait.ta_id in (None, ta_id)
        if not is_wanted or offer_until(slot, student, self.desk.policy.office_hours, quiet, self.now) is None:
            return False
        with self.desk.store.transaction() as records:
            kept = records.office_hours.slot(slot_id)
            records.office_hours.let_go(slot_id)
        is_right = self.why_not(student, slot_id) is None
        if kept is not None and kept.held_for is not None and kept.held_until_at is not None:
            with self.desk.store.transaction() as records:
                records.office_hours.hold(slot_id, kept.held_for, kept.held_until_at)
        return is_right

    def rank(self, wait: Wait) -> tuple[bool, datetime]:
        with self.desk.store.reading() as records:
            return bool(records.bookings.had_any([wait.student_id])), wait.joined_at

    # ---- what always holds

    @invariant()
    def the_records_hold_what_the_model_holds_and_one_booking_a_slot(self) -> None:
        rows = self.outside.execute("SELECT id, slot_id, student_id FROM bookings WHERE state = 'booked'").fetchall()
        assert sorted(rows) == sorted((one.booking_id, one.slot.id, one.student.id) for one in self.has.values())
        taken = [slot_id for _, slot_id, _ in rows]
        assert len(taken) == len(set(taken))

    @invariant()
    def nobody_is_over_a_limit(self) -> None:
        for student in STUDENTS:
            mine = [one for one in self.has.values() if one.student == student]
            ahead = [one for one in mine if one.slot.ends_at > self.now]
            tas = [self.slots[one.slot.id][1] for one in ahead]
            assert len(ahead) <= 3
            assert len(tas) == len(set(tas))
            far = [self.week(one.slot) for one in mine if one.was_far]
            assert all(far.count(week) <= 2 for week in far)

    @invariant()
    def what_is_offered_is_kept_and_not_booked_by_others(self) -> None:
        for wait in self.offered():
            holder = next((one for one in self.has.values() if one.slot.id == wait.slot_id), None)
            assert holder is None or holder.student.id == wait.student_id


class Watched:
    """Looks from outside, at every statement of a change, whether a booking stands."""

    def __init__(self, desk: Desk, outside: sqlite3.Connection, booking_id: str) -> None:
        self.outside, self.booking_id = outside, booking_id
        with desk.store.transaction() as records:
            self.writer = self.connection_of(records)

    @staticmethod
    def connection_of(records: Records) -> sqlite3.Connection:
        return records.connection

    def __enter__(self) -> None:
        self.seen: list[int] = []
        self.writer.set_trace_callback(self.look)

    def __exit__(self, *raised: object) -> None:
        self.writer.set_trace_callback(None)
        self.look("")
        assert set(self.seen) == {1}

    def look(self, statement: str) -> None:
        del statement
        found = self.outside.execute(
            "SELECT count(*) FROM bookings WHERE id = ? AND state = 'booked'", (self.booking_id,)
        )
        self.seen.append(found.fetchone()[0])


Booking.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestBooking = Booking.TestCase
