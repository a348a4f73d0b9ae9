"""Groups of students to be compared in sums: none so small, or so nearly another, that anyone could be found."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
# More groups than these are hard to compare; the smallest are taken together.
GROUPS_MOST = 8


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a trait, as organizers imported it, is for one student."""

    student_id: str
    trait: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Students who share the value of a trait; without a value, those of all smaller groups together."""

    trait: str
    value: str
    members: frozenset[str]


def comparable(rows: Iterable[Belonging], students: Collection[str]) -> tuple[list[list[Group]], list[str]]:
    """Return the groups of each trait that can be shown, by trait, and the traits that can't.

    Every student is in one group of each trait. A trait can't be shown where fewer than two groups of at least five
    come of it, or where sums over its groups and over those of a trait before would differ by fewer than five.
    """
    bits = {student_id: 1 << place for place, student_id in enumerate(sorted(students))}
    shown: list[list[Group]] = []
    seen: list[list[int]] = []
    left_out = []
    for trait, values in sorted(_by_trait(rows).items()):
        groups = _groups(trait, values, students)
        own = [sum(bits[student_id] for student_id in group.members) for group in groups]
        if len(groups) < 2 or any(_leaves_few(own, others) or _leaves_few(others, own) for others in seen):
            left_out.append(trait)
        else:
            shown.append(groups)
            seen.append(own)
    return shown, left_out


def _by_trait(rows: Iterable[Belonging]) -> Mapping[str, Mapping[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row.trait][row.student_id] = row.value
    return found


def _groups(trait: str, values: Mapping[str, str], students: Collection[str]) -> list[Group]:
    by_value: defaultdict[str, set[str]] = defaultdict(set)
    for student_id in students:
        by_value[values.get(student_id, "")].add(student_id)
    rest = by_value.pop("", set())
    large = sorted(by_value.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    while large and (len(large[-1][1]) < LEAST or 0 < len(rest) < LEAST or len(large) > GROUPS_MOST):
        rest |= large.pop()[1]
    named = [Group(trait, value, frozenset(members)) for value, members in large]
    return [*named, Group(trait, "", frozenset(rest))] if rest else named


def _leaves_few(some: Sequence[int], others: Sequence[int]) -> bool:
    """Say whether sums over some groups, less those over others within them, come of fewer than five, but of anyone.

    A group is a number with a bit for each of its students: there are many unions to look at.
    """
    for union in _unions(some):
        inside = sum(group.bit_count() for group in others if group & union == group)
        if 0 < union.bit_count() - inside < LEAST:
            return True
    return False


def _unions(groups: Sequence[int]) -> list[int]:
    found = [0]
    for group in groups:
        found += [union | group for union in found]
    return found
