"""What went over the line between the workspace and the app, numbered in the order in which it ended."""

from collections import deque
from collections.abc import Callable
from itertools import takewhile

from sandbox import Json


class Numbering:
    """Counts entries over several lists; `rang` is told of each."""

    def __init__(self) -> None:
        self.count = 0
        self.rang: Callable[[], None] = lambda: None

    def next(self) -> int:
        """Return the next number, from 1."""
        self.count += 1
        return self.count


class Traffic(deque[Json]):
    """The newest entries of one kind, each with its number as `n`."""

    def __init__(self, most: int, numbering: Numbering) -> None:
        super().__init__(maxlen=most)
        self.numbering = numbering

    def append(self, entry: Json) -> None:
        """Note an entry."""
        super().append(entry | {"n": self.numbering.next()})
        self.numbering.rang()

    def newer(self, than: int) -> list[Json]:
        """Return the entries with a higher number, oldest first."""
        return list(takewhile(lambda entry: entry["n"] > than, reversed(self)))[::-1]
