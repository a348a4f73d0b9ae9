"""`/cohort policy`: whatever is changed in cohort.toml changes what is said, to those whom it concerns."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from pydantic import BaseModel

from cohort.assignments import Kind
from cohort.policy import Policy
from cohort.roster import Member, Role
from handlers.views.policy import policy_words

ADA = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, "Europe/London")
ORLA = Member("mem_orla", "orla@example.org", "Orla", Role.ORGANIZER, "Europe/London")
# Not for people: where messages go, who set it up, how fast they leave, what else stands in them.
NOT_SAID = {
    ("programme", "staff_channel"),
    ("programme", "announcement_channel"),
    ("programme", "organizers"),
    ("delivery", "messages_a_minute"),
    ("nudges", "words"),
    ("checkins", "obstacles"),
}
STAFF_ONLY = {"ladder", "digest", "workload", "follow_ups"}
VALUES: dict[tuple[str, str], object] = {
    ("programme", "name"): "Another Cohort",
    ("programme", "zone"): "America/New_York",
    ("programme", "wrap_up_days"): 30,
    ("hand_ins", "late"): "refused",
    ("grading", "held"): frozenset({Kind.EXAM}),
    ("checkins", "hours_promised"): (10, 15),
    ("checkins", "hours_last_time"): (17.5, 26),
    ("help", "person"): "orla@example.org",
    ("help", "contacts"): ("A helpline: 000",),
    ("nudges", "plan_on"): "monday",
    ("checkins", "weekday"): "monday",
    ("digest", "weekday"): "friday",
    ("ladder", "to_do_from"): "critical",
    ("ladder", "offer_from"): "critical",
    ("ladder", "follow_up_from"): "slipping",
    ("ladder", "organizer_from"): "slipping",
    ("extensions", "kinds"): None,
}


def keys(policy: Policy) -> Iterator[tuple[str, str]]:
    for table, held in policy:
        if isinstance(held, BaseModel):
            yield from ((table, name) for name, _ in held)


def other(value: object) -> object:
    """Return another value of the same sort."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case time():
            return time((value.hour + 1) % 24, value.minute)
        case date() if not isinstance(value, datetime):
            return value + timedelta(days=1)
        case None:
            return 7
    raise AssertionError(f"the test needs another value for {value!r}")


def said(policy: Policy, reader: Member) -> str:
    return "\n".join(str(block) for block in policy_words(policy, reader).blocks)


def changed(policy: Policy, table: str, name: str) -> Policy:
    held = getattr(policy, table)
    value = VALUES[table, name] if (table, name) in VALUES else other(getattr(held, name))
    return policy.model_copy(update={table: held.model_copy(update={name: value})})


def test_every_number_that_concerns_somebody_is_said_to_them(policy: Policy) -> None:
    wrong = []
    for table, name in keys(policy):
        if (table, name) in NOT_SAID or (table, name) == ("extensions", "kinds"):
            continue
        new = changed(policy, table, name)
        if said(new, ORLA) == said(policy, ORLA):
            wrong.append((table, name, "staff"))
        if (
            table in STAFF_ONLY
            and said(new, ADA) != said(policy, ADA)
            and (table, name) != ("follow_ups", "leaving_days")
        ):
            wrong.append((table, name, "told to students"))
    assert wrong == []


@pytest.mark.parametrize("reader", [ADA, ORLA])
def test_slack_takes_it(policy: Policy, reader: Member) -> None:
    rendered = policy_words(policy, reader)
    assert len(rendered.blocks) <= 50
