"""What somebody means who writes in plain words: rules over phrases, which prefer not to understand to being wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cohort.plain_intents import NOTHING, Intent, Phrase
from cohort.plain_phrases import ABOUT_RULES, ASKS, HESITATION, NO_WISH, PHRASES, TELLS, UNCLEAR
from cohort.plain_reading import Reading, assignment_in, plain, wish_in, work_names
from cohort.roster import Role
from cohort.slot_wishes import SlotWish, slot_wish_in

LONGEST = 400
SHORT = 4
# What people tell rather than ask for.
TOLD = frozenset({Intent.THANKS, Intent.TALK, Intent.AWAY, Intent.QUIET, Intent.CHECK_IN})


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood: the intent, about which assignment (its slug) and until when (as a command reads it).

    `link` is the first link of the message, `meeting` when they would like to meet. What was not named is empty.
    """

    intent: Intent
    assignment: str = ""
    until: str = ""
    link: str = ""
    meeting: SlotWish | None = None


def understand(text: str, role: Role, works: Mapping[str, str], today: date) -> Understood | None:
    """Return what somebody of a role means; `works` are the titles of assignments by slug. None where it is not clear.

    `today` is the writer's own day. Nothing is done by this: whoever asks shows what was understood first.
    """
    if not text.strip() or len(text) > LONGEST:
        return None
    names = work_names(works)
    reading = plain(text, names)
    about = assignment_in(reading, names)
    phrase = _first(reading, role, is_about=bool(about))
    if phrase is None:
        return _only_a_name(reading, about, role)
    until = wish_in(reading, today) if phrase.intent in {Intent.MORE_TIME, Intent.AWAY} else ""
    meeting = slot_wish_in(reading, today) if phrase.intent is Intent.BOOK else None
    return Understood(phrase.intent, about, until, reading.link, meeting)


def _first(reading: Reading, role: Role, *, is_about: bool) -> Phrase | None:
    """Return the first rule that fits: they stand in the order in which they are sure of themselves."""
    words = HESITATION.sub("", reading.words)
    if NO_WISH.search(words):
        return NOTHING
    if UNCLEAR.search(words):
        return None
    is_question = bool(ABOUT_RULES.search(words))
    found = next(_fitting(words, role, is_about=is_about, is_question=is_question), None)
    is_wish = is_about or reading.is_asked or _asks(words)
    return found if found is None or is_wish or found.intent in TOLD else None


def _asks(words: str) -> bool:
    """Say whether something is asked or wished for, or named in a few words: a story asks for nothing."""
    return bool(ASKS.search(words)) or (len(words.split()) <= SHORT and not TELLS.search(words))


def _fitting(words: str, role: Role, *, is_about: bool, is_question: bool) -> Iterator[Phrase]:
    for phrase in PHRASES:
        if role not in phrase.roles or (phrase.needs_work and not is_about):
            continue
        if phrase.is_wish and is_question:
            continue
        if phrase.pattern.search(words) and not (phrase.unless and phrase.unless.search(words)):
            yield phrase


def _only_a_name(reading: Reading, about: str, role: Role) -> Understood | None:
    """Take a link beside an assignment for work that is handed in; a bare name says too little."""
    if about and reading.link and role is Role.STUDENT:
        return Understood(Intent.HAND_IN, about, "", reading.link)
    return None


def is_hours_only(text: str) -> bool:
    """Say whether a message is about the hours of a week rather than about more time or anything else."""
    words = plain(text, {}).words
    return not re.search(r"\b(more|extra|extension|extend|until|book|slot|late|longer|due|deadline)\b", words)
