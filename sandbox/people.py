"""Reads the people and channels of a workspace from a TOML or CSV file."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox import Json

BOT = "bot"


class PeopleError(Exception):
    """The file of people can't be used; the text lists every problem."""


@dataclass(frozen=True, slots=True)
class SeedUser:
    """One person as the file gives them; `tz` is an IANA zone name."""

    name: str
    real_name: str
    email: str
    tz: str = "UTC"
    id: str | None = None
    display_name: str = ""
    title: str = ""
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class SeedChannel:
    """One channel as the file gives it; members are names, emails, or "bot" for the app itself."""

    name: str
    members: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Everyone and every channel a workspace starts with."""

    users: tuple[SeedUser, ...]
    channels: tuple[SeedChannel, ...] = ()
    team_id: str = "T0SANDBOX1"
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"


@dataclass(slots=True)
class _Reading:
    problems: list[str] = field(default_factory=list)

    def text(self, row: Mapping[str, object], key: str, where: str, *, default: str | None = None) -> str:
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if default is None or value not in (None, ""):
            self.problems.append(f"{where}: {key} must be a non-empty text")
        return default or ""

    def zone(self, row: Mapping[str, object], where: str) -> str:
        name = self.text(row, "tz", where, default="UTC")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.problems.append(f"{where}: tz {name!r} is not a time zone, for example Europe/Paris")
        return name

    def user(self, row: Mapping[str, object], where: str) -> SeedUser:
        name = self.text(row, "name", where)
        return SeedUser(
            name=name,
            real_name=self.text(row, "real_name", where, default=name),
            email=self.text(row, "email", where),
            tz=self.zone(row, where),
            id=self.text(row, "id", where, default="") or None,
            display_name=self.text(row, "display_name", where, default=""),
            title=self.text(row, "title", where, default=""),
            is_admin=row.get("is_admin") in (True, "true", "yes", "1"),
        )

    def channel(self, row: Mapping[str, object], where: str) -> SeedChannel:
        members = row.get("members") or []
        if isinstance(members, str):
            members = members.split()
        if not isinstance(members, list):
            self.problems.append(f"{where}: members must be a list of names or emails")
            members = []
        private = row.get("private") in (True, "true", "yes", "1")
        return SeedChannel(self.text(row, "name", where).lstrip("#"), tuple(map(str, members)), private)


def load_people(path: Path, channels: Path | None = None) -> People:
    """Read a TOML file, or a CSV file of users with one of channels beside it; raises PeopleError."""
    reading = _Reading()
    people = _from_toml(path, reading) if path.suffix == ".toml" else _from_csv(path, channels, reading)
    reading.problems.extend(_doubles(people))
    reading.problems.extend(_strangers(people))
    if reading.problems:
        raise PeopleError(f"{path.name}: " + "; ".join(reading.problems))
    return people


def _from_toml(path: Path, reading: _Reading) -> People:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PeopleError(f"{path.name}: {error}") from error
    team: Json = content.get("team", {})
    return People(
        users=tuple(reading.user(row, f"user {n}") for n, row in enumerate(content.get("users", []), 1)),
        channels=tuple(reading.channel(row, f"channel {n}") for n, row in enumerate(content.get("channels", []), 1)),
        team_id=reading.text(team, "id", "team", default="T0SANDBOX1"),
        team_name=reading.text(team, "name", "team", default="Sandbox"),
        team_domain=reading.text(team, "domain", "team", default="sandbox"),
    )


def _from_csv(path: Path, channels: Path | None, reading: _Reading) -> People:
    users = tuple(reading.user(row, f"line {n}") for n, row in _rows(path))
    rows = _rows(channels) if channels else []
    return People(users, tuple(reading.channel(row, f"{channels}, line {n}") for n, row in rows))


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(enumerate(csv.DictReader(file), 2))


def _doubles(people: People) -> Iterable[str]:
    for what in ("name", "email", "id"):
        seen: set[str] = set()
        for user in people.users:
            value = (getattr(user, what) or "").lower()
            if value and value in seen:
                yield f"{what} {value!r} is there twice"
            seen.add(value)


def _strangers(people: People) -> Iterable[str]:
    known = {BOT} | {key.lower() for user in people.users for key in (user.name, user.email)}
    for channel in people.channels:
        for member in channel.members:
            if member.lower() not in known:
                yield f"channel {channel.name}: nobody is called {member!r}"
