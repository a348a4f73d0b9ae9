"""New plans as rows: what was proposed to whom, and what became of it."""

import sqlite3
from datetime import datetime

from cohort.new_plans import NewPlan, PlanItem, PlanState
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = "id, student_id, proposed_by, proposed_at, state, settled_at"


class NewPlanRecords:
    """Rows of `new_plans` and `new_plan_items`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, plan: NewPlan) -> None:
        """Write a plan in the place of one that is still open for the same student."""
        self.close_open(plan.student_id, plan.proposed_at)
        self._connection.execute(
            "INSERT INTO new_plans (id, student_id, proposed_by, proposed_at) VALUES (?, ?, ?, ?)",
            (plan.id, plan.student_id, plan.proposed_by, text(plan.proposed_at)),
        )
        self._connection.executemany(
            "INSERT INTO new_plan_items (plan_id, assignment_id, until_at) VALUES (?, ?, ?)",
            [(plan.id, item.assignment_id, text_or_none(item.until_at)) for item in plan.items],
        )

    def settle(self, plan_id: str, state: PlanState, now: datetime) -> bool:
        """Write what became of a plan; say whether it was still open."""
        settled = self._connection.execute(
            "UPDATE new_plans SET state = ?, settled_at = ? WHERE id = ? AND state = 'proposed'",
            (state.value, text(now), plan_id),
        )
        return settled.rowcount == 1

    def open_of(self, student_id: str) -> str | None:
        """Return the id of the plan that a student has not answered, if there is one."""
        row = self._connection.execute(
            "SELECT id FROM new_plans WHERE student_id = ? AND state = 'proposed'", (student_id,)
        ).fetchone()
        return row[0] if row is not None else None

    def close_open(self, student_id: str, now: datetime) -> None:
        """Let the plan be void that a student has not answered."""
        self._connection.execute(
            "UPDATE new_plans SET state = 'replaced', settled_at = ? WHERE student_id = ? AND state = 'proposed'",
            (text(now), student_id),
        )

    def get(self, plan_id: str) -> NewPlan | None:
        """Return a plan, or None."""
        row = self._connection.execute(f"SELECT {COLUMNS} FROM new_plans WHERE id = ?", (plan_id,)).fetchone()
        if row is None:
            return None
        items = self._connection.execute(
            "SELECT assignment_id, until_at FROM new_plan_items WHERE plan_id = ? ORDER BY rowid", (plan_id,)
        )
        found = tuple(PlanItem(assignment_id, instant_or_none(until_at)) for assignment_id, until_at in items)
        return NewPlan(row[0], row[1], row[2], instant(row[3]), found, PlanState(row[4]), instant_or_none(row[5]))
