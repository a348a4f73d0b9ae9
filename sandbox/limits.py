"""What Slack allows in blocks, messages and views: every problem of one as sentences, none if Slack takes it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import Json, elements
from sandbox.element_limits import AS_ACCESSORY, ELEMENTS, IN_ACTIONS, IN_INPUT, NOT_IN, URL
from sandbox.shapes import (
    PLAIN,
    Check,
    Problems,
    Shape,
    anything,
    boolean,
    choice,
    listing,
    one_of_types,
    string,
    text,
)

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
LARGEST_VIEW = 250_000
LONGEST_TEXT = 4_000
LONGEST_MARKDOWN = 12_000

SLACK_FILE = Shape(optional={"id": string(255), "url": string(3000)})
IMAGE_FIELDS: dict[str, Check] = {"alt_text": string(2000)}
IMAGE_SOURCE: dict[str, Check] = {"image_url": URL, "slack_file": SLACK_FILE}


def _one_source(image: Mapping[str, Any], at: str) -> Problems:
    has = [name for name in IMAGE_SOURCE if image.get(name)]
    return [] if len(has) == 1 else [f"{at}: exactly one of image_url and slack_file is needed"]


def _text_or_fields(block: Mapping[str, Any], at: str) -> Problems:
    return [] if block.get("text") or block.get("fields") else [f"{at}: text or fields is needed"]


def _equal_rows(block: Mapping[str, Any], at: str) -> Problems:
    widths = {len(row) for row in block["rows"]}
    return [f"{at}: every row needs the same number of cells"] if len(widths) > 1 else []


IMAGE = Shape(required=IMAGE_FIELDS, optional=IMAGE_SOURCE, together=(_one_source,))
CONTEXT_PARTS: dict[str, Check] = {"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)}
RICH_PARTS: dict[str, Check] = dict.fromkeys(
    ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"), anything
)
RICH_TEXT = Shape(required={"elements": listing(one_of_types(RICH_PARTS, RICH_PARTS, "rich text element"), 1000)})
CELLS: dict[str, Check] = {
    "raw_text": Shape(required={"text": string(3000)}),
    "rich_text": RICH_TEXT,
}
COLUMN = Shape(optional={"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _blocks(surface: str) -> dict[str, Check]:
    def fitting(allowed: Iterable[str]) -> Check:
        return one_of_types(ELEMENTS, set(allowed) - NOT_IN[surface], "element")

    def accessory(value: object, at: str) -> Problems:
        if isinstance(value, Mapping) and value.get("type") == "image":
            return IMAGE(value, at)
        return fitting(AS_ACCESSORY)(value, at)

    every: dict[str, Check] = {
        "section": Shape(
            optional={
                "text": text(3000),
                "fields": listing(text(2000), 10),
                "accessory": accessory,
                "expand": boolean,
            },
            together=(_text_or_fields,),
        ),
        "divider": Shape(),
        "header": Shape(required={"text": text(150, PLAIN)}),
        "image": Shape(
            required=IMAGE_FIELDS,
            optional={**IMAGE_SOURCE, "title": text(2000, PLAIN)},
            together=(_one_source,),
        ),
        "actions": Shape(required={"elements": listing(fitting(IN_ACTIONS), 25)}),
        "context": Shape(required={"elements": listing(one_of_types(CONTEXT_PARTS, CONTEXT_PARTS, "element"), 10)}),
        "input": Shape(
            required={"label": text(2000, PLAIN), "element": fitting(IN_INPUT)},
            optional={"hint": text(2000, PLAIN), "optional": boolean, "dispatch_action": boolean},
        ),
        "rich_text": RICH_TEXT,
    }
    only_here: dict[str, dict[str, Check]] = {
        "message": {
            "markdown": Shape(required={"text": string(LONGEST_MARKDOWN)}),
            "table": Shape(
                required={
                    "rows": listing(listing(one_of_types(CELLS, CELLS, "cell"), 20), 100),
                },
                optional={"column_settings": listing(COLUMN, 20)},
                together=(_equal_rows,),
            ),
        },
        "modal": {
            "alert": Shape(
                required={"text": text(200)},
                optional={"level": choice("default", "info", "warning", "error", "success")},
            )
        },
    }
    return every | only_here.get(surface, {})


BLOCKS = {surface: _blocks(surface) for surface in MOST_BLOCKS}
VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
    "blocks": anything,
}
MODAL = Shape(
    required={"title": text(24, PLAIN), "blocks": anything},
    optional={
        **VIEW_FIELDS,
        "submit": text(24, PLAIN),
        "close": text(24, PLAIN),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)
HOME = Shape(required={"blocks": anything}, optional=VIEW_FIELDS)
METADATA = Shape(required={"event_type": string(255), "event_payload": anything})


def check_blocks(blocks: object, surface: str) -> Problems:
    """Return what Slack would refuse; `surface` is message, modal or home."""
    if not isinstance(blocks, list):
        return ["/blocks: must be a list"]
    kinds = BLOCKS[surface]
    problems = []
    if len(blocks) > MOST_BLOCKS[surface]:
        problems.append(f"/blocks: no more than {MOST_BLOCKS[surface]} items allowed, has {len(blocks)}")
    for n, block in enumerate(blocks):
        problems += _check_block(block, kinds, f"/blocks/{n}")
    if not problems:
        problems += _double_ids(blocks) + _too_many(blocks)
    return problems


def _check_block(block: object, kinds: Mapping[str, Check], at: str) -> Problems:
    if not isinstance(block, Mapping) or block.get("type") not in kinds:
        kind = block.get("type") if isinstance(block, Mapping) else None
        return [f"{at}: unsupported block type: {kind!r}"]
    problems = []
    if block.get("block_id") is not None:
        problems += string(255)(block["block_id"], f"{at}/block_id")
    own = {name: value for name, value in block.items() if name != "block_id"}
    return problems + kinds[block["type"]](own, at)


def _double_ids(blocks: list[Json]) -> Problems:
    problems = []
    seen: set[str] = set()
    for n, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            problems.append(f"/blocks/{n}: block_id {block_id!r} is there twice")
        if block_id:
            seen.add(block_id)
        placed = list(elements.walk([block]))
        actions = [each.action_id for each in placed]
        problems += [
            f"/blocks/{n}: action_id {each!r} is there twice" for each in set(actions) if actions.count(each) > 1
        ]
    return problems


def _too_many(blocks: list[Json]) -> Problems:
    problems = []
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.append("/blocks: only one table is allowed in a message")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > LONGEST_MARKDOWN:
        problems.append(f"/blocks: markdown blocks hold more than {LONGEST_MARKDOWN} characters together")
    focused = sum(bool(placed.element.get("focus_on_load")) for placed in elements.walk(blocks))
    if focused > 1:
        problems.append("/blocks: only one element can have focus_on_load")
    return problems


def check_view(view: object) -> Problems:
    """Return what Slack would refuse in a modal or a Home tab."""
    if not isinstance(view, Mapping) or view.get("type") not in ("modal", "home"):
        return ["/view/type: must be modal or home"]
    surface = str(view["type"])
    problems = (MODAL if surface == "modal" else HOME)(view, "/view")
    blocks = view.get("blocks")
    if blocks is not None:
        problems += [f"/view{problem}" for problem in check_blocks(blocks, surface)]
    if not problems and surface == "modal" and _has_input(view["blocks"]) and not view.get("submit"):
        problems.append("/view: missing required field: submit (the modal has an input block)")
    if view_size(view) > LARGEST_VIEW:
        problems.append(f"/view: larger than {LARGEST_VIEW} bytes")
    return problems


def _has_input(blocks: Iterable[Json]) -> bool:
    return any(block["type"] == "input" for block in blocks)


def view_size(view: Mapping[str, Any]) -> int:
    """Return the size of a view in bytes, as it would travel."""
    return len(json.dumps(view, separators=(",", ":"), ensure_ascii=False).encode())


def check_message(payload: Mapping[str, Any]) -> Problems:
    """Return what Slack would refuse or cut in a message: blocks, text of 4,000 characters, metadata."""
    problems: Problems = []
    words, blocks = payload.get("text"), payload.get("blocks")
    if not words and not blocks and not payload.get("attachments"):
        problems.append("/text: a message needs text or blocks")
    if words:
        problems += string(LONGEST_TEXT)(words, "/text")
    if blocks is not None:
        problems += check_blocks(blocks, "message")
    if payload.get("metadata") is not None:
        problems += METADATA(payload["metadata"], "/metadata")
    return problems
