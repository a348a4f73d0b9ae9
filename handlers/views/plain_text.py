"""A message as plain text, for a terminal: what stands in it, with its buttons in brackets."""

import re
from collections.abc import Iterator

from handlers.views.blocks import Block, Element, Rendered, unmarked

_TOKEN = re.compile(r"<[^|>]*\|([^>]*)>")


def as_text(rendered: Rendered) -> str:
    """Return what a person reads, line by line."""
    return "\n".join(line for block in rendered.blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if "text" in block:
        yield from _plain(block["text"]["text"]).splitlines()
    elements = block.get("elements", [])
    if block["type"] == "actions":
        yield "  " + "  ".join(f"[{_label(element)}]" for element in elements)
    elif elements:
        yield from (f"  {_plain(element['text'])}" for element in elements)


def _label(element: Element) -> str:
    named = element.get("text") or element.get("placeholder") or {"text": element["type"]}
    return str(named["text"])


def _plain(text: str) -> str:
    return unmarked(_TOKEN.sub(r"\1", text))
