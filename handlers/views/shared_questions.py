"""Shared questions: what is shared, looked through first, and what is found."""

from zoneinfo import ZoneInfo

from cohort.roster import Member, Role
from cohort.shared_questions import Shared
from handlers.views.asking import WORDS_MOST
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    escape,
    field_of,
    modal,
    name_of,
    plain,
    say,
    section,
    text_input,
)
from services.asking import Asked
from services.shared_questions import FoundQuestions, TakenOut, ToShare

SHOWN_MOST, NAMES_MOST = 6, 10
SHOWN_CHARACTERS = 900
HOW = "`/cohort ask` asks a TA; you decide whether it is shared."


def share_form(found: ToShare) -> View:
    """Return what would be shared, to be changed by the student first."""
    about, names = found.about, ", ".join(escape(name) for name in found.names[:NAMES_MOST])
    warning = [section(f":warning: There are names in it: {names}. Everyone would read them.")] if names else []
    blocks = [
        section(
            "Everyone in the programme can find this, without your name. Words are shared as they stand here: take out "
            "names, and what is about you."
        ),
        *warning,
        field_of("question", "Question", _filled("question", about.question.words)),
        field_of("answer", "Answer", _filled("answer", about.question.answer)),
    ]
    return modal(
        "Share it", blocks, callback_id="asking.share", submit="Share without my name", metadata=about.question.id
    )


def _filled(action_id: str, words: str) -> Block:
    return text_input(action_id, multiline=True, most=WORDS_MOST) | {"initial_value": cut(words, WORDS_MOST)}


def shared(about: Asked) -> Rendered:
    """Return what a student reads after sharing."""
    return say(
        ":white_check_mark: Shared, without your name. Thank you: the next one who wonders finds it.",
        actions(button("Take it back", "asking.take_back", about.question.id)),
    )


def taken_back(*, is_new: bool) -> Rendered:
    """Say that a question is found no more."""
    return say(
        "Taken back: nobody finds it any more." if is_new else "It was not shared any more; nothing was changed."
    )


def taken_out(note: TakenOut, zone: ZoneInfo) -> Rendered:
    """Return what a student reads whose shared question was taken out."""
    del zone
    return say(
        f"{name_of(note.by)} took the question you shared out of what everyone can find. Your answer stays yours; "
        f"write to them if you wonder why. It began: “{escape(cut(note.about.question.words, 80))}”"
    )


def found(result: FoundQuestions, reader: Member) -> Rendered:
    """Return what fits, the best first; for staff with a way to take each out."""
    if not result.shared:
        none = "Nobody has shared a question yet." if not result.of_all else "Nothing that was shared fits these words."
        return say(f"{none} {HOW}", *_ask(reader))
    head = (
        f"*Questions that fit “{escape(cut(result.words, 100))}”*" if result.words else "*Questions that were shared*"
    )
    rows = [block for each in result.shared[:SHOWN_MOST] for block in _row(each, result, reader)]
    left = len(result.shared) - SHOWN_MOST
    more = [context(f"and {left} more; more words find fewer")] if left > 0 else []
    return Rendered("Shared questions", [section(head), *rows, *more, context(HOW), *_ask(reader)])


def _row(each: Shared, result: FoundQuestions, reader: Member) -> list[Block]:
    title = result.titles.get(each.assignment_id or "", "")
    blocks: list[Block] = [context(escape(cut(title, 150)))] if title else []
    blocks += [
        {"type": "section", "text": plain(f"{mark} {cut(words, SHOWN_CHARACTERS)}")}
        for mark, words in (("Q:", each.words), ("A:", each.answer))
    ]
    if reader.is_staff:
        blocks.append(actions(button("Take it out", "asking.take_back", each.question_id)))
    return blocks


def _ask(reader: Member) -> list[Block]:
    if reader.role is not Role.STUDENT:
        return []
    return [actions(button("Ask a question", "asking.form", "", "primary"))]


RENDERERS: Renderers = {TakenOut: taken_out}
