"""What every use case works with: the records, the policy, and a way to ask who someone is in Slack."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self, cast

from cohort.policy import Policy
from storage.database import Database
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account in Slack. `zone` is an IANA name; `email` is empty where Slack does not tell it."""

    slack_id: str
    email: str
    name: str
    zone: str
    is_person: bool = True


class Directory(Protocol):
    """Who people are in Slack. Each call may take as long as Slack does, so never inside a transaction."""

    def account(self, slack_id: str) -> Account | None:
        """Return an account by its Slack id."""
        ...

    def account_by_email(self, email: str) -> Account | None:
        """Return the account with an email address."""
        ...

    def accounts(self) -> Iterator[Account]:
        """Yield every account of the workspace."""
        ...


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that somebody dropped into Slack: its name, its bytes, and the Slack id of who that was."""

    id: str
    name: str
    content: bytes
    owner: str


class Files(Protocol):
    """The files that people drop into Slack."""

    def read(self, file_id: str, most: int) -> Dropped | None:
        """Return a file of at most so many bytes; None for what is larger or can't be read."""
        ...


class NoFiles:
    """Files where there is no Slack."""

    def read(self, file_id: str, most: int) -> Dropped | None:
        """Return nothing."""
        del file_id, most
        return None


NO_FILES = NoFiles()


def nobody_minds() -> None:
    """Do nothing about a change."""


class _AtHand:
    """A store that hands out the records of the moment at hand, since neither a reading nor a transaction nests."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """Hand out the records."""
        yield self._records

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        """Hand out the records; whoever began writing ends it."""
        yield self._records


@dataclass(frozen=True, slots=True)
class Desk:
    """The composition of one process; `delivery` is the key of what Slack delivered, if it did.

    `changed` is called after each use case of that delivery that wrote something.
    """

    store: Database
    policy: Policy
    directory: Directory
    delivery: str | None = None
    files: Files = NO_FILES
    changed: Callable[[], None] = nobody_minds

    def for_delivery(self, key: str | None, changed: Callable[[], None] = nobody_minds) -> Self:
        """Return the same desk for one delivery, whose key is noted with the change it makes."""
        return replace(self, delivery=key, changed=changed)

    def within(self, records: Records) -> Self:
        """Return the same desk for a use case that is a part of another one, whose records these are."""
        return replace(self, store=cast(Database, _AtHand(records)), delivery=None, changed=nobody_minds)

    @contextmanager
    def transaction(self, now: datetime) -> Iterator[Records]:
        """Hand out the records for one use case, and note the delivery with it.

        Raises AlreadySeen where this delivery made its change before.
        """
        with self.store.transaction() as records:
            if self.delivery is not None:
                records.deliveries.add(self.delivery, now)
            yield records
        self.changed()
