"""The pieces that every view is made of: blocks, elements, dates and escaped text, within Slack's limits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cohort.roster import Member

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

SECTION_MOST = 3000
TEXT_MOST = 3900
OPTION_MOST = 75
OPTIONS_MOST = 100
MESSAGE_BLOCKS_MOST = 50
# So many people are named to somebody who knows nobody.
CONTACTS_MOST = 3
# The callback id of a modal that only says something.
NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: the text for notifications and screen readers, and its blocks."""

    text: str
    blocks: list[Block] = field(default_factory=list)


Renderers = Mapping[type, Callable[[Any, ZoneInfo], Rendered]]


def escape(text: str) -> str:
    """Return someone's text so that Slack shows it as text, never as a mention, link or channel call."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unmarked(text: str) -> str:
    """Return mrkdwn of ours as plain text, for places that show plain text only."""
    plain_text = text.replace("`", "").replace("*", "").replace("&lt;", "<").replace("&gt;", ">")
    return plain_text.replace("&amp;", "&")


def cut(text: str, most: int) -> str:
    """Return text of at most so many characters, ending in an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name_of(member: Member) -> str:
    """Return what to call someone, safe to put into mrkdwn."""
    return escape(member.called)


def mention(member: Member) -> str:
    """Return a mention, or the name of someone whose Slack account is not known."""
    return f"<@{member.slack_id}>" if member.slack_id else name_of(member)


def plain_date(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as text in a zone, which it names: for options, buttons and errors."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M} {zone_label(local)}"


def zone_label(local: datetime) -> str:
    """Return the short name of a local time's zone, or its UTC offset where there is none."""
    name = local.tzname() or ""
    offset = f"{local:%z}"
    return name if name.isalpha() else f"UTC{offset[:3]}:{offset[3:5]}"


def date(at: datetime, zone: ZoneInfo) -> str:
    """Return a Slack date token, which each reader sees in their own zone; the fallback is in the zone given."""
    fallback = plain_date(at, zone)
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def first_day(at: datetime, zone: ZoneInfo) -> str:
    """Return from when on something holds: a day alone where it begins with the day in the zone given."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) != (0, 0):
        return date(at, zone)
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{local:%a} {local.day} {local:%b}>"


def header(text: str) -> Block:
    """Return a header block; plain text only."""
    return {"type": "header", "text": plain(cut(text, 150))}


def section(text: str, accessory: Element | None = None) -> Block:
    """Return a section of mrkdwn."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION_MOST)}}
    return block | ({"accessory": accessory} if accessory else {})


def context(*texts: str) -> Block:
    """Return a line of small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, 2000)} for text in texts]}


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """Return a row of buttons and selects."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | ({"block_id": block_id} if block_id else {})


def button(text: str, action_id: str, value: str = "", style: str | None = None) -> Element:
    """Return a button; `style` is primary, danger or none."""
    element: Element = {"type": "button", "text": plain(cut(text, 75)), "action_id": action_id}
    if value:
        element["value"] = value
    if style:
        element["style"] = style
    return element


def plain(text: str) -> dict[str, Any]:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str, value: str) -> dict[str, Any]:
    """Return one option of a select."""
    return {"text": plain(cut(text, OPTION_MOST)), "value": value}


def select(action_id: str, options: Sequence[dict[str, Any]], chosen: str | None = None, hint: str = "") -> Element:
    """Return a static select of up to a hundred options; `chosen` is the value chosen beforehand."""
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "options": list(options[:OPTIONS_MOST]),
    }
    if hint:
        element["placeholder"] = plain(cut(hint, 150))
    initial = next((o for o in element["options"] if o["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def grouped_select(
    action_id: str, groups: Mapping[str, Sequence[dict[str, Any]]], chosen: str | None = None
) -> Element:
    """Return a static select of options under headings, up to a hundred of each; `chosen` as in `select`."""
    named = list(groups.items())[:OPTIONS_MOST]
    shown = [{"label": plain(cut(head, OPTION_MOST)), "options": list(each[:OPTIONS_MOST])} for head, each in named]
    initial = next((o for _, each in named for o in each[:OPTIONS_MOST] if o["value"] == chosen), None)
    element: Element = {"type": "static_select", "action_id": action_id, "option_groups": shown}
    return element | ({"initial_option": initial} if initial else {})


def one_of(organizers: Sequence[Member]) -> str:
    """Return whom to ask of the organizers there are; the first few, or “an organizer”."""
    return " or ".join(mention(each) for each in organizers[:CONTACTS_MOST]) or "an organizer"


def day_picker(action_id: str, hint: str) -> Element:
    """Return a date picker."""
    return {"type": "datepicker", "action_id": action_id, "placeholder": plain(cut(hint, 150))}


def moment(action_id: str, initial_at: datetime | None = None) -> Element:
    """Return a date-and-time picker; Slack shows it in the reader's zone."""
    element: Element = {"type": "datetimepicker", "action_id": action_id}
    return element | ({"initial_date_time": int(initial_at.timestamp())} if initial_at else {})


def text_input(action_id: str, *, multiline: bool = False, most: int = 3000, hint: str = "") -> Element:
    """Return a text input."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": most,
    }
    return element | ({"placeholder": plain(cut(hint, 150))} if hint else {})


def field_of(block_id: str, label: str, element: Element, *, optional: bool = False, hint: str = "") -> Block:
    """Return an input block."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return block | ({"hint": plain(hint)} if hint else {})


def modal(title: str, blocks: Sequence[Block], *, callback_id: str = "", submit: str = "", metadata: str = "") -> View:
    """Return a modal; without a submit button it only shows."""
    view: View = {"type": "modal", "title": plain(cut(title, 24)), "blocks": list(blocks)}
    view["close"] = plain("Cancel" if submit else "Close")
    if submit:
        view["submit"] = plain(submit)
    if callback_id:
        view["callback_id"] = callback_id
    if metadata:
        view["private_metadata"] = metadata
    return view


def notice(title: str, rendered: Rendered) -> View:
    """Return a modal that only says something."""
    return modal(title, rendered.blocks or [section(rendered.text)], callback_id=NOTICE)


def say(text: str, *more: Block) -> Rendered:
    """Return a message of one section and whatever follows."""
    return Rendered(cut(text, TEXT_MOST), [section(text), *more])


def in_chunks(lines: Iterable[str]) -> list[str]:
    """Put lines together into texts that fit into a section each."""
    chunks: list[str] = []
    for line in lines:
        if chunks and len(chunks[-1]) + len(line) < SECTION_MOST:
            chunks[-1] += f"\n{line}"
        else:
            chunks.append(line)
    return chunks
