"""The digest of the week: in numbers for the staff channel, and by name for those who may read it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from cohort.digest import Counted, Figure, Move, OpenCase, Queue, Waiting
from cohort.leavings import LeavingReason
from cohort.levels import Level, LevelSince
from cohort.nudge_outcomes import NudgeOutcome
from cohort.workload import Crowd
from handlers.views.blocks import Block, Rendered, Renderers, context, cut, date, escape, in_chunks, mention, section
from handlers.views.leavings import NAMED
from services.digest import Counts, Digest, Names, OwnDigest, Waits
from services.digest_messages import CountsNote
from services.pictures import GridPicture, LevelsPicture

_Item = TypeVar("_Item")
LISTED_MOST, MOVED_MOST = 12, 20
CROWDS_MOST = 5
SLUGS_MOST = 8
REASON_MOST = 160
FIGURES = {
    Counted.HANDED_IN: "handed in",
    Counted.MISSED: "fell due and missed",
    Counted.GRADED: "graded",
    Counted.EXTENDED: "given more time",
    Counted.QUESTIONS: "questions asked",
    Counted.BOOKED: "office hours booked",
    Counted.CHECKED_IN: "check-ins answered",
    Counted.OPENED: "follow-ups opened",
    Counted.CLOSED: "follow-ups closed",
    Counted.LEFT: "students who left",
}
LEVELS = {
    Level.ON_TRACK: "on track",
    Level.SLIPPING: "slipping",
    Level.AT_RISK: "at risk",
    Level.CRITICAL: "critical",
}
QUEUES = {Queue.GRADING: "to be graded", Queue.REQUESTS: "requests for more time", Queue.QUESTIONS: "questions"}
OUTCOMES = {
    NudgeOutcome.HANDED_IN: "handed in",
    NudgeOutcome.OFFER_TAKEN: "took an offer",
    NudgeOutcome.BOOKED: "booked",
    NudgeOutcome.ANSWERED: "answered",
    NudgeOutcome.NOTHING: "nothing",
}
PICTURES = "Pictures come in your direct messages: the cohort as a grid, the levels week by week, and the check-ins."
NO_PICTURES = "The pictures of the cohort need the extra `pictures`, which `make pictures` adds."
ELSEWHERE = "Names are with organizers and with those who follow a student up; `/cohort digest` shows them."


def shown(found: Digest | OwnDigest, zone: ZoneInfo) -> Rendered:
    """Return the week for whoever asked."""
    return everyones(found, zone) if isinstance(found, Digest) else followed(found, zone)


def in_numbers(note: CountsNote, zone: ZoneInfo) -> Rendered:
    """Return the week without a name."""
    return _message("The week in numbers", [*_numbers(note.counts, zone), context(ELSEWHERE)])


def everyones(found: Digest, zone: ZoneInfo) -> Rendered:
    """Return the week for an organizer."""
    names, counts = found.names, found.counts
    worse, better = [m for m in names.moved if m.rise > 0], [m for m in names.moved if m.rise < 0]
    concern = "More cause for concern than a week ago, and why" if _had_levels(counts) else "Cause for concern, and why"
    blocks = [
        *_numbers(counts, zone),
        *_list(concern, worse, lambda move: _moved(move, names), MOVED_MOST),
        *_list("Less than a week ago", better, lambda move: _moved(move, names)),
        *_list("Follow-ups overdue or without an owner", names.cases, lambda case: _case(case, names, found.now, zone)),
        *_list("What waited longest", names.waiting, lambda waiting: _waiting(waiting, names, zone)),
        *_left(found.leaving),
        context(PICTURES if found.has_pictures else NO_PICTURES),
    ]
    return _message("The week in the cohort", blocks)


def _left(leaving: Mapping[str, int]) -> list[Block]:
    """Return why students left, each reason that five or more named; nothing where none was."""
    if not leaving:
        return []
    ordered = sorted(leaving.items(), key=lambda item: (-item[1], item[0]))
    each = "; ".join(f"“{NAMED[LeavingReason(reason)]}” {count}" for reason, count in ordered)
    return [section(f"*Why students left*, as named by five or more: {each}")]


def followed(found: OwnDigest, zone: ZoneInfo) -> Rendered:
    """Return the week of the students whom a TA follows."""
    names = found.names
    if not names.cases:
        return _message("You follow nobody", [section("You follow nobody up at the moment.")])
    known = {move.student_id: move for move in names.moved}
    blocks = [
        section(f"*Since {date(found.since_at, zone)}, the students you follow*"),
        *_list("How they stand", names.standing, lambda since: _stands(since, known, names)),
        *_list("Your follow-ups", names.cases, lambda case: _case(case, names, found.now, zone)),
        *_list("What waited longest with us", names.waiting, lambda waiting: _waiting(waiting, names, zone)),
    ]
    return _message("The week of the students you follow", blocks)


def _message(text: str, blocks: Sequence[Block]) -> Rendered:
    return Rendered(text, list(blocks))


def _numbers(counts: Counts, zone: ZoneInfo) -> list[Block]:
    heading = f"*The week until {date(counts.until_at, zone)}*, {counts.students} students; in brackets the week before"
    figures = "\n".join(f"• {_figure(figure)}" for figure in counts.figures if figure.now or figure.before)
    follow_ups = f"*Follow-ups*: {counts.open} open, {counts.overdue} overdue, {counts.unowned} without an owner"
    parts = [_levels(counts), follow_ups, _waits(counts.waits, zone), _nudges(counts)]
    return [section(f"{heading}\n{figures}"), section("\n".join(parts)), *crowd_rows(counts.crowds)]


def _figure(figure: Figure) -> str:
    return f"{FIGURES[figure.counted]}: {figure.now} ({figure.before})"


def _levels(counts: Counts) -> str:
    if not any(now or before for _, now, before in counts.levels):
        return "*Levels*: nobody has one yet"
    if not _had_levels(counts):
        each = ", ".join(f"{now} {LEVELS[level]}" for level, now, _ in counts.levels)
        return f"*Levels*: {each}; the first ones of this cohort"
    each = ", ".join(f"{now} {LEVELS[level]} ({before})" for level, now, before in counts.levels)
    return f"*Levels*: {each}; {counts.worse} moved to more concern, {counts.better} to less"


def _had_levels(counts: Counts) -> bool:
    """Say whether anybody had a level a week before; else there is nothing to compare with."""
    return any(before for _, _, before in counts.levels)


def _waits(waits: Sequence[Waits], zone: ZoneInfo) -> str:
    lines = [
        f"{QUEUES[each.queue]} {each.count}, the first since {date(each.oldest_at, zone)}"
        for each in waits
        if each.oldest_at is not None
    ]
    return f"*Waiting for us*: {'; '.join(lines) or 'nothing'}"


def _nudges(counts: Counts) -> str:
    sent, open_ = sum(counts.nudges.values()), counts.nudges.get("", 0)
    if not sent:
        return f"*Messages I sent unasked*: none ({counts.nudges_before})"
    parts = [f"{counts.nudges[key]} {name}" for key, name in OUTCOMES.items() if counts.nudges.get(key)]
    if open_:
        parts.append(f"{open_} not three days old")
    return f"*Messages I sent unasked*: {sent} ({counts.nudges_before}); what followed: {', '.join(parts)}"


def crowd_rows(crowds: Sequence[Crowd]) -> list[Block]:
    """Return the days on which too much falls due; nothing where there are none."""
    if not crowds:
        return []
    more = [f"• and {len(crowds) - CROWDS_MOST} more"] if len(crowds) > CROWDS_MOST else []
    lines = ["*Days with too much due*", *map(_crowd, crowds[:CROWDS_MOST]), *more]
    return [section("\n".join(lines))]


def _crowd(crowd: Crowd) -> str:
    first, second = crowd.first.on, crowd.second.on
    slugs = ", ".join(escape(assignment.slug) for assignment in crowd.work[:SLUGS_MOST])
    more = f" and {len(crowd.work) - SLUGS_MOST} more" if len(crowd.work) > SLUGS_MOST else ""
    hours = f", about {crowd.hours:g} hours" if crowd.hours else ""
    days = f"{first:%a} {first.day} and {second:%a} {second.day} {second:%b}"
    return f"• {days}: {len(crowd.work)} things{hours}: {slugs}{more}"


def _list(title: str, items: Sequence[_Item], line: Callable[[_Item], str], most: int = LISTED_MOST) -> list[Block]:
    """Return a list under a title, cut to what a person reads; nothing where it is empty."""
    if not items:
        return []
    lines = [f"*{title}*", *(f"• {line(item)}" for item in items[:most])]
    if len(items) > most:
        lines.append(f"• and {len(items) - most} more")
    return [section(chunk) for chunk in in_chunks(lines)]


def _moved(move: Move, names: Names) -> str:
    before = f"{LEVELS[move.before]} → " if move.before is not None else ""
    why = _why(move.after) if move.rise > 0 else ""
    return f"{_student(move.student_id, names)}: {before}*{LEVELS[move.after.level]}*{why}"


def _stands(since: LevelSince, moved: Mapping[str, Move], names: Names) -> str:
    move = moved.get(since.student_id)
    if move is not None:
        return _moved(move, names)
    return f"{_student(since.student_id, names)}: {LEVELS[since.level]} as before{_why(since)}"


def _why(since: LevelSince) -> str:
    reasons = "; ".join(escape(cut(reason.words, REASON_MOST)) for reason in since.reasons[:2])
    return f": {reasons}" if reasons else ""


def _case(case: OpenCase, names: Names, now: datetime, zone: ZoneInfo) -> str:
    owner = names.members.get(case.owner_id or "")
    whose = f"with {mention(owner)}" if owner is not None else "without an owner"
    due = "was due" if case.due_at <= now else "due"
    return f"{_student(case.student_id, names)}: {whose}, {due} {date(case.due_at, zone)}"


def _waiting(waiting: Waiting, names: Names, zone: ZoneInfo) -> str:
    who = ", ".join(_student(student_id, names) for student_id in waiting.student_ids[:3])
    assignment = names.assignments.get(waiting.assignment_id or "")
    about = f"{escape(assignment.slug)} of " if assignment is not None else ""
    return f"{QUEUES[waiting.queue]}: {about}{who}, since {date(waiting.since_at, zone)}"


def _student(student_id: str, names: Names) -> str:
    member = names.members.get(student_id)
    return mention(member) if member is not None else "someone"


def grid_words(picture: GridPicture, zone: ZoneInfo) -> Rendered:
    """Return what goes with the picture of the grid."""
    del zone
    if picture.shown < picture.total:
        return _only_text(f"Who did what: the {picture.shown} of {picture.total} students with most cause for concern.")
    return _only_text(f"Who did what: {picture.total} students, those with most cause for concern first.")


def levels_words(picture: LevelsPicture, zone: ZoneInfo) -> Rendered:
    """Return what goes with the picture of the levels."""
    del zone
    weeks = "one week" if picture.weeks == 1 else f"{picture.weeks} weeks"
    return _only_text(f"How everyone stood over {weeks}.")


def _only_text(text: str) -> Rendered:
    return Rendered(text, [section(text)])


RENDERERS: Renderers = {
    CountsNote: in_numbers,
    Digest: everyones,
    OwnDigest: followed,
    GridPicture: grid_words,
    LevelsPicture: levels_words,
}
