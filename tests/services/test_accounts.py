"""Finding who someone is in Slack, keeping it, and following what changes there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from cohort.errors import NotAllowed
from cohort.roster import Member, Status
from services.accounts import FEW, EmailNote, LinkReport, UnlinkedNote, follow_change, link, link_all, unlinked
from services.desk import Account, Desk
from services.imports import import_roster
from services.letters import Obsolete
from services.messages import Ready, prepare
from storage.database import Database
from tests.conftest import NOON

DAY = timedelta(days=1)


@dataclass
class Slack:
    """Accounts, and who was asked for."""

    known: list[Account] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    breaks_after: int | None = None

    def account(self, slack_id: str) -> Account | None:
        self.asked.append(slack_id)
        return next((a for a in self.known if a.slack_id == slack_id), None)

    def account_by_email(self, email: str) -> Account | None:
        self.asked.append(email)
        return next((a for a in self.known if a.email.casefold() == email.casefold()), None)

    def accounts(self) -> Iterator[Account]:
        self.asked.append("everyone")
        for index, account in enumerate(self.known):
            if index == self.breaks_after:
                raise ConnectionError
            yield account


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def desk_in(desk: Desk, slack: Slack) -> Desk:
    """A desk at which Dan has just been imported, and Slack knows nobody yet."""
    import_roster("email,name,role\ndan@example.org,Dan,student\n", NOON, desk)
    return replace(desk, directory=slack)


def dans(**changes: object) -> Account:
    account = Account("U0DAN", "Dan@Example.org", "dan", "Asia/Tokyo")
    return replace(account, **changes)  # type: ignore[arg-type]  # the fields of the account


def test_someone_is_linked_by_their_address_and_takes_their_zone_along(desk_in: Desk, slack: Slack) -> None:
    slack.known = [dans()]
    report = link_all(desk_in, NOON)
    assert ([member.slack_id for member in report.linked], report.unlinked) == (["U0DAN"], ())
    assert (dan(desk_in).slack_id, dan(desk_in).zone) == ("U0DAN", "Asia/Tokyo")
    assert audit(desk_in) == ["imported", "account.linked"]


def test_only_those_without_an_account_are_asked_for(desk_in: Desk, slack: Slack) -> None:
    link_all(desk_in, NOON)
    assert slack.asked == ["dan@example.org"]
    slack.known = [dans()]
    link_all(desk_in, NOON)
    assert link_all(desk_in, NOON) == LinkReport((), ())
    assert slack.asked == ["dan@example.org", "dan@example.org"]


def test_many_are_found_in_one_list_and_a_break_loses_nothing(desk_in: Desk, slack: Slack) -> None:
    rows = "".join(f"s{n}@example.org,Student {n},student\n" for n in range(FEW))
    import_roster("email,name,role\n" + rows, NOON, desk_in)
    slack.known = [Account(f"U0S{n}", f"s{n}@example.org", "", "UTC") for n in range(FEW)] + [dans()]
    slack.breaks_after = 4
    with pytest.raises(ConnectionError):
        link_all(desk_in, NOON)
    slack.breaks_after = None
    report = link_all(desk_in, NOON)
    assert (len(report.linked), report.unlinked) == (FEW - 3, ())
    assert "everyone" in slack.asked


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(dans(is_person=False), id="a bot"),
        pytest.param(dans(email=""), id="no address told"),
        pytest.param(dans(email="dan@example.com"), id="another address"),
        pytest.param(dans(slack_id="U0ADA"), id="an account that is someone else's"),
    ],
)
def test_who_can_t_be_linked_is_listed_for_organizers_once_a_day(
    desk_in: Desk, slack: Slack, orla: Member, account: Account
) -> None:
    slack.known = [account]
    assert [member.email for member in link_all(desk_in, NOON).unlinked] == ["dan@example.org"]
    link_all(desk_in, NOON)
    assert [ready.content for ready in prepared(desk_in, "accounts.unlinked")] == [UnlinkedNote((dan(desk_in),))]
    link_all(desk_in, NOON + DAY)
    assert len(prepared(desk_in, "accounts.unlinked")) == 2
    assert unlinked(orla, NOON, desk_in) == [dan(desk_in)]


def test_the_list_is_not_sent_once_everyone_is_linked(desk_in: Desk, slack: Slack) -> None:
    link_all(desk_in, NOON)
    slack.known = [dans()]
    link_all(desk_in, NOON)
    with desk_in.store.reading() as records:
        ((letter, _),) = records.outbox.of_kind("accounts.unlinked")
    assert prepare(letter, desk_in, NOON) == Obsolete("everyone is linked")


def test_who_has_left_needs_no_account(desk_in: Desk, orla: Member) -> None:
    import_roster("email,name,role,status\ndan@example.org,Dan,student,withdrawn\n", NOON, desk_in)
    assert unlinked(orla, NOON, desk_in) == []


@pytest.mark.parametrize("who", ["ada", "tara"])
def test_only_organizers_see_who_is_not_linked(desk: Desk, request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotAllowed):
        unlinked(request.getfixturevalue(who), NOON, desk)


def test_whoever_writes_first_is_linked_then(desk_in: Desk, slack: Slack) -> None:
    slack.known = [dans()]
    assert link("U0DAN", desk_in, NOON) == dan(desk_in)
    assert link("U0DAN", desk_in, NOON) == dan(desk_in)
    assert audit(desk_in) == ["imported", "account.linked"]


@pytest.mark.parametrize(
    ("known", "slack_id"),
    [
        pytest.param([], "U0DAN", id="no such account"),
        pytest.param([dans(is_person=False)], "U0DAN", id="a bot"),
        pytest.param([dans(email="")], "U0DAN", id="no address"),
        pytest.param([dans(email="stranger@example.com")], "U0DAN", id="a stranger"),
        pytest.param([dans(slack_id="U0NEW", email="ada@example.org")], "U0NEW", id="a second account of Ada"),
    ],
)
def test_strangers_stay_strangers(desk_in: Desk, slack: Slack, known: list[Account], slack_id: str) -> None:
    slack.known = known
    assert link(slack_id, desk_in, NOON) is None
    assert dan(desk_in).slack_id is None


def test_a_zone_is_followed(desk: Desk, ada: Member) -> None:
    follow_change(Account("U0ADA", ada.email, "ada", "Asia/Tokyo"), desk, NOON)
    assert member(desk, ada.email) == replace(ada, zone="Asia/Tokyo")
    assert audit(desk) == ["account.zone"]


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "America/New_York"])
def test_an_unknown_or_equal_zone_changes_nothing(desk: Desk, ada: Member, zone: str) -> None:
    follow_change(Account("U0ADA", ada.email, "ada", zone), desk, NOON)
    assert member(desk, ada.email) == ada
    assert audit(desk) == []


def test_an_unknown_zone_does_not_prevent_linking(desk_in: Desk, slack: Slack) -> None:
    slack.known = [dans(zone="")]
    link("U0DAN", desk_in, NOON)
    assert (dan(desk_in).slack_id, dan(desk_in).zone) == ("U0DAN", "Europe/London")


def test_a_changed_address_is_told_once_and_not_followed(desk: Desk, ada: Member) -> None:
    for hours in range(3):
        follow_change(Account("U0ADA", "ada@new.example.org", "ada", ada.zone), desk, NOON + timedelta(hours=hours))
    assert member(desk, ada.email) == ada
    assert [ready.content for ready in prepared(desk, "accounts.email")] == [EmailNote(ada)]


def test_of_someone_who_left_meanwhile_nothing_is_told(desk: Desk, ada: Member) -> None:
    follow_change(Account("U0ADA", "ada@new.example.org", "ada", ada.zone), desk, NOON)
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, status=Status.WITHDRAWN, left_at=NOON))
    assert prepared(desk, "accounts.email") == []


def test_a_change_links_whoever_was_not_linked_yet(desk_in: Desk) -> None:
    follow_change(dans(), desk_in, NOON)
    assert dan(desk_in).slack_id == "U0DAN"


def test_a_change_of_a_stranger_changes_nothing(desk: Desk) -> None:
    follow_change(Account("U0X", "x@example.com", "x", "UTC"), desk, NOON)
    assert audit(desk) == []


def test_what_concerns_nobody_here_waits_for_no_writer(desk: Desk, ada: Member) -> None:
    at_once = replace(desk, store=Database(desk.store.path, busy_seconds=0.0))
    try:
        with desk.store.transaction():
            follow_change(Account("U0X", "x@example.com", "x", "UTC"), at_once, NOON)
            follow_change(Account("U0ADA", ada.email, "ada", ada.zone), at_once, NOON)
    finally:
        at_once.store.close()


def dan(desk: Desk) -> Member:
    return member(desk, "dan@example.org")


def member(desk: Desk, email: str) -> Member:
    with desk.store.reading() as records:
        found = records.roster.by_email(email)
    assert found is not None
    return found


def audit(desk: Desk) -> list[str]:
    with desk.store.reading() as records:
        return [line.action for line in records.audit.all()]


def prepared(desk: Desk, kind: str) -> list[Ready]:
    with desk.store.reading() as records:
        queued = [letter for letter, _ in records.outbox.of_kind(kind)]
    return [ready for letter in queued if isinstance(ready := prepare(letter, desk, NOON), Ready)]


def test_who_leaves_later_is_still_reachable_and_who_has_left_is_not(desk_in: Desk, slack: Slack) -> None:
    leaving = replace(dan(desk_in), status=Status.WITHDRAWN, left_at=NOON + DAY)
    with desk_in.store.transaction() as records:
        records.roster.save(leaving)
    slack.known = [dans()]
    assert link_all(desk_in, NOON + 2 * DAY).linked == ()
    assert [member.name for member in link_all(desk_in, NOON).linked] == ["Dan"]
