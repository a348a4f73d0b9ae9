"""`python -m bot`: everything an organizer or maintainer does from a terminal. Loads nothing heavy by itself."""

import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cohort.errors import CohortError, StoreUnusable

if TYPE_CHECKING:
    from bot.settings import Settings
    from cohort.policy import Policy
    from services.desk import Desk

ENV_FILE = Path(".env")
TABLES = [
    "roster", "assignments", "submissions", "tracks", "duties", "graders", "conflicts", "grades", "series",
    "events", "fairness",
]  # fmt: skip
WHAT = click.Choice(TABLES)
WRITTEN = click.Choice([*TABLES, "follow-ups", "check-ins", "leavings"])
READABLE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])
WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


class Commands(click.Group):
    """The commands; what goes wrong in the ordinary way is a sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except CohortError as error:
            raise click.ClickException(_sentence(error)) from None
        except BrokenPipeError:
            # Whoever reads has seen enough, as `head` has; click ends quietly.
            raise
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Cohort Bot: the daily operations of a cohort programme, in Slack.

    Settings come from the environment and .env (see .env.example), the policy from cohort.toml.
    """


@main.command()
def run() -> None:
    """Connect to Slack and run until SIGTERM or Ctrl-C."""
    from bot import running
    from bot.logs import start_logging

    settings = _settings_for_slack()
    start_logging(settings.log_level, settings.log_format)
    sys.exit(running.run(settings, _policy(settings)))


@main.command()
@click.pass_context
def start(context: click.Context) -> None:
    """Run against Slack if there are tokens, else in the sandbox; `make run` does this."""
    settings = _settings()
    if settings.bot_token.get_secret_value() or settings.app_token.get_secret_value():
        context.invoke(run)
    else:
        context.invoke(sandbox)


@main.command()
@click.option("--port", default=8790, show_default=True, help="Port of the sandbox on 127.0.0.1; 0 for a free one.")
@click.option(
    "--folder",
    default="demo",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the example programme and its database are.",
)
@click.option("--fresh", is_flag=True, help="Make the example programme anew first.")
def sandbox(port: int, folder: Path, fresh: bool) -> None:  # noqa: FBT001 - click hands options by name
    """Run in a Slack workspace of its own on this machine, with an example programme."""
    from bot import sandboxed

    if fresh:
        sandboxed.forget(folder)
    sys.exit(sandboxed.run(folder, port, click.echo))


@main.command()
@click.option("--post", is_flag=True, help="Also send every view to the organizers, and list what Slack refuses.")
def check(post: bool) -> None:  # noqa: FBT001 - click hands options by name
    """Look for everything that is wrong with the set-up; exit code 0 or 1."""
    from bot import checking
    from bot.logs import leave_out_slack

    leave_out_slack()
    problems = checking.problems(os.environ, ENV_FILE)
    for problem in problems:
        click.echo(f"- {problem}")
    if problems:
        raise click.ClickException(f"{len(problems)} to mend before the bot can run as it should.")
    click.echo("Everything is as it should be.")
    if post:
        _exhibit()


@main.command()
def migrate() -> None:
    """Bring the database to this version; a backup is made first."""
    settings = _start_logging(_settings())
    from bot import upkeep

    click.echo(upkeep.migrate(settings))


@main.command("import")
@click.argument("what", type=WHAT)
@click.argument("file", type=READABLE)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_(what: str, file: Path, dry_run: bool) -> None:  # noqa: FBT001 - click hands options by name
    """Read a table from a CSV FILE, all of it or nothing; docs/imports.md has the columns.

    Grades may be Gradescope's or Canvas's gradebook, or a plain list.
    """
    from bot import linking, tables, wiring

    settings = _start_logging(_settings())
    policy = _policy(settings)
    if dry_run:
        with wiring.desk_to_try_out(settings, policy) as desk:
            _say(tables.try_out(what, file, desk, _bar))
    elif what == "roster" and settings.has_tokens:
        desk, why_not = linking.desk_to_link(settings, policy)
        _say(tables.read(what, file, desk, _bar))
        _say(linking.link(desk, why_not))
    else:
        _say(tables.read(what, file, _desk(), _bar))


@main.command()
@click.argument("what", type=WRITTEN)
@click.argument("file", type=WRITABLE)
def export(what: str, file: Path) -> None:
    """Write a table to a CSV FILE, as `import` reads it; follow-ups, check-ins and leavings to be counted only."""
    from bot import tables

    click.echo(tables.write(what, file, _desk()))


@main.command()
def backup() -> None:
    """Copy the database into backups/ beside it, and check the copy by opening it."""
    from bot import upkeep

    click.echo(f"Backed up to {upkeep.back_up(_start_logging(_settings()))}.")


@main.command()
def health() -> None:
    """Say whether the bot runs and is connected; exit code 0 or 1."""
    from bot.health import health as state_of_health

    click.echo(state_of_health(_settings()))


@main.command()
def jobs() -> None:
    """List what the bot does by itself, with the last and the next time of each."""
    from bot import upkeep

    _say(upkeep.job_lines(_desk()))


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "to", type=click.Path(dir_okay=False, path_type=Path), help="Write everything to a file, too.")
def backtest(folder: Path, to: Path | None) -> None:
    """Ask of terms on record who won't finish, and show how well risk knew it beside two simple rules.

    FOLDER holds files of the Open University Learning Analytics Dataset, .csv or .csv.gz. Needs no settings.
    """
    from bot import backtesting

    _say(backtesting.lines(folder, to))


@main.command()
@click.option("--from", "first", type=DAY, help="First day to live through again; else the programme's first day.")
@click.option("--to", "last", type=DAY, help="Last day; else the last on which anything could be handed in.")
@click.option("--policy", type=READABLE, help="The cohort.toml to try; else the one in use.")
@click.option("--against", type=READABLE, help="A second cohort.toml, to see both side by side.")
def replay(first: datetime | None, last: datetime | None, policy: Path | None, against: Path | None) -> None:
    """Live through a term on record again on a copy of the database, and show what the bot would have sent.

    Sends nothing, and leaves the database as it is.
    """
    from bot import replaying
    from bot.logs import start_logging

    settings = _settings()
    start_logging("WARNING", settings.log_format)
    policies = [policy or settings.config, *([against] if against else [])]
    term = replaying.Term(first and first.date(), last and last.date())
    _say(replaying.lines(settings.database, policies, term, _bar))


@main.group()
def nudges() -> None:
    """Reminders and offers: see how they will look."""


@nudges.command()
def preview() -> None:
    """Print every reminder as it will look, in the words of cohort.toml."""
    from bot import previewing
    from bot.clock import real_now

    _say(previewing.preview(_policy(_settings()), real_now()))


@main.group()
def report() -> None:
    """Count what happened, for organizers."""


@report.command("nudges")
def report_nudges() -> None:
    """Count what followed reminders within three days, by kind."""
    from bot import reporting

    _say(reporting.nudge_lines(_desk()))


@report.command("hours")
def report_hours() -> None:
    """Show how many hours a week students spent, to tell the next cohort."""
    from bot import reporting

    _say(reporting.hour_lines(_desk()))


@main.command()
@click.argument("member")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(member: str, yes: bool) -> None:  # noqa: FBT001 - click hands options by name
    """Erase what is kept about a MEMBER, named by email address. This can't be undone."""
    from bot import upkeep

    desk = _desk()
    for line in upkeep.before_erasing(member, desk):
        click.echo(line, err=True)
    if not yes:
        click.confirm(upkeep.erase_question(member, desk), abort=True)
    click.echo(upkeep.erase(member, desk))


def _settings() -> "Settings":
    from bot import settings

    return settings.load(os.environ, ENV_FILE)


def _settings_for_slack() -> "Settings":
    from bot import settings

    return settings.load_for_slack(os.environ, ENV_FILE)


def _start_logging(settings: "Settings") -> "Settings":
    """Log what a command at a terminal does; what Slack's library has to say, the command says in a sentence."""
    from bot.logs import leave_out_slack, start_logging

    start_logging(settings.log_level, settings.log_format)
    leave_out_slack()
    return settings


def _policy(settings: "Settings") -> "Policy":
    from bot.policy import load_policy

    return load_policy(settings.config)


def _desk() -> "Desk":
    """Return the desk of a command that needs no Slack."""
    from bot import wiring

    settings = _start_logging(_settings())
    return wiring.desk_without_slack(settings, _policy(settings))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _bar(length: int, label: str) -> Any:  # noqa: ANN401 - click's progress bar is private
    return click.progressbar(length=length, label=label, file=sys.stderr)


def _exhibit() -> None:
    from bot.exhibiting import post_everything

    settings = _start_logging(_settings_for_slack())
    refused = post_everything(settings, _policy(settings))
    for line in refused:
        click.echo(f"- {line}")
    if refused:
        raise click.ClickException(f"Slack refuses {len(refused)} of the views.")
    click.echo("Slack takes every view.")


def _sentence(error: CohortError) -> str:
    from bot.problems import Problems
    from handlers.errors import sentence

    if isinstance(error, StoreUnusable):
        return f"The database can't be used: {error.why}. {error.mend}"
    return str(error) if isinstance(error, Problems) else sentence(error)
