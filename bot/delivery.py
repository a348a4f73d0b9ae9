"""Delivery: takes letters out of the outbox, sends each as words, and writes what became of it."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Final
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot import copying, posting
from bot.clock import ticks
from bot.copying import Copied
from bot.lease import Lease
from bot.logs import without_words
from bot.pacing import Pacing
from bot.posting import Answer, Gone, Limited, NoAnswer, NotDone, Posted, Refused, ShutOut
from cohort.errors import StoreBusy, StoreUnusable
from handlers.views.blocks import Rendered
from services import file_copies, messages, running
from services.desk import Desk
from services.file_copies import FileCopy
from services.letters import Attached, Later, Obsolete
from services.messages import Direct, Ready, Unreachable
from storage.outbox import Letter, Post
from storage.records import Records

log = logging.getLogger(__name__)

Render = Callable[[object, ZoneInfo], Rendered]

# How many letters one transaction looks at, so that nobody at a keyboard waits for it.
LOOKED_AT_ONCE: Final = 200
FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 300.0
SHUT_OUT_PAUSE: Final = 60.0
UNLINKED_FOR_GOOD: Final = timedelta(days=7)
WRITE_PAUSE: Final = 0.5
# A letter that is ready to go waits with its sender for no more than so many seconds.
LONGEST_STAY: Final = 0.5


@dataclass
class Delivery:
    """The outbox worker of one process. Each method does one thing, so that it can be driven without a loop."""

    desk: Desk
    client: WebClient
    render: Render
    lease: Lease
    pacing: Pacing
    tick: Callable[[], float] = ticks
    stopping: Event = field(default_factory=Event)
    _failures: dict[int, int] = field(default_factory=dict)

    def recover(self, now: datetime) -> tuple[int, int]:
        """Settle what a process left behind that died while sending; to be called when the lease is gained."""
        with self.desk.store.transaction() as records:
            return records.outbox.recover(now)

    def step(self, now: datetime) -> bool:
        """Take one letter that may go now and send it; say whether there was one."""
        letters = self.claim(now, 1)
        for letter in letters:
            self.deliver(letter, now)
        return bool(letters)

    def next_due_at(self) -> datetime | None:
        """Return when the next letter is due."""
        with self.desk.store.reading() as records:
            return records.outbox.next_due_at()

    def claim(self, now: datetime, most: int) -> list[Letter]:
        """Take up to so many letters that may go now, and have that on record before any is sent.

        Letters that are due but have to wait for their channel are given a later place in the same
        transaction, so that whatever is on record as being sent really is about to be.
        """
        if most < 1 or self.pacing.wait(self.tick()) > 0 or not self.lease.holds():
            return []
        due_at = self.next_due_at()
        if due_at is None or due_at > now:
            return []
        admitted: list[Letter] = []
        try:
            with self.desk.store.transaction() as records:
                if self.lease.confirm(records):
                    self._admit(records, now, most, admitted)
        except BaseException:
            for letter in admitted:
                self.pacing.done(letter.recipient)
            raise
        return admitted

    def deliver(self, letter: Letter, now: datetime) -> None:
        """Send a letter that was claimed, and write what became of it.

        Raises nothing: what goes wrong is logged, and organizers hear of what can't be mended.
        """
        try:
            self._deliver(letter, now)
        except (StoreBusy, StoreUnusable) as error:
            log.warning("letter %d could not be read (%s), it goes again", letter.id, type(error).__name__)
            self._again(letter, now, FIRST_PAUSE, type(error).__name__)
        except Exception as error:
            log.error("letter %d (%s) failed", letter.id, letter.kind, exc_info=without_words(error))  # noqa: TRY400 - the trace goes without words
            self._fail(letter, type(error).__name__, now)
        finally:
            self.pacing.done(letter.recipient)

    def _admit(self, records: Records, now: datetime, most: int, admitted: list[Letter]) -> None:
        looked_at = 0
        while len(admitted) < most and looked_at < LOOKED_AT_ONCE:
            at = self.tick()
            if self.pacing.wait(at) > 0:
                return
            letter = self._next(records, now, at)
            if letter is None:
                return
            looked_at += 1
            wait = self.pacing.admit(letter.id, letter.recipient, at)
            if wait > 0:
                records.outbox.put_back(letter.id, later(now, wait), "")
            else:
                admitted.append(letter)

    def _next(self, records: Records, now: datetime, at: float) -> Letter | None:
        """Claim one letter: one whose place in its channel has come, else the one that is due longest."""
        while (placed := self.pacing.next_placed(at)) is not None:
            letter = records.outbox.claim_one(placed, self.lease.holder, now)
            if letter is not None:
                return letter
            self.pacing.forget(placed)
        return next(iter(records.outbox.claim(self.lease.holder, now, 1)), None)

    def _deliver(self, letter: Letter, now: datetime) -> None:
        prepared = messages.prepare(letter, self.desk, now)
        if isinstance(prepared, Ready):
            message = self.render(prepared.content, prepared.zone)
            if self._may_leave(letter, now):
                self._note(letter, prepared, self._sent(letter, prepared, message), now)
            return
        self.pacing.unspent(letter.recipient)
        match prepared:
            case Obsolete(why):
                self._settle(letter, "obsolete", now, why)
            case Later(not_before_at):
                self._write(lambda records: records.outbox.put_back(letter.id, not_before_at, ""))
            case Unreachable():
                self._wait_for_account(letter, now)

    def _sent(self, letter: Letter, ready: Ready, message: Rendered) -> Answer:
        """Send one message; a file, made from the records or copied, travels with its words."""
        match ready:
            case Ready(address=Direct(slack_id), attached=Attached() as attached):
                return copying.upload(self.client, slack_id, attached, message.text)
            case Ready(address=Direct(slack_id), content=FileCopy(file=file)):
                return self._copied(letter, copying.send(self.client, slack_id, file, message.text))
        return posting.send(self.client, ready.address, message)

    def _copied(self, letter: Letter, answer: Answer | Copied) -> Answer:
        if isinstance(answer, Copied):
            sha256 = answer.sha256
            self._until_written(lambda: file_copies.note_copied(letter.data, sha256, self.desk))
            return Posted(answer.channel, "")
        return answer

    def _may_leave(self, letter: Letter, now: datetime) -> bool:
        """Wait for the moment of the call; say no, and queue the letter again, where that is not soon."""
        at = self.tick()
        wait = self.pacing.leave(letter.recipient, at, LONGEST_STAY)
        if wait <= LONGEST_STAY and not (wait > 0 and self.stopping.wait(wait)):
            return True
        self.pacing.unspent(letter.recipient)
        self._back_in_place(letter, now, at, wait, "")
        return False

    def _back_in_place(self, letter: Letter, now: datetime, at: float, seconds: float, problem: str) -> None:
        self.pacing.keep_place(letter.id, at + seconds)
        self._again(letter, now, seconds, problem)

    def _note(self, letter: Letter, ready: Ready, answer: Answer, now: datetime) -> None:
        """Write what an answer means for a letter."""
        match answer:
            case Posted(channel, ts):
                self._told(letter, ready, Post(channel, ts, ready.subject, letter.kind), now)
            case Limited(seconds):
                at = self.tick()
                self.pacing.hold(letter.recipient, at, seconds)
                self._back_in_place(letter, now, at, seconds, "rate limited")
            case NotDone(why):
                self._again(letter, now, self._pause(letter), why)
            case NoAnswer(why):
                self._unanswered(letter, now, why)
            case Gone(error):
                self._settle(letter, "obsolete", now, error)
            case Refused(error):
                self._fail(letter, error, now)
            case ShutOut(error):
                log.error("Slack shuts the app out: %s. `python -m bot check` says how to mend it.", error)
                self.pacing.hold_all(self.tick() + SHUT_OUT_PAUSE)
                self._again(letter, now, SHUT_OUT_PAUSE, error)

    def _told(self, letter: Letter, ready: Ready, post: Post, now: datetime) -> None:
        self._failures.pop(letter.id, None)
        self._until_written(lambda: messages.told(letter, ready, post, self.desk, now))

    def _unanswered(self, letter: Letter, now: datetime, why: str) -> None:
        """A nudge is never sent again, since it may have arrived; anything else is."""
        if letter.at_most_once:
            log.warning("letter %d (%s): no answer (%s), it is not sent again", letter.id, letter.kind, why)
            self._settle(letter, "unknown", now, why)
        else:
            self._again(letter, now, self._pause(letter), why)

    def _wait_for_account(self, letter: Letter, now: datetime) -> None:
        if now - letter.created_at >= UNLINKED_FOR_GOOD:
            self._fail(letter, running.NO_ACCOUNT, now)
        else:
            self._again(letter, now, self._pause(letter), running.NO_ACCOUNT)

    def _pause(self, letter: Letter) -> float:
        """Return a pause in seconds that doubles with each failure, and is never quite the same."""
        failures = self._failures.get(letter.id, 0)
        self._failures[letter.id] = failures + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**failures)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, hides nothing

    def _again(self, letter: Letter, now: datetime, seconds: float, problem: str) -> None:
        self._write(lambda records: records.outbox.put_back(letter.id, later(now, seconds), problem))

    def _settle(self, letter: Letter, state: str, now: datetime, problem: str) -> None:
        self._failures.pop(letter.id, None)
        self._write(lambda records: records.outbox.settle(letter.id, state, now, problem))

    def _fail(self, letter: Letter, error: str, now: datetime) -> None:
        """Set a letter aside and tell organizers, once a recipient and error."""
        self._failures.pop(letter.id, None)
        log.error("letter %d (%s) can't be delivered: %s", letter.id, letter.kind, error)

        def write(records: Records) -> None:
            if records.outbox.settle(letter.id, "failed", now, error):
                running.report_undelivered(records, letter, error, now)

        self._write(write)

    def _write(self, change: Callable[[Records], object]) -> None:
        def in_one_transaction() -> None:
            with self.desk.store.transaction() as records:
                change(records)

        self._until_written(in_one_transaction)

    def _until_written(self, write: Callable[[], object]) -> None:
        """Write until it works: what was sent and is not on record would be sent again."""
        while True:
            try:
                write()
            except (StoreBusy, StoreUnusable) as error:
                log.warning("what became of a letter can't be written yet: %s", type(error).__name__)
                if self.stopping.wait(WRITE_PAUSE):
                    return
            else:
                return


def later(now: datetime, seconds: float) -> datetime:
    """Return an instant so many seconds on; a millisecond more, since that is what is kept."""
    return now + timedelta(seconds=seconds, milliseconds=1)
