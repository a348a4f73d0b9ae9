"""Questions that students share, with their answers and without a name: which of them fit some words, best first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_WORD = re.compile(r"[^\W_]+")
# Words that stand in every question say nothing about it.
COMMON: Final = frozenset({"a", "an", "and", "are", "can", "do", "does", "for", "how", "i", "in", "is", "it", "my"}) | {
    "of", "on", "or", "the", "to", "what", "when", "where", "why", "with", "you",
}  # fmt: skip
STEM_FROM: Final = 4
NAME_FROM: Final = 2


@dataclass(frozen=True, slots=True)
class Shared:
    """One shared question: its words and the answer as the student shares them, and which assignment it is about."""

    question_id: str
    words: str
    answer: str
    assignment_id: str | None
    shared_at: datetime


def search(words: str, shared: Iterable[Shared], names: dict[str, str]) -> list[Shared]:
    """Return what fits: as many of the words as possible, the newest first among equals; all where there are no words.

    `names` are the slugs of assignments by id. A longer word fits where it begins another, so that “proof” finds
    “proofs”.
    """
    wanted = _stems(words)
    found = [(_fit(wanted, each, names), each.shared_at, each) for each in shared]
    if wanted:
        found = [row for row in found if row[0]]
    return [each for _, _, each in sorted(found, key=lambda row: (row[0], row[1]), reverse=True)]


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return which parts of people's names stand in a text, as the text has them, in order.

    Parts of one letter are none, nor are small words that happen to be somebody's name.
    """
    parts = {part for name in names for part in _WORD.findall(name) if len(part) >= NAME_FROM}
    folded = {part.casefold() for part in parts if len(part) > NAME_FROM} - COMMON
    return sorted({word for word in _WORD.findall(text) if word in parts or word.casefold() in folded})


def _fit(wanted: Sequence[str], each: Shared, names: dict[str, str]) -> float:
    asked = _words(f"{each.words} {names.get(each.assignment_id or '', '')}")
    answered = _words(each.answer)
    return sum(1.0 if _has(stem, asked) else 0.5 if _has(stem, answered) else 0.0 for stem in wanted)


def _has(stem: str, words: Sequence[str]) -> bool:
    return any(word == stem or (len(stem) >= STEM_FROM and word.startswith(stem)) for word in words)


def _stems(text: str) -> list[str]:
    words = [word for word in _words(text) if word not in COMMON]
    return [word.removesuffix("s") if len(word) > STEM_FROM else word for word in words]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
