"""The rules of more time, grades, office hours and nights in plain words, made from cohort.toml."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.assignments import Kind
from cohort.policy import ExtensionRules, NudgePolicy, OfficeHoursPolicy, Policy
from handlers.views.blocks import date

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


def in_short(policy: Policy, zone: ZoneInfo, accommodation_days: int) -> Sequence[str]:
    """Return the five rules that are stated up front: how to have more time, and what that costs (nothing)."""
    return more_time(policy, zone, accommodation_days)[:5]


def more_time(policy: Policy, zone: ZoneInfo, accommodation_days: int) -> list[str]:
    """Return the rules of extensions; those of the reader's own arrangement too."""
    rules = policy.extensions
    longer = f"Everything longer goes to a TA, who answers within {hours(rules.review_within_hours)}."
    end = date(policy.programme.closes_at, zone)
    waiting = "While a request waits with us, nothing counts as late, and after a no you keep at least 24 hours."
    return [
        *_at_once(rules),
        *_own_days(rules, accommodation_days),
        f"{longer} {waiting}",
        *[_kind_line(kind, rules.rules_for(kind), rules) for kind in rules.kinds],
        f"Nothing can be later than {end}, or than the last moment an assignment names.",
        "Your reason is private: only those who decide can read it.",
    ]


def _at_once(rules: ExtensionRules) -> list[str]:
    lines = []
    if rules.auto_approve_days:
        lines.append(
            f"More time up to {days(rules.auto_approve_days)} past a due time is granted at once, without a reason."
        )
    if rules.auto_approved_limit is not None:
        lines.append(
            f"You can have that {times(rules.auto_approved_limit)}. After that I grant one more day at once, and offer "
            "a talk about a plan."
        )
    return [*lines, *([f"Missed it? {_grace(rules)}"] if rules.grace_days and rules.offer_days else [])]


def _grace(rules: ExtensionRules) -> str:
    return (
        f"Up to {days(rules.grace_days)} after the due time you can still have {days(rules.offer_days)} more at once, "
        "asked or offered."
    )


def _own_days(rules: ExtensionRules, accommodation_days: int) -> list[str]:
    """Return what holds for someone whose standing arrangement gives them more than everyone has."""
    if accommodation_days <= rules.auto_approve_days:
        return []
    return [f"For you it is {days(accommodation_days)} at once, as arranged. Only you and staff see this line."]


def _kind_line(kind: Kind, own: ExtensionRules, usual: ExtensionRules) -> str:
    """Return what is different for a kind of assignment, and nothing that is as for all."""
    if not own.auto_approve_days and not own.grace_days:
        return f"For {KINDS[kind]} it is different: more time always goes through a TA, whatever else is arranged."
    parts = []
    if own.auto_approve_days != usual.auto_approve_days:
        parts.append(
            f"up to {days(own.auto_approve_days)} at once"
            if own.auto_approve_days
            else "before the due time always through a TA"
        )
    if own.auto_approved_limit != usual.auto_approved_limit:
        limit = own.auto_approved_limit
        parts.append("as often as you need it" if limit is None else f"{times(limit)}, then a day at once")
    if (own.grace_days, own.offer_days) != (usual.grace_days, usual.offer_days):
        late = own.grace_days and own.offer_days
        parts.append(_grace(own)[0].lower() + _grace(own)[1:-1] if late else "nothing at once after the due time")
    return f"For {KINDS[kind]} it is different: {'; '.join(parts) or 'nothing at the moment'}."


def grades(policy: Policy) -> list[str]:
    """Return how work is taken in, graded and tried again, and what may be left out."""
    grading = policy.grading
    late = {
        "marked": "What comes after your due time is taken until the last moment, and marked as late.",
        "refused": "What comes after your due time is not taken, so ask for more time first: it is one line.",
    }
    first, again = days(grading.grade_within_days), days(grading.retry_within_days)
    lines = [
        late[policy.hand_ins.late],
        f"Your work is graded within {first} of its due time, or of when it came if later; a second try in {again}.",
        f"“Not passed yet” is not the end: you get {days(grading.resubmit_days)} to try again.",
    ]
    if grading.drops_allowed:
        what = "one assignment" if grading.drops_allowed == 1 else f"{grading.drops_allowed} assignments"
        lines.append(f"You can leave out {what} and still graduate. `/cohort progress` shows where you stand.")
    else:
        lines.append("To graduate, pass all that is required. `/cohort progress` shows where you stand.")
    return lines


def office_hours(rules: OfficeHoursPolicy) -> list[str]:
    """Return what can be booked of office hours, how much of it, and what follows."""
    until = f"until {minutes(rules.notice_minutes)} before" if rules.notice_minutes else "at any time"
    one_ta = "one booking" if rules.open_with_one_ta == 1 else f"{rules.open_with_one_ta} bookings"
    most = f"{one_ta} at a time with the same TA, {rules.a_week} a week, {rules.open_at_once} ahead of you at once"
    lines = [
        f"A TA's time can be booked with `/office-hours`, {days(rules.days_ahead)} ahead and {until}: {most}.",
        "Cancelled and excused bookings don't count, and cancelling needs no reason.",
    ]
    if rules.limits_end_hours:
        lines.append(
            f"From {hours(rules.limits_end_hours)} before, what is still free can be booked beyond those of the week."
        )
    return [
        *lines,
        f"Both of you are reminded of a booking the day before and {minutes(rules.reminder_minutes)} before.",
        f"A slot that becomes free is kept for the first in line, {minutes(rules.offer_minutes)} without the night.",
        f"Where nobody has begun open hours after {minutes(rules.unstarted_minutes)}, another TA hears of it.",
    ]


def nights(nudges: NudgePolicy) -> list[str]:
    """Return when nobody is written to, and how much comes that nobody asked for."""
    quiet = f"between {nudges.quiet_from:%H:%M} and {nudges.quiet_until:%H:%M} where you are"
    return [
        (
            f"I wake nobody: what would come {quiet} waits until the morning, but for an answer that would be of no "
            "use by then. What you press or type is answered at once."
        ),
        f"I send you {often(nudges)} that you didn't ask for: {UNASKED}. `/cohort messages` changes that.",
    ]


def often(nudges: NudgePolicy) -> str:
    """Return how many messages come at most, in words."""
    messages = "one message" if nudges.a_day == 1 else f"{nudges.a_day} messages"
    return f"at most {messages} a day and {nudges.a_week} in seven days"


def minutes(count: int) -> str:
    """Return a number of minutes, as hours where they are whole ones."""
    if count % 60 == 0:
        return hours(count // 60)
    return "one minute" if count == 1 else f"{count} minutes"


def times(count: int) -> str:
    """Return how often, in words."""
    return "once" if count == 1 else f"{count} times"


def days(count: int) -> str:
    """Return a number of days in words."""
    return "one day" if count == 1 else f"{count} days"


def hours(count: float) -> str:
    """Return a number of hours in words."""
    return "an hour" if count == 1 else f"{count:g} hours"
