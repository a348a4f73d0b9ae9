"""The policy's own rules: bounds, kinds, and how a limit is left out."""

import pytest
from pydantic import ValidationError

from cohort.assignments import Kind
from cohort.policy import ExtensionPolicy, ExtensionRulesOfKind, NudgePolicy, Policy


def test_a_kind_differs_only_where_it_says_so() -> None:
    policy = ExtensionPolicy(kinds={Kind.PROJECT: ExtensionRulesOfKind(auto_approve_days=7)})
    project = policy.rules_for(Kind.PROJECT)
    assert (project.auto_approve_days, project.auto_approved_limit, project.grace_days) == (7, 4, 2)
    assert policy.rules_for(Kind.WRITTEN).auto_approve_days == 3


def test_exams_ask_a_person_whatever_else_is_set() -> None:
    other = ExtensionPolicy.model_validate({"kinds": {"project": {"auto_approve_days": 5}}})
    untouched = other.rules_for(Kind.EXAM)
    assert (untouched.auto_approve_days, untouched.grace_days, untouched.offer_days) == (0, 0, 0)
    one_key = ExtensionPolicy.model_validate({"kinds": {"exam": {"auto_approve_days": 1}}})
    exam = one_key.rules_for(Kind.EXAM)
    assert (exam.auto_approve_days, exam.grace_days, exam.offer_days) == (1, 0, 0)


def test_no_limit_is_said_in_a_word_for_all_or_for_a_kind() -> None:
    assert ExtensionPolicy.model_validate({"auto_approved_limit": "none"}).auto_approved_limit is None
    of_kind = ExtensionPolicy.model_validate({"kinds": {"project": {"auto_approved_limit": "none"}}})
    assert of_kind.rules_for(Kind.PROJECT).auto_approved_limit is None
    assert of_kind.rules_for(Kind.WRITTEN).auto_approved_limit == 4


@pytest.mark.parametrize("limit", [-1, "many", 1.5])
def test_other_limits_are_refused(limit: object) -> None:
    with pytest.raises(ValidationError):
        ExtensionPolicy.model_validate({"auto_approved_limit": limit})


def test_someone_must_be_awake() -> None:
    with pytest.raises(ValidationError, match="nobody is ever awake"):
        NudgePolicy.model_validate({"quiet_from": "08:00", "quiet_until": "08:00"})


def test_a_policy_can_not_be_changed(policy: Policy) -> None:
    with pytest.raises(ValidationError):
        policy.extensions.grace_days = 9  # type: ignore[misc] # that it is refused is what is shown
