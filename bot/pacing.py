"""How fast messages may go out: Slack's limits a channel, a method and in total, in seconds of real time."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Final

POST: Final = "chat.postMessage"
UPDATE: Final = "chat.update"

# A little over Slack's one a second a channel, since two calls may arrive closer together than they left.
CHANNEL_SECONDS: Final = 1.02
UPDATES_A_MINUTE: Final = 50
UPDATES_AT_ONCE: Final = 5
# How soon to look again at a channel whose call has taken longer than its second.
BUSY_SECONDS: Final = 0.2
# When so many channels are told to wait at once, it is the method that Slack means.
CHANNELS_TO_BLAME_THE_METHOD: Final = 3


class Bucket:
    """So many at once, and then one an interval; times are seconds of a clock that only goes forward."""

    def __init__(self, interval: float, burst: int = 1) -> None:
        self._interval = interval
        self._ahead = interval * (burst - 1)
        self._paid_at = 0.0

    def next_at(self, at: float) -> float:
        """Return when the next one may go: now, or later."""
        return max(at, self._paid_at - self._ahead)

    def take(self, at: float) -> None:
        """Count one that goes at an instant."""
        self._paid_at = max(self._paid_at, at) + self._interval

    def give_back(self) -> None:
        """Count one less."""
        self._paid_at -= self._interval


def a_minute(most: int, burst: int) -> Bucket:
    """Return a bucket that lets so many through at once, and never more than `most` in any minute."""
    return Bucket(60 / max(1, most - burst), burst)


@dataclass
class Lane:
    """One channel, or one post that is updated: its own spacing, and whether a call is on its way."""

    going: Bucket
    planned: Bucket
    held_until: float = 0.0
    is_busy: bool = False

    def next_at(self, at: float) -> float:
        """Return when its next message may go, or when to look again."""
        free = at + BUSY_SECONDS if self.is_busy else at
        return max(self.going.next_at(at), self.held_until, free)


@dataclass
class Route:
    """One method of the Web API, and until when Slack wants to hear nothing of it."""

    going: Bucket
    planned: Bucket
    held_until: float = 0.0

    def next_at(self, at: float) -> float:
        """Return when its next call may go."""
        return max(self.going.next_at(at), self.held_until)


@dataclass
class Pacing:
    """Admits messages one by one; what may not go yet is told when to come back.

    A message that has to wait gets a place of its own in the queue of its channel, so that a crowd in one
    channel is looked at once rather than again every second, and never stands before those of other channels.
    """

    messages_a_minute: int
    _lanes: dict[str, Lane] = field(default_factory=dict)
    _placed: set[int] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._total = a_minute(self.messages_a_minute, max(1, self.messages_a_minute // 50))
        self._routes = {
            POST: Route(Bucket(0.0), Bucket(0.0)),
            UPDATE: Route(a_minute(UPDATES_A_MINUTE, UPDATES_AT_ONCE), a_minute(UPDATES_A_MINUTE, UPDATES_AT_ONCE)),
        }

    def wait(self, at: float) -> float:
        """Return for how many seconds nothing at all may go; 0.0 if something may."""
        with self._lock:
            return self._total.next_at(at) - at

    def admit(self, letter_id: int, recipient: str, at: float) -> float:
        """Let a message go (0.0), or return after how many seconds it should come back.

        Whatever was let go must be told `done`.
        """
        with self._lock:
            lane, route = self._lane(recipient), self._routes[route_of(recipient)]
            free_at = max(lane.next_at(at), route.next_at(at), self._total.next_at(at))
            if free_at <= at:
                self._start(lane, route, at)
                self._placed.discard(letter_id)
                return 0.0
            return self._place(letter_id, lane, route, free_at) - at

    def done(self, recipient: str) -> None:
        """Note that the call for a message has ended."""
        with self._lock:
            self._lane(recipient).is_busy = False

    def unspent(self, recipient: str) -> None:
        """Note that nothing was sent for a message that was let go."""
        with self._lock:
            for bucket in (
                self._lane(recipient).going,
                self._routes[route_of(recipient)].going,
                self._total,
            ):
                bucket.give_back()

    def hold(self, recipient: str, at: float, seconds: float) -> None:
        """Send nothing to a recipient for so long; nor by its method at all, if that is what Slack means."""
        with self._lock:
            self._lane(recipient).held_until = at + seconds
            method = route_of(recipient)
            lanes = (lane for name, lane in self._lanes.items() if route_of(name) == method)
            held = sum(1 for lane in lanes if lane.held_until > at)
            if method == UPDATE or held >= CHANNELS_TO_BLAME_THE_METHOD:
                self._routes[method].held_until = at + seconds

    def hold_all(self, until: float) -> None:
        """Send nothing at all until an instant."""
        with self._lock:
            for route in self._routes.values():
                route.held_until = until

    def _start(self, lane: Lane, route: Route, at: float) -> None:
        for bucket in (lane.going, route.going, self._total):
            bucket.take(at)
        lane.is_busy = True

    def _place(self, letter_id: int, lane: Lane, route: Route, free_at: float) -> float:
        """Return when a message that has to wait should come back; one that has its place only waits a little."""
        if letter_id in self._placed:
            return free_at
        self._placed.add(letter_id)
        place = max(lane.planned.next_at(free_at), route.planned.next_at(free_at))
        lane.planned.take(place)
        route.planned.take(place)
        return place

    def _lane(self, recipient: str) -> Lane:
        lane = self._lanes.get(recipient)
        if lane is None:
            seconds = CHANNEL_SECONDS if route_of(recipient) == POST else 0.0
            lane = self._lanes[recipient] = Lane(Bucket(seconds), Bucket(seconds))
        return lane


def route_of(recipient: str) -> str:
    """Return the method by which a letter's recipient is reached."""
    return UPDATE if recipient.startswith("post:") else POST
