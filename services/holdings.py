"""What a TA can hold: for each sort of it how to find it, give it to somebody else, and take it back.

A feature that puts something new into a TA's hands adds one `Holding` to `HELD`; then it is handed over with the rest,
and nothing of it is left with anyone who is gone.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from cohort.errors import NotFound
from cohort.hand_ins import HandIn
from cohort.handovers import HandedOver, Held
from cohort.regrades import Regrade, RegradeState
from cohort.times import local_day, week_of
from services import access
from services.case_limits import barred
from services.duties import EXTENSIONS, QUESTIONS
from services.facilitation import Facilitation
from services.follow_ups_holding import FollowUps
from services.leaving import Leaving
from services.office_hours_holding import OfficeHours
from services.regrades import send_card
from storage.records import Records


class Holding(Protocol):
    """One sort of thing that lies in a TA's hands. `name` is noted with what changed hands."""

    name: str

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return the ids of all who hold any of it, on a day or later."""
        ...

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return what someone holds, each with those who may take it."""
        ...

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Give one thing to somebody else, or to all; say whether it left their hands."""
        ...

    def after(self, records: Records, leaving: Leaving) -> None:
        """Do what is left to do once everything of this sort has moved."""
        ...

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Give one thing back unless something was done with it since; say whether it is back."""
        ...

    def about(self, records: Records, item_id: str) -> str:
        """Return what one thing is about, to be counted together: an assignment's slug, or a week."""
        ...


class Grading:
    """What waits to be graded, claimed or not; whose it is what organizers look into is seen to once it goes on."""

    name = "grading"

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return who has anything to grade."""
        del leaving_on
        return records.handovers.graders_with_work()

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return what someone has claimed or is to grade; others who grade the assignment come first."""
        return [self._held(records, one, leaving) for one in records.handovers.to_grade(leaving.member.id)]

    def _held(self, records: Records, hand_in_id: str, leaving: Leaving) -> Held:
        hand_in = access.hand_in(records, hand_in_id)
        barred = _in_conflict(records, hand_in)
        return Held(self.name, hand_in_id, leaving.takers(barred, records.graders.of(hand_in.assignment_id)))

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Put a claim back and make it somebody else's to grade."""
        records.hand_ins.release(item_id, leaving.member.id)
        records.hand_ins.own(item_id, to_id)
        return True

    def after(self, records: Records, leaving: Leaving) -> None:
        """Do nothing: each is settled as it moves."""

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Make it theirs to grade again, unless it was claimed or graded since, or there is a conflict now."""
        del now
        if to_id in _in_conflict(records, access.hand_in(records, item.item_id)):
            return False
        return records.handovers.take_back(item.item_id, item.to_id, to_id)

    def about(self, records: Records, item_id: str) -> str:
        """Return the assignment."""
        return access.assignment(records, access.hand_in(records, item_id).assignment_id).slug


class Regrades:
    """Questions about grades that wait for an answer."""

    name = "regrades"

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return who owes an answer."""
        del leaving_on
        return {regrade.with_id for regrade in records.regrades.waiting()}

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return the questions someone is to answer."""
        theirs = [r for r in records.regrades.waiting() if r.with_id == leaving.member.id]
        return [self._held(records, regrade, leaving) for regrade in theirs]

    def _held(self, records: Records, regrade: Regrade, leaving: Leaving) -> Held:
        hand_in = _questioned(records, regrade)
        grades = records.grading.of(hand_in.id)
        # A second look is never taken by whoever gave a grade.
        gave = {grade.grader_id for grade in grades} if regrade.state is RegradeState.SECOND_LOOK else set()
        first = [] if gave else [grades[-1].grader_id]
        never = _in_conflict(records, hand_in) | barred(records, hand_in.id, leaving.present)
        return Held(self.name, regrade.id, leaving.takers(never | gave, first))

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Send the question to whoever answers it now; without anyone it stays."""
        return to_id is not None and self._give(records, item_id, leaving.member.id, to_id, leaving.now)

    def after(self, records: Records, leaving: Leaving) -> None:
        """Do nothing: each is settled as it moves."""

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Send it back, unless it was answered since."""
        return item.to_id is not None and self._give(records, item.item_id, item.to_id, to_id, now)

    def _give(self, records: Records, regrade_id: str, from_id: str, to_id: str, now: datetime) -> bool:
        if not records.regrades.hand_on(regrade_id, from_id, to_id):
            return False
        send_card(records, _regrade(records, regrade_id), now)
        return True

    def about(self, records: Records, item_id: str) -> str:
        """Return the assignment."""
        return access.assignment(records, _questioned(records, _regrade(records, item_id)).assignment_id).slug


class Duty:
    """Weeks of one duty from this one on, as long as someone is away."""

    def __init__(self, name: str, duty: str) -> None:
        self.name = name
        self._duty = duty

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return who has a week of duty."""
        return {member_id for _, member_id in records.duties.from_week(self._duty, week_of(leaving_on))}

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return someone's weeks until they are back."""
        this_week = week_of(local_day(leaving.now, leaving.tz))
        weeks = records.duties.from_week(self._duty, this_week)
        last_on = local_day(leaving.until_at - timedelta(seconds=1), leaving.tz) if leaving.until_at else date.max
        theirs = [on for on, member_id in weeks if member_id == leaving.member.id and on <= last_on]
        return [Held(self.name, on.isoformat(), leaving.takers()) for on in theirs]

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Put somebody else on duty; without anyone the week stays, and what comes is for whoever is free."""
        del leaving
        if to_id is not None:
            records.duties.assign(self._duty, date.fromisoformat(item_id), to_id)
        return to_id is not None

    def after(self, records: Records, leaving: Leaving) -> None:
        """Do nothing: each is settled as it moves."""

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Put them on duty again, unless the week is over or went to yet another."""
        week_on = date.fromisoformat(item.item_id)
        is_over = week_on + timedelta(days=7) <= now.date()
        if is_over or records.duties.holder(self._duty, week_on) != item.to_id:
            return False
        records.duties.assign(self._duty, week_on, to_id)
        return True

    def about(self, records: Records, item_id: str) -> str:
        """Return the Monday of the week."""
        del records
        return item_id


def _regrade(records: Records, regrade_id: str) -> Regrade:
    found = records.regrades.get(regrade_id)
    if found is None:
        raise NotFound("question", regrade_id)
    return found


def _questioned(records: Records, regrade: Regrade) -> HandIn:
    grade = records.grading.get(regrade.grade_id)
    if grade is None:
        raise NotFound("grade", regrade.grade_id)
    return access.hand_in(records, grade.hand_in_id)


def _in_conflict(records: Records, hand_in: HandIn) -> set[str]:
    return records.graders.in_conflict_with([s.student_id for s in records.submissions.of_hand_in(hand_in.id)])


HELD: Sequence[Holding] = (
    Grading(),
    Regrades(),
    OfficeHours(),
    Facilitation(),
    FollowUps(),
    Duty("duty", EXTENSIONS),
    Duty("question_duty", QUESTIONS),
)
BY_NAME = {holding.name: holding for holding in HELD}
