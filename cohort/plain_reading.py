"""Reading plain words: spelling evened out, numbers, days and names of work found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Final

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
NUMBERS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20",
    "couple": "2", "few": "3",
}  # fmt: skip
# Words that the rules look for: what is nearly one of them is taken for it.
KNOWN: Final = frozenset(
    """
    extension extend assignment homework problem reading project deadline deadlines reminder reminders remind messages
    notification notifications office hours appointment booking booked schedule reschedule cancel submit submission
    submitting submitted grade grades grading graded progress graduate graduation programme program course leave
    withdraw question stuck struggling overwhelmed policy rules tomorrow tonight afternoon morning evening weekend
    monday tuesday wednesday thursday friday saturday sunday please another until pause check digest summary cohort
    students requests pending queue follow-ups answer explain understand finish finished behind feedback regrade
    session sections events vacation holiday away sick talk contact handed hand turn upload attached result results
    score scores passed
    """.split()  # noqa: SIM905 - a list of two hundred quotes is no easier to read
)
# Real words that lie near one of those, and mean themselves.
OTHERS: Final = frozenset(
    """
    message massage submits extends hour extensions notice notion policies rule reminded score core stick stack stuff
    class courses weekends event sections section sessions graders grader books book look took answers request passes
    finishing understood handing morning another mother other others through though thought thorough planning planned
    grace trade grave leaves leaving live sleeve please pleased released cause causes paused house horse ours
    """.split()  # noqa: SIM905 - as above
)
_LINK = re.compile(r"<?(https?://[^\s|>]+)(?:\|[^>]*)?>?")
_SLACK = re.compile(r"<[@#!][^>]*>|:[a-z0-9_+-]+:")
_APOSTROPHES = re.compile("['’‘`´]")
_OTHER = re.compile(r"[^a-z0-9/.:@+-]+")
_LENGTH = re.compile(
    r"\b(\d{1,3})\s*(?:(?:more|extra|additional|further|other|full|whole|short) )*"
    r"(days?|d|weeks?|w|hours?|hrs?|h)\b"
)
_ONE = re.compile(r"\b(?:a|an|1|another|one) (?:more |extra |additional |full |whole )*(day|week)\b")
_ISO = re.compile(r"\b(20\d\d-\d\d-\d\d)(?:[ t](\d{1,2}:\d\d))?\b")
_MONTH = r"((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}\b|\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b")
_COUNTED = re.compile(r"\b(?:a )?([23]) (?:of |more |of more |extra )*(days|weeks|hours)\b")
_PARTED = re.compile(r"([a-z_-]*?)[ _-]*(\d*)")
GAPS: Final = (" ", "", " no ", " number ")
SHORTEST_NAME: Final = 3
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """A message in plain small letters, spelling evened out, its first link, and whether it ends as a question."""

    words: str
    link: str = ""
    is_asked: bool = False


def plain(text: str, names: Mapping[str, str]) -> Reading:
    """Return a message as the rules read it; names of work are left as they are."""
    link = _LINK.search(text)
    bare = _SLACK.sub(" ", _LINK.sub(" ", text)).casefold()
    bare = bare.replace("&amp;", " and ").replace("&lt;", " ").replace("&gt;", " ")
    tokens = _OTHER.sub(" ", _APOSTROPHES.sub("", bare)).split()
    own = {part for name in names for part in name.split()}
    words = [_evened(token.strip(".:-/") or token, own) for token in tokens]
    is_asked = text.rstrip().endswith("?")
    return Reading(_COUNTED.sub(r"\1 \2", " ".join(word for word in words if word)), link[1] if link else "", is_asked)


def _evened(token: str, own: set[str]) -> str:
    stem = token.removesuffix("s")
    if token in own or len(token) < 5 or not token.isalpha() or stem in KNOWN or token in KNOWN or token in OTHERS:
        return NUMBERS.get(token, token)
    return NUMBERS.get(token) or _nearest(token) or token


@cache
def _nearest(token: str) -> str:
    """Return the known word that a misspelt one is meant for, or nothing."""
    close = get_close_matches(token, KNOWN, n=1, cutoff=0.84)
    return close[0] if close and close[0][0] == token[0] else ""


def work_names(works: Mapping[str, str]) -> dict[str, str]:
    """Return every way in which an assignment may be named, with its slug; what names two of them names none."""
    found: dict[str, set[str]] = {}
    for slug, title in works.items():
        for name in _names(slug.casefold(), title.casefold()):
            found.setdefault(" ".join(_OTHER.sub(" ", name).split()), set()).add(slug)
    return {name: min(slugs) for name, slugs in found.items() if name and len(slugs) == 1}


def _names(slug: str, title: str) -> list[str]:
    """Return how an assignment may be called: as it is, by the words for its sort, with its number in every form."""
    parted = _PARTED.fullmatch(slug)
    letters, number = (parted[1], parted[2]) if parted else (slug, "")
    if not number:
        last = title.rsplit(maxsplit=1)[-1]
        return [slug, title, *([last] if last != title and len(last) > SHORTEST_NAME else [])]
    heads = {letters, title.removesuffix(number).strip(), *_SAME.get(letters, ())}
    heads |= {"".join(word[0] for word in head.split()) for head in heads if " " in head}
    return [slug, title, *(f"{head}{gap}{number}" for head in heads if head for gap in GAPS)]


_SAME: Final = {
    "hw": ("homework", "problem set", "pset", "ps", "assignment", "hmwk", "home work", "exercise sheet", "sheet"),
    "ps": ("problem set", "pset", "hw", "homework", "assignment"),
    "pset": ("problem set", "ps", "hw", "homework", "assignment"),
    "prog": ("programming", "programming exercise", "programming assignment", "coding exercise", "program", "coding"),
    "paper": ("paper", "paper reading", "paper review"),
    "reading": ("reading",),
    "lab": ("lab", "laboratory"),
    "quiz": ("quiz", "test"),
}


def assignment_in(reading: Reading, names: Mapping[str, str]) -> str:
    """Return the slug of the assignment that is named, the longest name first; nothing where two are, or none."""
    left, found = f" {reading.words} ", []
    for name in sorted(names, key=len, reverse=True):
        if f" {name} " in left:
            left = left.replace(f" {name} ", "  ")
            found.append(names[name])
    slugs = set(found)
    return slugs.pop() if len(slugs) == 1 else ""


def wish_in(reading: Reading, today: date) -> str:
    """Return for how long or until when, as a command reads it: 2d, friday, 2026-07-04; nothing if none is named."""
    words = reading.words
    return _date_in(words, today) or _length_in(words) or _day_in(words, today)


def day_wish_in(reading: Reading, today: date) -> str:
    """Return which day is named: friday, 2026-07-04; nothing if none is."""
    return _date_in(reading.words, today) or _day_in(reading.words, today)


def _length_in(words: str) -> str:
    found = _LENGTH.search(words)
    if found:
        count, unit = int(found[1]), found[2][0]
        days = count * 7 if unit == "w" else -(-count // _HOURS_A_DAY) if unit == "h" else count
        return f"{days}d" if 0 < days < 365 else ""
    one = _ONE.search(words)
    if one:
        return "7d" if one[1] == "week" else "1d"
    return ""


def _date_in(words: str, today: date) -> str:
    iso = _ISO.search(words)
    if iso:
        return f"{iso[1]} {iso[2]}" if iso[2] else iso[1]
    for found in _DAY_MONTH.finditer(words):
        day, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        number = next((n for n, name in enumerate(MONTHS, 1) if len(month) > 2 and name.startswith(month)), 0)
        if number and (on := _on(int(day), number, today)):
            return on.isoformat()
    return ""


def _on(day: int, month: int, today: date) -> date | None:
    """Return the next such day from today on."""
    for year in (today.year, today.year + 1):
        try:
            on = date(year, month, day)
        except ValueError:
            return None
        if on >= today:
            return on
    return None


def _day_in(words: str, today: date) -> str:
    for name in WEEKDAYS:
        if re.search(
            rf"\b{name}\b|\b{name[:3]}\b|\b{name[:4]}\b" if name != "sunday" else r"\b(?:sunday|sun)\b", words
        ):
            return name
    if re.search(r"\b(?:day after tomorrow)\b", words):
        return (today + timedelta(days=2)).isoformat()
    if re.search(r"\b(?:tomorrow|tmrw|tmr)\b", words):
        return (today + timedelta(days=1)).isoformat()
    if re.search(r"\b(?:weekend|end of (?:the|this) week)\b", words):
        return "sunday"
    return "monday" if re.search(r"\bnext week\b", words) else ""
