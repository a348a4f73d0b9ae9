"""Linking the roster to Slack accounts by email, and following what changes there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cohort.errors import UnknownZone
from cohort.roster import GONE, Member
from cohort.times import local_day, zone
from services import access, outbox
from services.desk import Account, Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

FEW = 10


@dataclass(frozen=True, slots=True)
class LinkReport:
    """Who was linked now, and who has no account that could be found."""

    linked: tuple[Member, ...]
    unlinked: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class UnlinkedNote:
    """For organizers: the members whom the bot can't reach."""

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class EmailNote:
    """For organizers: a member's address in Slack is no longer the one on the roster."""

    member: Member


def link_all(desk: Desk, now: datetime) -> LinkReport:
    """Link every member whose account is not known; asks Slack about nobody else, so it can be repeated.

    Takes as long as Slack's limits ask for. What is linked is kept at once; organizers get a list of who is
    left, once a day at most.
    """
    with desk.store.reading() as records:
        wanted = {member.email.casefold(): member for member in _reachable(records, now)}
    linked = [
        member
        for account in _accounts_of(wanted, desk)
        if account.email.casefold() in wanted and (member := _link(account, desk, now)) is not None
    ]
    return LinkReport(tuple(linked), _report_unlinked(desk, now))


def _accounts_of(wanted: Mapping[str, Member], desk: Desk) -> Iterator[Account]:
    """Yield accounts that may be those of some members: a few by their addresses, many by the whole list."""
    if len(wanted) > FEW:
        yield from desk.directory.accounts()
        return
    for member in wanted.values():
        account = desk.directory.account_by_email(member.email)
        if account is not None:
            yield account


def link(slack_id: str, desk: Desk, now: datetime) -> Member | None:
    """Return the member a Slack account belongs to, linking it now if need be; None for a stranger."""
    account = desk.directory.account(slack_id)
    return None if account is None else _link(account, desk, now)


def _link(account: Account, desk: Desk, now: datetime) -> Member | None:
    with desk.store.reading() as records:
        member = records.roster.by_slack_id(account.slack_id) or records.roster.by_email(account.email)
    if member is None or not account.is_person:
        return None
    if member.slack_id is not None:
        return member if member.slack_id == account.slack_id else None
    zone_name = account.zone if _is_zone(account.zone) else member.zone
    with desk.store.transaction() as records:
        if records.roster.link(member.id, account.slack_id, zone_name):
            records.audit.add(None, "account.linked", member.id, now)
        return records.roster.by_slack_id(account.slack_id)


def follow_change(account: Account, desk: Desk, now: datetime) -> None:
    """Note what changed in someone's account: the zone is followed, a new address is told to organizers.

    The roster's address stays, since it is what imports know people by. Slack tells of every change of every
    account of a workspace, so whatever concerns nobody here takes no turn at writing.
    """
    member = _link(account, desk, now)
    if member is None:
        return
    if account.zone != member.zone and _is_zone(account.zone):
        with desk.store.transaction() as records:
            records.roster.set_zone(member.id, account.zone)
            records.audit.add(None, "account.zone", member.id, now)
    if account.email and account.email.casefold() != member.email.casefold():
        digest = sha256(account.email.casefold().encode()).hexdigest()[:16]
        key = f"email:{member.id}:{digest}"
        with desk.store.transaction() as records:
            outbox.tell_organizers(records, "accounts.email", {"member": member.id}, key, now)


def unlinked(actor: Member, now: datetime, desk: Desk) -> list[Member]:
    """Return the members whom the bot can't reach, by email. Raises NotAllowed for all but organizers."""
    access.require_organizer(actor, "accounts.unlinked", now)
    with desk.store.reading() as records:
        return _reachable(records, now)


def _reachable(records: Records, now: datetime) -> list[Member]:
    """Return the members without an account who ought to have one; those who are gone by now need none."""
    unlinked = records.roster.unlinked()
    return [member for member in unlinked if member.status not in GONE or member.is_active(now)]


def _report_unlinked(desk: Desk, now: datetime) -> tuple[Member, ...]:
    day = local_day(now, desk.policy.programme.tz)
    with desk.store.transaction() as records:
        left = tuple(_reachable(records, now))
        if left:
            outbox.tell_organizers(records, "accounts.unlinked", {}, f"unlinked:{day}", now)
        return left


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except UnknownZone:
        return False
    return True


def compose_unlinked(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the list of those who can't be reached; nothing once everyone can."""
    del data, desk
    left = tuple(_reachable(records, now))
    return Said(UnlinkedNote(left)) if left else Obsolete("everyone is linked")


def compose_email(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what organizers read about an address that changed in Slack."""
    del desk, now
    member = access.known(records, data["member"])
    return Obsolete("gone meanwhile") if member.status in GONE else Said(EmailNote(member))


COMPOSERS = {"accounts.unlinked": compose_unlinked, "accounts.email": compose_email}
