"""What organizers read about students who answered nothing: who, what was sent, and since when."""

from zoneinfo import ZoneInfo

from cohort.nudge_limits import NudgeKind
from handlers.views.blocks import Rendered, Renderers, context, cut, date, mention, say
from services.silence import Silent, SilentNote

LISTED_MOST = 15
ABOUT = {
    NudgeKind.MISSED: "missed work",
    NudgeKind.DUE_SOON: "what is due soon",
    NudgeKind.PLAN: "the plan of the week",
    NudgeKind.HELP: "help",
    NudgeKind.CHECK_IN: "the check-in",
}


def silent_note(note: SilentNote, zone: ZoneInfo) -> Rendered:
    """Return the message to organizers about those who went silent."""
    lines = [_line(each, zone) for each in note.silent[:LISTED_MOST]]
    if len(note.silent) > LISTED_MOST:
        lines.append(f"• and {len(note.silent) - LISTED_MOST} more")
    one = len(note.silent) == 1
    who = "A student has" if one else f"{len(note.silent)} students have"
    text = f"{who} not answered my last messages. Could one of you write, or call?\n" + "\n".join(lines)
    stop = (
        f"I stop after {note.stop_after} messages in a row without any reaction: no more reminders, plans, offers or "
        "check-ins, until they press, write, hand in or book. Answers and decisions still come. A word from a person "
        "helps now, and a follow-up is open."
    )
    return say(cut(text, 2900), context(stop))


def _line(silent: Silent, zone: ZoneInfo) -> str:
    sent = ", ".join(f"about {ABOUT[nudge.kind]} ({date(nudge.at, zone)})" for nudge in silent.sent[-5:])
    since = f"last heard from {date(silent.sign_at, zone)}" if silent.sign_at else "not heard from yet"
    return f"• {mention(silent.student)}: I wrote {sent}; {since}"


RENDERERS: Renderers = {SilentNote: silent_note}
