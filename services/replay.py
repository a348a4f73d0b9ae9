"""A term lived through again on a copy of the records: what becomes known when, and what is sent to whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cohort.policy import Policy
from cohort.replay import Sent
from cohort.roster import Role
from services import messages
from services.desk import Desk, Directory
from services.letters import Later
from services.messages import Ready, Standing
from services.replay_marks import TICK, TellingInstants
from storage.arrivals import Arrivals, take_out
from storage.outbox import Letter, Post
from storage.programme import Identity
from storage.replay import Scratch, copy_for_replay

WORKER = "replay"
AT_ONCE = 100


@dataclass
class Stage:
    """A desk on a copy that knows what was known at an instant, and what was sent on it so far."""

    desk: Desk
    store: Scratch
    arrivals: Arrivals
    marks: TellingInstants
    sent: list[Sent] = field(default_factory=list)
    _posts: int = 0

    def go_to(self, now: datetime) -> None:
        """Let all become known that was known at an instant."""
        if not self.arrivals.has_any(now):
            return
        with self.store.transaction() as records:
            self.arrivals.bring(records, now)
            self.marks.add_requests(records, now)

    def learn(self, now: datetime) -> None:
        """Take in when what was written has to be looked at, and look at everything once more."""
        self.marks.add([now + TICK])
        with self.store.reading() as records:
            self.marks.learn(records, now)

    def next_letter_at(self) -> datetime | None:
        """Return when the next letter is due."""
        with self.store.reading() as records:
            return records.outbox.next_due_at()

    def deliver(self, now: datetime) -> int:
        """Send what is due as the bot would, to a Slack that takes everything; return how many letters were due."""
        count = 0
        while letters := self._claimed(now):
            count += len(letters)
            for letter in letters:
                self._deliver(letter, now)
        return count

    def active(self, now: datetime) -> int:
        """Count the students who take part at an instant."""
        with self.store.reading() as records:
            return sum(student.is_active(now) for student in records.roster.with_role(Role.STUDENT))

    def _claimed(self, now: datetime) -> list[Letter]:
        due_at = self.next_letter_at()
        if due_at is None or due_at > now:
            return []
        with self.store.transaction() as records:
            return records.outbox.claim(WORKER, now, AT_ONCE)

    def _deliver(self, letter: Letter, now: datetime) -> None:
        prepared = messages.prepare(letter, self.desk, now)
        if isinstance(prepared, Ready):
            self._tell(letter, prepared, now)
            return
        with self.store.transaction() as records:
            if isinstance(prepared, Later):
                records.outbox.put_back(letter.id, max(prepared.not_before_at, now + TICK), "")
            else:
                records.outbox.settle(letter.id, "obsolete", now)

    def _tell(self, letter: Letter, ready: Ready, now: datetime) -> None:
        messages.told(letter, ready, self._post(letter, ready), self.desk, now)
        self.sent.append(Sent(now, letter.recipient, letter.kind, letter.at_most_once, letter.data.get("nudge", "")))

    def _post(self, letter: Letter, ready: Ready) -> Post:
        """Return where a letter stands: in a post of its own, or in the one that it brings up to date."""
        if isinstance(ready.address, Standing):
            return Post(ready.address.channel, ready.address.ts, ready.subject, letter.kind)
        self._posts += 1
        return Post("REPLAY", f"{self._posts:010d}", ready.subject, letter.kind)


@contextmanager
def staged(original: Path, policy: Policy, directory: Directory, since: datetime, until: datetime) -> Iterator[Stage]:
    """Hand out a stage set for an instant, on a copy that is removed at the end; the original is only read.

    Raises StoreUnusable for a database that is not there, is damaged, or belongs to another programme.
    """
    with TemporaryDirectory(prefix="cohort-replay-") as folder:
        store = copy_for_replay(original, Path(folder), Identity(policy.programme.name))
        try:
            yield _set(store, policy, directory, since, until)
        finally:
            store.close()


def _set(store: Scratch, policy: Policy, directory: Directory, since: datetime, until: datetime) -> Stage:
    with store.transaction() as records:
        zones = {member.zone for member in records.roster.all()}
        marks = TellingInstants(policy, zones, since, until)
        marks.learn_ahead(records)
        arrivals = take_out(records, since)
        arrivals.bring(records, since)
        marks.add(arrivals.instants())
        marks.learn(records, since)
    return Stage(Desk(store, policy, directory), store, arrivals, marks)
