"""Questions of students who are stuck: the forms, the card of whoever may answer, and the answer."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    date,
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
from services.asking import OFFER, AnswerNote, Asked, QuestionCard, Readers

WORDS_MOST = 2000


def question_form(readers: Readers, words: str = "") -> View:
    """Return the form in which a student asks, with words that were typed already."""
    opening = f"{title_of(readers.assignment)}. " if readers.assignment else ""
    blocks = [
        section(f"{opening}Half a question is fine: where you are, and what you tried last."),
        field_of(
            "question",
            "What would you like to know?",
            text_input("question", multiline=True, most=WORDS_MOST) | _typed(words),
            hint=f"{_who(readers.members)}; without an answer in good time the next TA or an organizer. Nobody else.",
        ),
    ]
    if readers.choices:
        options = [option(f"{cut(one.slug, 20)} · {one.title}", one.id) for one in readers.choices]
        blocks.append(
            field_of("assignment", "About which assignment?", select("assignment", options[-100:]), optional=True)
        )
    metadata = readers.assignment.id if readers.assignment else ""
    return modal("Ask a question", blocks, callback_id="asking.ask", submit="Ask", metadata=metadata)


def _typed(words: str) -> Element:
    return {"initial_value": cut(words.strip(), WORDS_MOST)} if words.strip() else {}


def _who(members: Sequence[Member]) -> str:
    """Return who reads a question first, as plain text."""
    return f"{members[0].called} reads this" if len(members) == 1 else "The TAs read this"


def asked(readers: Readers) -> Rendered:
    """Return what a student reads after asking."""
    has = f"{name_of(readers.members[0])} has" if len(readers.members) == 1 else "The TAs have"
    about = _about(readers.assignment)
    withdraw = [actions(button("Take it back", "asking.withdraw", readers.question_id))] if readers.question_id else []
    return say(
        f":white_check_mark: {has} your question{about}. The answer comes here, and nothing else is needed.", *withdraw
    )


def card(found: QuestionCard, zone: ZoneInfo) -> Rendered:
    """Return a question for whoever may answer it."""
    about = found.about
    head = f"{mention(about.student)} is stuck and has a question{_about(about.assignment)}."
    if about.question.closed_at is not None:
        closed = context(f"Closed {date(about.question.closed_at, zone)}, since it was taken back or the student left.")
        return Rendered(f"A question{_slug(about.assignment)}", [section(head), closed])
    blocks: list[Block] = [section(head), *_words(about.question.words)]
    if about.by is None:
        blocks.append(
            actions(
                button("Answer", "asking.answer", about.question.id, "primary"),
                button("Offer a slot", "asking.offer_slot", about.question.id),
                button("Pass on", "asking.pass_on", about.question.id),
            )
        )
        whose = f"It is with {name_of(about.now_with)}; the" if about.now_with else "The"
        blocks.append(context(f"Asked {date(about.question.asked_at, zone)}. {whose} first answer counts."))
    else:
        when = f" {date(about.question.answered_at, zone)}" if about.question.answered_at else ""
        blocks.append(context(f"{name_of(about.by)} answered it{when}."))
    return Rendered(f"A question{_slug(about.assignment)}", blocks)


def answer_form(about: Asked) -> View:
    """Return the form for an answer."""
    blocks = [
        section(f"{name_of(about.student)} asks{_about(about.assignment)}:"),
        *_words(about.question.words),
        field_of("answer", "Answer, for the student to read", text_input("answer", multiline=True, most=WORDS_MOST)),
    ]
    return modal("Answer", blocks, callback_id="asking.answer", submit="Answer", metadata=about.question.id)


def answered(about: Asked) -> Rendered:
    """Return what a TA reads after answering."""
    return say(f":white_check_mark: {name_of(about.student)} gets your answer. Thank you!")


def passed_on(member: Member | None) -> Rendered:
    """Return what a TA reads after passing a question on."""
    if member is None:
        return say("Nobody else is there to ask, so it stays with you. An answer in one line is fine, or offer a slot.")
    return say(f":white_check_mark: {name_of(member)} has it now. You can still answer: the first answer counts.")


def withdrawn(about: Asked) -> Rendered:
    """Return what a student reads after taking a question back."""
    return say(
        f"Taken back: nobody will answer your question{_about(about.assignment)} any more. You can always ask again."
    )


def note(found: AnswerNote, zone: ZoneInfo) -> Rendered:
    """Return the answer for the student, with a way to say how it went."""
    del zone
    about = found.about
    by = name_of(about.by) if about.by else "A TA"
    blocks: list[Block] = [
        section(f"{by} answered your question{_about(about.assignment)}:"),
        *_words(about.question.answer),
        actions(
            button("That helped", "asking.helped", about.question.id, "primary"),
            button("Still stuck", "asking.still_stuck", about.question.id),
            button("Share it without my name", "asking.share", about.question.id),
        ),
    ]
    if about.by is not None and about.question.answer == OFFER:
        return _offer(about, about.by)
    return Rendered(f"An answer to your question{_slug(about.assignment)}", blocks)


def _offer(about: Asked, by: Member) -> Rendered:
    """Return the offer of a TA to meet, with the slots of that TA one press away."""
    book = button(f"{cut(by.called, 40)}'s slots", "bookings.overview_of", f"ta:{by.id}", "primary")
    soonest = button("The soonest slots", "bookings.open", about.assignment.id if about.assignment else "")
    text = f"{name_of(by)} read your question{_about(about.assignment)} and would rather talk it through with you."
    return Rendered(f"About your question{_slug(about.assignment)}", [section(text), actions(book, soonest)])


def helped(about: Asked) -> Rendered:
    """Return the thanks for saying that an answer helped."""
    return say(f"Good to hear, and thank you for asking{_about(about.assignment)}.")


def still_stuck(about: Asked) -> Rendered:
    """Return what else there is where an answer did not help."""
    if about.assignment is None:
        return say(
            "Good that you say so. A talk often does what writing can't; `/extension` has more time.",
            actions(
                button("Book office hours", "bookings.open", style="primary"),
                button("Another question", "asking.form"),
            ),
        )
    return say(
        f"Good that you say so. A talk often does what writing can't, and there can be more time for "
        f"{title_of(about.assignment)}.",
        actions(
            button("Book office hours", "bookings.open", about.assignment.id, "primary"),
            button("Another question", "asking.form", about.assignment.id),
            button("Talk to a TA", "extensions.talk_please", about.assignment.id),
            button("More time", "extensions.form", about.assignment.id),
        ),
    )


def _about(assignment: Assignment | None) -> str:
    return f" about {title_of(assignment)}" if assignment else ""


def _slug(assignment: Assignment | None) -> str:
    return f" about {escape(assignment.slug)}" if assignment else ""


def _words(text: str) -> list[Block]:
    return [{"type": "section", "text": plain(cut(text, 3000))}] if text else []


RENDERERS: Renderers = {QuestionCard: card, AnswerNote: note}
