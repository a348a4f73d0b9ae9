"""`/office-hours` for TAs: their week, weekly hours to add, change and end, and single dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from cohort.errors import DatePassed, HoursOverlap, Unclear, WrongHours
from cohort.office_hours import HoursKind, HoursProblem
from cohort.times import local_day
from handlers import bookings
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.errors import hours_sentence, overlap_sentence
from handlers.extensions import read_choice, read_moment, read_text
from handlers.form_fields import read_clock, read_day, read_number, unread
from handlers.views import office_hours as views
from handlers.views import office_hours_forms as forms
from handlers.views import open_hours_panel as panel_views
from handlers.views.blocks import unmarked
from services import hours_dates, office_hours, open_hours_panel, series_changes
from services.desk import Desk
from services.office_hours import SeriesWish

State = Mapping[str, Mapping[str, Any]]
# A wish that waits for a second press, as it travels with the form.
WAITING: Final = TypeAdapter(tuple[str, str, SeriesWish])
EXAMPLE: Final = "/office-hours"
FIELDS: Final = {
    HoursProblem.NO_PLACE: forms.PLACE,
    HoursProblem.ENDS_FIRST: forms.LAST,
    HoursProblem.NO_SLOT: forms.SLOT,
    HoursProblem.SLOT_TOO_LONG: forms.SLOT,
    HoursProblem.NO_OPEN_PART: forms.OPEN,
    HoursProblem.NO_DATE: forms.LAST,
}


def command(ask: Ask, desk: Desk) -> Answer:
    """`/office-hours`: for TAs their week, for students what is on next."""
    return week(ask, desk) if ask.member.is_staff else bookings.overview(ask, desk)


def week(ask: Ask, desk: Desk) -> Answer:
    """Show a TA their hours; while they are on, with the line."""
    found = office_hours.own_week(ask.member, ask.now, desk)
    panel = panel_views.panels(open_hours_panel.panels(ask.member, ask.now, desk), ask.member.tz)
    return Say(views.week(found, ask.member.tz, panel))


def add_form(ask: Ask, desk: Desk) -> Answer:
    """`/office-hours add`: open the form for new weekly hours."""
    office_hours.to_hold(ask.member, ask.now)
    return OpenModal(forms.series_form(ask.member, _last_day(desk)))


def add(ask: Ask, desk: Desk) -> Answer:
    """Add hours, or say at the field what is wrong with them."""
    try:
        series, dates = office_hours.add_series(_wish(ask, desk), ask.member, ask.now, desk)
    except (WrongHours, HoursOverlap) as error:
        return _at_field(error, ask)
    return Say(views.added(series, dates, ask.member.tz))


def change_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form with hours as they are."""
    series = series_changes.to_change(ask.value, ask.member, ask.now, desk)
    return OpenModal(forms.series_form(ask.member, _last_day(desk), series))


def change(ask: Ask, desk: Desk) -> Answer:
    """Change hours, or first show who would be affected."""
    wish = _wish(ask, desk)
    try:
        found = series_changes.preview(ask.metadata, wish, ask.member, ask.now, desk)
        if found.moved or found.gone:
            waiting = WAITING.dump_json((ask.metadata, found.stamp, wish)).decode()
            return OpenModal(forms.confirm_change(found, waiting, ask.member.tz))
        done = series_changes.change(ask.metadata, wish, found.stamp, ask.member, ask.now, desk)
    except (WrongHours, HoursOverlap) as error:
        return _at_field(error, ask)
    return Say(views.others_now() if done is None else views.changed(done, ask.member.tz))


def confirm(ask: Ask, desk: Desk) -> Answer:
    """Change hours as it was shown."""
    office_hours.to_hold(ask.member, ask.now)
    try:
        series_id, stamp, wish = WAITING.validate_json(ask.metadata)
    except ValidationError as error:
        raise Unclear("I can't read what was to be changed.", EXAMPLE) from error
    done = series_changes.change(series_id, wish, stamp, ask.member, ask.now, desk)
    return Say(views.others_now() if done is None else views.changed(done, ask.member.tz))


def ending(ask: Ask, desk: Desk) -> Answer:
    """Show who has booked in hours that are to end."""
    found = series_changes.preview_end(ask.value, ask.member, ask.now, desk)
    return OpenModal(forms.confirm_end(found, f"{ask.value}|{found.stamp}", ask.member.tz))


def end(ask: Ask, desk: Desk) -> Answer:
    """End hours as it was shown."""
    series_id, _, stamp = ask.metadata.partition("|")
    done = series_changes.end(series_id, stamp, ask.member, ask.now, desk)
    return Say(views.others_now() if done is None else views.ended(done))


def date_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form to move or cancel one date."""
    return OpenModal(forms.date_form(hours_dates.to_change(ask.value, ask.member, ask.now, desk), ask.member.tz))


def change_date(ask: Ask, desk: Desk) -> Answer:
    """Move or cancel one date."""
    reason, zone = read_text(ask.state, forms.REASON), ask.member.tz
    if read_choice(ask.state, forms.WHAT) != forms.MOVE:
        return Say(views.date_cancelled(hours_dates.cancel_date(ask.metadata, reason, ask.member, ask.now, desk), zone))
    starts_at = read_moment(ask.state, forms.AT)
    if starts_at is None:
        return FieldErrors({forms.AT: "Choose when it is to be instead."})
    try:
        return Say(
            views.date_moved(hours_dates.move_date(ask.metadata, starts_at, reason, ask.member, ask.now, desk), zone)
        )
    except DatePassed:
        return FieldErrors({forms.AT: "That is past already. Choose a time to come."})
    except HoursOverlap as error:
        return FieldErrors({forms.AT: unmarked(overlap_sentence(error, zone))})


def _at_field(error: WrongHours | HoursOverlap, ask: Ask) -> Answer:
    """Say what is wrong at its field, and keep all that was chosen."""
    if isinstance(error, HoursOverlap):
        return FieldErrors({forms.STARTS: unmarked(overlap_sentence(error, ask.member.tz))})
    return FieldErrors({FIELDS[error.problem]: unmarked(hours_sentence(error))})


def _wish(ask: Ask, desk: Desk) -> SeriesWish:
    """Read the form. Raises Unclear for what no form of ours sends."""
    state = ask.state
    capacity = read_choice(state, forms.CAPACITY)
    return SeriesWish(
        weekday=read_number(state, forms.WEEKDAY, EXAMPLE, 6),
        starts=read_clock(state, forms.STARTS, EXAMPLE),
        minutes=max(1, read_number(state, forms.MINUTES, EXAMPLE)),
        kind=_kind(state),
        place=read_text(state, forms.PLACE),
        first_on=read_day(state, forms.FIRST, EXAMPLE) or local_day(ask.now, ask.member.tz),
        last_on=read_day(state, forms.LAST, EXAMPLE) or _last_day(desk),
        slot_minutes=read_number(state, forms.SLOT, EXAMPLE),
        buffer_minutes=read_number(state, forms.BUFFER, EXAMPLE),
        open_minutes=read_number(state, forms.OPEN, EXAMPLE),
        capacity=max(1, read_number(state, forms.CAPACITY, EXAMPLE)) if capacity else None,
        topic=read_text(state, forms.TOPIC),
    )


def _last_day(desk: Desk) -> date:
    return desk.policy.programme.ends_on


def _kind(state: State) -> HoursKind:
    chosen = read_choice(state, forms.KIND)
    if chosen not in set(HoursKind):
        raise unread(EXAMPLE)
    return HoursKind(chosen)


PRESSES: dict[str, Listener] = {
    "office_hours.week": week,
    "office_hours.add": add_form,
    "office_hours.series": change_form,
    "office_hours.ending": ending,
    "office_hours.date": date_form,
}
SUBMISSIONS: dict[str, Listener] = {
    "office_hours.add": add,
    "office_hours.change": change,
    "office_hours.confirm": confirm,
    "office_hours.end": end,
    "office_hours.date": change_date,
}
