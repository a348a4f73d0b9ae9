"""Random ids, so that a button from long ago can never mean somebody else's record."""

from secrets import token_hex


def new_id(prefix: str) -> str:
    """Return an id such as req_9f86d081884c7d65."""
    return f"{prefix}_{token_hex(8)}"
