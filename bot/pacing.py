"""How fast messages may go out: Slack's limits a channel, a method and in total, in seconds of real time."""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from threading import Lock
from typing import Final

POST: Final = "chat.postMessage"
UPDATE: Final = "chat.update"

# A little over Slack's one a second a channel, since two calls may arrive closer together than they left.
CHANNEL_SECONDS: Final = 1.02
UPDATES_A_MINUTE: Final = 50
UPDATES_AT_ONCE: Final = 5
# How many may go at once: less than a second's worth, since Slack is thought to bear about that.
TOTAL_AT_ONCE_SHARE: Final = 80
# How soon to look again at a channel whose call has taken longer than its second.
BUSY_SECONDS: Final = 0.2
# A place is kept in the records to the millisecond, and looked for just after.
PLACE_LEEWAY: Final = 0.002
# When so many channels are told to wait at once, it is the method that Slack means.
CHANNELS_TO_BLAME_THE_METHOD: Final = 3
# So does the first one told to wait, once messages have gone out at more than half of their rate for a while.
BUSY_SHARE: Final = 2
BUSY_AFTER_SECONDS: Final = 10.0
# Lanes where nothing is left to wait for are forgotten whenever so many new ones have come.
LANES_KEPT: Final = 1000


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


def a_minute(most: int, burst: int, minute: float) -> Bucket:
    """Return a bucket that lets so many through at once, and never more than `most` in any `minute` of seconds."""
    return Bucket(minute / max(1, most - burst), burst)


@dataclass
class Lane:
    """One channel, or one post that is updated: its own spacing, and whether a call is on its way."""

    going: Bucket
    planned: Bucket
    leaving: Bucket
    busy_seconds: float
    held_until: float = 0.0
    is_busy: bool = False

    def next_at(self, at: float) -> float:
        """Return when its next message may go, or when to look again."""
        free = at + self.busy_seconds if self.is_busy else at
        return max(self.going.next_at(at), self.held_until, free)

    def is_idle(self, at: float) -> bool:
        """Say whether nothing is known of it that a new one would not know."""
        return max(self.next_at(at), self.planned.next_at(at), self.leaving.next_at(at)) <= at


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
    channel is looked at once rather than again every second, and never stands before those of other channels;
    when its place has come, it stands before those that came to the outbox later.
    `scale` says how many times faster than Slack's a minute passes where Slack is played by something faster.
    """

    messages_a_minute: int
    scale: float = 1.0
    _lanes: dict[str, Lane] = field(default_factory=dict)
    _swept_at_size: int = 0
    _placed: set[int] = field(default_factory=set)
    _places: list[tuple[float, int]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        most, minute = self.messages_a_minute, 60 / self.scale
        self._total = a_minute(most, max(1, most // TOTAL_AT_ONCE_SHARE), minute)
        self._leaving = a_minute(most, max(1, most // TOTAL_AT_ONCE_SHARE), minute)
        slow = minute * BUSY_SHARE / most
        self._slow = Bucket(slow, max(1, round(BUSY_AFTER_SECONDS / 60 * most / BUSY_SHARE)))
        self._routes = {
            POST: Route(Bucket(0.0), Bucket(0.0)),
            UPDATE: Route(
                a_minute(UPDATES_A_MINUTE, UPDATES_AT_ONCE, minute), a_minute(UPDATES_A_MINUTE, UPDATES_AT_ONCE, minute)
            ),
        }

    @property
    def remembered(self) -> int:
        """How many channels and posts are kept in mind."""
        return len(self._lanes)

    def wait(self, at: float) -> float:
        """Return for how many seconds nothing at all may go; 0.0 if something may."""
        with self._lock:
            routes = min(route.next_at(at) for route in self._routes.values())
            return max(self._total.next_at(at), routes) - at

    def admit(self, letter_id: int, recipient: str, at: float) -> float:
        """Let a message go (0.0), or return after how many seconds it should come back.

        Whatever was let go must be told `done`.
        """
        with self._lock:
            self._forget_idle(at)
            lane, route = self._lane(recipient), self._routes[route_of(recipient)]
            free_at = max(lane.next_at(at), route.next_at(at), self._total.next_at(at))
            if free_at <= at:
                self._start(lane, route, at)
                self._placed.discard(letter_id)
                return 0.0
            return self._place(letter_id, lane, route, free_at) - at

    def next_placed(self, at: float) -> int | None:
        """Return the id of a message whose place has come, each place once."""
        with self._lock:
            if not self._places or self._places[0][0] > at:
                return None
            return heappop(self._places)[1]

    def keep_place(self, letter_id: int, place: float) -> None:
        """Let a message that was let go and did not leave come back at an instant, before those that wait behind it."""
        with self._lock:
            self._placed.add(letter_id)
            heappush(self._places, (place + PLACE_LEEWAY, letter_id))

    def forget(self, letter_id: int) -> None:
        """Forget the place of a message that waits no more."""
        with self._lock:
            self._placed.discard(letter_id)

    def leave(self, recipient: str, at: float, patience: float = inf) -> float:
        """Return for how many seconds the call of a message that was let go has to wait.

        What was let go at the right pace may have been delayed on its way here, and would arrive in a heap; and
        Slack may have asked to be left alone meanwhile. A wait beyond `patience` keeps no turn for the message: it
        comes back, and a turn that nobody takes would make it wait for the next one, and again for the one after.
        """
        with self._lock:
            lane, route = self._lane(recipient), self._routes[route_of(recipient)]
            free_at = max(lane.leaving.next_at(at), self._leaving.next_at(at))
            held_until = max(lane.held_until, route.held_until)
            if held_until > free_at:
                return held_until - at
            if free_at - at > patience:
                return free_at - at
            lane.leaving.take(free_at)
            self._leaving.take(free_at)
            return free_at - at

    def done(self, recipient: str) -> None:
        """Note that the call for a message has ended."""
        with self._lock:
            self._lane(recipient).is_busy = False

    def unspent(self, recipient: str) -> None:
        """Note that nothing was sent for a message that was let go."""
        with self._lock:
            lane, route = self._lane(recipient), self._routes[route_of(recipient)]
            for bucket in (lane.going, route.going, self._total, self._slow):
                bucket.give_back()

    def hold(self, recipient: str, at: float, seconds: float) -> None:
        """Send nothing to a recipient for so long; nor by its method at all, if that is what Slack means."""
        with self._lock:
            self._lane(recipient).held_until = at + seconds
            method = route_of(recipient)
            if method == UPDATE or self._is_busy(at) or self._held(method, at) >= CHANNELS_TO_BLAME_THE_METHOD:
                self._routes[method].held_until = at + seconds

    def hold_all(self, until: float) -> None:
        """Send nothing at all until an instant."""
        with self._lock:
            for route in self._routes.values():
                route.held_until = until

    def _start(self, lane: Lane, route: Route, at: float) -> None:
        for bucket in (lane.going, route.going, self._total, self._slow):
            bucket.take(at)
        lane.is_busy = True

    def _is_busy(self, at: float) -> bool:
        """Say whether so much has gone out of late that the workspace rather than a channel has had enough."""
        return self._slow.next_at(at) > at

    def _held(self, method: str, at: float) -> int:
        lanes = (lane for name, lane in self._lanes.items() if route_of(name) == method)
        return sum(1 for lane in lanes if lane.held_until > at)

    def _place(self, letter_id: int, lane: Lane, route: Route, free_at: float) -> float:
        """Return when a message that has to wait should come back; one that has its place only waits a little."""
        place = free_at
        if letter_id not in self._placed:
            self._placed.add(letter_id)
            place = max(lane.planned.next_at(free_at), route.planned.next_at(free_at))
            lane.planned.take(place)
            route.planned.take(place)
        heappush(self._places, (place + PLACE_LEEWAY, letter_id))
        return place

    def _lane(self, recipient: str) -> Lane:
        lane = self._lanes.get(recipient)
        if lane is None:
            seconds = CHANNEL_SECONDS / self.scale if route_of(recipient) == POST else 0.0
            lane = self._lanes[recipient] = Lane(
                Bucket(seconds), Bucket(seconds), Bucket(seconds), BUSY_SECONDS / self.scale
            )
        return lane

    def _forget_idle(self, at: float) -> None:
        """Forget idle lanes now and then, so that those kept are never many more than those in use."""
        if len(self._lanes) < self._swept_at_size + LANES_KEPT:
            return
        self._lanes = {name: lane for name, lane in self._lanes.items() if not lane.is_idle(at)}
        self._swept_at_size = len(self._lanes)


def route_of(recipient: str) -> str:
    """Return the method by which a letter's recipient is reached."""
    return UPDATE if recipient.startswith("post:") else POST
