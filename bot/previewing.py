"""Every nudge as it will look, in the programme's own words, for someone who wrote them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cohort.assignments import Assignment, Kind
from cohort.nudges import Offer, OfferState
from cohort.policy import Policy
from cohort.reminders import Due
from cohort.roster import Member, Role
from cohort.week_plans import Progress, start_by
from handlers.views.blocks import Rendered
from handlers.views.messages import render
from handlers.views.plain_text import as_text
from handlers.views.reminders import progress_said
from services.due_soon import DueSoon
from services.for_everyone import ForEveryone
from services.nudge_messages import Item, ItemState, MissedWork
from services.week_plans import PlanItem, ProgressSaid, WeekPlan


def preview(policy: Policy, now: datetime) -> Iterator[str]:
    """Yield each nudge with a heading, around an instant, as a student of the programme's zone reads it."""
    for title, rendered in _Samples(policy, now).all():
        yield f"=== {title} ==="
        yield as_text(rendered)
        yield ""


class _Samples:
    """A student with a few pieces of work, and every message about them."""

    def __init__(self, policy: Policy, now: datetime) -> None:
        self._policy, self._now, self._words = policy, now, policy.nudges.words
        self._tz = policy.programme.tz
        self._ada = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, self._tz.key)
        self._work = [self._assignment(number) for number in (3, 4)]
        self._reading = Assignment("asg_r", "r5", "Week 5 reading", Kind.READING, now, now + timedelta(days=2))

    def all(self) -> Iterator[tuple[str, Rendered]]:
        """Yield every message with its heading."""
        yield "Missed work, one", self._missed(self._items()[:1])
        yield "Missed work, several", self._missed(self._items())
        yield "Missed work, all settled", self._missed([Item(self._work[0], self._now, ItemState.HANDED_IN)])
        yield "Due soon, one", self._render(DueSoon("ndg", self._ada, self._dues()[:1], self._words))
        yield "Due soon, several", self._render(DueSoon("ndg", self._ada, self._dues(), self._words))
        yield "Plan of the week", self._render(self._plan())
        for progress in Progress:
            said = ProgressSaid(self._ada, self._work[0], progress, self._words)
            yield f"After a press: {progress.value.replace('_', ' ')}", progress_said(said)
        until_at = self._now + timedelta(days=2)
        yield "Moved for everyone", self._render(ForEveryone(self._ada, self._work[0], until_at, self._words))
        yield "Cancelled for everyone", self._render(ForEveryone(self._ada, self._work[0], None, self._words))

    def _render(self, content: object) -> Rendered:
        return render(content, self._tz)

    def _assignment(self, number: int) -> Assignment:
        due_at, hard_at = self._now + timedelta(days=number - 2), self._now + timedelta(days=30)
        title = f"Problem set {number}"
        return Assignment(f"asg_{number}", f"hw{number}", title, Kind.WRITTEN, hard_at, due_at, estimated_hours=6)

    def _items(self) -> list[Item]:
        lapses_at = self._now + timedelta(hours=self._policy.nudges.offer_lapses_hours)
        days = max(1, self._policy.extensions.offer_days)
        due_at = self._now - timedelta(hours=3)
        offers = [Offer(f"off_{a.id}", "", a.id, "", days, OfferState.OPEN, lapses_at) for a in self._work]
        return [Item(offer_of, due_at, offer=offer) for offer_of, offer in zip(self._work, offers, strict=True)]

    def _missed(self, items: list[Item]) -> Rendered:
        return self._render(MissedWork("ndg", self._ada, items, self._words))

    def _dues(self) -> list[Due]:
        return [Due(assignment, assignment.due_at or self._now) for assignment in self._work]

    def _plan(self) -> WeekPlan:
        policy = self._policy.nudges
        items = [
            PlanItem(due.assignment, due.due_at, max(self._now, start_by(due, policy, self._tz)))
            for due in self._dues()
        ]
        return WeekPlan("ndg", self._ada, items, [self._reading], self._words)
