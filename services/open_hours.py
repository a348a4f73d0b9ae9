"""Standing in line in open hours: joining, saying what about, stepping out, coming back and leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import LineClosed, LineFull, NotAllowed
from cohort.office_hours import Session
from cohort.open_hours import AHEAD, LinePlace, PlaceState
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.lines import Standing, in_line, is_open, place_of, refuse_closed, session_of, standing
from services.open_hours_letters import show, tell_panel, tell_place
from storage.ids import new_id
from storage.records import Records

LINE = "open_hours.line"


@dataclass(frozen=True, slots=True)
class InLine:
    """A student's place after a press; not new where nothing changed."""

    standing: Standing
    is_new: bool


@dataclass(frozen=True, slots=True)
class OnNow:
    """What a student can come to now: the lines they stand in, and the others that are open or open soon."""

    standing: Sequence[Standing]
    others: Sequence[tuple[Session, Member]]


def on_now(records: Records, student: Member, now: datetime) -> OnNow:
    """Return the lines of open hours that a student stands in or can join now, within what is being read."""
    mine = in_line(records, student.id, now)
    standing_in = {one.session.id for one in mine}
    sessions = records.office_hours.sessions_between(now, now + AHEAD)
    others = [one for one in sessions if is_open(one, now) and one.id not in standing_in]
    return OnNow(mine, [(one, access.known(records, one.ta_id)) for one in others])


def join(session_id: str, actor: Member, now: datetime, desk: Desk) -> InLine:
    """Stand in line; whoever does already keeps their place.

    Raises LineClosed, LineFull, NotAllowed, NotActive and NotFound.
    """
    access.require_student(actor, LINE, now)
    with desk.transaction(now) as records:
        session = session_of(records, session_id)
        refuse_closed(session, now)
        line = [place for place in records.open_hours.of_session(session_id) if place.state.is_open]
        mine = next((place for place in line if place.student_id == actor.id), None)
        if mine is not None:
            return InLine(standing(records, mine, now), is_new=False)
        if session.capacity is not None and len(line) >= session.capacity:
            raise LineFull(session.capacity)
        place = LinePlace(new_id("lin"), session_id, actor.id, now)
        records.open_hours.add(place)
        records.audit.add(actor.id, "line.joined", place.id, now, detail=session_id)
        tell_place(records, place, actor, now)
        if not any(one.state is PlaceState.WAITING for one in line):
            tell_panel(records, session, place, now)
        show(records, session_id, now)
        return InLine(standing(records, place, now), is_new=True)


def to_say(place_id: str, actor: Member, now: datetime, desk: Desk) -> LinePlace:
    """Return a student's own place of which they can say what it is about. Raises as `leave` does."""
    access.require_student(actor, LINE, now)
    with desk.store.reading() as records:
        return _own(records, place_id, actor, now)


def say_about(place_id: str, about: str, actor: Member, now: datetime, desk: Desk) -> InLine:
    """Keep a student's question in a word, for the TA. Raises as `leave` does."""
    access.require_student(actor, LINE, now)
    with desk.transaction(now) as records:
        place = _own(records, place_id, actor, now)
        records.open_hours.say_about(place.id, about.strip())
        return _after(records, place, now, is_new=True)


def step_out(place_id: str, actor: Member, now: datetime, desk: Desk) -> InLine:
    """Step out for a while and keep the place; whoever was called is called again later. Raises as `leave` does."""
    access.require_student(actor, LINE, now)
    with desk.transaction(now) as records:
        place = _own(records, place_id, actor, now)
        return _after(records, place, now, is_new=records.open_hours.step_out(place.id))


def come_back(place_id: str, actor: Member, now: datetime, desk: Desk) -> InLine:
    """Be there again, in the place of before. Raises as `leave` does."""
    access.require_student(actor, LINE, now)
    with desk.transaction(now) as records:
        place = _own(records, place_id, actor, now)
        is_new = records.open_hours.come_back(place.id)
        return _after(records, place, now, is_new=is_new)


def leave(place_id: str, actor: Member, now: datetime, desk: Desk) -> InLine:
    """Leave the line. Raises LineClosed where it is over, NotAllowed, NotActive and NotFound."""
    access.require_student(actor, LINE, now)
    with desk.transaction(now) as records:
        place = _own(records, place_id, actor, now)
        is_new = records.open_hours.end(place.id, PlaceState.LEFT, now)
        if is_new:
            records.audit.add(actor.id, "line.left", place.id, now)
        return _after(records, place, now, is_new=is_new)


def _own(records: Records, place_id: str, actor: Member, now: datetime) -> LinePlace:
    place = place_of(records, place_id)
    if place.student_id != actor.id:
        raise NotAllowed(LINE, "the student whose place it is")
    if not is_open(session_of(records, place.session_id), now):
        raise LineClosed
    return place


def _after(records: Records, place: LinePlace, now: datetime, *, is_new: bool) -> InLine:
    if is_new:
        show(records, place.session_id, now, place)
    return InLine(standing(records, place_of(records, place.id), now), is_new)
