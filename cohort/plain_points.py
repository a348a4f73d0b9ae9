"""What each concept speaks for and against, in points, as cohort/plain_points.txt has it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

PLACE: Final = Path(__file__).with_suffix(".txt")
# What a message means that asks for nothing we do.
NONE: Final = "-"
AND: Final = " + "
# How a sign begins that is a single word, without its ending.
WORD: Final = "“"


def read(table: str) -> dict[str, dict[str, int]]:
    """Return the points of each sign by intent; a sign without points is kept, since it may come to have some."""
    points: dict[str, dict[str, int]] = {}
    for line in table.splitlines():
        sign, colon, given = line.partition(":")
        if colon and not line.startswith("#"):
            points[sign] = {
                intent: int(count) for intent, count in (each.split() for each in given.split(",") if given)
            }
    return points


POINTS: Final[Mapping[str, Mapping[str, int]]] = read(PLACE.read_text(encoding="utf-8"))
# Two concepts that say more together than each alone.
PAIRS: Final = [tuple(sign.split(AND)) for sign in POINTS if AND in sign]
