"""Reading what people type after a command: names of people and assignments, and until when."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from cohort.errors import Unclear
from cohort.times import MONTHS, WEEKDAYS
from cohort.wishes import ForDays, UntilDate, UntilDayAhead, UntilWall, UntilWeekday, Wish

EXAMPLE = "/extension hw3 2d"
UNTIL = "until"
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
AHEAD = {"today": 0, "tomorrow": 1, "day after tomorrow": 2}
_LENGTH = re.compile(rf"([0-9]{{1,3}}|(?:an?|{'|'.join(NUMBERS)})(?=\s))\s*(?:more\s+)?(d|days?|w|weeks?)")
_NTH = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_DAY_MONTH = re.compile(rf"{_NTH}\.? (?:of )?([a-z]{{3,9}})|([a-z]{{3,9}}) {_NTH}")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{1,2}:[0-9]{2}))?")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_EMAIL = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>|\S*://\S*|www\.\S+|\S+\.\S+/\S*", re.IGNORECASE)
_BRACKETED = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
_HALF_READ = re.compile(r"[-+][0-9].*|[0-9]+[^0-9].*")
_MOST_WORDS = 4
# Any day that some year has is one of its days.
LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks for: an assignment, and until when if it says so."""

    assignment: str
    wish: Wish | None


def unescaped(text: str) -> str:
    """Return typed text as it was typed: Slack sends &, < and > as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_written(text: str) -> str:
    """Return a message as it was written: Slack puts links in angle brackets, and sends &, < and > as entities."""
    return unescaped(_BRACKETED.sub(r"\1", text))


def read_line(text: str, example: str = EXAMPLE) -> Line:
    """Read `hw3`, `hw3 2d`, `hw3 tomorrow`, `hw3 friday`, `hw3 4 july` or `hw3 2026-07-04 18:00`. Raises Unclear."""
    words = unescaped(text).split()
    for start in range(max(0, len(words) - _MOST_WORDS), len(words)):
        wish = _wish(" ".join(words[start:]))
        if wish is not None:
            if start == 0:
                raise Unclear("I see until when, but not for which assignment.", example)
            return Line(" ".join(words[:start]), wish)
    _refuse_half_read(words, example)
    return Line(" ".join(words), None)


def read_words(text: str) -> str:
    """Return words to look for, as typed; of a person who is mentioned, the Slack id."""
    mentioned = _MENTION.fullmatch(text.strip())
    return mentioned.group(1) if mentioned else unescaped(text).strip()


def read_link(text: str) -> tuple[str, str]:
    """Read `hw3`, `hw3 https://…` or nothing; return the assignment and the link, either of which may be empty.

    What follows the link is taken for a part of it, so that whoever looks at its form sees that it is none.
    """
    found = _LINK.search(text)
    if found is None:
        return " ".join(unescaped(text).split()), ""
    rest = text[found.end() :].strip()
    link = found.group(1) or found.group()
    return " ".join(unescaped(text[: found.start()]).split()), unescaped(f"{link} {rest}".strip())


def read_wish(text: str, example: str = EXAMPLE) -> Wish:
    """Read `2d`, `tomorrow`, a weekday, or a date with or without a time. Raises Unclear."""
    wish = _wish(unescaped(text).strip())
    if wish is None:
        raise Unclear(f"I can't read “{text.strip()[:40]}” as a length or a date.", example)
    return wish


def read_until(text: str, example: str) -> Wish:
    """Read `until friday`, `until 2026-07-10` or `until 5d`. Raises Unclear."""
    word, _, rest = text.strip().partition(" ")
    if word.casefold() != UNTIL or not rest:
        raise Unclear("I read “until” and a date here.", example)
    return read_wish(rest, example)


def read_person(text: str, example: str) -> tuple[str, str]:
    """Read whom a line starts with, in every form Slack sends; return the reference and the rest.

    Raises Unclear for an empty line.
    """
    for pattern in (_MENTION, _EMAIL, _QUOTED):
        found = pattern.match(text.strip())
        if found:
            return found.group(1), text.strip()[found.end() :].strip()
    first, _, rest = unescaped(text).strip().partition(" ")
    if not first.lstrip("@"):
        raise Unclear("I don't see whom you mean.", example)
    return first.lstrip("@"), rest.strip()


def _wish(text: str) -> Wish | None:
    words = text.casefold().removeprefix("until ").removeprefix("next ").removeprefix("the ")
    length = _LENGTH.fullmatch(words)
    if length:
        days = _number(length.group(1)) * (7 if length.group(2).startswith("w") else 1)
        return ForDays(days) if days else None
    if words in AHEAD:
        return UntilDayAhead(AHEAD[words])
    if len(words) >= 3 and words.isalpha():
        return _weekday(words)
    return _date(text) or _day_of_month(words)


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return NUMBERS.index(word) + 1 if word in NUMBERS else 1


def _weekday(word: str) -> Wish | None:
    named = [index for index, weekday in enumerate(WEEKDAYS) if weekday.startswith(word)]
    return UntilWeekday(named[0]) if len(named) == 1 else None


def _day_of_month(words: str) -> Wish | None:
    found = _DAY_MONTH.fullmatch(words)
    if not found:
        return None
    day, word = (found.group(1), found.group(2)) if found.group(1) else (found.group(4), found.group(3))
    named = [number for number, month in enumerate(MONTHS, 1) if month.startswith(word)]
    try:
        date(LEAP_YEAR, named[0], int(day))
    except (IndexError, ValueError):
        return None
    return UntilDate(int(day), named[0])


def _date(text: str) -> Wish | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    on, clock = found.groups()
    if not 2000 <= int(on[:4]) < 2100:
        return None
    try:
        return UntilWall(datetime.fromisoformat(f"{on} {(clock or '00:00').zfill(5)}"), clock is not None)
    except ValueError:
        return None


def _refuse_half_read(words: list[str], example: str) -> None:
    """Refuse a line of which only the start can be meant, instead of taking all of it for a name."""
    if len(words) > 1 and _HALF_READ.fullmatch(words[-1]):
        raise Unclear(f"I can't read “{words[-1][:40]}” as a length or a date.", example)
