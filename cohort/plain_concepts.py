"""What people say in many ways: concepts, each with the ways to say it, as cohort/plain_concepts.txt has them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PLACE: Final = Path(__file__).with_suffix(".txt")
# Who says that they want nothing of something gets nothing of it; but who no longer wants what they asked for wants to
# take it back.
WANTS_NONE: Final = "wants none of it"
ASKED: Final = "my request"
ASKS: Final = "asks"
UNTIL: Final = "until"
FEELING: Final = "feeling"
COURTESIES: Final = frozenset({"thanks", "all right", "greeting"})
STAFF_ONLY: Final = frozenset({"to grade", "away", "duty", "follow up", "the cohort", "asked of us"})


def read(table: str) -> dict[str, re.Pattern[str]]:
    """Return each concept with the pattern of all ways to say it."""
    lists, ways, name = {}, dict[str, list[str]](), ""
    for line in table.splitlines():
        if line.startswith("<"):
            listed, _, pattern = line.partition(" ")
            lists[listed] = pattern
        elif line.startswith("    "):
            ways[name] += line.strip().split(" | ")
        elif line.endswith(":") and not line.startswith("#"):
            name = line.removesuffix(":")
            ways[name] = []
    return {
        name: re.compile(rf"\b(?:{'|'.join(_filled(way, lists) for way in said)})(?!\w)") for name, said in ways.items()
    }


def _filled(way: str, lists: Mapping[str, str]) -> str:
    return re.sub(r"<\w+>", lambda listed: lists[listed[0]], way)


CONCEPTS: Final = read(PLACE.read_text(encoding="utf-8"))


def concepts_in(words: str) -> frozenset[str]:
    """Return the concepts that stand in words as `plain_reading.said` makes them of a message."""
    return frozenset(name for name, ways in CONCEPTS.items() if ways.search(words))
