"""Reading cohort.toml: every problem at once, each with its key and what would be right."""

import tomllib
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.problems import Problem, Problems, one
from cohort.assignments import Kind
from cohort.policy import Policy

# What a key must be, by the sort of error that pydantic found; filled in with the bounds.
RIGHT: Final = {
    "missing": "is missing",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_type": "must be text in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters long",
    "tuple_type": 'must be a list, like ["orla@example.org"]',
    "too_short": "must name at least one",
    "enum": "is not a kind that is handed in; use one of "
    + ", ".join(kind.value for kind in Kind if kind.is_handed_in),
    "model_type": "must be a table, written as [{key}]",
    "dict_type": "must be a table, written as [{key}]",
}
RIGHT_BY_START: Final = {
    "date": "must be a date, like 2026-09-07",
    "time": "must be a time of day, like 21:00:00",
}


# Keys that take a word instead of a number.
OR_NONE: Final = frozenset({"auto_approved_limit"})


def load_policy(path: Path) -> Policy:
    """Read the programme's policy. Raises Problems with everything that is wrong in the file."""
    tables = _tables(path)
    try:
        return Policy.model_validate(tables)
    except ValidationError as error:
        found = [_problem(path, details) for details in error.errors(include_input=False, include_url=False)]
        raise Problems([*found, *_wrong_order(path, tables, found)]) from None


def keys_of(table: type[BaseModel] = Policy, above: Sequence[str] = ()) -> Iterator[str]:
    """Yield every key of cohort.toml as a person writes it, such as `programme.zone`."""
    for name, field in table.model_fields.items():
        inner = _table_in(field.annotation)
        if inner is None:
            yield ".".join([*above, name])
        else:
            yield from keys_of(inner, [*above, name])


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise one(
            f"There is no {path}.",
            "Copy cohort.example.toml to it and change what differs, or set COHORT_CONFIG.",
        ) from None
    except OSError as error:
        raise one(f"{path} can't be read: {error.strerror}.", "COHORT_CONFIG must name a readable file.") from None
    except UnicodeDecodeError:
        raise one(f"{path} is not UTF-8.", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise one(f"{path} is not TOML: {error}.", "See cohort.example.toml for how each key is written.") from None


def _problem(path: Path, details: ErrorDetails) -> Problem:
    loc = [str(part) for part in details["loc"] if part != "[key]"]
    key = _written(details["loc"])
    if details["type"] == "extra_forbidden":
        return Problem(f"{path}: {key} is not a key.", _closest(loc))
    return Problem(f"{path}: {key} {_what_is_right(details, key)}.", "")


def _wrong_order(path: Path, tables: Mapping[str, Any], found: Sequence[Problem]) -> list[Problem]:
    """Compare the programme's dates also where another key is wrong, when pydantic does not get that far."""
    programme = tables.get("programme")
    first, last = (programme.get(key) for key in ("starts_on", "ends_on")) if isinstance(programme, dict) else (0, 0)
    problem = Problem(f"{path}: programme is wrong: ends_on must be after starts_on.", "")
    if type(first) is not date or type(last) is not date or first < last or problem in found:
        return []
    return [problem]


def _written(loc: Sequence[str | int]) -> str:
    """Return a key as a person writes it; places in a list are counted from 1."""
    key = ".".join(part for part in loc if isinstance(part, str) and part != "[key]")
    places = [f" (entry {part + 1})" for part in loc if isinstance(part, int)]
    return key + "".join(places) if key else "the file"


def _what_is_right(details: ErrorDetails, key: str) -> str:
    sort, context = details["type"], details.get("ctx", {})
    if sort == "value_error":
        return f"is wrong: {context['error']}"
    if sort.startswith("int") and key.rpartition(".")[2] in OR_NONE:
        return 'must be a whole number, or "none" for no limit'
    for start, right in RIGHT_BY_START.items():
        if sort.startswith(start):
            return right
    return RIGHT.get(sort, details["msg"]).format(**{"key": key, **context})


def _closest(loc: Sequence[str]) -> str:
    """Say which known key an unknown one may have been meant for."""
    *above, name = loc
    siblings = _table_at(above)
    known = list(siblings.model_fields) if siblings else []
    close = get_close_matches(name, known, n=1)
    if close:
        return f"Did you mean {'.'.join([*above, close[0]])}?"
    elsewhere = [key for key in keys_of() if key.rpartition(".")[2] == name]
    if elsewhere:
        return f"Did you mean {elsewhere[0]}?"
    return f"Known there: {', '.join(known)}."


def _table_at(loc: Sequence[str]) -> type[BaseModel] | None:
    table: type[BaseModel] | None = Policy
    for name in loc:
        field = table.model_fields.get(name) if table else None
        if field is not None:
            table = _table_in(field.annotation)
    return table


def _table_in(annotation: object) -> type[BaseModel] | None:
    """Return the table that a field holds, itself or by kind of assignment."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    if get_origin(annotation) in {dict, Mapping}:
        return _table_in(get_args(annotation)[1])
    return None
