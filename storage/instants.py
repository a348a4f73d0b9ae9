"""How instants are written in the database: ISO 8601 in UTC with milliseconds, so that text order is time order."""

from datetime import UTC, datetime


def text(at: datetime) -> str:
    """Return an aware instant as 29 characters of text. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone; without one it would be read in this machine's")
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def text_or_none(at: datetime | None) -> str | None:
    """Return an instant as text, or None."""
    return None if at is None else text(at)


def instant(written: str) -> datetime:
    """Return the instant that text stands for."""
    return datetime.fromisoformat(written)


def instant_or_none(written: str | None) -> datetime | None:
    """Return the instant that text stands for, or None."""
    return None if written is None else datetime.fromisoformat(written)
