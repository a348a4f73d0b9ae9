"""A new plan in a workspace: made with the weeks in sight, sent, accepted with one press, and then it holds."""

from cohort.follow_ups import Origin
from sandbox.client import Message
from services.follow_ups import open_case
from tests.conftest import NOON
from tests.e2e.conftest import Programme


def test_a_ta_proposes_a_plan_and_one_press_of_the_student_applies_it(programme: Programme) -> None:
    tara, ada = programme.person("tara"), programme.person("ada")
    with programme.desk.store.transaction() as records:
        who = {member.name.casefold(): member for member in records.roster.all()}
        open_case(records, who["ada"], Origin.STAFF, "", NOON, programme.desk, to=who["tara"])
    card = tara.wait_for("Their week", timeout=30)
    form = tara.press("New plan", in_=card).view
    assert form is not None
    assert "Week of 29 Jun: 2 pieces of work" in form
    hw3, hw4, _ = [each["block_id"] for each in form.body["blocks"] if each["block_id"].startswith("item:")]
    assert tara.submit().errors == {hw3: "Choose a change for at least one piece of work."}
    tara.fill({hw3: "7", hw4: "drop"})
    weeks = tara.submit().shown
    assert "Week of 29 Jun: 2 pieces of work → *nothing due*" in weeks
    assert "Week of 6 Jul: nothing due → *1 piece of work*" in weeks
    assert "Ada gets the plan now" in tara.submit().shown
    plan = ada.wait_for("Tara suggests a lighter plan")
    assert "(hw3): due Jul 9, 2026 at 1:00 PM instead of Jul 2, 2026 at 1:00 PM" in plan
    assert "(hw4): left out" in plan
    accept, decline = ({"action_id": f"new_plans.{what}", "value": plan_of(plan)} for what in ("accept", "decline"))
    assert "This is your plan now." in ada.press(accept, in_=plan).shown
    for late in (accept, decline):
        ada.press(late, in_=plan)
        assert ada.wait_for("You accepted this plan before, and it holds.")
    standing = ada.wait_for(lambda one: one.ts == plan.ts and "This is your plan now." in one, after=0)
    assert "(hw3): due Jul 9, 2026 at 1:00 PM\n" in standing.shown + "\n"
    assert "Accept" not in standing
    assert tara.wait_for("accepted your plan; the new times hold.")
    progress = ada.command("/cohort progress").shown
    assert "Problem set 3 (hw3), due Jul 9, 2026 at 1:00 PM" in progress
    assert "*Left out*: 1" in progress


def plan_of(message: Message) -> str:
    """Return the id of the plan in a message."""
    elements = [each for block in message.blocks for each in block.get("elements", [])]
    return next(str(each["value"]) for each in elements if each.get("action_id") == "new_plans.accept")
