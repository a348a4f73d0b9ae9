"""What a student reads who would rather talk to a person."""

from handlers.views.blocks import Rendered, mention, say
from services.talks import Talk


def asked(found: Talk) -> Rendered:
    """Return who will write to them."""
    who = mention(found.owner) if found.owner is not None else "Somebody"
    if not found.is_new:
        return say(f"You asked for this before: {who} knows, and writes to you.")
    return say(f":white_check_mark: {who} will write to you. You need not explain anything before you talk.")
