"""What is wrong with the fields of something handed in; a link is checked for its form and never fetched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from cohort.assignments import Kind
from cohort.hand_ins import FILE, LINK, STRENGTH, SUMMARY, WEAKNESS, HandInWork, fields_of
from cohort.policy import HandInPolicy

LINK_MOST = 2000
TEXT_MOST = 3000
_WORD = re.compile(r"\S+")


class LinkProblem(StrEnum):
    """What is wrong with a link."""

    NO_SCHEME = "no_scheme"
    NO_HOST = "no_host"
    SPACES = "spaces"
    TOO_LONG = "too_long"
    CREDENTIALS = "credentials"


@dataclass(frozen=True, slots=True)
class TooShort:
    """A text that asks for more: how many characters at least, and how many there are."""

    at_least: int
    has: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """A text that is longer than what is kept: how many characters at most."""

    at_most: int


@dataclass(frozen=True, slots=True)
class NothingGiven:
    """None of the fields of which one at least is needed holds anything."""


Problem = LinkProblem | TooShort | TooLong | NothingGiven


def link_problem(link: str) -> LinkProblem | None:
    """Return what is wrong with the form of a link, or None: an http or https address with a host, and no password."""
    if len(link) > LINK_MOST:
        return LinkProblem.TOO_LONG
    if not _WORD.fullmatch(link) or not link.isprintable():
        return LinkProblem.SPACES
    scheme, separator, _ = link.partition("://")
    if not separator or scheme.casefold() not in {"http", "https"}:
        return LinkProblem.NO_SCHEME
    return _address_problem(link)


def _address_problem(link: str) -> LinkProblem | None:
    """Return what is wrong with the part of an address that says where it leads."""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return LinkProblem.NO_HOST
    if "@" in parts.netloc:
        return LinkProblem.CREDENTIALS
    names = host.rstrip(".").split(".")
    return None if len(names) > 1 and all(names) else LinkProblem.NO_HOST


def problems(work: HandInWork, kind: Kind, policy: HandInPolicy) -> Mapping[str, Problem]:
    """Return what is wrong with what someone hands in, by field; empty where it can be taken. A part may be short."""
    fields = fields_of(kind)
    texts = {name: work.content.get(name, "").strip() for name in fields}
    least = {} if work.is_part else lengths(policy)
    found: dict[str, Problem | None] = {name: _length_problem(text, least.get(name, 0)) for name, text in texts.items()}
    if LINK in fields:
        found[LINK] = link_problem(texts[LINK]) if texts[LINK] else None
    wrong = {name: problem for name, problem in found.items() if problem is not None}
    has_any = any(texts.values()) or (FILE in fields and work.file is not None)
    return wrong if wrong or has_any else {fields[0]: NothingGiven()}


def lengths(policy: HandInPolicy) -> Mapping[str, int]:
    """Return how many characters each part of a paper reading asks for."""
    return {
        SUMMARY: policy.summary_at_least,
        STRENGTH: policy.strength_at_least,
        WEAKNESS: policy.weakness_at_least,
    }


def _length_problem(text: str, least: int) -> Problem | None:
    has = len(text)
    if has < least:
        return TooShort(least, has)
    return TooLong(TEXT_MOST) if has > TEXT_MOST else None
