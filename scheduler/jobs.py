"""The one table of what happens by itself, when, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger

from cohort.policy import Policy
from cohort.times import week_of
from services import (
    asking,
    booking_changes,
    booking_reminders,
    check_ins,
    digest_messages,
    due_soon,
    estimates,
    event_messages,
    extension_upkeep,
    follow_up_upkeep,
    grading_upkeep,
    handovers,
    housekeeping,
    joining,
    ladder,
    leavings,
    nudge_outcomes,
    nudges,
    open_hours_upkeep,
    pauses,
    plain_words,
    risk,
    silence,
    unstuck,
    waitlist_offers,
    week_plans,
)
from services.desk import Desk

# A calendar trigger counts from its first day; a year before the programme is earlier than any use of the bot.
LEAD = timedelta(days=365)
SOON = timedelta(hours=1)
SAME_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done at certain times. `run` gets the desk and now, and returns how many things it did.

    A run that could not start within `grace` of its time is a miss, and is reported.
    """

    id: str
    trigger: BaseTrigger
    run: Callable[[Desk, datetime], int]
    why: str
    grace: timedelta


def jobs(policy: Policy) -> tuple[Job, ...]:
    """Return every job of a programme; those due at one instant run in this order.

    What comes every few minutes is counted in UTC, which has no clock changes. What comes once a day or week
    keeps its wall time in the programme's zone, at hours that no zone skips when its clocks change.
    """
    zone, first_on = policy.programme.zone, week_of(policy.programme.starts_on - LEAD)
    return (
        Job(
            "lapse-requests",
            _every_minutes(5),
            extension_upkeep.lapse_waiting,
            "extension requests with nothing left to decide leave the TAs' list",
            SOON,
        ),
        Job(
            "remind-waiting",
            _every_minutes(5),
            extension_upkeep.remind_waiting,
            "a request that waits too long is brought up with the TA on duty, then all TAs, then organizers",
            SOON,
        ),
        Job(
            "lapse-offers",
            _every_minutes(5),
            nudges.lapse_offers,
            "an offer nobody took stops standing when its time is over",
            SOON,
        ),
        Job(
            "nudge-missed",
            _every_minutes(15),
            nudges.nudge_missed,
            "students who missed required work hear of it the same day, with an offer of more time",
            SOON,
        ),
        Job(
            "plan-week",
            _every_minutes(15),
            week_plans.plan_week,
            "once a week everyone gets a plan of what to start by when, on the evening that policy names",
            SOON,
        ),
        Job(
            "remind-due-soon",
            _every_minutes(15),
            due_soon.remind_due_soon,
            "what is due soon is brought to mind in time to do it, or to ask for more time",
            SOON,
        ),
        Job(
            "report-silent",
            _every_minutes(15),
            silence.report_silent,
            "who answers nothing is followed up the same day; organizers hear in the morning of whom the bot left be",
            SOON,
        ),
        Job(
            "ask-check-ins",
            _every_minutes(15),
            check_ins.ask_everyone,
            "once a week, at a time of their own day, students are asked how it goes",
            SAME_DAY,
        ),
        Job(
            "remind-check-ins",
            _every_minutes(15),
            check_ins.remind,
            "a check-in nobody answered in a day is brought up once more",
            SAME_DAY,
        ),
        Job(
            "forget-unclear",
            _every_minutes(30),
            plain_words.erase_old,
            "a message that was not understood is kept for a day, so that its writer can show it to a TA",
            SOON,
        ),
        Job(
            "assess-risk",
            _daily(4, 50, zone, first_on),
            risk.note_levels,
            "how every student stands, and why, is reckoned anew, and noted where it is another than before",
            SAME_DAY,
        ),
        Job(
            "climb-ladder",
            _every_minutes(30),
            ladder.climb,
            "who falls behind gets the next step: a thing to do, an offer, a person, the organizer; once for a reason",
            SAME_DAY,
        ),
        Job(
            "bring-up-questions",
            _every_minutes(15),
            asking.bring_up,
            "a question that nobody answered in eight of their waking hours goes to the next TA, then to organizers",
            SOON,
        ),
        Job(
            "remind-bookings",
            _every_minutes(5),
            booking_reminders.remind,
            "who comes to a booking hears of it the day before and some minutes before",
            SOON,
        ),
        Job(
            "give-up-bookings",
            _every_minutes(15),
            booking_changes.give_up_gone,
            "what students booked who are paused or take part no more is free for others",
            SOON,
        ),
        Job(
            "ask-unstuck",
            _every_minutes(15),
            unstuck.ask_unstuck,
            "after a booking its student is asked once whether it helped",
            SOON,
        ),
        Job(
            "pass-on-slots",
            _every_minutes(5),
            waitlist_offers.pass_on,
            "a slot that was offered and not taken in time goes to the next in line, and what is free to who waits",
            SOON,
        ),
        Job(
            "close-lines",
            _every_minutes(5),
            open_hours_upkeep.close_lines,
            "the line of open hours closes at their end, and who was left in it goes first to the next free slot",
            SOON,
        ),
        Job(
            "tell-unstarted",
            _every_minutes(5),
            open_hours_upkeep.tell_unstarted,
            "where students wait and nobody has begun, a TA who is free hears of it, then organizers",
            SOON,
        ),
        Job(
            "greet",
            _every_minutes(15),
            joining.greet,
            "whoever joined gets one welcome, with what the programme asks and the rules in short",
            SAME_DAY,
        ),
        Job(
            "let-leave",
            _every_minutes(15),
            leavings.take_effect,
            "who wanted to leave and did not undo it in time is withdrawn; what is open of who has left closes",
            SAME_DAY,
        ),
        Job(
            "end-pauses",
            _every_minutes(15),
            pauses.end_pauses,
            "who is paused until a day takes part again from then on, and is told",
            SAME_DAY,
        ),
        Job(
            "look-after-follow-ups",
            _every_minutes(15),
            follow_up_upkeep.look_after,
            "a follow-up finds an owner, is remembered when overdue, and proposed to close when its reason is gone",
            SAME_DAY,
        ),
        Job(
            "remind-events",
            _every_minutes(5),
            event_messages.remind,
            "who comes to a section, talk or social, and who leads it, hears of it a day before and shortly before",
            SOON,
        ),
        Job(
            "expire-claims",
            _every_minutes(5),
            grading_upkeep.expire_claims,
            "work that a TA claimed and did not grade in time goes back to the queue",
            SOON,
        ),
        Job(
            "release-gone",
            _every_minutes(15),
            handovers.release_all_gone,
            "what a TA held who takes part no more goes to the others",
            SOON,
        ),
        Job(
            "remind-claims",
            _every_minutes(15),
            grading_upkeep.remind_claims,
            "a TA whose claim runs out soon hears of it before, and before a night in between",
            SOON,
        ),
        Job(
            "send-digest",
            _every_minutes(15),
            digest_messages.send_digest,
            "once a week staff read what the week came to: counts in their channel, names in direct messages",
            SOON,
        ),
        Job(
            "remind-graders",
            _daily(8, 30, zone, first_on),
            grading_upkeep.remind_graders,
            "once a day TAs hear what is to be graded within a day, and organizers what is overdue",
            SAME_DAY,
        ),
        Job(
            "correct-estimates",
            _daily(3, 30, zone, first_on),
            estimates.correct_estimates,
            "from the second week on, the hours that students reported correct the estimates that plans reckon with",
            SAME_DAY,
        ),
        Job(
            "note-outcomes",
            _daily(3, 45, zone, first_on),
            nudge_outcomes.note_outcomes,
            "what followed each reminder within three days is noted, for `report nudges`",
            SAME_DAY,
        ),
        Job(
            "backup",
            _daily(4, 0, zone, first_on),
            housekeeping.back_up,
            "a copy of the database every night, checked by opening it; the latest 14 are kept",
            SAME_DAY,
        ),
        Job(
            "link-accounts",
            _daily(4, 15, zone, first_on),
            housekeeping.link_accounts,
            "people on the roster who have come to Slack since are linked by their email address",
            SAME_DAY,
        ),
        Job(
            "erase-words",
            _daily(4, 30, zone, first_on),
            housekeeping.erase_words,
            "what students wrote about their reasons is erased 30 days after the programme ends",
            SAME_DAY,
        ),
        Job(
            "prune",
            _weekly(4, 45, zone, first_on),
            housekeeping.prune,
            "what is only kept to recognise repeats, and old notes of jobs and messages, is forgotten",
            SAME_DAY,
        ),
    )


def _every_minutes(minutes: int) -> CronTrigger:
    return CronTrigger(minute=f"*/{minutes}", timezone=UTC)


def _daily(hour: int, minute: int, zone: str, first_on: date) -> CalendarIntervalTrigger:
    return CalendarIntervalTrigger(days=1, hour=hour, minute=minute, start_date=first_on, timezone=zone)


def _weekly(hour: int, minute: int, zone: str, first_on: date) -> CalendarIntervalTrigger:
    """Return a trigger for every Monday, since the first day is one."""
    return CalendarIntervalTrigger(weeks=1, hour=hour, minute=minute, start_date=first_on, timezone=zone)
