"""The TA's card of a request for more time says what was asked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cohort.extensions import ExtensionRequest, State
from handlers.views.extension_messages import card
from services.extension_messages import RequestCard
from tests.services.nudge_world import ADA, DUE, HW3, TARA

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("asked_at", "words"),
    [
        (DUE - DAY, "2 days more"),
        (DUE + 3 * DAY, "2 days from when they asked, 5 days after it was due"),
    ],
)
def test_the_length_asked_for_is_counted_as_the_student_counted(asked_at: datetime, words: str) -> None:
    base = ExtensionRequest("req_1", ADA.id, HW3.id, State.PENDING, DUE, DUE)
    request = replace(base, asked_at=asked_at, until_at=max(DUE, asked_at) + 2 * DAY)
    shown = card(RequestCard(request, ADA, HW3, DUE, [], [], [], TARA, None), TARA.tz)
    assert words in str(shown.blocks)
