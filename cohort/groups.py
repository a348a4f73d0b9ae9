"""Groups for a section, in which people meet whom they have not met yet."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from random import Random

Pair = frozenset[str]
# Each of so many beginnings is tried, and the best one kept.
TRIES = 20


def pairs_in(groups: Sequence[Collection[str]]) -> list[Pair]:
    """Return everyone who meets everyone in some groups, as pairs."""
    return [frozenset(pair) for group in groups for pair in combinations(sorted(group), 2)]


def met_again(groups: Sequence[Collection[str]], met: Mapping[Pair, int]) -> int:
    """Count how often people meet again who were in one group before, each time counted."""
    return sum(met.get(pair, 0) for pair in pairs_in(groups))


def mixed(people: Sequence[str], size: int, met: Mapping[Pair, int], seed: str) -> list[list[str]]:
    """Return groups of about a size, in which as few as can be found meet again.

    Nobody is left alone where there are two or more: sizes differ by one at most, and rather than a group of less
    than two thirds of the size there is one group less. `met` says how often two were in one group before. The same
    seed gives the same groups. Raises ValueError for a size under two.
    """
    if size < 2:
        raise ValueError("a group has at least two people")
    count = _count(len(people), size)
    chance = Random(seed)  # noqa: S311 - who sits with whom is no secret
    tried = [_once(chance.sample(list(people), len(people)), count, met) for _ in range(TRIES)]
    best = min(tried, key=lambda groups: met_again(groups, met))
    return [sorted(group) for group in best]


def _count(people: int, size: int) -> int:
    """Return how many groups: as many as are full, and one more where enough are left for it."""
    full, left = divmod(people, size)
    return max(1, full + (1 if left * 3 >= size * 2 else 0))


def _once(people: Sequence[str], count: int, met: Mapping[Pair, int]) -> list[list[str]]:
    """Put one after the other into the group with room in which they have met fewest, and which is smallest."""
    groups: list[list[str]] = [[] for _ in range(count)]
    most, larger = -(-len(people) // count), len(people) % count
    for person in people:
        full = sum(len(group) == most for group in groups)
        room = most if larger == 0 or full < larger else most - 1
        open_to = [group for group in groups if len(group) < room]
        min(open_to, key=lambda group: (_known(person, group, met), len(group))).append(person)
    return [group for group in groups if group]


def _known(person: str, group: Sequence[str], met: Mapping[Pair, int]) -> int:
    return sum(met.get(frozenset((person, other)), 0) for other in group)
