"""Open hours as a TA sees them: the panel with the line, and the forms for groups and notes."""

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.views import no_shows
from handlers.views.blocks import (
    OPTION_MOST,
    Block,
    Element,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    date,
    divider,
    escape,
    field_of,
    in_chunks,
    mention,
    modal,
    name_of,
    option,
    say,
    section,
    text_input,
)
from services.lines import Panel, Row
from services.open_hours_letters import PanelCard, StandsStill, Unstarted
from services.open_hours_panel import Taken

WHO, NOTE = "who", "note"
WAITING_MOST, GROUPS_MOST, PEOPLE_MOST, BOOKED_MOST, TICKS_MOST = 15, 6, 20, 12, 10
NOTE_MOST = 100


def card(found: PanelCard, zone: ZoneInfo) -> Rendered:
    """Return the line of a session as it is now."""
    shown = found.panel
    count = len(shown.waiting)
    text = f"{count} in line in {name_of(shown.ta)}'s open hours" if not shown.is_over else "The line is closed"
    return Rendered(text, panel_blocks(shown, zone))


def panel_blocks(shown: Panel, zone: ZoneInfo) -> list[Block]:
    """Return the line of a session with all that a TA can do, and the bookings of its slots."""
    blocks = [section(f"*{name_of(shown.ta)}'s office hours*, {date(shown.session.starts_at, zone)}")]
    if shown.session.is_open:
        blocks += _closed(shown) if shown.is_over else _line(shown)
    if shown.booked:
        blocks += [section("*Booked*"), *no_shows.rows(shown.booked[:BOOKED_MOST], zone)]
    return blocks


def panels(found: Sequence[Panel], zone: ZoneInfo) -> list[Block]:
    """Return what is on for a TA now, for the top of their week; nothing where nothing is on."""
    return [block for shown in found[:1] for block in (*panel_blocks(shown, zone), divider())]


def _closed(shown: Panel) -> list[Block]:
    helped = len(shown.helped)
    return [section(f"The line is closed. Helped: {helped}. Who was left is offered the next free slot first.")]


def _line(shown: Panel) -> list[Block]:
    blocks = [block for group in _groups(shown.called)[:GROUPS_MOST] for block in _group(group)]
    blocks += [section(chunk) for chunk in in_chunks(_waiting(shown))]
    blocks.append(actions(*_main(shown)))
    if shown.out:
        blocks.append(context(f"Stepped out, and keep their place: {_names(shown.out)}"))
    if shown.helped:
        last = _groups(shown.helped)[-1]
        blocks.append(context(f"Helped so far: {len(shown.helped)}. Last: {_names(last)}{_note(last)}"))
        blocks.append(actions(_done_button("Note what it was about", last)))
    return blocks


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.place.group_id or row.place.id].append(row)
    return list(groups.values())


def _group(group: Sequence[Row]) -> list[Block]:
    by = mention(group[0].by) if group[0].by else "A TA"
    missing = [
        button(cut(f"{row.student.called} didn't answer", 75), f"open_hours.no_answer#{row.place.id}", row.place.id)
        for row in group[:PEOPLE_MOST]
    ]
    people = ", ".join(_person(row) for row in group)
    return [section(f":speech_balloon: {by} is with {people}"), actions(_done_button("Done", group), *missing)]


def _done_button(text: str, group: Sequence[Row]) -> Element:
    group_id = group[0].place.group_id or ""
    return button(text, f"open_hours.done#{group_id}", group_id)


def _waiting(shown: Panel) -> list[str]:
    if not shown.waiting:
        return ["Nobody is waiting at the moment."]
    lines = [f"*In line: {len(shown.waiting)}*"]
    lines += [f"{number}. {_person(row)}" for number, row in enumerate(shown.waiting[:WAITING_MOST], 1)]
    if len(shown.waiting) > WAITING_MOST:
        lines.append(f"… and {len(shown.waiting) - WAITING_MOST} more")
    return lines


def _person(row: Row) -> str:
    return mention(row.student) + (f": {escape(row.place.about)}" if row.place.about else "")


def _main(shown: Panel) -> list[Element]:
    """Return the ways to go on. The button knows who is with anyone, so that pressed twice it takes one."""
    elements = [next_button(shown)]
    if len(shown.waiting) > 1 or (shown.waiting and shown.called):
        elements.append(button("Same question…", "open_hours.group", shown.session.id))
    return elements


def next_button(shown: Panel) -> Element:
    """Return the button that takes who is next, and begins the session with it."""
    known = ",".join(row.place.id for row in shown.called[:60])
    text = "Take next" if shown.waiting or shown.called else "I'm here"
    return button(text, "open_hours.next", f"{shown.session.id}|{known}", "primary")


def _names(rows: Sequence[Row]) -> str:
    return ", ".join(name_of(row.student) for row in rows[:PEOPLE_MOST])


def _note(group: Sequence[Row]) -> str:
    return f", about {escape(group[0].place.note)}" if group[0].place.note else ""


def taken(done: Taken) -> Rendered:
    """Return what a TA reads after taking somebody."""
    if done.is_old:
        return say("You took somebody a moment ago, so this press took nobody. Your panel shows who is with you.")
    if not done.students:
        return say("Nobody is waiting just now. I note that you are there, and write when somebody joins.")
    who = " and ".join(mention(student) for student in done.students)
    return say(f":wave: {who}: told that you have time now.")


def asked() -> Rendered:
    """Return what a TA reads after noting that somebody did not answer."""
    return say("I ask them whether they are there. They keep their place, and are next again once they are back.")


def done(shown: Panel) -> Rendered:
    """Return what a TA reads after being done with somebody."""
    left = len(shown.waiting)
    return say(f":white_check_mark: Noted. Still in line: {left}.", *([actions(next_button(shown))] if left else []))


def group_form(shown: Panel) -> View:
    """Return the form for taking several together; of those who wait the first ten."""
    if not shown.waiting:
        return modal("Together", [section("Nobody is waiting just now.")])
    ticks = [
        option(cut(f"{row.student.called}: {row.place.about}" if row.place.about else row.student.called, OPTION_MOST),
               row.place.id)
        for row in shown.waiting[:TICKS_MOST]
    ]  # fmt: skip
    boxes: Element = {"type": "checkboxes", "action_id": WHO, "options": ticks}
    label = "Who has the same question?"
    hint = "They come together with whoever is with you now."
    return modal(
        "Together",
        [field_of(WHO, label, boxes, hint=hint)],
        callback_id="open_hours.group",
        submit="Take together",
        metadata=shown.session.id,
    )


def done_form(shown: Panel, group_id: str) -> View:
    """Return the form for being done with somebody."""
    rows = [row for row in (*shown.called, *shown.helped) if row.place.group_id == group_id]
    note = rows[0].place.note if rows else ""
    words = text_input(NOTE, most=NOTE_MOST, hint="recursion") | ({"initial_value": note} if note else {})
    hint = "For you and other staff: it helps to see what comes up often. It can stay empty."
    return modal(
        "Done",
        [
            section(f"With {_names(rows)}"),
            field_of(NOTE, "In a word, what was it about?", words, optional=True, hint=hint),
        ],
        callback_id="open_hours.done",
        submit="Done",
        metadata=group_id,
    )


def unstarted(found: Unstarted, zone: ZoneInfo) -> Rendered:
    """Return, for another TA or organizers, that students wait and nobody is there."""
    shown, count = found.panel, len(found.panel.waiting)
    who = "One student waits" if count == 1 else f"{count} students wait"
    head = (
        f"{who} in {mention(shown.ta)}'s open hours, which should have begun at {date(shown.session.starts_at, zone)}, "
        "and nobody has taken the first one yet. Can you step in?"
    )
    return _step_in(head, shown)


def still(found: StandsStill, zone: ZoneInfo) -> Rendered:
    """Return, for another TA or organizers, that students wait and the line has not moved for long."""
    shown, count = found.panel, len(found.panel.waiting)
    who = "One student waits" if count == 1 else f"{count} students wait"
    return _step_in(
        f"{who} in {mention(shown.ta)}'s open hours, and since {date(found.since_at, zone)} nobody has been called. It "
        "may just be a long question. Can you have a look, or take the next?",
        shown,
    )


def _step_in(head: str, shown: Panel) -> Rendered:
    where = section(f":round_pushpin: {escape(cut(shown.session.place, 500)) or 'no place is given'}")
    return say(head, where, actions(next_button(shown)), context("If you can't, that is fine."))


RENDERERS: Renderers = {PanelCard: card, Unstarted: unstarted, StandsStill: still}
