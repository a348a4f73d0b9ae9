"""The ladder: which step follows from how a student stands, each taken once for a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.levels import Level, LevelSince
from cohort.policy import LadderPolicy
from cohort.times import add_days


class Step(StrEnum):
    """What is done about it, from the least to the most."""

    TO_DO = "to_do"
    OFFER = "offer"
    FOLLOW_UP = "follow_up"
    ORGANIZER = "organizer"

    @property
    def is_message(self) -> bool:
        """Whether it is a message to the student, and so under the limits of nudges."""
        return self in {Step.TO_DO, Step.OFFER}


class Help(StrEnum):
    """What an offer holds, each to be had with one press."""

    MORE_DAYS = "more_days"
    DROP = "drop"
    SLOT = "slot"
    LIGHTER_PLAN = "lighter_plan"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken for a reason, and when its offer was accepted, if it was."""

    step: Step
    reason: str
    taken_at: datetime
    accepted_at: datetime | None = None


def reason_of(level: LevelSince, missed: Iterable[Assignment]) -> str:
    """Return what a step rests on: the signals, and the newest piece of missed work; another one is a change."""
    newest = max(missed, key=lambda assignment: (assignment.due_at is not None, assignment.due_at), default=None)
    signals = "+".join(sorted({reason.signal for reason in level.reasons}))
    return f"{signals}:{newest.id if newest else ''}"


def next_step(
    level: LevelSince,
    reason: str,
    taken: Sequence[Taken],
    policy: LadderPolicy,
    now: datetime,
    tz: tzinfo,
    *,
    is_with_a_person: bool = False,
) -> Step | None:
    """Return the next step for a student, or None while nothing is to be done, or was done and nothing changed.

    Who is at risk gets the offer without the small step before it. While a person follows a student up, the only
    step left is to let the organizer know. Days are counted in the zone `tz`.
    """
    done = {one.step: one for one in taken if one.reason == reason}
    if not policy.is_on or level.level is Level.ON_TRACK:
        return None
    for step in _steps(level.level, policy, done, is_with_a_person=is_with_a_person):
        if step not in done:
            return step if _is_due(step, level, done, policy, now, tz) else None
    return None


def _steps(level: Level, policy: LadderPolicy, done: dict[Step, Taken], *, is_with_a_person: bool) -> list[Step]:
    """Return the steps that a level leads to, in their order."""
    from_level = {
        Step.TO_DO: policy.to_do_from,
        Step.OFFER: policy.offer_from,
        Step.FOLLOW_UP: policy.follow_up_from,
        Step.ORGANIZER: policy.organizer_from,
    }
    led_to = [step for step, least in from_level.items() if level.height >= Level(least).height]
    passed_over = {Step.TO_DO} if level is not Level.SLIPPING else set()
    if level is Level.CRITICAL and Step.FOLLOW_UP in led_to:
        passed_over.add(Step.OFFER)
    if is_with_a_person:
        passed_over |= {Step.TO_DO, Step.OFFER, Step.FOLLOW_UP}
    return [step for step in led_to if step not in passed_over or step in done]


def _is_due(
    step: Step, level: LevelSince, done: dict[Step, Taken], policy: LadderPolicy, now: datetime, tz: tzinfo
) -> bool:
    """Say whether the step before has had its days: an offer to be taken, a person to get in touch."""
    if step is Step.ORGANIZER:
        before = done[Step.FOLLOW_UP].taken_at if Step.FOLLOW_UP in done else level.since_at
        return now >= add_days(max(before, level.since_at), policy.organizer_after_days, tz)
    if step is Step.TO_DO or level.level is Level.CRITICAL:
        return True
    if step is Step.OFFER:
        small = done.get(Step.TO_DO)
        return small is None or now >= add_days(small.taken_at, policy.offer_after_days, tz)
    offer = done.get(Step.OFFER)
    before = level.since_at if offer is None else max(offer.accepted_at or offer.taken_at, level.since_at)
    return now >= add_days(before, policy.follow_up_after_days, tz)
