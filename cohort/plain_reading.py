"""Reading plain words: spelling evened out, numbers, days and names of work found."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Final

from cohort.times import MONTHS, WEEKDAYS
from cohort.wishes import next_on

NUMBERS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "twenty": "20", "thirty": "30",
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
    score scores passed uploaded uploading extended extending graduating regraded cancelled certificate
    """.split()  # noqa: SIM905 - a list of two hundred quotes is no easier to read
)
# How people shorten words when they type in a hurry.
SHORT_FORMS: Final = {
    "u": "you", "ur": "your", "yr": "your", "r": "are", "w": "with", "b4": "before", "tmrw": "tomorrow",
    "tmr": "tomorrow", "tmrrw": "tomorrow", "tmw": "tomorrow", "2mrw": "tomorrow", "2day": "today", "2nite": "tonight",
    "nite": "night", "wk": "week", "wks": "weeks", "hr": "hour", "mins": "minutes", "pls": "please", "plz": "please",
    "plss": "please", "thx": "thanks", "ty": "thanks", "tysm": "thanks", "thanx": "thanks", "tnx": "thanks",
    "idk": "i do not know", "dunno": "do not know", "abt": "about", "smth": "something", "sth": "something",
    "gonna": "going to", "gotta": "have to", "wanna": "want to", "gimme": "give me", "lemme": "let me",
    "rn": "right now", "msg": "message", "msgs": "messages", "notif": "notification", "notifs": "notifications",
    "pts": "points", "cert": "certificate", "im": "i am", "ive": "i have", "id": "i would",
    "youre": "you are", "lets": "let us",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "cant": "can not", "cannot": "can not",
    "wont": "will not", "isnt": "is not", "wasnt": "was not", "arent": "are not", "werent": "were not",
    "havent": "have not", "hasnt": "has not", "hadnt": "had not", "couldnt": "could not", "wouldnt": "would not",
    "shouldnt": "should not", "aint": "is not", "whats": "what is", "whens": "when is", "wheres": "where is",
    "whos": "who is", "hows": "how is", "thats": "that is", "theres": "there is", "heres": "here is",
    "anyones": "anyone", "nxt": "next", "wat": "what", "wats": "what is", "mtg": "meeting",
    "ext": "extension", "sb": "somebody", "bc": "because", "cuz": "because", "sry": "sorry", "asap": "soon",
}  # fmt: skip
# Real words that lie near one of those, and mean themselves.
OTHERS: Final = frozenset(
    """
    message massage submits extends hour extensions notice notion policies rule reminded score core stick stack stuff
    class courses weekends event sections section sessions graders grader books book look took answers request passes
    finishing understood handing morning another mother other others through though thought thorough planning planned
    regarding mourning grace trade grave leaves leaving live sleeve please pleased released cause causes paused
    house horse ours
    """.split()  # noqa: SIM905 - as above
)
_LINK = re.compile(r"<?(https?://[^\s|>]+)(?:\|[^>]*)?>?")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|[\n;]+")
_SLACK = re.compile(r"<[@#!][^>]*>|:[a-z0-9_+-]+:")
_APOSTROPHES = re.compile("['’‘`´]")
_WILL = re.compile(
    r"\bill (?=(?:\w+ )?(?:be|have|need|take|do|hand|send|submit|finish|get|come|try|not|never|make|go)\b)"
)
_OFFICE = re.compile(
    r"\b(the|in|an|at|for|these|ta|next|during|to|any) oh\b|\bohs\b"
    r"|\bohs? (?=(?:times?|hrs|hours?|slots?|rn|things|schedule)\b)"
)
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
_PLACES: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10,
}  # fmt: skip
# The second problem set is problem set 2.
_NTH = re.compile(
    rf"\b({'|'.join(_PLACES)}) ((?:problem |p)sets?|homework|hw|paper(?: reading)?|reading|assignment|lab|quiz"
    r"|(?:programming |coding )?exercise)\b(?! \d)"
)
_PARTED = re.compile(r"([a-z_-]*?)[ _-]*(\d*)")
GAPS: Final = (" ", "", " no ", " number ")
SHORTEST_NAME: Final = 3
_HOURS_A_DAY = 24

ENDINGS = ("ing", "ed", "es", "s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one sentence, and whether it ends as a question."""

    words: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A message in plain small letters, spelling evened out, its first link, and whether it ends as a question.

    `sentences` are the same words, sentence by sentence.
    """

    words: str
    link: str = ""
    is_asked: bool = False
    sentences: tuple[Sentence, ...] = ()


def plain(text: str, names: Mapping[str, str]) -> Reading:
    """Return a message as the rules read it; names of work are left as they are."""
    link = _LINK.search(text)
    bare = _SLACK.sub(" ", _LINK.sub(" ", text)).casefold()
    bare = _APOSTROPHES.sub("", bare.replace("&amp;", " and ").replace("&lt;", " ").replace("&gt;", " "))
    own = {part for name in names for part in name.split()}
    sentences = [(_words(each, own), each.rstrip().endswith("?")) for each in _SENTENCES.split(bare)]
    return Reading(
        _words(bare, own),
        link[1] if link else "",
        text.rstrip().endswith("?"),
        tuple(Sentence(words, is_asked) for words, is_asked in sentences if words),
    )


def _words(bare: str, own: set[str]) -> str:
    words = [_evened(token.strip(".:-/") or token, own) for token in _OTHER.sub(" ", bare).split()]
    counted = _COUNTED.sub(r"\1 \2", " ".join(word for word in words if word))
    return _NTH.sub(lambda found: f"{found[2]} {_PLACES[found[1]]}", counted)


def said(words: str, names: Mapping[str, str]) -> str:
    """Return words as the concepts are looked for in: short forms in full, and work by name as `thework`."""
    words = f" {words} "
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(f" {name} ", " thework ")
    words = _OFFICE.sub(lambda found: f"{found[1] or ''} office hours ", _WILL.sub("i will ", words))
    return " ".join(SHORT_FORMS.get(token, token) for token in words.split())


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
    alone = (head for head in heads if " " in head)
    return [slug, title, *alone, *(f"{head}{gap}{number}" for head in heads if head for gap in GAPS)]


_SAME: Final = {
    "hw": (
        "homework",
        "problem set",
        "pset",
        "ps",
        "assignment",
        "hmwk",
        "home work",
        "exercise sheet",
        "sheet",
        "p set",
        "set",
    ),
    "ps": ("problem set", "pset", "hw", "homework", "assignment"),
    "pset": ("problem set", "ps", "hw", "homework", "assignment"),
    "prog": (
        "programming",
        "programming exercise",
        "programming assignment",
        "coding exercise",
        "coding",
        "program",
        "prog exercise",
        "prog ex",
        "programming ex",
    ),
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


def wish_in(words: str, today: date) -> str:
    """Return for how long or until when, as a command reads it: 2d, friday, 2026-07-04; nothing if none is named."""
    return _date_in(words, today) or _length_in(words) or _day_in(words, today)


def day_meant(wish: str, today: date) -> date:
    """Return the day that a wish names: the next such weekday from today on, a date, or so many days from today."""
    if wish in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(wish) - today.weekday()) % 7)
    return today + timedelta(days=int(wish[:-1])) if wish.endswith("d") else date.fromisoformat(wish[:10])


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
        if number:
            with suppress(ValueError):  # 31 June is no day
                return next_on(int(day), number, today).isoformat()
    return ""


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


def stems_in(words: str) -> set[str]:
    """Return the words of a message without their endings; numbers and marks are left out."""
    found = (word for word in re.findall(r"[a-z][a-z0-9]*", words) if word != "thelink")
    return {_stem(word) for word in found}


def _stem(word: str) -> str:
    return next((word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= 4), word)
