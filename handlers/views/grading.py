"""What a grader sees: the queue in pages, one thing with all its versions, and the form for a grade."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.grading import Fault, Marked, Standing, Verdict
from cohort.hand_ins import FILE, LINK, STRENGTH, SUMMARY, TEXT, WEAKNESS, File, HandIn, HandInState, Version
from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    OPTIONS_MOST,
    Block,
    Element,
    Rendered,
    View,
    actions,
    button,
    context,
    cut,
    date,
    divider,
    escape,
    field_of,
    mention,
    modal,
    name_of,
    option,
    plain,
    say,
    section,
    select,
    text_input,
)
from services.grading import Given
from services.grading_queue import Claimed, Entry, GradeGiven, Opened, Queue

BY_MARK, PASSED, NOT_YET = "by_mark", "passed", "not_yet"
EVERYTHING = "all"
FEEDBACK_MOST = 3000
EARLIER_MOST = 5
VERSIONS_MOST = 5
NAMES_MOST = 6
FIELDS = {
    LINK: "Link",
    TEXT: "Text",
    FILE: "File",
    SUMMARY: "Summary",
    STRENGTH: "A strength",
    WEAKNESS: "A weakness",
}
COUNTED = {
    Standing.CLAIMED: "{} claimed by you",
    Standing.MINE: "{} yours to grade",
    Standing.FREE: "{} free",
    Standing.OTHERS: "{} with others",
}
VERDICTS = {Verdict.PASSED: "passed", Verdict.NOT_YET: "not passed yet", Verdict.PART: "a part"}
FAULTS = {
    Fault.NO_SCORE: ("score", "Give a score as a number from 0, like 85 or 72.5."),
    Fault.NO_RESULT: ("result", "Say whether it passed."),
    Fault.NO_FEEDBACK: ("feedback", "Say what to work on: the student has this to go by for the next try."),
    Fault.NO_REASON: ("why", "Say why you decide otherwise than the pass mark; it goes on record."),
}


def queue(found: Queue, now: datetime, zone: ZoneInfo) -> Rendered:
    """Return one page of a queue, with counts and the oldest age on top."""
    if not found.by_assignment:
        return say("Nothing waits to be graded. :herb:")
    blocks: list[Block] = [section(queue_head(found, now)), _controls(found)]
    for entry in found.entries:
        blocks += [divider(), section(entry_line(entry, zone)), actions(*entry_buttons(entry))]
    if found.pages > 1:
        blocks.append(_pages(found))
    return Rendered(f"{found.total} to grade", blocks)


def queue_head(found: Queue, now: datetime) -> str:
    """Return how much waits in a queue, and since when."""
    about = f" for {title_of(found.about)}" if found.about else ""
    counts = ", ".join(COUNTED[s].format(found.counts[s]) for s in Standing if found.counts.get(s))
    head = f"*{found.total} to grade*{about}: {counts or 'nothing here'}."
    return head if found.oldest_at is None else f"{head} The oldest waits {age(found.oldest_at, now)}."


def age(since_at: datetime, now: datetime) -> str:
    """Return for how long something waits, in words."""
    hours = max(0, int((now - since_at).total_seconds() // 3600))
    days, hours = divmod(hours, 24)
    if days:
        return "one day" if days == 1 else f"{days} days"
    return "less than an hour" if hours == 0 else "one hour" if hours == 1 else f"{hours} hours"


def _controls(found: Queue) -> Block:
    about = found.about.id if found.about else ""
    options = [option("Everything", EVERYTHING)]
    options += [option(f"{a.slug} · {count}", a.id) for a, count in found.by_assignment[: OPTIONS_MOST - 1]]
    chosen = about if any(each["value"] == about for each in options) else EVERYTHING
    return actions(
        button("Claim next", "grading.claim_next", about, "primary"),
        select("grading.filter", options, chosen, "Which assignment?"),
    )


def _pages(found: Queue) -> Block:
    about = found.about.id if found.about else ""
    earlier = button("Earlier", "grading.page#earlier", f"{found.page - 1}:{about}")
    later = button("Later", "grading.page#later", f"{found.page + 1}:{about}")
    shown = [earlier] * (found.page > 0) + [later] * (found.page < found.pages - 1)
    label = button(f"Page {found.page + 1} of {found.pages}", "grading.page#here", f"{found.page}:{about}")
    return actions(*shown, label)


def entry_line(entry: Entry, zone: ZoneInfo) -> str:
    """Return one line about something in the queue."""
    hand_in = entry.hand_in
    by = date(hand_in.grade_by_at, zone)
    notes = "".join(f", {note}" for note in _notes(entry))
    line = (
        f"{title_of(entry.assignment)}, {names_of(entry.students)}{notes}\n"
        f"{_since(hand_in, zone)}, to be graded by {by}"
    )
    if entry.standing is Standing.CLAIMED and hand_in.claim_expires_at is not None:
        line += f", yours until {date(hand_in.claim_expires_at, zone)}"
    return line


def _since(hand_in: HandIn, zone: ZoneInfo) -> str:
    """Return since when something waits; what came early counts from its due time."""
    if hand_in.submitted_at < hand_in.ready_at:
        return f"handed in {date(hand_in.submitted_at, zone)}, due {date(hand_in.ready_at, zone)}"
    return f"waits since {date(hand_in.ready_at, zone)}"


def _notes(entry: Entry) -> Iterator[str]:
    if entry.attempt > 1:
        yield f"attempt {entry.attempt}"
    if entry.hand_in.is_part:
        yield "a part"
    if entry.hand_in.is_late:
        yield "late"


def names_of(students: Sequence[Member]) -> str:
    """Return the names of those who handed something in together."""
    names = [name_of(student) for student in students[:NAMES_MOST]]
    rest = len(students) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest > 0 else "")


def entry_buttons(entry: Entry) -> list[Element]:
    """Return what can be done with something: by whoever has claimed it, or by anyone."""
    hand_in = entry.hand_in
    look = button("Open", "grading.open", hand_in.id)
    if entry.standing is Standing.CLAIMED:
        return [
            button("Grade", "grading.form", hand_in.id, "primary"),
            look,
            button("Release", "grading.release", hand_in.id),
        ]
    if hand_in.state is HandInState.WAITING:
        return [button("Claim", "grading.claim", hand_in.id), look]
    return [look]


def claimed(found: Claimed | None, zone: ZoneInfo) -> Rendered:
    """Return what a grader reads after claiming."""
    if found is None:
        return say("Nothing else waits that you could claim. `/grade-queue` shows what you hold.")
    entry = found.opened.entry
    lead = "Somebody was first with that one, so you have the next:\n" if found.is_next else "It is yours:\n"
    return say(lead + entry_line(entry, zone), actions(*entry_buttons(entry)))


def opened(found: Opened, zone: ZoneInfo) -> View:
    """Return all that a grader sees of one thing."""
    entry = found.entry
    blocks = [section(f"*{names_of(entry.students)}*: {title_of(entry.assignment)}"), section(_facts(found, zone))]
    blocks += [divider(), *_version(found.latest, len(found.versions), zone)]
    blocks += [block for version in found.versions[:-1][-VERSIONS_MOST:] for block in _old_version(version, zone)]
    if found.earlier:
        blocks += [divider(), section("*What was said before*")]
        blocks += [block for given in found.earlier[:EARLIER_MOST] for block in _earlier(given, zone)]
    rest = [b for b in entry_buttons(entry) if b["action_id"] != "grading.open"] or [_queue_button()]
    blocks.append(actions(*rest, *file_button(found)))
    return modal("Handed in", blocks)


def file_button(found: Opened) -> list[Element]:
    """Return the button for a copy of the file, where there is one that they may have."""
    return [button("Send me the file", "grading.file", found.entry.hand_in.id)] if found.has_copy else []


def file_comes(file: File | None) -> Rendered:
    """Return what someone reads who asked for a file."""
    if file is None:
        return say("No file is part of the latest version.")
    return say(f":page_facing_up: {escape(file.name)} comes as a direct message.")


def _queue_button() -> Element:
    return button("Claim next", "grading.claim_next")


def _facts(found: Opened, zone: ZoneInfo) -> str:
    hand_in = found.entry.hand_in
    lines = [f"• Handed in {date(hand_in.submitted_at, zone)}{_due(hand_in, zone)}"]
    notes = list(_notes(found.entry))
    lines += [f"• {', '.join(notes)}"] if notes else []
    if len(found.entry.students) > 1:
        lines.append(f"• Worked together: {', '.join(mention(s) for s in found.entry.students[:NAMES_MOST])}")
    if hand_in.tools:
        lines.append(f"• Tools they named: {escape(cut(hand_in.tools, 500))}")
    if hand_in.hours is not None:
        lines.append(f"• It took them {hand_in.hours:g} hours")
    if hand_in.state is HandInState.CLAIMED and found.claimed_by is not None and hand_in.claim_expires_at is not None:
        lines.append(f"• Claimed by {name_of(found.claimed_by)} until {date(hand_in.claim_expires_at, zone)}")
    lines.append(f"• To be graded by {date(hand_in.grade_by_at, zone)}")
    return "\n".join(lines)


def _due(hand_in: HandIn, zone: ZoneInfo) -> str:
    return f", due {date(hand_in.due_at, zone)}" if hand_in.due_at else ""


def _version(version: Version, count: int, zone: ZoneInfo) -> list[Block]:
    which = f" (version {version.number} of {count})" if count > 1 else ""
    blocks = [section(f"*What they handed in*{which}, {date(version.submitted_at, zone)}")]
    for name, text in version.content.items():
        blocks += _content(name, text)
    if version.file is not None:
        blocks.append(section(f"*File*: {escape(version.file.name)} ({escape(version.file.id)})"))
        if version.file.sha256:
            blocks.append(context(f"SHA-256 {version.file.sha256}"))
    return blocks


def _content(name: str, text: str) -> list[Block]:
    label = FIELDS.get(name, name)
    if name == LINK:
        return [section(f"*{label}*: {escape(text)}")]
    parts = [text[start : start + 3000] for start in range(0, len(text), 3000)][:4]
    return [section(f"*{label}*"), *({"type": "section", "text": plain(part)} for part in parts)]


def _old_version(version: Version, zone: ZoneInfo) -> list[Block]:
    said = [f"{FIELDS.get(name, name)}: {cut(text, 300)}" for name, text in version.content.items()]
    said += [f"File: {version.file.name}"] if version.file else []
    head = context(f"Version {version.number}, {date(version.submitted_at, zone)}")
    return [head, {"type": "section", "text": plain(cut("\n".join(said) or "nothing", 2000))}]


def _earlier(given: GradeGiven, zone: ZoneInfo) -> list[Block]:
    grade = given.grade
    score = f", {grade.score:g}" if grade.score is not None else ""
    head = f"Attempt {given.attempt}: {VERDICTS[grade.verdict]}{score}, by {name_of(given.grader)}"
    blocks = [context(f"{head}, {date(grade.graded_at, zone)}")]
    if grade.feedback:
        blocks.append({"type": "section", "text": plain(cut(grade.feedback, 1500))})
    if grade.staff_note:
        note = plain(cut(f"For staff: {grade.staff_note}", 1500))
        blocks.append({"type": "section", "text": note})
    return blocks


def grade_form(found: Opened, zone: ZoneInfo, kept: Marked | None = None) -> View:
    """Return the form for a grade; with what was typed before where a newer version came meanwhile."""
    entry, marked = found.entry, kept or Marked()
    blocks = [section(f"*{names_of(entry.students)}*: {title_of(entry.assignment)}"), *_work(found.latest)]
    if kept is not None:
        text = (
            "A newer version was handed in while you wrote. Nothing was stored yet, and what you typed is still here."
        )
        blocks = [section(f":information_source: {text}"), *blocks, *_version(found.latest, len(found.versions), zone)]
    blocks += result_fields(entry.assignment, entry.hand_in, marked)
    blocks += [
        field_of(
            "feedback",
            "Feedback, for the student to read",
            _typed(text_input("feedback", multiline=True, most=FEEDBACK_MOST), marked.feedback),
            optional=True,
            hint="Needed unless it passed: what to work on for the next try.",
        ),
        field_of(
            "note",
            "Note for staff",
            _typed(text_input("note", multiline=True, most=1500), marked.staff_note),
            optional=True,
            hint="Only staff read this.",
        ),
        actions(button("Flag for integrity review", "integrity.flag", entry.hand_in.id)),
    ]
    callback = "grading.grade_newer" if kept else "grading.grade"
    metadata = f"{entry.hand_in.id}:{found.latest.number}"
    return modal("Grade", blocks, callback_id=callback, submit="Grade", metadata=metadata)


def _work(version: Version) -> list[Block]:
    """Return where the work lies, so that nobody has to look for it while the form is open."""
    link, file = version.content.get(LINK), version.file
    where = f"The work: {escape(link)}" if link else f"The work: {escape(file.name)}, behind “Open”" if file else ""
    return [context(cut(where, 2000))] if where else []


def result_fields(assignment: Assignment, hand_in: HandIn, marked: Marked) -> list[Block]:
    """Return the fields in which a grader says what it comes to; none for a part."""
    if hand_in.is_part:
        return [context("This is a part: it gets feedback and a date for the rest, and no result.")]
    if assignment.pass_mark is None:
        options = [option("Passed", PASSED), option("Not passed yet", NOT_YET)]
        chosen = {True: PASSED, False: NOT_YET, None: None}[marked.passed]
        return [field_of("result", "Result", select("result", options, chosen))]
    options = [
        option("By the pass mark", BY_MARK),
        option("Passed all the same", PASSED),
        option("Not passed yet all the same", NOT_YET),
    ]
    chosen = {True: PASSED, False: NOT_YET, None: BY_MARK}[marked.passed]
    score = f"{marked.score:g}" if marked.score is not None else ""
    hint = f"{assignment.pass_mark:g} and more passes."
    return [
        field_of("score", "Score", _typed(text_input("score", most=10), score), hint=hint),
        field_of("result", "Result", select("result", options, chosen)),
        field_of(
            "why",
            "Why, if you decide otherwise than the pass mark",
            _typed(text_input("why", most=500), marked.why),
            optional=True,
        ),
    ]


def _typed(element: Element, text: str) -> Element:
    return element | ({"initial_value": text} if text else {})


def given(done: Given) -> Rendered:
    """Return what a grader reads after grading, with the way on to the next."""
    score = f" with {done.grade.score:g}" if done.grade.score is not None else ""
    text = f":white_check_mark: {names_of(done.students)}, {title_of(done.assignment)}: {VERDICTS[done.grade.verdict]}"
    told = "They are told when an organizer releases it." if done.is_held else _told(done)
    had_expired = " Your claim had run out, but nobody else had taken it." if done.had_expired else ""
    return say(f"{text}{score}. {told}{had_expired}", actions(_queue_button()))


def _told(done: Given) -> str:
    return f"They hear of it {'in their morning' if done.grade.verdict is Verdict.NOT_YET else 'when they are awake'}."


def given_back() -> Rendered:
    """Return what a grader reads after giving something back."""
    return say("Given back: it is in the queue again.", actions(_queue_button()))


def not_held() -> Rendered:
    """Return what a grader reads who gives back what they don't hold."""
    return say("You didn't hold that any more; nothing was changed.", actions(_queue_button()))
