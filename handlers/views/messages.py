"""Every message the outbox can hold, as Slack shows it."""

from zoneinfo import ZoneInfo

from handlers.views import (
    asking,
    booking_messages,
    brakes,
    choices,
    digest,
    events,
    extension_messages,
    follow_ups,
    grading_messages,
    groups,
    hand_in_messages,
    handovers,
    housekeeping,
    integrity,
    invitations,
    ladder,
    mistakes,
    new_plans,
    no_shows,
    nudges,
    office_hours,
    open_hours,
    open_hours_panel,
    policy_changes,
    regrades,
    reminders,
    roster,
    running,
    sections,
    silence,
    tracks,
    waitlist,
)
from handlers.views.blocks import Rendered, Renderers

RENDERERS: Renderers = {
    **extension_messages.RENDERERS,
    **hand_in_messages.RENDERERS,
    **nudges.RENDERERS,
    **roster.RENDERERS,
    **housekeeping.RENDERERS,
    **running.RENDERERS,
    **sections.RENDERERS,
    **silence.RENDERERS,
    **reminders.RENDERERS,
    **choices.RENDERERS,
    **asking.RENDERERS,
    **booking_messages.RENDERERS,
    **brakes.RENDERERS,
    **tracks.RENDERERS,
    **office_hours.RENDERERS,
    **events.RENDERERS,
    **waitlist.RENDERERS,
    **open_hours.RENDERERS,
    **open_hours_panel.RENDERERS,
    **no_shows.RENDERERS,
    **grading_messages.RENDERERS,
    **groups.RENDERERS,
    **regrades.RENDERERS,
    **follow_ups.RENDERERS,
    **ladder.RENDERERS,
    **new_plans.RENDERERS,
    **integrity.RENDERERS,
    **handovers.RENDERERS,
    **mistakes.RENDERERS,
    **policy_changes.RENDERERS,
    **invitations.RENDERERS,
    **digest.RENDERERS,
}


def render(content: object, zone: ZoneInfo) -> Rendered:
    """Return a message's text and blocks; instants without a token are written in the zone given."""
    return RENDERERS[type(content)](content, zone)
