"""What a student reads whose words sound like distress: a person, and help at any hour."""

from handlers.views.blocks import Rendered, escape, mention, name_of, say, section
from services.distress import HelpNow


def help_now(found: HelpNow) -> Rendered:
    """Return who writes, and whom the student can turn to besides."""
    who = f"{mention(found.person)} knows that I'm writing you this and will get in touch" if found.person else ""
    person = f"{who} as soon as they can; you can write to them, too." if who else "Please write to anyone you trust."
    text = (
        f"{name_of(found.student)}, what you wrote sounds heavy. I'm a program, so I'd like a person to be with you. "
        f"{person} Nothing in this programme matters more than you, and nothing is due while you need rest."
    )
    if not found.contacts:
        return say(text, section("In an emergency, please call the emergency number where you are."))
    lines = "\n".join(f"• {escape(contact)}" for contact in found.contacts)
    return say(text, section(f"If it is urgent, these people are there at any hour:\n{lines}"))


def ended(name: str) -> Rendered:
    """Return that the bot writes to a student again."""
    return say(f":white_check_mark: {escape(name)} gets the bot's messages again, as they chose them.")
