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
    them = "this student" if one else "them"
    return say(
        cut(text, 2900),
        context(f"I send {them} no more reminders until there is a sign of life. A word from a person helps now."),
    )


def _line(silent: Silent, zone: ZoneInfo) -> str:
    sent = ", ".join(f"about {ABOUT[nudge.kind]} ({date(nudge.at, zone)})" for nudge in silent.sent[-5:])
    since = f"last heard from {date(silent.sign_at, zone)}" if silent.sign_at else "not heard from yet"
    return f"• {mention(silent.student)}: I wrote {sent}; {since}"


RENDERERS: Renderers = {SilentNote: silent_note}
