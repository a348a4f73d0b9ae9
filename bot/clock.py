"""The only place that asks what time it is."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time by which the programme lives."""

    def now(self) -> datetime:
        """Return an aware UTC instant, to the millisecond."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Return an aware UTC instant, to the millisecond."""
        return real_now()


class SetClock:
    """A clock that was set to an instant and runs on from there, to live through another day."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        """Put the clock to an instant."""
        self._ahead = at - real_now()

    def now(self) -> datetime:
        """Return an aware UTC instant, to the millisecond."""
        return real_now() + self._ahead


class MovedClock:
    """The clock of a demonstration: ahead of this machine's by as much as people have moved it, and never back."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._ahead = ahead

    @property
    def ahead(self) -> timedelta:
        """How far it is ahead."""
        return self._ahead

    def move_on(self, ahead: timedelta) -> None:
        """Go on to so far ahead; what lies behind is left alone."""
        self._ahead = max(self._ahead, ahead)

    def now(self) -> datetime:
        """Return an aware UTC instant, to the millisecond."""
        return real_now() + self._ahead


def real_now() -> datetime:
    """Return the time of this machine in UTC, to the millisecond, whatever clock the programme is shown."""
    at = datetime.now(UTC)
    return at - timedelta(microseconds=at.microsecond % 1000)


def ticks() -> float:
    """Return seconds that only ever go forward, for pacing and time limits."""
    return time.monotonic()
