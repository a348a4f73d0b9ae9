"""The command line: serve a workspace, and act as a person in one that runs."""

import asyncio
import json
import signal
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sandbox.client import DEFAULT_URL, Admin, CannotDo, Message, NothingCame, Person, Reaction

if TYPE_CHECKING:
    from sandbox.server import Sandbox

URL = click.option("--url", envvar="SANDBOX_URL", default=DEFAULT_URL, show_default=True, help="The sandbox.")
WHO = click.argument("who")


@click.group()
def main() -> None:
    """Run a Slack workspace on this machine, or act as a person in it."""


@main.command()
@click.option("--people", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--channels", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A CSV of channels.")
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--tour", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The steps of the tour.")
@click.option("--port", default=8790, show_default=True, help="0 takes any free port.")
def serve(people: Path, channels: Path | None, manifest: Path, tour: Path | None, port: int) -> None:
    """Serve a workspace on 127.0.0.1 until Ctrl-C."""
    from sandbox.manifest import ManifestError, load_manifest
    from sandbox.people import PeopleError, load_people
    from sandbox.server import Sandbox, serve_until

    try:
        steps = json.loads(tour.read_text(encoding="utf-8")) if tour is not None else {}
        sandbox = Sandbox(load_people(people, channels), load_manifest(manifest), tour=steps)
    except (PeopleError, ManifestError) as error:
        raise click.ClickException(str(error)) from error

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
        await serve_until(stop, sandbox, port, _announce)

    try:
        asyncio.run(until_stopped())
    except OSError as error:
        raise click.ClickException(f"port {port} can't be used: {error.strerror}") from error


def _announce(sandbox: "Sandbox") -> None:
    click.echo(f"A Slack workspace at {sandbox.url}. Open it in a browser; the app needs:")
    for name, value in sandbox.environment.items():
        click.echo(f"  {name}={value}")


@main.command()
@WHO
@click.argument("command")
@click.option("--channel", help="Where to type it; the app's direct messages otherwise.")
@URL
def act(who: str, command: str, channel: str | None, url: str) -> None:
    """Type a slash command as WHO."""
    _show(who, url, lambda person: person.command(command, channel))


@main.command()
@WHO
@click.argument("what")
@click.argument("value", required=False)
@URL
def press(who: str, what: str, value: str | None, url: str) -> None:
    """Press a button as WHO, or choose VALUE in a select, by its text or action_id."""
    _show(who, url, lambda person: person.press(what, value))


@main.command()
@WHO
@click.argument("fields", nargs=-1)
@click.option("--submit", is_flag=True, help="Submit the modal afterwards.")
@URL
def fill(who: str, fields: Sequence[str], submit: bool, url: str) -> None:  # noqa: FBT001 - click's own form
    """Fill LABEL=VALUE fields of the modal WHO has open."""
    wanted = dict(field.split("=", 1) for field in fields if "=" in field)
    if len(wanted) < len(fields):
        raise click.UsageError("fields are LABEL=VALUE")

    def fill_in(person: Person) -> Reaction:
        filled = person.fill(wanted)
        return person.submit() if submit else filled

    _show(who, url, fill_in)


@main.command()
@WHO
@URL
def submit(who: str, url: str) -> None:
    """Submit the modal WHO has open."""
    _show(who, url, Person.submit)


@main.command()
@WHO
@URL
def close(who: str, url: str) -> None:
    """Close the modal WHO has open."""
    _show(who, url, Person.close)


@main.command()
@WHO
@click.argument("text")
@click.option("--channel", help="A channel instead of the app's direct messages.")
@URL
def write(who: str, text: str, channel: str | None, url: str) -> None:
    """Write a message to the app as WHO."""
    _show(who, url, lambda person: person.write(text, channel))


@main.command()
@WHO
@URL
def home(who: str, url: str) -> None:
    """Open the app's Home as WHO."""
    with _sentences(url):
        click.echo(Person(url, who).open_home().shown)


@main.command()
@WHO
@click.option("--channel", help="Only this channel.")
@click.option("--limit", default=20, show_default=True, help="How many of the newest messages.")
@URL
def read(who: str, channel: str | None, limit: int, url: str) -> None:
    """Read what WHO can see."""
    with _sentences(url):
        for message in Person(url, who).read(channel, limit):
            _print(message)


@main.command()
@URL
def people(url: str) -> None:
    """List who is in the workspace."""
    with _sentences(url):
        for person in Admin(url).people():
            where = f"{person['tz']} ({person['local_time']})"
            click.echo(f"{person['name']:<24} {person['real_name']:<28} {where:<34} {person['email']}")


@contextmanager
def _sentences(url: str) -> Iterator[None]:
    """Turn what went wrong into a sentence on the terminal."""
    try:
        yield
    except ConnectionError as error:
        raise click.ClickException(f"no sandbox answers at {url}; start one with serve") from error
    except (CannotDo, NothingCame) as error:
        raise click.ClickException(str(error)) from error


def _show(who: str, url: str, act: Callable[[Person], Reaction]) -> None:
    with _sentences(url):
        reaction = act(Person(url, who))
    if reaction.error:
        click.echo(reaction.error)
    for message in reaction.messages:
        _print(message)
    if reaction.view is not None:
        click.echo(reaction.view.shown)
    elif reaction.closed:
        click.echo("(the modal is closed)")
    if reaction.ack_ms:
        click.echo(f"(acknowledged in {reaction.ack_ms:.0f} ms)")


def _print(message: Message) -> None:
    place = "direct message" if message.channel_name == "im" else f"#{message.channel_name}"
    marks = " · only visible to you" if message.ephemeral else ""
    marks += " · edited" if message.edited else ""
    click.echo(f"{message.user_name} in {place}{marks}")
    click.echo(textwrap.indent(message.shown, "  "))


if __name__ == "__main__":
    main()
