"""What a student reads whose words sound like distress: a person, and help at any hour; and what that person reads."""

from zoneinfo import ZoneInfo

from cohort.roster import Member
from handlers.views.blocks import (
    Element,
    Rendered,
    Renderers,
    actions,
    button,
    cut,
    escape,
    mention,
    name_of,
    say,
    section,
)
from services.distress import HelpAsked, HelpNow


def help_now(found: HelpNow, zone: ZoneInfo | None = None) -> Rendered:
    """Return who writes, and whom the student can turn to besides."""
    del zone
    who = f"{mention(found.person)} knows that I'm writing you this and will get in touch" if found.person else ""
    person = f"{who} as soon as they can; you can write to them, too." if who else "Please write to anyone you trust."
    text = (
        f"{name_of(found.student)}, what you wrote sounds heavy. I'm a program, so I'd like a person to be with you. "
        f"{person} I don't pass on what you wrote, and I send you no reminders until they say so. Nothing in this "
        "programme matters more than you. If I misread you, just tell them; nothing else follows from it."
    )
    if not found.contacts:
        return say(text, section("In an emergency, please call the emergency number where you are."))
    lines = "\n".join(f"• {escape(contact)}" for contact in found.contacts)
    return say(text, section(f"If it is urgent, these people are there at any hour:\n{lines}"))


def help_asked(note: HelpAsked, zone: ZoneInfo) -> Rendered:
    """Return what the named person reads."""
    del zone
    text = (
        f":sos: *{mention(note.student)} wrote words that sound like distress. Please write to them now.*\n"
        "They know that you will, and where to call in an emergency. I don't pass on what they wrote: ask how they "
        "are. Nothing automatic goes to them until you let me."
    )
    presses: list[Element] = [
        button("Write to them", "follow_ups.together", note.case_id, "primary"),
        button("Open the follow-up", "follow_ups.show", note.case_id),
        end_button(note.case_id),
    ]
    first = cut(f"{note.student.called} may be in distress: please write now", 150)
    return Rendered(escape(first), [section(text), actions(*presses)])


def end_button(case_id: str) -> Element:
    """Return the button that ends the quiet, for every card of a case."""
    return button("Let the bot write again", "distress.end", case_id)


def with_you(person: Member) -> Rendered:
    """Return what a student reads whom a person is with, and whom the bot did not understand."""
    return say(
        f"I only understand commands, so please write this to {mention(person)}, who is there for you. "
        "`/cohort help` shows what I can do."
    )


def ended(name: str) -> Rendered:
    """Return that the bot writes to a student again."""
    return say(f":white_check_mark: {escape(name)} gets the bot's messages again, as they chose them.")


RENDERERS: Renderers = {HelpNow: help_now, HelpAsked: help_asked}
