"""What staff read about the bot itself."""

from zoneinfo import ZoneInfo

from handlers.views.blocks import Rendered, Renderers, date, escape, plain_date, section
from services.running import Undelivered, WasDown

_MENDS = {
    "is_archived": "Unarchive the channel, or name another in cohort.toml.",
    "channel_not_found": "Check the channel in cohort.toml, and that the bot was invited to it.",
    "not_in_channel": "Invite the bot to the channel.",
    "no Slack account": "Invite them to Slack with the email address on the roster.",
    "invalid_blocks": "This is a mistake in the bot: please report it with the kind and the error.",
}
_OTHERWISE = "`python -m bot check` looks for the cause."


def undelivered(content: Undelivered, _: ZoneInfo) -> Rendered:
    """Return what organizers read about a message that can't be delivered; never its words."""
    text = (
        f"I can't deliver messages to {escape(content.recipient)}: Slack says “{escape(content.error)}” "
        f"(a message of kind {content.kind}). {_MENDS.get(content.error, _OTHERWISE)} "
        "It is set aside and not tried again; this is said once."
    )
    return Rendered(text, [section(text)])


def was_down(content: WasDown, zone: ZoneInfo) -> Rendered:
    """Return what staff read after the bot did not run for over an hour."""
    return Rendered(
        _was_down(content, plain_date(content.since_at, zone), plain_date(content.until_at, zone)),
        [section(_was_down(content, date(content.since_at, zone), date(content.until_at, zone)))],
    )


def _was_down(content: WasDown, since: str, until: str) -> str:
    caught_up = ", ".join(content.jobs) if content.jobs else "none were missed"
    return (
        f"I was not running from {since} until {until}. Nothing that was decided is lost. "
        f"Jobs made up for: {caught_up}. Messages that had waited and go out now: {content.letters}. "
        "Whatever someone asked me in between did not reach me: please ask again."
    )


RENDERERS: Renderers = {Undelivered: undelivered, WasDown: was_down}
