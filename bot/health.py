"""`health`: whether the bot runs and is connected, for people and for whatever watches over it."""

from datetime import timedelta
from typing import Final

from bot.clock import real_now
from bot.lease import NOBODY, is_dead
from bot.problems import one
from bot.settings import Settings
from storage.database import Database

# Three heartbeats, and a little for a slow disk.
STALE_AFTER: Final = timedelta(seconds=35)


def health(settings: Settings) -> str:
    """Say that the bot runs and is connected. Raises Problems where it does not or is not."""
    if not settings.database.exists():
        raise one(f"There is no {settings.database}.", "Start the bot with `python -m bot run`.")
    store = Database(settings.database)
    try:
        with store.reading() as records:
            last = records.jobs.heartbeat()
    finally:
        store.close()
    if last is None:
        raise one("The bot has never run on this database.", "Start it with `python -m bot run`.")
    age = real_now() - last.beat_at
    if last.holder == NOBODY:
        raise one(f"The bot does not run: it was stopped {_ago(age)} ago.", "Start it with `python -m bot run`.")
    if is_dead(last.holder):
        raise one(
            f"The bot does not run: its process is gone, and its last heartbeat was {_ago(age)} ago.", "See its log."
        )
    if age > STALE_AFTER:
        raise one(f"The bot does not run: its last heartbeat was {_ago(age)} ago.", "Start it, or see its log.")
    if not last.is_connected:
        raise one("The bot runs, but it is not connected to Slack.", "`python -m bot check` looks for the cause.")
    return f"The bot runs and is connected to Slack; its last heartbeat was {_ago(age)} ago."


def _ago(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
