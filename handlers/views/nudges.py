"""What students read of missed work and the offers that come with it: kind, concrete, without blame."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.nudge_limits import NudgeKind
from cohort.nudge_words import fill
from cohort.nudges import Offer
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    name_of,
    plain_date,
    say,
    section,
)
from handlers.views.choices import choices_row
from services.nudge_answers import HandedIn, OfferOver, Outcome, Over, Taken
from services.nudge_messages import ClaimedHandIn, Item, ItemState, MissedWork

# Each takes two of the fifty blocks of a message.
ITEMS_MOST = 15


def missed_work(note: MissedWork, zone: ZoneInfo) -> Rendered:
    """Return the one message about missed work, as it stands now; its dates are written for the student."""
    del zone
    shown = note.items[:ITEMS_MOST]
    open_items = [item for item in note.items if item.state is ItemState.OPEN]
    blocks = [section(_opening(note, open_items))]
    for item in shown:
        blocks += _item(item, note)
    rest = len(note.items) - len(shown)
    if rest:
        blocks.append(context(f"… and {rest} more; `/extension` shows them all."))
    if len(note.offers) > 1:
        blocks.append(actions(_take_all(note)))
    if open_items:
        blocks += [context(*_small_print(note)), choices_row(note.nudge_id, NudgeKind.MISSED)]
    return Rendered(cut(_headline(open_items), 300), blocks)


def _opening(note: MissedWork, open_items: Sequence[Item]) -> str:
    name, words = name_of(note.student), note.words
    if not open_items:
        return fill(words.missed_settled, name=name)
    opening = fill(words.missed_one if len(open_items) == 1 else words.missed_many, name=name)
    return f"{opening} {fill(words.missed_offer, name=name)}" if note.offers else opening


def _headline(open_items: Sequence[Item]) -> str:
    if not open_items:
        return "All taken care of"
    names = ", ".join(escape(item.assignment.slug) for item in open_items[:3])
    more = f" and {len(open_items) - 3} more" if len(open_items) > 3 else ""
    return f"About {names}{more}: there is still time"


def _item(item: Item, note: MissedWork) -> list[Block]:
    zone, title = note.student.tz, title_of(item.assignment)
    match item.state:
        case ItemState.MORE_TIME:
            return [section(f":white_check_mark: {title}: you have until {date(item.due_at, zone)}.")]
        case ItemState.SAID_HANDED_IN:
            return [section(f":inbox_tray: {title}: thank you, the TAs are looking for it.")]
        case ItemState.HANDED_IN:
            return [section(f":white_check_mark: {title}: it is in. Thank you!")]
        case ItemState.WAITING:
            return [
                section(f":speech_balloon: {title}: your request is with us, and nothing counts as late meanwhile.")
            ]
        case ItemState.SETTLED:
            return [section(f":white_check_mark: {title}: nothing more is needed.")]
        case ItemState.OPEN:
            last = plain_date(item.assignment.hard_due_at, zone)
            line = f"{title} was due {date(item.due_at, zone)}. The last moment to hand it in is {last}."
            return [section(line), actions(*_buttons(item))]


def _buttons(item: Item) -> list[Element]:
    assignment_id = item.assignment.id
    take = [button(_take_words(item.offer), "nudges.take", item.offer.id, "primary")] if item.offer else []
    return [
        *take,
        button("Hand in what I have", "hand_ins.part", assignment_id),
        button("Another date", "extensions.form", assignment_id),
        button("Talk to a TA", "extensions.talk_please", assignment_id),
        button("I did hand it in", "nudges.handed_in", assignment_id),
    ]


def _take_words(offer: Offer) -> str:
    return f"Take {_days(offer.days)}"


def _take_all(note: MissedWork) -> Element:
    same = {offer.days for offer in note.offers}
    words = f"Take {_days(same.pop())} for all" if len(same) == 1 else "Take the extra days for all"
    return button(f"{words} {len(note.offers)}", "nudges.take_all", note.nudge_id)


def _days(days: int) -> str:
    return "1 more day" if days == 1 else f"{days} more days"


def _small_print(note: MissedWork) -> list[str]:
    lines = ["Handed in already? Then my records are behind: say so, and I won't write about it again."]
    if note.offers:
        until = date(min(offer.lapses_at for offer in note.offers), note.student.tz)
        lines.append(f"The days count from your press. This offer stands until {until}; asking works after it, too.")
    return lines


def answers(outcomes: Sequence[Outcome], zone: ZoneInfo) -> Rendered:
    """Return what a student reads right after taking one or several offers."""
    return say("\n".join(_answer(outcome, zone) for outcome in outcomes[:ITEMS_MOST]))


def _answer(outcome: Outcome, zone: ZoneInfo) -> str:
    title = title_of(outcome.assignment)
    match outcome:
        case Taken(_, until, True):
            return f":white_check_mark: Done: {title} is now due {date(until, zone)}."
        case Taken(_, until, _):
            return f":white_check_mark: You took this before: {title} is due {date(until, zone)}."
        case OfferOver():
            return _over(outcome, title, zone)


def _over(outcome: OfferOver, title: str, zone: ZoneInfo) -> str:
    ask = f"`/extension {escape(outcome.assignment.slug)} {outcome.days}d`"
    match outcome.why:
        case Over.LAPSED:
            return (
                f"That offer for {title} has run out. You can still ask: {ask}. Where policy does not grant it, "
                "a TA decides."
            )
        case Over.REPLACED:
            until = date(outcome.effective_due_at, zone)
            return f"You were given more time for {title} already, until {until}. If that is too short: {ask}."
        case Over.SETTLED:
            return f"Nothing more is needed for {title}, so there was nothing to extend."
        case Over.CLOSED:
            return (
                f"The last moment to hand in {title} has passed, so no time can be added. "
                "Please write to an organizer: they can look at your whole programme with you."
            )


def handed_in(noted: HandedIn) -> Rendered:
    """Return what a student reads after saying that something is handed in."""
    title = title_of(noted.assignment)
    if noted.is_recorded:
        return say(f":white_check_mark: {title} is in the records: it arrived. Thank you!")
    return say(
        f":inbox_tray: Thank you, noted. The TAs will look for {title}, and I won't write about it again. "
        "If it did get lost on the way, they will tell you, and it can be handed in again."
    )


def claimed(note: ClaimedHandIn, zone: ZoneInfo) -> Rendered:
    """Return the note for staff that a student says something is handed in."""
    del zone
    return say(
        f":inbox_tray: {name_of(note.student)} says {title_of(note.assignment)} is handed in; "
        "the records have nothing yet. Could someone look where it went?"
    )


RENDERERS: Renderers = {MissedWork: missed_work, ClaimedHandIn: claimed}
