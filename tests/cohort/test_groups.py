"""Groups hold everyone once, are about as large as asked, and let people meet whom they have not met."""

from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.groups import Pair, met_again, mixed, pairs_in


@given(count=st.integers(0, 60), size=st.integers(2, 12), seed=st.text(max_size=5))
def test_everyone_is_in_one_group_and_sizes_differ_by_one_at_most(count: int, size: int, seed: str) -> None:
    people = [f"p{n}" for n in range(count)]
    groups = mixed(people, size, {}, seed)
    assert sorted(one for group in groups for one in group) == sorted(people)
    if groups:
        sizes = [len(group) for group in groups]
        assert max(sizes) - min(sizes) <= 1
        assert min(sizes) >= min(count, 2)
    assert groups == mixed(people, size, {}, seed)


@pytest.mark.parametrize(
    ("count", "size", "sizes"),
    [
        (0, 4, []),
        (1, 4, [1]),
        (3, 4, [3]),
        (4, 4, [4]),
        (5, 4, [5]),
        (7, 4, [3, 4]),
        (9, 4, [4, 5]),
        (10, 3, [3, 3, 4]),
    ],
)
def test_a_few_more_join_the_groups_that_are_there(count: int, size: int, sizes: list[int]) -> None:
    assert sorted(len(group) for group in mixed([f"p{n}" for n in range(count)], size, {}, "x")) == sizes


def test_nobody_meets_again_while_that_is_possible() -> None:
    people, met = [f"p{n}" for n in range(16)], Counter[Pair]()
    for week in range(3):
        groups = mixed(people, 4, met, f"week {week}")
        assert week == 0 or met_again(groups, met) <= 4
        met.update(pairs_in(groups))


@given(seed=st.integers(0, 1000), count=st.integers(4, 30), size=st.integers(2, 6))
def test_no_more_meet_again_than_by_chance(seed: int, count: int, size: int) -> None:
    people, chance = [f"p{n}" for n in range(count)], Random(seed)
    met: Mapping[Pair, int] = Counter(
        pairs_in([chance.sample(people, size) for _ in range(5)] if count >= size else [])
    )
    groups = mixed(people, size, met, str(seed))
    sizes = [len(group) for group in groups]
    repeats = []
    for _ in range(20):
        order = iter(chance.sample(people, count))
        repeats.append(met_again([[next(order) for _ in range(each)] for each in sizes], met))
    assert met_again(groups, met) <= sum(repeats) / len(repeats) + 1


def test_a_group_of_one_is_none() -> None:
    with pytest.raises(ValueError, match="at least two"):
        mixed(["p1"], 1, {}, "x")
