"""Slack's rates: calls a minute by method, and one post a second a channel; off until asked for."""

import math
from dataclasses import dataclass, field

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    "apps.connections.open": 1,
    "users.list": 2,
    "conversations.list": 2,
    "conversations.open": 3,
    "conversations.info": 3,
    "users.lookupByEmail": 3,
    "bots.info": 3,
    "chat.update": 3,
    "conversations.members": 4,
    "users.info": 4,
    "chat.postEphemeral": 4,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}
WORKSPACE_POSTS_A_MINUTE = 300
CHANNEL_BURST = 2
POSTING = "chat.postMessage"


@dataclass(slots=True)
class _Bucket:
    """So many calls at once, refilled at a steady rate."""

    size: float
    a_second: float
    left: float
    filled_at: float

    def wait(self, now: float) -> float:
        """Return how many seconds until a call is allowed; 0.0 if it is allowed now."""
        self.left = min(self.size, self.left + (now - self.filled_at) * self.a_second)
        self.filled_at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.a_second


@dataclass(slots=True)
class Rates:
    """Counts calls and says when one is too many; `scale` makes Slack's minute shorter for benches."""

    on: bool = False
    scale: float = 1.0
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)

    def enforce(self, *, on: bool, scale: float = 1.0) -> None:
        """Begin (or stop) counting, with every bucket full."""
        self.on, self.scale = on, scale
        self._buckets.clear()

    def retry_after(self, method: str, channel: str | None, now: float) -> int:
        """Count one call at monotonic second `now`; return 0, or the whole seconds to stay away."""
        if not self.on:
            return 0
        buckets = self._for(method, channel, now)
        wait = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if wait > 0:
            return max(1, math.ceil(wait))
        for bucket in buckets:
            bucket.left -= 1
        return 0

    def _for(self, method: str, channel: str | None, now: float) -> list[_Bucket]:
        if method == POSTING:
            return [
                self._bucket(method, channel or "", CHANNEL_BURST, 1.0, now),
                self._bucket(method, "*", WORKSPACE_POSTS_A_MINUTE / 60, WORKSPACE_POSTS_A_MINUTE / 60, now),
            ]
        tier = METHOD_TIERS.get(method)
        if tier is None:
            return []
        return [self._bucket(method, "*", TIERS[tier], TIERS[tier] / 60, now)]

    def _bucket(self, method: str, channel: str, size: float, a_second: float, now: float) -> _Bucket:
        key = (method, channel)
        if key not in self._buckets:
            size = max(1.0, size)
            self._buckets[key] = _Bucket(size, a_second * self.scale, size, now)
        return self._buckets[key]
