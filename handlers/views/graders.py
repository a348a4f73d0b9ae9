"""What is said about who grades what, and whose work never."""

from collections.abc import Sequence

from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import Rendered, context, cut, mention, name_of, say
from services.graders import Conflict, Graders

LISTED_MOST = 60


def every(work: Sequence[Graders]) -> Rendered:
    """Return who grades each assignment."""
    hint = context("`/cohort graders hw3 @tara @tom` sets it: what is handed in goes to the one who holds least.")
    if not work:
        return say("There is no assignment yet.", hint)
    lines = [f"• `{one.assignment.slug}`: {_people(one.people)}" for one in work[:LISTED_MOST]]
    if len(work) > LISTED_MOST:
        lines.append(f"• and {len(work) - LISTED_MOST} more; `python -m bot export graders` shows all")
    return say(cut("*Who grades what*\n" + "\n".join(lines), 2900), hint)


def graders(found: Graders) -> Rendered:
    """Return who grades one assignment."""
    who = f"{_people(found.people)} from now on" if found.is_new else _people(found.people)
    text = f"{title_of(found.assignment)} is graded by {who}."
    if found.is_new:
        text = f":white_check_mark: {text} What waits already stays with whose it is."
    return say(text)


def _people(people: Sequence[Member]) -> str:
    return ", ".join(mention(member) for member in people) or "whoever is free"


def conflict(done: Conflict) -> Rendered:
    """Return what an organizer reads about a conflict of interest."""
    ta, student = name_of(done.ta), name_of(done.student)
    if not done.holds:
        again = "may grade" if done.is_new else "might grade already"
        return say(f"{ta} {again} {student}'s work{' again' if done.is_new else ''}.")
    text = f"{ta} is never offered {student}'s work"
    if not done.is_new:
        return say(f"{text}; that was so already.")
    moved = {0: "", 1: " One thing of theirs went to somebody else."}.get(
        done.moved, f" {done.moved} things of theirs went to others."
    )
    return say(f":white_check_mark: {text}.{moved}")
