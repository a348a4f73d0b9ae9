"""The demonstration's clock: a workspace may live ahead of this machine, as far as a person has moved it."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

from sandbox import Json

MORNING = wall_time(9)
LONGEST_MOVE = timedelta(days=120)
# An app that follows asks again at once; one that has not asked for so long is gone.
GONE_AFTER = 8.0


class CannotMove(Exception):
    """The clock can't go there; the text says why."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due next, as the app has told."""

    at: datetime
    name: str


class DemoClock:
    """Shows this machine's time, and how far ahead of it the workspace lives.

    A person says where it shall go (`move`), the app goes there (`reached`), step by step: what is due on the way
    happens at its own time. Used from one event loop only.
    """

    def __init__(self) -> None:
        self.ahead = 0.0
        self.wanted: float | None = None
        self.deadline: Deadline | None = None
        self._asked = asyncio.Condition()
        self.turn = 0
        self._followed_at: float | None = None

    def time(self) -> float:
        """Return seconds since 1970 as the workspace lives them."""
        return time.time() + self.ahead

    def now(self) -> datetime:
        """Return the instant at which the workspace lives."""
        return datetime.fromtimestamp(self.time(), UTC)

    def shown(self) -> Json:
        """Return what there is to know about it; instants in milliseconds since 1970."""
        return {
            "now": round(self.time() * 1000),
            "ahead": self.ahead,
            "wanted": self.wanted,
            "turn": self.turn,
            "is_followed": self._is_followed(),
            "deadline": self._next_deadline(),
        }

    def _next_deadline(self) -> Json | None:
        if self.deadline is None or self.deadline.at <= self.now():
            return None
        return {"at": round(self.deadline.at.timestamp() * 1000), "name": self.deadline.name}

    def _is_followed(self) -> bool:
        return self._followed_at is not None and time.monotonic() - self._followed_at < GONE_AFTER

    async def move(self, to: str, zone: ZoneInfo) -> None:
        """Ask for another time: "hour", "tomorrow", "week", "deadline" or an instant. Raises CannotMove."""
        if not self._is_followed():
            raise CannotMove("no app follows this clock, so it can't be moved")
        if self.wanted is not None:
            raise CannotMove("the clock is on its way already")
        at = self._goal(to, zone)
        if not timedelta(0) < at - self.now() < LONGEST_MOVE:
            raise CannotMove("the clock goes forward only, and by less than four months at once")
        self.wanted = self.ahead + (at - self.now()).total_seconds()
        await self._tell()

    def _goal(self, to: str, zone: ZoneInfo) -> datetime:
        now = self.now()
        local = now.astimezone(zone)
        match to:
            case "hour":
                return now + timedelta(hours=1)
            case "tomorrow":
                return datetime.combine(local.date() + timedelta(days=1), MORNING, zone).astimezone(UTC)
            case "week":
                return datetime.combine(local.date() + timedelta(days=7), local.time(), zone).astimezone(UTC)
            case "deadline":
                if self._next_deadline() is None or self.deadline is None:
                    raise CannotMove("the app knows of no deadline to come")
                return self.deadline.at + timedelta(minutes=1)
        try:
            at = datetime.fromisoformat(to)
        except ValueError:
            raise CannotMove(f"{to!r} is no time to go to") from None
        return at if at.tzinfo else at.replace(tzinfo=zone)

    async def reached(self, ahead: float, *, is_there: bool) -> None:
        """Note how far the app has come on its way, and whether its way has ended; it never goes back.

        Raises CannotMove.
        """
        if ahead < self.ahead or self.wanted is None or ahead > self.wanted:
            raise CannotMove("the clock goes forward only, and where a person has sent it")
        self._followed_at = time.monotonic()
        self.ahead = ahead
        if is_there:
            self.wanted = None
        await self._tell()

    async def due_next(self, deadline: Deadline | None) -> None:
        """Note what falls due next, as the app tells."""
        if deadline != self.deadline:
            self.deadline = deadline
            await self._tell()

    async def asked(self, turn: int, seconds: float) -> Json:
        """Wait until something is new since a turn, as the app that follows does, and return what is shown."""
        self._followed_at = time.monotonic()
        try:
            async with asyncio.timeout(seconds), self._asked:
                await self._asked.wait_for(lambda: self.turn != turn)
        except TimeoutError:
            pass
        self._followed_at = time.monotonic()
        return self.shown()

    async def _tell(self) -> None:
        self.turn += 1
        async with self._asked:
            self._asked.notify_all()
