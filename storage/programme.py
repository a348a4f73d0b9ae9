"""Which programme, team and app this database belongs to."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A database serves one programme, one Slack team and one app."""

    name: str
    team_id: str | None = None
    app_id: str | None = None


class ProgrammeRecords:
    """The one row of `programme`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def identity(self) -> Identity | None:
        """Return whose database this is, or None while it is nobody's."""
        row = self._connection.execute("SELECT name, team_id, app_id FROM programme").fetchone()
        return None if row is None else Identity(*row)

    def save(self, identity: Identity) -> None:
        """Write whose database this is."""
        self._connection.execute(
            "INSERT INTO programme (id, name, team_id, app_id) VALUES (1, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, team_id = excluded.team_id,"
            " app_id = excluded.app_id",
            (identity.name, identity.team_id, identity.app_id),
        )
