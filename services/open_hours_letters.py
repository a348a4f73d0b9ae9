"""What people are sent during open hours: a student's place, their turn, and the line for TAs, kept as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.office_hours import Session
from cohort.open_hours import LinePlace, PlaceState, is_shown_at, stands_still_since
from cohort.roster import Member
from services import outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.lines import Panel, Standing, is_open, panel, place_of, session_of, standing
from storage.ids import new_id
from storage.records import Records


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """For a student: their place in a line, as it is now."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class YourTurn:
    """For a student: a TA has time for them now."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class AreYouThere:
    """For a student who was called and did not come: their place stays, and they are asked."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class PanelCard:
    """For TAs: the line of a session, as it is now."""

    panel: Panel


@dataclass(frozen=True, slots=True)
class Unstarted:
    """For another TA, or organizers: students wait in a line, and nobody is there."""

    panel: Panel


@dataclass(frozen=True, slots=True)
class StandsStill:
    """For another TA, or organizers: students wait in a line, and since an instant nobody's turn came or ended."""

    panel: Panel
    since_at: datetime


def tell_place(records: Records, place: LinePlace, student: Member, now: datetime) -> None:
    """Queue a student's place in a line, which is kept up to date from then on."""
    outbox.post(records, "open_hours.place", outbox.to(student), {"place": place.id}, f"place:{place.id}", now)


def tell_turn(records: Records, place: LinePlace, now: datetime) -> None:
    """Queue that a TA has time for someone now."""
    data = {"place": place.id, "group": place.group_id}
    outbox.post(
        records, "open_hours.turn", f"member:{place.student_id}", data, f"turn:{place.id}:{place.group_id}", now
    )


def ask_there(records: Records, place: LinePlace, now: datetime) -> None:
    """Queue the question whether someone is there."""
    key = f"there:{place.id}:{new_id('ask')}"
    outbox.post(records, "open_hours.there", f"member:{place.student_id}", {"place": place.id}, key, now)


def tell_panel(records: Records, session: Session, place: LinePlace, now: datetime) -> None:
    """Queue the line for whoever's hours they are, and whoever began them; `place` is what it is news of."""
    for member_id in {session.ta_id, session.started_by or session.ta_id}:
        key = f"panel:{session.id}:{place.id}:{member_id}"
        outbox.post(records, "open_hours.panel", f"member:{member_id}", {"session": session.id}, key, now)


def show(records: Records, session_id: str, now: datetime, *also: LinePlace) -> None:
    """Queue an update of what shows a line: TAs' panels, the places of whom it matters to, and those of some others."""
    stamp = new_id("rev")
    data: dict[str, Any] = {"session": session_id}
    outbox.refresh_once(records, "open_hours.panel_now", data, panel_subject(session_id), stamp, now)
    line = records.open_hours.of_session(session_id)
    waiting = [place for place in line if place.state is PlaceState.WAITING]
    near = [place for ahead, place in enumerate(waiting) if is_shown_at(ahead)]
    called = [place for place in line if place.state is PlaceState.CALLED]
    for place_id in {place.id for place in (*near, *called, *also)}:
        outbox.refresh_once(records, "open_hours.place_now", {"place": place_id}, place_subject(place_id), stamp, now)


def panel_subject(session_id: str) -> str:
    """Return the name under which the panels of a line are kept."""
    return f"panel:{session_id}"


def place_subject(place_id: str) -> str:
    """Return the name under which the card of a place is kept."""
    return f"place:{place_id}"


def compose_place(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a student's place; nothing once they are in the line no more."""
    del desk
    found = standing(records, place_of(records, data["place"]), now)
    if not found.place.state.is_open or not found.is_open:
        return Obsolete("in the line no more")
    # Whoever stands in a line is awake, whatever the hour.
    return Said(PlaceCard(found), place_subject(found.place.id), now)


def compose_place_now(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a student's place as it is now."""
    del desk
    found = standing(records, place_of(records, data["place"]), now)
    return Said(PlaceCard(found), place_subject(found.place.id))


def compose_turn(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that it is someone's turn; nothing once it is not."""
    del desk
    found = standing(records, place_of(records, data["place"]), now)
    if found.place.state is not PlaceState.CALLED or found.place.group_id != data["group"]:
        return Obsolete("called no more")
    return Said(YourTurn(found), latest_at=now)


def compose_there(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the question whether someone is there; nothing once they came back or left."""
    del desk
    found = standing(records, place_of(records, data["place"]), now)
    if found.place.state is not PlaceState.OUT or found.place.asked_at is None or not found.is_open:
        return Obsolete("answered already")
    return Said(AreYouThere(found), latest_at=now)


def compose_panel(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the line of a session; nothing once it is over."""
    del desk
    session = session_of(records, data["session"])
    if not is_open(session, now):
        return Obsolete("over")
    return Said(PanelCard(panel(records, session, now)), panel_subject(session.id), now)


def compose_panel_now(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the line of a session as it is now."""
    del desk
    session = session_of(records, data["session"])
    return Said(PanelCard(panel(records, session, now)), panel_subject(session.id))


def compose_unstarted(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that students wait and nobody is there; nothing once somebody is, or nobody waits."""
    del desk
    session = session_of(records, data["session"])
    found = panel(records, session, now)
    if session.started_at is not None or not found.waiting or found.is_over:
        return Obsolete("somebody is there, or nobody waits")
    return Said(Unstarted(found), latest_at=session.open_until_at)


def compose_still(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that a line stands still; nothing once it has moved, or nobody waits."""
    del desk
    session = session_of(records, data["session"])
    since_at, found = stands_still_since(records.open_hours.of_session(session.id)), panel(records, session, now)
    if since_at is None or since_at != datetime.fromisoformat(data["since"]) or found.is_over:
        return Obsolete("it has moved, or nobody waits")
    return Said(StandsStill(found, since_at), latest_at=session.open_until_at)


def show_place(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> None:
    """Bring a card up to date that was on its way while the line moved."""
    del desk
    subject = place_subject(data["place"])
    outbox.refresh_once(records, "open_hours.place_now", dict(data), subject, new_id("rev"), now)


def show_panel(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> None:
    """Bring a panel up to date that was on its way while the line moved."""
    del desk
    subject = panel_subject(data["session"])
    outbox.refresh_once(records, "open_hours.panel_now", dict(data), subject, new_id("rev"), now)


COMPOSERS = {
    "open_hours.place": compose_place,
    "open_hours.place_now": compose_place_now,
    "open_hours.turn": compose_turn,
    "open_hours.there": compose_there,
    "open_hours.panel": compose_panel,
    "open_hours.panel_now": compose_panel_now,
    "open_hours.unstarted": compose_unstarted,
    "open_hours.still": compose_still,
}
TOLD = {"open_hours.place": show_place, "open_hours.panel": show_panel}
