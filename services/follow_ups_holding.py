"""Follow-ups in somebody's hands: they go to the others with everything on their card."""

import json
from dataclasses import replace
from datetime import date, datetime

from cohort.errors import NotFound
from cohort.follow_ups import FollowUp, Origin
from cohort.handovers import HandedOver, Held
from services.follow_ups import give, give_back
from services.leaving import Leaving
from storage.records import Records


class FollowUps:
    """Open cases about students."""

    name = "follow_ups"

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return who owns any open case."""
        del leaving_on
        return {case.owner_id for case in records.follow_ups.every_open() if case.owner_id is not None}

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return someone's open cases; those who know the student come first, and nobody in conflict."""
        theirs = [case for case in records.follow_ups.every_open() if case.owner_id == leaving.member.id]
        return [self._held(records, case, leaving) for case in theirs]

    def _held(self, records: Records, case: FollowUp, leaving: Leaving) -> Held:
        barred = records.graders.in_conflict_with([case.student_id]) | {leaving.member.id}
        return Held(
            self.name, case.id, leaving.takers(barred, list(records.follow_ups.knowing(case.student_id))), _stands(case)
        )

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Give a case to somebody else; without anyone it stays."""
        case = _case(records, item_id)
        return to_id is not None and give(records, case, to_id, leaving.member.id, leaving.now, leaving.desk)

    def after(self, records: Records, leaving: Leaving) -> None:
        """Do nothing: each is settled as it moves."""

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Give a case back, as it stood, that is open and still with whom it went to."""
        return give_back(records, _before(_case(records, item.item_id), item.before, to_id), item.to_id, now)

    def about(self, records: Records, item_id: str) -> str:
        """Return the day it was opened: never whom it is about."""
        return _case(records, item_id).opened_at.date().isoformat()


def _stands(case: FollowUp) -> str:
    """Return what a change of hands changes of a case, to be kept with it."""
    told_at = case.told_owner_at.isoformat() if case.told_owner_at else None
    owned_at = case.owned_at.isoformat() if case.owned_at else None
    return json.dumps({"due": case.due_at.isoformat(), "owned": owned_at, "told": told_at, "origin": case.origin.value})


def _before(case: FollowUp, kept: str, owner_id: str) -> FollowUp:
    """Return a case as it stood before it changed hands; of handovers without a note of it, as it is now."""
    if not kept:
        return replace(case, owner_id=owner_id)
    stood = json.loads(kept)
    owned_at, told_at = (datetime.fromisoformat(at) if (at := stood[name]) else None for name in ("owned", "told"))
    return replace(
        case,
        owner_id=owner_id,
        owned_at=owned_at,
        due_at=datetime.fromisoformat(stood["due"]),
        told_owner_at=told_at,
        origin=Origin(stood["origin"]),
    )


def _case(records: Records, case_id: str) -> FollowUp:
    found = records.follow_ups.get(case_id)
    if found is None:
        raise NotFound("follow-up", case_id)
    return found
