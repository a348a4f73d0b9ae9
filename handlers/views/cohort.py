"""What `/cohort help` and `/cohort policy` say."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.assignments import Kind
from cohort.policy import ExtensionRules, NudgePolicy, OfficeHoursPolicy, Policy
from cohort.roster import Member, Role
from handlers.listening import Command
from handlers.views.blocks import (
    Block,
    Rendered,
    actions,
    button,
    context,
    date,
    in_chunks,
    name_of,
    section,
)

KINDS = {
    Kind.LECTURE: "lectures",
    Kind.READING: "readings",
    Kind.WRITTEN: "written work",
    Kind.PROGRAMMING: "programming work",
    Kind.PAPER_READING: "paper readings",
    Kind.PROJECT: "projects",
    Kind.EXAM: "exams",
}


UNASKED = "what is due soon, a plan of the week, and more time where you missed something"


def help_text(commands: Sequence[Command], member: Member) -> Rendered:
    """Return what someone can type, a line each."""
    hello = f"Hello {name_of(member)}! This is what you can do here, in any channel or right here:"
    groups: dict[str, list[str]] = {}
    for command in commands:
        groups.setdefault(command.name, []).append(f"• `{command.usage}`: {command.summary}")
    rows = [section(chunk) for lines in groups.values() for chunk in in_chunks(lines)]
    last = "Nobody else sees what you type or what I answer. In our direct messages plain words do as well."
    return Rendered("What you can do here", [section(hello), *_desk(member), *rows, context(last)])


def _desk(member: Member) -> list[Block]:
    """Return the organizers' desk: what they come for most, one press away."""
    if member.role is not Role.ORGANIZER:
        return []
    names = (("Roster", "desk.roster"), ("Assignments", "desk.assignments"), ("Rotas and owners", "desk.rotas"))
    more = (("Export", "desk.export"), ("Follow-ups", "home.follow_ups"), ("Digest", "home.digest"))
    return [
        actions(*(button(name, action) for name, action in (*names, *more))),
        context("To import, drop a CSV into our direct messages: it is checked and shown before anything is written."),
    ]


def policy_lines(policy: Policy, zone: ZoneInfo, accommodation_days: int = 0) -> list[str]:
    """Return the rules one by one."""
    programme, nudges = policy.programme, policy.nudges
    rules = policy.extensions
    review = _hours(rules.review_within_hours)
    longer = f"Everything longer goes to a TA, who answers within {review}."
    waiting = "While a request waits with us, nothing counts as late, and after a no you keep at least 24 hours."
    quiet = f"Between {nudges.quiet_from:%H:%M} and {nudges.quiet_until:%H:%M} in your own time zone"
    return [
        *_extension_lines(rules),
        *_own_days(rules, accommodation_days),
        f"{longer} {waiting}",
        *[_kind_line(kind, rules.rules_for(kind)) for kind in rules.kinds],
        f"The last moment for anything is {date(programme.closes_at, zone)}, unless an assignment says otherwise.",
        "Your reason is private: only those who decide can read it.",
        *_grading_lines(policy),
        *_booking_lines(policy.office_hours),
        f"`/cohort leave` pauses you at once; for {_days(policy.follow_ups.leaving_days)} one press undoes it.",
        f"{quiet} I write to nobody.",
        f"At other times you get {_often(nudges)} that you didn't ask for: {UNASKED}. `/cohort messages` changes that.",
    ]


def _often(nudges: NudgePolicy) -> str:
    """Return how many messages come at most, in words."""
    messages = "one message" if nudges.a_day == 1 else f"{nudges.a_day} messages"
    return f"at most {messages} a day and {nudges.a_week} in seven days"


def _extension_lines(rules: ExtensionRules) -> list[str]:
    lines = []
    if rules.auto_approve_days:
        lines.append(
            f"More time up to {_days(rules.auto_approve_days)} past a due time is granted at once, without a reason."
        )
    if rules.auto_approved_limit is not None:
        lines.append(
            f"You can have that {rules.auto_approved_limit} times. After that I grant one more day at once, and offer "
            "a talk about a plan."
        )
    if rules.grace_days and rules.offer_days:
        lines.append(
            f"Missed it? Up to {_days(rules.grace_days)} after the due time you can still have "
            f"{_days(rules.offer_days)} more at once, asked or offered."
        )
    return lines


def _own_days(rules: ExtensionRules, accommodation_days: int) -> list[str]:
    """Return what holds for someone whose standing arrangement gives them more than everyone has."""
    if accommodation_days <= rules.auto_approve_days:
        return []
    return [f"For you it is {_days(accommodation_days)} at once, as arranged. Only you and staff see this line."]


def _grading_lines(policy: Policy) -> list[str]:
    """Return how work is taken in, graded and tried again, and what may be left out."""
    grading = policy.grading
    late = {
        "marked": "What comes after your due time is taken until the last moment, and marked as late.",
        "refused": "What comes after your due time is not taken, so ask for more time first: it is one line.",
    }
    first, again = _days(grading.grade_within_days), _days(grading.retry_within_days)
    lines = [
        late[policy.hand_ins.late],
        f"Your work is graded within {first} of its due time, or of when it came if later; a second try in {again}.",
        f"“Not passed yet” is not the end: you get {_days(grading.resubmit_days)} to try again.",
    ]
    if grading.drops_allowed:
        what = "one assignment" if grading.drops_allowed == 1 else f"{grading.drops_allowed} assignments"
        lines.append(f"You can leave out {what} and still graduate. `/cohort progress` shows where you stand.")
    else:
        lines.append("To graduate, pass all that is required. `/cohort progress` shows where you stand.")
    return lines


def _booking_lines(rules: OfficeHoursPolicy) -> list[str]:
    """Return what can be booked of office hours, and how much of it."""
    until = f"until {_minutes(rules.notice_minutes)} before" if rules.notice_minutes else "at any time"
    one_ta = "one booking" if rules.open_with_one_ta == 1 else f"{rules.open_with_one_ta} bookings"
    most = f"{one_ta} at a time with the same TA, {rules.a_week} a week, {rules.open_at_once} ahead of you at once"
    lines = [
        f"A TA's time can be booked with `/office-hours`, {_days(rules.days_ahead)} ahead and {until}: {most}.",
        "Cancelled and excused bookings don't count, and cancelling needs no reason.",
    ]
    if rules.limits_end_hours:
        lines.append(
            f"From {_hours(rules.limits_end_hours)} before, what is still free can be booked beyond those of the week."
        )
    return lines


def _minutes(count: int) -> str:
    if count % 60 == 0:
        return _hours(count // 60)
    return "one minute" if count == 1 else f"{count} minutes"


def _kind_line(kind: Kind, rules: ExtensionRules) -> str:
    at_once = f"up to {_days(rules.auto_approve_days)} at once" if rules.auto_approve_days else "always through a TA"
    return f"For {KINDS[kind]} it is different: more time {at_once}."


def _days(count: int) -> str:
    return "one day" if count == 1 else f"{count} days"


def _hours(count: int) -> str:
    return "an hour" if count == 1 else f"{count} hours"
