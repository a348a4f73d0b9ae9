"""Facts become signals, and signals one level: what says nothing adds nothing, and both ways to add up agree."""

from hypothesis import example, given
from hypothesis import strategies as st

from cohort.levels import Level
from cohort.risk import HandedIn, OtherFacts, Work, WorkFacts, assess, concern, day_of, facts_of, margin_of, strengths
from cohort.risk_weights import BASE, FITTED, RAMPS, Source

SHARE = st.floats(0, 1)
MARGIN = st.none() | st.floats(-1, 1)
FACTS = st.builds(
    WorkFacts,
    elapsed=SHARE,
    missed_share=SHARE,
    missed_latest=st.sampled_from([0.0, 1.0]),
    missed_in_a_row=st.integers(0, 9),
    late=SHARE,
    margin=MARGIN,
    latest_margin=MARGIN,
    fallen=st.floats(-2, 2),
    below=st.none() | st.floats(-100, 100),
    silent=SHARE,
    behind=SHARE,
)
NOTHING = WorkFacts(0.5, 0.0, 0.0, 0, 0.0, None, None, 0.0, None, 0.0, 0.0)


@given(FACTS)
def test_the_short_way_to_add_up_agrees_with_the_one_that_explains(facts: WorkFacts) -> None:
    assert abs(concern(facts) - assess(facts).concern) < 1e-9


@given(FACTS)
@example(NOTHING._replace(elapsed=0.0, behind=5e-324))
def test_every_strength_lies_between_nothing_and_full(facts: WorkFacts) -> None:
    assert all(0 <= strength <= 1 for strength in strengths(facts))
    assert all(0 < found.strength <= 1.0000001 for found in assess(facts).found)


def test_who_gives_no_reason_for_concern_is_on_track() -> None:
    assert assess(NOTHING).level is Level.ON_TRACK
    assert assess(NOTHING).found == []
    assert BASE[1] < concern(NOTHING) < BASE[0]


def test_no_weight_is_negative_and_each_says_where_it_comes_from() -> None:
    assert all(ramp.early >= 0 and ramp.late >= 0 for ramp in RAMPS)
    assert {ramp.source for ramp in FITTED} == {Source.FITTED}
    assert {ramp.source for ramp in RAMPS if ramp.fact in OtherFacts._fields} == {Source.BY_HAND}


def test_facts_are_counted_by_weight_and_beside_the_others() -> None:
    works = [Work(1.0, 1.0, 80.0), Work(3.0, 0.5, None), Work(1.0, 0.1, None)]
    handed_in = [HandedIn(0, 0.1, 70.0, margin_of(70, 40))]
    facts = facts_of(day_of(0.5, works), 0.2, [0, 1], handed_in)
    assert (facts.missed_share, facts.missed_latest, facts.missed_in_a_row) == (0.75, 1.0, 1)
    assert (facts.late, facts.margin, facts.below, facts.silent) == (0.1, 0.5, 10.0, 0.2)
    assert abs(facts.behind - 0.6 / 1.6) < 1e-9


def test_what_is_left_out_is_behind_nobody() -> None:
    works = [Work(1.0, 1.0, 80.0), Work(3.0, 0.5, None)]
    facts = facts_of(day_of(0.5, works), 0.2, [0], [HandedIn(0, 0.0, 80.0, margin_of(80, 40))], [1])
    assert (facts.missed_share, facts.behind, facts.missed_in_a_row) == (0.0, 0.0, 0)


def test_margins_are_the_same_in_any_programme() -> None:
    assert [margin_of(score, 40) for score in (100, 40, 0)] == [1.0, 0.0, -1.0]
    assert margin_of(100, 100) == 1.0
