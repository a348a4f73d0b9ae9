"""What the workspace was told to get wrong: latency, refusals, dropped connections, envelopes twice."""

import fnmatch
import random
from dataclasses import asdict, dataclass, field

from sandbox import Json

KINDS = ("latency", "429", "500", "drop_before", "drop_after", "error", "twice", "lose")


@dataclass(slots=True)
class Fault:
    """One rule: `method` is a pattern over Web API methods, "response_url" and "envelope.TYPE"."""

    method: str
    kind: str
    times: int | None = None
    probability: float = 1.0
    seconds: float = 1.0
    error: str = "internal_error"
    met: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind!r}; there are {', '.join(KINDS)}")


@dataclass(slots=True)
class Faults:
    """The rules in force; chance is seeded, so that a run can be repeated."""

    seed: int = 1
    rules: list[Fault] = field(default_factory=list)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - faults must be repeatable, not secret

    def add(self, fault: Fault) -> None:
        """Put a rule in force."""
        self.rules.append(fault)

    def clear(self, seed: int | None = None) -> None:
        """Forget every rule, and start chance again from `seed`."""
        self.rules.clear()
        if seed is not None:
            self.seed = seed
        self._chance.seed(self.seed)

    def strike(self, method: str) -> dict[str, Fault]:
        """Return the faults that hit this call, by kind, and count them."""
        struck: dict[str, Fault] = {}
        for rule in self.rules:
            if rule.kind not in struck and self._hits(rule, method):
                rule.met += 1
                struck[rule.kind] = rule
        return struck

    def _hits(self, rule: Fault, method: str) -> bool:
        if rule.times is not None and rule.met >= rule.times:
            return False
        return fnmatch.fnmatchcase(method, rule.method) and self._chance.random() < rule.probability

    def as_json(self) -> list[Json]:
        """Return the rules and how often each was met."""
        return [asdict(rule) for rule in self.rules]
