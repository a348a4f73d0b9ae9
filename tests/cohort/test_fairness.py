"""Which groups can be compared: none in which, or between which, anyone could be found."""

from itertools import combinations, permutations, product

from hypothesis import given
from hypothesis import strategies as st

from cohort.fairness import LEAST, Belonging, Group, comparable

STUDENTS = [f"s{number:03}" for number in range(40)]


def belonging(trait: str, sizes: dict[str, int], start: int = 0) -> list[Belonging]:
    """Return a trait with groups of these sizes, one after the other."""
    values = [value for value, size in sizes.items() for _ in range(size)]
    return [Belonging(STUDENTS[start + place], trait, value) for place, value in enumerate(values)]


def sizes(rows: list[Belonging], students: int = 40) -> list[dict[str, int]]:
    groups, _ = comparable(rows, STUDENTS[:students])
    return [{group.value: len(group.members) for group in each} for each in groups]


def test_groups_of_five_and_more_are_shown() -> None:
    assert sizes(belonging("region", {"Asia": 5, "Europe": 35})) == [{"Europe": 35, "Asia": 5}]


def test_small_groups_are_taken_together() -> None:
    found = sizes(belonging("region", {"Asia": 3, "Africa": 4, "Europe": 33}))
    assert found == [{"Europe": 33, "": 7}]


def test_a_small_group_hides_in_the_next_larger_one() -> None:
    found = sizes(belonging("region", {"Asia": 3, "Africa": 6, "Europe": 31}))
    assert found == [{"Europe": 31, "": 9}]


def test_a_few_without_a_value_are_no_group_of_their_own() -> None:
    assert sizes(belonging("region", {"Africa": 6, "Europe": 31})) == [{"Europe": 31, "": 9}]


def test_a_trait_that_leaves_one_group_is_not_shown() -> None:
    groups, left_out = comparable(belonging("region", {"Asia": 4, "Europe": 36}), STUDENTS)
    assert (groups, left_out) == ([], ["region"])


def test_two_traits_that_differ_in_one_student_are_not_both_shown() -> None:
    rows = belonging("first", {"a": 20, "b": 20}) + belonging("second", {"a": 21, "b": 19})
    groups, left_out = comparable(rows, STUDENTS)
    assert [each[0].trait for each in groups] == ["first"]
    assert left_out == ["second"]


def test_two_traits_that_cross_are_both_shown() -> None:
    rows = belonging("first", {"a": 20, "b": 20}) + belonging("second", {"a": 10, "b": 20, "c": 10})
    assert len(comparable(rows, STUDENTS)[0]) == 2


VALUES = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=len(STUDENTS), max_size=len(STUDENTS))


@given(st.lists(VALUES, min_size=1, max_size=3))
def test_no_sums_of_two_traits_leave_fewer_than_five(traits: list[list[str]]) -> None:
    rows = [
        Belonging(student, f"t{number}", value)
        for number, values in enumerate(traits)
        for student, value in zip(STUDENTS, values, strict=True)
        if value
    ]
    groups, left_out = comparable(rows, STUDENTS)
    named = {row.trait for row in rows}
    assert {each[0].trait for each in groups} | set(left_out) == named
    for each in groups:
        assert min(len(group.members) for group in each) >= LEAST
        assert frozenset().union(*(group.members for group in each)) == frozenset(STUDENTS)
    for some, others in permutations(groups, 2):
        for one, other in product(unions(some), unions(others)):
            assert not (other < one) or len(one - other) >= LEAST


def unions(groups: list[Group]) -> list[frozenset[str]]:
    """Return the students of every choice of groups."""
    chosen = [each for count in range(1, len(groups) + 1) for each in combinations(groups, count)]
    return [frozenset().union(*(group.members for group in each)) for each in chosen]
