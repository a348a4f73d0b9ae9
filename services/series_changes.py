"""Changing or ending a TA's weekly hours: first what it would mean for those who have booked, then doing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from cohort.errors import WrongHours
from cohort.office_hours import HoursProblem, Series, Session, session_on, slot_times
from cohort.roster import Member
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.hours_dates import give_up_date, offer_anew, place, take_away, tell_changed
from services.office_hours import SeriesWish, as_series, own_series, planned, refuse_overlaps, slots_in
from storage.records import Records

ENDED = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """What a change would mean: which bookings would move along, and which could not be kept.

    `stamp` names just these, so that a change is made only as it was shown.
    """

    series: Series
    moved: Sequence[Appointment]
    gone: Sequence[Appointment]

    @property
    def stamp(self) -> str:
        """A short name of who is affected and how."""
        ids = ",".join(sorted(f"m{one.booking.id}" for one in self.moved))
        gone = ",".join(sorted(f"g{one.booking.id}" for one in self.gone))
        return sha256(f"{ids};{gone}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Change:
    """One date of a series, as it is and as it would be; None where there is none."""

    before: Session | None
    after: Session | None
    keeps_slots: bool


def to_change(series_id: str, actor: Member, now: datetime, desk: Desk) -> Series:
    """Return a series for the TA whose it is. Raises NotAllowed, NotActive and NotFound."""
    with desk.store.reading() as records:
        return own_series(records, series_id, actor, now)


def preview(series_id: str, wish: SeriesWish, actor: Member, now: datetime, desk: Desk) -> Affected:
    """Return what a change would mean, without changing anything.

    Raises WrongHours, HoursOverlap, NotAllowed, NotActive and NotFound.
    """
    with desk.store.reading() as records:
        return _planned(records, series_id, wish, actor, now, desk)[0]


def change(series_id: str, wish: SeriesWish, stamp: str, actor: Member, now: datetime, desk: Desk) -> Affected | None:
    """Change a series from the next date on, as it was shown; None, and nothing done, where others are affected now.

    Dates that were moved or cancelled by themselves stay as they are. Raises as `preview`.
    """
    with desk.transaction(now) as records:
        affected, changes = _planned(records, series_id, wish, actor, now, desk)
        if affected.stamp != stamp:
            return None
        records.office_hours.change_series(affected.series)
        lost = [about for one in changes for about in _carry_out(records, one, affected.series, actor, now, desk)]
        offer_anew(records, lost, now, desk)
        records.audit.add(actor.id, "office_hours.changed", series_id, now)
        return affected


def preview_end(series_id: str, actor: Member, now: datetime, desk: Desk) -> Affected:
    """Return who has booked in what would be no more. Raises NotAllowed, NotActive and NotFound."""
    with desk.store.reading() as records:
        series = own_series(records, series_id, actor, now)
        return Affected(series, [], _booked(records, _to_come(records, series, now)))


def end(series_id: str, stamp: str, actor: Member, now: datetime, desk: Desk) -> Affected | None:
    """End a series: its dates to come are cancelled; None, and nothing done, where others are affected now.

    Raises NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        series = own_series(records, series_id, actor, now)
        sessions = _to_come(records, series, now)
        affected = Affected(series, [], _booked(records, sessions))
        if affected.stamp != stamp:
            return None
        records.office_hours.change_series(replace(series, ended_at=now))
        lost = [about for one in sessions for about in give_up_date(records, one, actor.id, ENDED, now, desk)]
        offer_anew(records, lost, now, desk)
        records.audit.add(actor.id, "office_hours.ended", series.id, now)
        return affected


def _planned(
    records: Records, series_id: str, wish: SeriesWish, actor: Member, now: datetime, desk: Desk
) -> tuple[Affected, list[_Change]]:
    old = own_series(records, series_id, actor, now)
    new = replace(as_series(wish, old.id, actor, old.zone, now, desk), created_at=old.created_at)
    changes = _changes(records, old, new, now)
    after = [one.after for one in changes if one.after is not None]
    if not after:
        raise WrongHours(HoursProblem.NO_DATE)
    refuse_overlaps(records, actor.id, after, frozenset(one.before.id for one in changes if one.before is not None))
    moved: list[Appointment] = []
    gone: list[Appointment] = []
    for one in changes:
        stay_away = _affected(records, one, new)
        moved += stay_away[0]
        gone += stay_away[1]
    return Affected(new, moved, gone), changes


def _changes(records: Records, old: Series, new: Series, now: datetime) -> list[_Change]:
    """Return what becomes of each week of a series: the date of a week stays the same date on another weekday."""
    by = timedelta(days=new.weekday - old.weekday)
    every = records.office_hours.sessions_of_series(old.id, old.created_at)
    ours = {one.on_day + by: one for one in every if one.starts_at > now}
    own_way = {on for on, one in ours.items() if _goes_its_own_way(one, old)}
    # A day has one date of a series, also where that has begun, or was moved or cancelled by itself.
    taken = {one.on_day for one in every if one.starts_at <= now} | {ours[on].on_day for on in own_way}
    wanted = {one.on_day: one for one in planned(new, now)}
    same = _slots_alike(old, new)
    changes = []
    for on in sorted((set(ours) | set(wanted)) - own_way):
        before, after = ours.get(on), wanted.get(on)
        if before is None and on in taken:
            continue
        if before is not None and after is not None:
            after = session_on(new, on, before.id)
            after = replace(after, on_day=before.on_day) if on in taken else after
        changes.append(_Change(before, after, same))
    return changes


def _goes_its_own_way(session: Session, series: Series) -> bool:
    """Say whether a date was moved or cancelled by itself, or is held by somebody else meanwhile."""
    return session.moved_at is not None or session.cancelled_at is not None or session.ta_id != series.ta_id


def _slots_alike(old: Series, new: Series) -> bool:
    """Say whether slots only move along with the beginning."""

    def shape(series: Series) -> tuple[object, ...]:
        return (series.kind, series.minutes, series.slot_minutes, series.buffer_minutes, series.open_minutes)

    return shape(old) == shape(new)


def _affected(records: Records, one: _Change, series: Series) -> tuple[list[Appointment], list[Appointment]]:
    """Return the bookings of a date that would move along, and those that could not be kept."""
    if one.before is None:
        return [], []
    booked = _booked(records, [one.before])
    if one.after is None:
        return [], booked
    too_many = [about for about in booked if series.capacity is not None and _people(about) > series.capacity]
    fits = [about for about in booked if about not in too_many]
    if one.keeps_slots:
        return (fits if one.after.starts_at != one.before.starts_at else []), too_many
    times = set(slot_times(one.after, series.slot_minutes, series.buffer_minutes))
    kept = [about for about in fits if (about.slot.starts_at, about.slot.ends_at) in times]
    return [], [about for about in booked if about not in kept]


def _people(about: Appointment) -> int:
    return 1 + len(about.fellows)


def _carry_out(
    records: Records, one: _Change, series: Series, actor: Member, now: datetime, desk: Desk
) -> list[Appointment]:
    """Make the change of one date; return the bookings that could not be kept."""
    if one.before is None:
        if one.after is not None:
            records.office_hours.add_session(one.after, slots_in(one.after, series))
        return []
    if one.after is None:
        return give_up_date(records, one.before, actor.id, ENDED, now, desk)
    gone = _affected(records, one, series)[1]
    lost = [about for about in gone if take_away(records, about, actor.id, ENDED, now, desk)]
    is_moved = one.keeps_slots and one.after.starts_at != one.before.starts_at
    if is_moved:
        place(records, one.before, one.after, now)
    records.office_hours.change_session(one.after)
    if not one.keeps_slots:
        _cut_anew(records, one.after, series, now)
    if not is_moved and one.after.place != one.before.place:
        for booking in records.bookings.of_session(one.after.id):
            tell_changed(records, booking.id, now)
    return lost


def _cut_anew(records: Records, session: Session, series: Series, now: datetime) -> None:
    """Replace the slots of a session by those of its new shape; what stays booked stays."""
    records.office_hours.drop_slots(session.id, now)
    left = {(slot.starts_at, slot.ends_at) for slot in records.office_hours.slots_of(session.id)}
    new = [slot for slot in slots_in(session, series) if (slot.starts_at, slot.ends_at) not in left]
    records.office_hours.add_slots(new)


def _to_come(records: Records, series: Series, now: datetime) -> list[Session]:
    every = records.office_hours.sessions_of_series(series.id, now)
    theirs = [one for one in every if one.ta_id == series.ta_id]
    return [one for one in theirs if one.starts_at > now and one.cancelled_at is None]


def _booked(records: Records, sessions: Sequence[Session]) -> list[Appointment]:
    return [
        appointment(records, booking) for session in sessions for booking in records.bookings.of_session(session.id)
    ]
