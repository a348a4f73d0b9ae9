"""How a student stands towards graduating: the sentence, every piece of work, and what can be left out."""

from collections.abc import Sequence

from cohort.assignments import Assignment
from cohort.graduation import Forecast, Mark, NoDrop, Outlook, Standing
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Rendered,
    actions,
    button,
    context,
    cut,
    date,
    divider,
    escape,
    in_chunks,
    mention,
    name_of,
    option,
    section,
    select,
)
from handlers.views.sections import progress_part
from services.graduation import Progress, Step, Stepped

# Up to so many have a button each; more are in a menu.
BUTTONS_MOST = 10
NAMED_MOST = 6
LISTED_MOST = 60
TITLE_MOST = 60
MARKS = {
    Mark.MISSED: "Missed",
    Mark.RETRY: "To try again",
    Mark.DUE: "Due",
    Mark.WAITING: "Handed in, waiting for a grade",
    Mark.DROPPED: "Left out",
    Mark.PASSED: "Passed",
    Mark.EXCUSED: "Excused",
}
WHY = {
    NoDrop.NOT_COUNTED: "{title} does not count for you, so there is nothing to leave out.",
    NoDrop.UNDROPPABLE: "{title} can't be left out: it has to be passed to graduate.",
    NoDrop.USED_UP: "You have used up what can be left out, so {title} stays. Taking something back frees a place.",
    NoDrop.PASSED: "You have passed {title} already, so there is nothing to leave out.",
    NoDrop.EXCUSED: "You are excused from {title}, so there is nothing to leave out.",
    NoDrop.WAITING: "You have handed {title} in and it waits for its grade, so there is nothing to leave out yet.",
    NoDrop.OVER: "The programme is over, so nothing changes any more.",
}


def progress(shown: Progress, facts: Sequence[str] = ()) -> Rendered:
    """Return how a student stands, with the ways to leave work out and take it back where they asked themselves.

    `facts` is all that is used to see who may need help, for the student alone.
    """
    sentence = sentence_of(shown)
    who = "*Where you stand*" if shown.is_own else f"*Where {name_of(shown.student)} stands*"
    blocks = [section(f"{who}\n{sentence}"), context(allowance(shown))]
    blocks += progress_part(shown.weeks, shown.student.tz)
    if facts:
        lines = "\n".join(f"• {escape(fact)}" for fact in facts)
        why = "What I go by when I offer help; you and whoever follows up with you see it, and nobody is graded by it:"
        blocks.append(context(cut(f"{why}\n{lines}", 1900)))
    for mark, words in MARKS.items():
        blocks += _group(words, [s for s in shown.ledger.standings if s.mark is mark], shown)
    return Rendered(cut(sentence, 300), [*blocks, *_ways(shown)])


def stepped(done: Stepped) -> Rendered:
    """Return what a student reads after leaving something out or taking it back."""
    title = title_of(done.assignment)
    if done.why is not None:
        text = f"{WHY[done.why].format(title=title)} Nothing was changed."
    elif done.step is Step.DROPPED:
        text = f":white_check_mark: {title} is left out: nothing is due, and I say no more about it."
    else:
        text = f":white_check_mark: {title} counts again."
    shown = progress(done.progress)
    return Rendered(cut(text, 300), [section(text), divider(), *shown.blocks])


def sentence_of(shown: Progress) -> str:
    """Return the one sentence about graduating."""
    said, whose = shown.forecast, "you" if shown.is_own else name_of(shown.student)
    match said.outlook:
        case Outlook.DONE if not shown.ledger.counted:
            return "On course: nothing is required so far."
        case Outlook.DONE:
            return f":mortar_board: All that is needed to graduate is done, with what {whose} passed already."
        case Outlook.ON_COURSE:
            return f":seedling: On course to graduate: {_pass(said)}."
        case Outlook.SOME:
            return f"To graduate, {_pass(said)}."
        case Outlook.TAKE_BACK:
            return (
                f"To graduate, take back something that was left out: {_pass(said)}, those that were left out counted."
            )
        case Outlook.OUT_OF_REACH:
            return _out_of_reach(said, shown)


def _pass(said: Forecast) -> str:
    count = len(said.left)
    if said.passes == count:
        return "pass the one that is left" if count == 1 else f"pass all {count} that are left"
    among = f", {_names(said.must)} among them" if said.must else ""
    return f"pass {said.passes} of the {count} left{among}"


def _out_of_reach(said: Forecast, shown: Progress) -> str:
    who = mention(shown.contact) if shown.contact else "an organizer"
    some = _names(said.without)
    needed = some if said.too_many == len(said.without) else f"{said.too_many} of {some}"
    must = [a for a in said.must if len(said.without) > len(said.must)]
    among = f" ({_names(must)} among them)" if must else ""
    return f"Graduating is not possible any more without {needed}{among} being waived: talk to {who}, who can."


def _names(work: Sequence[Assignment]) -> str:
    names = [escape(assignment.slug) for assignment in work[:NAMED_MOST]]
    if len(work) > NAMED_MOST:
        return ", ".join(names) + f" and {len(work) - NAMED_MOST} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def allowance(shown: Progress) -> str:
    """Return how many pieces may be left out, how many are, and until when that can be changed."""
    ledger = shown.ledger
    used = len(ledger.dropped) + len(ledger.lost)
    left = max(0, ledger.drops_left)
    return (
        f"{ledger.drops_allowed} may be left out or not passed; {used} used, {left} left. It can be changed until "
        f"{date(shown.closes_at, shown.student.tz)}."
    )


def _group(words: str, standings: Sequence[Standing], shown: Progress) -> list[Block]:
    """Return the work of one mark: a line each, and one with a button where there are few to press."""
    if not standings:
        return []
    pressed = {s.assignment.id for s in (*shown.can_drop, *shown.can_take_back)} if _has_buttons(shown) else set()
    lines = [_line(s, shown) for s in standings[:LISTED_MOST] if s.assignment.id not in pressed]
    if len(standings) > LISTED_MOST:
        lines.append(f"• and {len(standings) - LISTED_MOST} more")
    blocks = [section(text) for text in in_chunks([f"*{words}*: {len(standings)}", *lines])]
    return blocks + [_with_button(s, shown) for s in standings if s.assignment.id in pressed]


def _has_buttons(shown: Progress) -> bool:
    return len(shown.can_drop) + len(shown.can_take_back) <= BUTTONS_MOST


def _with_button(standing: Standing, shown: Progress) -> Block:
    take_back = standing.mark is Mark.DROPPED
    label, action = ("Take it back", "graduation.take_back") if take_back else ("Leave it out", "graduation.drop")
    return section(_line(standing, shown), button(label, action, standing.assignment.id))


def _line(standing: Standing, shown: Progress) -> str:
    title = f"{escape(cut(standing.assignment.title, TITLE_MOST))} ({escape(standing.assignment.slug)})"
    notes = [_due(standing, shown)]
    if not standing.needed:
        notes.append("optional: not needed to graduate")
    elif not standing.assignment.droppable and standing.mark not in {Mark.PASSED, Mark.EXCUSED}:
        notes.append("can't be left out")
    return f"• {title}{''.join(f', {note}' for note in notes if note)}"


def _due(standing: Standing, shown: Progress) -> str:
    tz, assignment = shown.student.tz, standing.assignment
    match standing.mark:
        case Mark.DUE if standing.due_at is not None:
            return f"due {date(standing.due_at, tz)}"
        case Mark.RETRY if standing.due_at is not None and standing.due_at == assignment.due_at:
            return f"by {date(standing.due_at, tz)}"
        case Mark.DUE | Mark.RETRY:
            return f"until {date(assignment.hard_due_at, tz)}"
        case Mark.MISSED | Mark.DROPPED if standing.is_open:
            return f"can be handed in until {date(assignment.hard_due_at, tz)}"
        case Mark.MISSED:
            return "closed"
        case _:
            return ""


def _ways(shown: Progress) -> list[Block]:
    """Return a menu for leaving out and one for taking back, where there are many to press."""
    if _has_buttons(shown):
        return []
    menus = [
        select(action, [option(_named(s.assignment), s.assignment.id) for s in standings], hint=hint)
        for action, standings, hint in (
            ("graduation.drop", shown.can_drop, "Leave one out …"),
            ("graduation.take_back", shown.can_take_back, "Take one back …"),
        )
        if standings
    ]
    return [actions(*menus)]


def _named(assignment: Assignment) -> str:
    return f"{assignment.slug}: {assignment.title}"
