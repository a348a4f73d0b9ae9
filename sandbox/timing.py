"""How long Slack waits for what, in seconds, in one place so that tests can shorten it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Slack's own limits; all are seconds."""

    acknowledge: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    event_retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    ticket: float = 30.0
    after_warning: float = 10.0
    after_refresh_request: float = 2.0
