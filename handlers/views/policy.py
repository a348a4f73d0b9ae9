"""What `/cohort policy` says: every number of cohort.toml that concerns the reader, in plain words and in groups."""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from cohort.joining import IN_A_ROW, IN_ALL
from cohort.policy import Policy
from cohort.roster import Member
from handlers.views.blocks import Rendered, context, escape, in_chunks, section
from handlers.views.policy_rules import days, grades, hours, more_time, nights, office_hours

Group = tuple[str, list[str]]


def policy_words(policy: Policy, reader: Member) -> Rendered:
    """Return the rules as the reader needs them, made from cohort.toml so that they are always true."""
    zone = reader.tz
    groups = [*_students(policy, zone, reader.accommodation_days), *(_staff(policy) if reader.is_staff else ())]
    blocks = [section(f"*How {escape(policy.programme.name)} works*")]
    for title, lines in groups:
        texts = in_chunks([f"*{title}*", *(f"• {line}" for line in lines)])
        blocks += [section(text) for text in texts]
    last = "This is made from the programme's own settings, so it is what I go by."
    return Rendered("The rules in plain words", [*blocks, context(last)])


def student_rules(policy: Policy, zone: ZoneInfo) -> list[str]:
    """Return every rule that holds for all students, a line each."""
    return [line for _, lines in _students(policy, zone, 0) for line in lines]


def _students(policy: Policy, zone: ZoneInfo, accommodation_days: int) -> Iterator[Group]:
    yield "The programme", _programme(policy)
    yield "More time", [*more_time(policy, zone, accommodation_days), hard_dates_rule(policy)]
    yield "Handing in and grades", [*_handing_in(policy), *grades(policy)]
    yield "Office hours", office_hours(policy.office_hours)
    yield "Meetings and questions", _meetings(policy)
    yield "What I write to you about", [*nights(policy.nudges), *_messages(policy)]
    if policy.checkins.is_on:
        yield "Check-ins", _check_ins(policy)
    yield "When it gets too much", _help(policy)


def hard_dates_rule(policy: Policy) -> str:
    """Return what dates that are known to be hard do to due times."""
    return (
        f"Until the end of the first week you can name days that are hard for you, {IN_A_ROW} in a row and {IN_ALL} in "
        "all at most; stretches that touch or overlap count as one. What is due on them moves to the first day after, "
        f"but no exam, and nothing past {_day(policy.programme.ends_on)} or its own last moment."
    )


def _programme(policy: Policy) -> list[str]:
    programme = policy.programme
    least, most = policy.checkins.hours_promised
    return [
        f"It runs from {_day(programme.starts_on)} to {_day(programme.ends_on)}.",
        f"It asks {least:g} to {most:g} hours a week.",
        *[f"In the last cohort {hours_last_time(policy)}."] * (policy.checkins.hours_last_time is not None),
        f"What is due for everyone is due in {escape(programme.zone.replace('_', ' '))} time; I show it in yours.",
        "News for everyone is in the announcements, and an organizer is there for all that a TA can't decide.",
    ]


def hours_last_time(policy: Policy) -> str:
    """Return what the last cohort really spent, where that is known."""
    least, most = policy.checkins.hours_last_time or (0, 0)
    return f"half of all weeks took {least:g} to {most:g} hours, a quarter less and a quarter more"


def _day(on: datetime.date) -> str:
    return f"{on.day} {on:%B %Y}"


def _handing_in(policy: Policy) -> list[str]:
    rules = policy.hand_ins
    together = (
        f"You may hand in together with up to {rules.partners} others."
        if rules.partners
        else "Everyone hands in alone."
    )
    asked = (
        f"A paper reading asks for a summary of {rules.summary_at_least} characters or more, a strength of "
        f"{rules.strength_at_least} and a weakness of {rules.weakness_at_least}."
    )
    held = ", ".join(sorted(kind.value.replace("_", " ") for kind in policy.grading.held))
    return [together, asked, *([f"Grades of these are told for everyone at once: {held}."] if held else [])]


def _messages(policy: Policy) -> list[str]:
    rules = policy.nudges
    plan = f"on {rules.plan_on.capitalize()} at {rules.plan_at:%H:%M}"
    long = f"{hours(rules.due_soon_long_hours)} before work of {rules.long_from_hours:g} hours and more"
    return [
        f"What is due: {hours(rules.due_soon_hours)} before, and {long}; never at night.",
        f"A plan of the week, {rules.hours_a_day:g} hours a day, {plan}.",
        f"What you missed, with an offer of more time that stands for {hours(rules.offer_lapses_hours)}.",
        (
            f"After {rules.stop_after} messages without any sign from you I stop, and "
            f"{hours(rules.silent_after_hours)} later a person writes to you instead."
        ),
    ]


def _check_ins(policy: Policy) -> list[str]:
    rules = policy.checkins
    return [
        (
            f"Once a week, on {rules.weekday.capitalize()} at {rules.at:%H:%M} your time, I ask how it goes; one "
            f"reminder comes after {hours(rules.remind_after_hours)}, and skipping is fine."
        ),
        (
            f"{rules.over_by_hours:g} hours over what is asked, or under half of it, is a sign to us that something "
            "should change, and no fault of yours."
        ),
    ]


def _meetings(policy: Policy) -> list[str]:
    events = policy.events
    sections = "one section" if events.sections_a_week == 1 else f"{events.sections_a_week} sections"
    lines = [
        f"You are reminded of what you signed up for {hours(events.reminder_hours)} before.",
        f"A question goes to the next TA after {hours(policy.questions.answer_hours)} of their waking time.",
    ]
    return [f"Come to {sections} a week, in weeks that have any.", *lines] if events.sections_a_week else lines


def _help(policy: Policy) -> list[str]:
    who = "a named person" if policy.help.person else "somebody from the team"
    contacts = [escape(contact) for contact in policy.help.contacts]
    first = f"Write to me as to anyone: where it sounds heavy, {who} is there, and nothing automatic comes after."
    leaving = f"`/cohort leave` pauses you at once; for {days(policy.follow_ups.leaving_days)} one press undoes it."
    return [first, *contacts, leaving]


def _staff(policy: Policy) -> Iterator[Group]:
    """Yield what concerns TAs and organizers only."""
    grading, load = policy.grading, policy.workload
    yield (
        "For TAs and organizers",
        [
            (
                f"What you claim to grade is yours for {hours(grading.claim_expires_hours)}; you are reminded "
                f"{hours(grading.claim_reminder_hours)} before the end."
            ),
            (
                f"More than {load.hours_in_two_days:g} hours or {load.things_in_two_days} things within two days is "
                "too much: it stands on cards and in previews."
            ),
            (
                f"Where more than {policy.nudges.brake_percent} in a hundred miss a due time, messages about it wait "
                f"for {hours(policy.nudges.brake_hours)}, and organizers decide."
            ),
            *_ladder(policy),
            *_follow_ups(policy),
            f"The digest comes on {policy.digest.weekday.capitalize()} at {policy.digest.at:%H:%M}.",
        ],
    )


def _ladder(policy: Policy) -> list[str]:
    rules = policy.ladder
    if not rules.is_on:
        return ["Levels lead to no steps by themselves."]
    steps = (
        (rules.to_do_from, "something concrete to do", 0),
        (rules.offer_from, "an offer", rules.offer_after_days),
        (rules.follow_up_from, "a person", rules.follow_up_after_days),
        (rules.organizer_from, "the organizers", rules.organizer_after_days),
    )
    said = "; ".join(
        f"from “{level.replace('_', ' ')}” on {what}{f', {days(after)} later' if after else ''}"
        for level, what, after in steps
    )
    return [f"Who falls behind gets, step by step: {said}."]


def _follow_ups(policy: Policy) -> list[str]:
    rules = policy.follow_ups
    return [
        (
            f"A follow-up is due within {days(rules.due_days)}; {days(rules.organizer_after_days)} later organizers "
            f"hear of it. A TA has {rules.open_per_ta} at most."
        )
    ]
