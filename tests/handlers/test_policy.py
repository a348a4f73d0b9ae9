"""`/cohort policy`: whatever is changed in cohort.toml changes what is said, to those whom it concerns."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from pydantic import BaseModel

from cohort.assignments import Kind
from cohort.policy import ExtensionPolicy, ExtensionRulesOfKind, GradingPolicy, HandInPolicy, Policy
from cohort.roster import Member, Role
from handlers.views.policy import policy_words
from handlers.views.policy_rules import in_short

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


def with_extensions(policy: Policy, **rules: object) -> Policy:
    return policy.model_copy(update={"extensions": ExtensionPolicy.model_validate(rules)})


def test_the_words_follow_the_rules_of_extensions(policy: Policy) -> None:
    words = said(policy, ADA)
    assert "up to 3 days past a due time" in words
    assert "You can have that 4 times" in words
    changed = said(with_extensions(policy, auto_approve_days=1, auto_approved_limit=None), ADA)
    assert "up to one day past a due time" in changed
    assert "You can have that" not in changed


@pytest.mark.parametrize(
    ("own", "line"),
    [
        pytest.param(
            {},
            "For exams it is different: more time always goes through a TA, whatever else is arranged.",
            id="exams by default",
        ),
        pytest.param(
            {"auto_approve_days": 1},
            "For exams it is different: up to one day at once; nothing at once after the due time.",
            id="a day at once",
        ),
        pytest.param(
            {"auto_approve_days": 2, "auto_approved_limit": 1, "grace_days": 1, "offer_days": 1},
            "For exams it is different: up to 2 days at once; once, then a day at once; up to one day after the due "
            "time you can still have one day more at once, asked or offered.",
            id="every rule of its own",
        ),
        pytest.param(
            {"grace_days": 2, "offer_days": 2},
            "For exams it is different: before the due time always through a TA.",
            id="only the grace days as for all",
        ),
    ],
)
def test_what_is_different_for_a_kind_is_said_and_nothing_else(policy: Policy, own: dict[str, int], line: str) -> None:
    kinds = {Kind.EXAM: ExtensionRulesOfKind.model_validate(own)}
    assert f"• {line}" in said(with_extensions(policy, kinds=kinds), ADA)


def test_each_reads_what_is_arranged_with_them(policy: Policy) -> None:
    assert "For you it is 5 days at once, as arranged." in said(policy, replace(ADA, accommodation_days=5))
    assert said(policy, replace(ADA, accommodation_days=3)) == said(policy, ADA)


def test_how_work_is_graded_is_stated_up_front(policy: Policy) -> None:
    words = said(policy, ADA)
    assert "graded within 4 days of its due time" in words
    assert "you get 5 days to try again" in words
    assert "You can leave out 2 assignments and still graduate." in words
    strict = policy.model_copy(
        update={"hand_ins": HandInPolicy(late="refused"), "grading": GradingPolicy(drops_allowed=0)}
    )
    changed = said(strict, ADA)
    assert "is not taken, so ask for more time first" in changed
    assert "pass all that is required" in changed


def test_no_group_is_longer_than_a_reader_takes_in(policy: Policy) -> None:
    """Ten lines or fewer under a heading, so that a rule is found by its heading."""
    groups = [block["text"]["text"] for block in policy_words(policy, ORLA).blocks if block["type"] == "section"]
    assert [group for group in groups if group.count("\n") > 10] == []


def test_the_five_rules_of_the_welcome_say_how_to_have_more_time(policy: Policy) -> None:
    lines = in_short(policy, ADA.tz, 0)
    assert len(lines) == 5
    assert "answers within 12 hours" in lines[3]
