"""What organizers read when a job of the bot goes wrong."""

from zoneinfo import ZoneInfo

from handlers.views.blocks import Rendered, Renderers, date, escape, say
from services.housekeeping import JobProblem


def job_problem(note: JobProblem, zone: ZoneInfo) -> Rendered:
    """Return the message that a job went wrong; it comes once a job and day."""
    error = f" ({escape(note.error)})" if note.error else ""
    return say(
        f":wrench: The job `{escape(note.job)}` {note.problem.value}{error}, {date(note.at, zone)}. "
        "Nothing that was decided is lost, and it is tried again at its next time. "
        "The log says more; `python -m bot jobs` shows when it ran last. If it happens again today, "
        "you won't be told again."
    )


RENDERERS: Renderers = {JobProblem: job_problem}
