"""What somebody means who writes in plain words: concepts add up to points, and what is not clear is not understood."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cohort.plain_concepts import ASKED, ASKS, COURTESIES, FEELING, STAFF_ONLY, UNTIL, WANTS_NONE, concepts_in
from cohort.plain_intents import OPEN_TO, Intent
from cohort.plain_points import AND, NONE, PAIRS, POINTS
from cohort.plain_reading import Reading, Sentence, assignment_in, plain, said, stems_in, wish_in, work_names
from cohort.roster import Role
from cohort.slot_wishes import SlotWish, slot_wish_in

LONGEST = 400
SHORT = 4
# So many points more than for anything else are needed to be sure, and so many more than for nothing that we do.
AHEAD, AHEAD_OF_NOTHING = 3, 2
# A message of more words than these says many things: it has to be clearer.
MANY, AHEAD_OF_MANY = 22, 6
# So many points more than without a word are a hint of something.
HINT = 8
ASKS_NOTHING = {Intent.NOTHING, Intent.THANKS}


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A message of which nobody knows what it means, as it is kept for a while."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood: the intent, about which assignment (its slug) and until when (as a command reads it).

    `link` is the first link of the message, `meeting` when they would like to meet. What was not named is empty.
    `is_heavy` where it sounds as if somebody has a hard time.
    """

    intent: Intent
    assignment: str = ""
    until: str = ""
    link: str = ""
    meeting: SlotWish | None = None
    is_heavy: bool = False


def understand(text: str, role: Role, works: Mapping[str, str], today: date) -> Understood | None:
    """Return what somebody of a role means; `works` are the titles of assignments by slug. None where it is not clear.

    `today` is the writer's own day. Nothing is done by this: whoever asks shows what was understood first.
    """
    if not text.strip() or len(text) > LONGEST:
        return None
    names = work_names(works)
    reading = plain(text, names)
    about = assignment_in(reading, names)
    signs = signs_of(reading, names, about, role)
    intent = intent_of(signs, len(reading.words.split()), role)
    if intent is None:
        return None
    until = _until(reading, today) if intent in {Intent.MORE_TIME, Intent.AWAY, Intent.QUIET} else ""
    meeting = slot_wish_in(reading, today) if intent is Intent.BOOK else None
    return Understood(intent, about, until, reading.link, meeting, FEELING in signs)


def _until(reading: Reading, today: date) -> str:
    """Return until when: what the sentence that asks says, or another one where it says “until”."""
    if len(reading.sentences) < 2:
        return wish_in(reading.words, today)
    found = wish_in(_asking(reading.sentences).words, today)
    return found or (wish_in(reading.words, today) if UNTIL in concepts_in(reading.words) else "")


def likeliest(text: str, role: Role, works: Mapping[str, str]) -> list[Intent]:
    """Return what a message that is not clear may mean, the likeliest first; what nothing in it speaks for is left out.

    What asks for nothing is not among them.
    """
    names = work_names(works)
    reading = plain(text[:LONGEST], names)
    signs = signs_of(reading, names, assignment_in(reading, names), role)
    points, before = points_of(signs, role), points_of({}, role)
    spoken_for = [one for one in OPEN_TO[role] - ASKS_NOTHING if points[one] >= before[one] + HINT]
    return sorted(spoken_for, key=lambda one: (-points[one], one))


def signs_of(reading: Reading, names: Mapping[str, str], about: str, role: Role) -> Counter[str]:
    """Return what stands in a message that points are given for: concepts, pairs of them as “one + other”, words.

    What stands in the sentence that asks counts twice, since the others only tell why.
    """
    link = " thelink" if reading.link else ""
    found = _signs(said(reading.words, names) + link, about, role, is_asked=reading.is_asked)
    if len(reading.sentences) > 1:
        asking = _asking(reading.sentences)
        words = said(asking.words, names)
        found.update(_signs(words, about if "thework" in words else "", role, is_asked=asking.is_asked))
    return found


def _asking(sentences: Sequence[Sentence]) -> Sentence:
    """Return the last sentence that asks for something; where none does, the last that is more than a courtesy."""
    asking = next((each for each in reversed(sentences) if each.is_asked or ASKS in concepts_in(each.words)), None)
    telling = (each for each in reversed(sentences) if not COURTESIES & concepts_in(each.words))
    return asking or next(telling, sentences[-1])


def _signs(words: str, about: str, role: Role, *, is_asked: bool) -> Counter[str]:
    found = set(concepts_in(words)) - (STAFF_ONLY if role is Role.STUDENT else set())
    found |= {name for name, holds in (("named", about), ("question", is_asked)) if holds}
    if len(words.split()) <= SHORT:
        found.add("short")
    pairs = {f"{one}{AND}{other}" for one, other in PAIRS if one in found and other in found}
    return Counter(found | pairs | {f"“{stem}”" for stem in stems_in(words)})


def intent_of(signs: Mapping[str, int], words: int, role: Role) -> Intent | None:
    """Return what has the most points of all that a role may want, None where nothing clearly has."""
    if WANTS_NONE in signs and ASKED not in signs:
        return Intent.NOTHING
    ranked = sorted(((count, one) for one, count in points_of(signs, role).items()), reverse=True)
    (most, best), (second, other) = ranked[:2]
    ahead = AHEAD_OF_MANY if words > MANY else AHEAD_OF_NOTHING if other == NONE else AHEAD
    return Intent(best) if best != NONE and most - second >= ahead else None


def points_of(signs: Mapping[str, int], role: Role) -> dict[str, int]:
    """Return the points of all that a role may want, and of nothing that we do."""
    points: dict[str, int] = dict.fromkeys((NONE, *OPEN_TO[role]), 0)
    for sign, count in (("always", 1), *signs.items()):
        for intent, given in POINTS.get(sign, {}).items():
            if intent in points:
                points[intent] += given * count
    return points


def is_hours_only(text: str) -> bool:
    """Say whether a message is about the hours of a week rather than about more time or anything else."""
    words = plain(text, {}).words
    return not re.search(r"\b(more|extra|extension|extend|until|book|slot|late|longer|due|deadline)\b", words)
