"""A TA's side of open hours: taking who is next, grouping those with one question, and who did not answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import NotFound
from cohort.office_hours import Session
from cohort.open_hours import AHEAD, LinePlace, PlaceState
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.lines import Panel, panel, place_of, refuse_closed, session_of
from services.open_hours_letters import ask_there, show, tell_panel, tell_turn
from storage.ids import new_id
from storage.records import Records

PANEL = "open_hours.panel"


@dataclass(frozen=True, slots=True)
class Taken:
    """Who came next, and the line after that; nobody where none waits, or the press was an old one."""

    panel: Panel
    students: Sequence[Member]
    is_old: bool = False


def panels(actor: Member, now: datetime, desk: Desk) -> list[Panel]:
    """Return what is on now, or soon, and is a TA's or was begun by them. Raises NotAllowed and NotActive."""
    access.require_staff(actor, PANEL, now)
    with desk.store.reading() as records:
        return panels_of(records, actor, now)


def panels_of(records: Records, ta: Member, now: datetime) -> list[Panel]:
    """Return the same within what is being read."""
    on = records.office_hours.sessions_between(now, now + AHEAD)
    return [panel(records, one, now) for one in on if ta.id in (one.ta_id, one.started_by)]


def to_group(session_id: str, actor: Member, now: datetime, desk: Desk) -> Panel:
    """Return a line from which a TA takes several together. Raises as `take_next` does."""
    access.require_staff(actor, PANEL, now)
    with desk.store.reading() as records:
        return panel(records, _on(records, session_id, now), now)


def take_next(session_id: str, shown: Sequence[str], actor: Member, now: datetime, desk: Desk) -> Taken:
    """Take the next in line; those who were with this TA are done, and a session begins with it.

    `shown` are the places that the button knew to be with anyone: where the TA has taken somebody since, it was
    pressed twice, and takes nobody. Raises LineClosed, NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, PANEL, now)
    with desk.transaction(now) as records:
        session = _on(records, session_id, now)
        mine = records.open_hours.with_ta(session_id, actor.id)
        if any(place.id not in shown for place in mine):
            return Taken(panel(records, session, now), [], is_old=True)
        for place in mine:
            records.open_hours.end(place.id, PlaceState.HELPED, now)
        first = _next(records, session_id, now)
        called = [first] if first else []
        _call(records, session, called, new_id("grp"), actor, now)
        return _after(records, session, called, now, *mine)


def take_together(session_id: str, place_ids: Sequence[str], actor: Member, now: datetime, desk: Desk) -> Taken:
    """Take some who wait with the same question together, to those who are with this TA already, if any.

    Raises LineClosed, NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, PANEL, now)
    with desk.transaction(now) as records:
        session = _on(records, session_id, now)
        mine = records.open_hours.with_ta(session_id, actor.id)
        group_id = mine[0].group_id if mine and mine[0].group_id else new_id("grp")
        wanted = [place_of(records, place_id) for place_id in place_ids]
        waiting = [
            place
            for place in wanted
            if place.session_id == session_id
            and place.state is PlaceState.WAITING
            and not _is_with_a_ta(records, place.student_id)
        ]
        _call(records, session, waiting, group_id, actor, now)
        return _after(records, session, waiting, now)


def did_not_answer(place_id: str, actor: Member, now: datetime, desk: Desk) -> Panel:
    """Ask someone who was called and did not come whether they are there; they keep their place.

    Raises LineClosed, NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, PANEL, now)
    with desk.transaction(now) as records:
        place = place_of(records, place_id)
        session = _on(records, place.session_id, now)
        if records.open_hours.ask(place_id, now):
            records.audit.add(actor.id, "line.asked", place_id, now)
            ask_there(records, place, now)
            show(records, session.id, now, place)
        return panel(records, session, now)


def of_group(group_id: str, actor: Member, now: datetime, desk: Desk) -> Panel:
    """Return the line in which some were called together. Raises NotAllowed, NotActive and NotFound."""
    access.require_staff(actor, PANEL, now)
    with desk.store.reading() as records:
        return panel(records, _session_of(records, group_id), now)


def done(group_id: str, note: str, actor: Member, now: datetime, desk: Desk) -> Panel:
    """Note that those who were called together were helped, with a word on what it was about, if any.

    Raises NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, PANEL, now)
    with desk.transaction(now) as records:
        session = _session_of(records, group_id)
        group = records.open_hours.of_group(group_id)
        for place in group:
            records.open_hours.end(place.id, PlaceState.HELPED, now)
        if note.strip():
            records.open_hours.note(group_id, note.strip())
        records.audit.add(actor.id, "line.helped", group_id, now)
        show(records, session.id, now, *group)
        return panel(records, session, now)


def _next(records: Records, session_id: str, now: datetime) -> LinePlace | None:
    """Return who is next in a line, of those who still take part and are with no TA just now."""
    waiting = (p for p in records.open_hours.of_session(session_id) if p.state is PlaceState.WAITING)
    there = (p for p in waiting if access.known(records, p.student_id).is_active(now))
    return next((p for p in there if not _is_with_a_ta(records, p.student_id)), None)


def _is_with_a_ta(records: Records, student_id: str) -> bool:
    return any(place.state is PlaceState.CALLED for place in records.open_hours.open_of(student_id))


def _on(records: Records, session_id: str, now: datetime) -> Session:
    session = session_of(records, session_id)
    refuse_closed(session, now)
    return session


def _session_of(records: Records, group_id: str) -> Session:
    group = records.open_hours.of_group(group_id)
    if not group:
        raise NotFound("group", group_id)
    return session_of(records, group[0].session_id)


def _call(
    records: Records, session: Session, places: Sequence[LinePlace], group_id: str, actor: Member, now: datetime
) -> None:
    """Begin a session, if nobody has, and tell those who are called."""
    if records.office_hours.start(session.id, actor.id, now):
        records.audit.add(actor.id, "session.started", session.id, now)
    for place in places:
        records.open_hours.call(place.id, actor.id, group_id, now)
        records.audit.add(actor.id, "line.called", place.id, now, detail=group_id)
        tell_turn(records, place_of(records, place.id), now)
        _step_out_elsewhere(records, place, now)


def _step_out_elsewhere(records: Records, called: LinePlace, now: datetime) -> None:
    """Let someone who is called step out of the other lines they wait in: nobody is with two TAs at once."""
    for other in records.open_hours.open_of(called.student_id):
        if other.state is PlaceState.WAITING:
            records.open_hours.step_out(other.id)
            show(records, other.session_id, now, other)


def _after(records: Records, session: Session, called: Sequence[LinePlace], now: datetime, *before: LinePlace) -> Taken:
    begun = session_of(records, session.id)
    if called and begun.started_by not in (session.started_by, session.ta_id):
        # Somebody else began, and has no panel yet.
        tell_panel(records, begun, called[0], now)
    show(records, session.id, now, *before)
    return Taken(panel(records, begun, now), [access.known(records, place.student_id) for place in called])
