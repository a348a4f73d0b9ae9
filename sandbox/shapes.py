"""Small checks that limits.py puts together: texts, lists, choices and objects, with where each problem is."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Problems = list[str]
Check = Callable[[Any, str], Problems]

PLAIN, MRKDWN = "plain_text", "mrkdwn"


def string(longest: int, shortest: int = 1) -> Check:
    """Check a string's length."""

    def check(value: object, at: str) -> Problems:
        if not isinstance(value, str):
            return [f"{at}: must be a string"]
        if len(value) > longest:
            return [f"{at}: must be less than {longest + 1} characters, has {len(value)}"]
        return [f"{at}: must be more than {shortest - 1} characters"] if len(value) < shortest else []

    return check


def matching(pattern: str, what: str) -> Check:
    """Check a string against a pattern."""
    wanted = re.compile(pattern)

    def check(value: object, at: str) -> Problems:
        return [] if isinstance(value, str) and wanted.fullmatch(value) else [f"{at}: must be {what}"]

    return check


def boolean(value: object, at: str) -> Problems:
    """Check for true or false."""
    return [] if isinstance(value, bool) else [f"{at}: must be a boolean"]


def integer(least: int, most: int) -> Check:
    """Check a whole number's range."""

    def check(value: object, at: str) -> Problems:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return [] if fits else [f"{at}: must be a whole number from {least} to {most}"]

    return check


def choice(*allowed: str) -> Check:
    """Check for one of a few words."""

    def check(value: object, at: str) -> Problems:
        return [] if value in allowed else [f"{at}: must be one of {', '.join(allowed)}"]

    return check


def listing(each: Check, most: int, least: int = 1) -> Check:
    """Check a list's length and everything in it."""

    def check(value: object, at: str) -> Problems:
        if not isinstance(value, list):
            return [f"{at}: must be a list"]
        problems = [problem for n, item in enumerate(value) for problem in each(item, f"{at}/{n}")]
        if len(value) > most:
            problems.append(f"{at}: no more than {most} items allowed, has {len(value)}")
        if len(value) < least:
            problems.append(f"{at}: at least {least} items needed")
        return problems

    return check


def text(longest: int, *kinds: str) -> Check:
    """Check a text object; without kinds both plain_text and mrkdwn will do."""
    allowed = kinds or (PLAIN, MRKDWN)
    length = string(longest)

    def check(value: object, at: str) -> Problems:
        if not isinstance(value, Mapping):
            return [f"{at}: must be a text object"]
        if value.get("type") not in allowed:
            return [f"{at}/type: must be {' or '.join(allowed)}, is {value.get('type')!r}"]
        extra = {"emoji"} if value["type"] == PLAIN else {"verbatim"}
        problems = length(value.get("text"), f"{at}/text")
        return problems + _strangers(value, {"type", "text"} | extra, at)

    return check


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its required and optional fields, and what must hold between them."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    together: tuple[Check, ...] = ()

    def __call__(self, value: object, at: str) -> Problems:
        """Return every problem of one object."""
        if not isinstance(value, Mapping):
            return [f"{at}: must be an object"]
        problems = [f"{at}: missing required field: {name}" for name in self.required if value.get(name) is None]
        fields = {**self.required, **self.optional}
        for name, check in fields.items():
            if value.get(name) is not None:
                problems += check(value[name], f"{at}/{name}")
        problems += _strangers(value, {"type", *fields}, at)
        if not problems:
            for check in self.together:
                problems += check(value, at)
        return problems


def one_of_types(kinds: Mapping[str, Check], allowed: Iterable[str], what: str) -> Check:
    """Check an object by its type, which must be one of those allowed here."""
    names = frozenset(allowed)

    def check(value: object, at: str) -> Problems:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if kind not in kinds:
            return [f"{at}: unsupported {what} type: {kind!r}"]
        if kind not in names:
            return [f"{at}: {what} of type {kind} is not allowed here"]
        return kinds[kind](value, at)

    return check


def anything(_value: object, _at: str) -> Problems:
    """Accept whatever it is."""
    return []


def _strangers(value: Mapping[str, Any], known: set[str], at: str) -> Problems:
    return [f"{at}: invalid additional property: {name}" for name in value if name not in known]
