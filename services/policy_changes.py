"""A change of the rules is told to everyone: what held, what holds, and from when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from cohort.nudge_words import NudgeWords
from cohort.policy import NudgePolicy, Policy
from services import outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.ids import new_id
from storage.policies import PolicyRow
from storage.records import Records

# Long enough to see a slip of the keyboard and take it back before anyone reads of it.
SETTLES_IN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """For everyone: the rules as they were and as they are."""

    old: Policy
    new: Policy
    since_at: datetime


def note_policy(now: datetime, desk: Desk) -> bool:
    """Write down the rules where they are new, and have a change announced; say whether there was one.

    The first rules of a programme are no change, nor are rules that another version wrote down. Raises StoreBusy and
    StoreUnusable.
    """
    rules = _told(desk.policy)
    with desk.store.transaction() as records:
        known = records.policies.latest()
        before = _read(known) if known else None
        if before == rules:
            return False
        new = PolicyRow(new_id("pol"), now, rules.model_dump_json())
        records.policies.add(new)
        records.audit.add(None, "policy.changed", new.id, now)
        if known is None or before is None:
            return False
        # What was corrected before it was announced is compared with what was announced last.
        data = {"old": _announced_before(records, known), "new": new.id}
        outbox.post_at(records, "policy.changed", outbox.ANNOUNCEMENTS, data, f"policy:{new.id}", now, now + SETTLES_IN)
        return True


def _told(policy: Policy) -> Policy:
    """Return a policy without what changes nothing for students: who leads, channels, choice of words, the brake."""
    programme = policy.programme.model_copy(
        update={"organizers": ("x@example.org",), "staff_channel": "x", "announcement_channel": "x"}
    )
    usual = NudgePolicy()
    staff_only = {"words": NudgeWords(), "brake_percent": usual.brake_percent, "brake_hours": usual.brake_hours}
    nudges = policy.nudges.model_copy(update=staff_only)
    return Policy(
        programme=programme,
        extensions=policy.extensions,
        nudges=nudges,
        hand_ins=policy.hand_ins,
        grading=policy.grading,
    )


def _announced_before(records: Records, known: PolicyRow) -> str:
    """Return the rules that students know: those before a change that is still to be announced, if one is."""
    for letter, state in reversed(records.outbox.of_kind("policy.changed")):
        if letter.data["new"] == known.id and state == "queued":
            return str(letter.data["old"])
    return known.id


def compose_change(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what everyone reads; nothing where the rules changed again, or are as they were."""
    del desk, now
    latest, old, new = records.policies.latest(), records.policies.get(data["old"]), records.policies.get(data["new"])
    if latest is None or old is None or new is None or latest.id != new.id:
        return Obsolete("changed again")
    before, after = _read(old), _read(new)
    if before is None or after is None:
        return Obsolete("written by another version")
    if before == after:
        return Obsolete("as it was")
    return Said(PolicyChange(before, after, new.since_at))


def _read(row: PolicyRow) -> Policy | None:
    """Return rules as they were written down; None where another version of the program wrote them otherwise."""
    try:
        return Policy.model_validate_json(row.rules)
    except ValidationError:
        return None


COMPOSERS = {"policy.changed": compose_change}
