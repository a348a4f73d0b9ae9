"""What is wrong with how the bot is set up: every problem at once, each with its mend."""

from collections.abc import Sequence
from dataclasses import dataclass

from cohort.errors import CohortError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what makes it right; neither ever holds a secret."""

    what: str
    mend: str

    def __str__(self) -> str:
        """Return both as one line."""
        return f"{self.what} {self.mend}".strip()


@dataclass(eq=False)
class Problems(CohortError):
    """The set-up can't be used as it is."""

    problems: Sequence[Problem]

    def __str__(self) -> str:
        """Return a line a problem; the only one is a sentence by itself."""
        if len(self.problems) == 1:
            return str(self.problems[0])
        return "\n".join(f"- {problem}" for problem in self.problems)


def one(what: str, mend: str) -> Problems:
    """Return the error for a single problem."""
    return Problems([Problem(what, mend)])
