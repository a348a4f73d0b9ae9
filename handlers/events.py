"""`/cohort event` for organizers, `/office-hours events` for everyone, and the buttons of announcements."""

from collections.abc import Mapping
from typing import Any, Final

from cohort.errors import DatePassed, LeaderBusy, NotActive, NotFound, ReasonNeeded
from cohort.events import EventKind
from cohort.times import local_day
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.errors import sentence
from handlers.extensions import read_choice, read_element, read_text
from handlers.form_fields import read_clock, read_day, read_number, unread
from handlers.views import event_forms as forms
from handlers.views import events as views
from handlers.views.blocks import unmarked
from services import events
from services.desk import Desk
from services.events import EventWish

State = Mapping[str, Mapping[str, Any]]
EXAMPLE: Final = "/cohort event"


def command(ask: Ask, desk: Desk) -> Answer:
    """`/cohort event`, and `/cohort event section-0702` for one."""
    if ask.text.strip():
        return Say(views.desk_one(events.to_decide(ask.text.strip(), ask.member, ask.now, desk), ask.member, ask.now))
    return Say(views.desk_list(events.desk_list(ask.member, ask.now, desk), ask.member, ask.now))


def what_is_on(ask: Ask, desk: Desk) -> Answer:
    """`/office-hours events`: sections, talks and socials, with the ways to come."""
    return Say(views.listed(events.announced(ask.member, ask.now, desk), ask.member.tz, ask.now))


def come(ask: Ask, desk: Desk) -> Answer:
    """Sign up."""
    return Say(views.answered(events.sign_up(ask.value, ask.member, ask.now, desk), ask.member.tz))


def stay_away(ask: Ask, desk: Desk) -> Answer:
    """Give a place back, or say that one does not come."""
    return Say(views.answered(events.sign_off(ask.value, ask.member, ask.now, desk), ask.member.tz))


def wish(ask: Ask, desk: Desk) -> Answer:
    """Ask for the recording."""
    return Say(views.wished(events.wish_recording(ask.value, ask.member, ask.now, desk)))


def add_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a new event."""
    events.to_plan(ask.member, ask.now)
    tz = desk.policy.programme.tz
    return OpenModal(forms.event_form(tz, local_day(ask.now, tz)))


def add(ask: Ask, desk: Desk) -> Answer:
    """Add an event, or say at the field what is wrong."""
    events.to_plan(ask.member, ask.now)
    wanted = _wish(ask)
    if isinstance(wanted, FieldErrors):
        return wanted
    try:
        return Say(views.added(events.add_event(wanted, ask.member, ask.now, desk), ask.member.tz))
    except (DatePassed, LeaderBusy, ReasonNeeded, NotFound, NotActive) as error:
        return _at_field(error, ask)


def change_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form with an event as it is."""
    tz = desk.policy.programme.tz
    found = events.to_decide(ask.value, ask.member, ask.now, desk)
    return OpenModal(forms.event_form(tz, local_day(ask.now, tz), found))


def change(ask: Ask, desk: Desk) -> Answer:
    """Change an event, or say at the field what is wrong."""
    before = events.to_decide(ask.metadata, ask.member, ask.now, desk)
    wanted = _wish(ask)
    if isinstance(wanted, FieldErrors):
        return wanted
    try:
        return Say(views.done(events.change_event(before.event.id, wanted, ask.member, ask.now, desk), "Changed"))
    except (DatePassed, LeaderBusy, ReasonNeeded, NotActive) as error:
        return _at_field(error, ask)
    except NotFound as error:
        if error.what == "event":
            raise
        return _at_field(error, ask)


def announce(ask: Ask, desk: Desk) -> Answer:
    """Announce an event."""
    return Say(views.announced(events.announce(ask.value, ask.member, ask.now, desk)))


def cancel_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form to cancel an event."""
    return OpenModal(forms.cancel_form(events.to_decide(ask.value, ask.member, ask.now, desk)))


def cancel(ask: Ask, desk: Desk) -> Answer:
    """Cancel an event."""
    reason = read_text(ask.state, forms.REASON)
    return Say(views.done(events.cancel_event(ask.metadata, reason, ask.member, ask.now, desk), "Cancelled"))


def recording_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for the recording."""
    return OpenModal(forms.recording_form(events.to_decide(ask.value, ask.member, ask.now, desk)))


def recorded(ask: Ask, desk: Desk) -> Answer:
    """Keep the link to the recording."""
    events.to_plan(ask.member, ask.now)
    link = read_text(ask.state, forms.LINK)
    if not link.startswith(("https://", "http://")) or " " in link:
        return FieldErrors({forms.LINK: "That is no link: it begins with https:// and has no spaces."})
    done = events.set_recording(ask.metadata, link, ask.member, ask.now, desk)
    return Say(views.done(done, "The recording is kept, and sent to those who asked"))


def _at_field(error: DatePassed | LeaderBusy | ReasonNeeded | NotFound | NotActive, ask: Ask) -> Answer:
    """Say what is wrong at its field, and keep all that was typed."""
    if isinstance(error, DatePassed):
        return FieldErrors({forms.ON: "That is past already. Choose a day and time to come."})
    if isinstance(error, ReasonNeeded):
        block = forms.TITLE if error.what == "a title" else forms.LEADER
        return FieldErrors({block: f"This needs {error.what}."})
    return FieldErrors({forms.LEADER: unmarked(sentence(error, ask.member.tz))})


def _wish(ask: Ask) -> EventWish | FieldErrors:
    """Read the form. Raises Unclear for what no form of ours sends."""
    state, places = ask.state, read_text(ask.state, forms.PLACES)
    if places and not (places.isascii() and places.isdecimal() and 0 < int(places) <= forms.PLACES_MOST):
        return FieldErrors({forms.PLACES: f"A number up to {forms.PLACES_MOST}, or nothing for as many as come."})
    kind = read_choice(state, forms.KIND)
    if kind not in set(EventKind):
        raise unread(EXAMPLE)
    on = read_day(state, forms.ON, EXAMPLE)
    if on is None:
        return FieldErrors({forms.ON: "Choose a day."})
    leader = read_element(state, forms.LEADER).get("selected_user")
    return EventWish(
        kind=EventKind(kind),
        title=read_text(state, forms.TITLE),
        on=on,
        starts=read_clock(state, forms.STARTS, EXAMPLE),
        minutes=max(1, read_number(state, forms.MINUTES, EXAMPLE)),
        place=read_text(state, forms.PLACE),
        facilitator=leader if isinstance(leader, str) else "",
        places=int(places) if places else None,
        times=max(1, read_number(state, forms.TIMES, EXAMPLE)),
    )


PRESSES: dict[str, Listener] = {
    "events.list": what_is_on,
    "events.on": come,
    "events.off": stay_away,
    "events.wish": wish,
    "events.add": add_form,
    "events.change": change_form,
    "events.announce": announce,
    "events.cancel": cancel_form,
    "events.recording": recording_form,
}
SUBMISSIONS: dict[str, Listener] = {
    "events.add": add,
    "events.change": change,
    "events.cancel": cancel,
    "events.recording": recorded,
}
