"""Leaving as a student sees it: kind questions, days to undo it, and a way back."""

from zoneinfo import ZoneInfo

from cohort.leavings import Instead, LeavingReason
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
    say,
    section,
    text_input,
)
from handlers.views.distress import help_now
from services.distress import HelpNow
from services.leavings import LeavingShown, StaysNote

REASONS, HELPS, WORDS = "reasons", "helps", "words"
WORDS_MOST = 2000
NAMED = {
    LeavingReason.TIME: "It takes more time than I have",
    LeavingReason.OTHER_COMMITMENTS: "Other commitments",
    LeavingReason.HEALTH_OR_FAMILY: "Health or family",
    LeavingReason.TOO_HARD: "It is too hard",
    LeavingReason.TOO_EASY: "It is too easy",
    LeavingReason.NOT_FOR_ME: "It is not for me",
    LeavingReason.MONEY: "Money",
    LeavingReason.OTHER: "Something else",
}
INSTEAD = {
    Instead.LIGHTER_TRACK: "A lighter track",
    Instead.PAUSE: "A pause, and then on",
    Instead.LATER_COHORT: "A later cohort",
}


def form(days: int, case_id: str = "") -> View:
    """Return the form: why, what might help instead, and that there are days to undo it.

    With a case it is for whoever follows the student up, who heard it from them.
    """
    reasons: Element = {"type": "checkboxes", "action_id": REASONS}
    helps: Element = {"type": "checkboxes", "action_id": HELPS}
    reasons["options"] = [option(words, reason.value) for reason, words in NAMED.items()]
    helps["options"] = [option(words, each.value) for each, words in INSTEAD.items()]
    if case_id:
        text = (
            "They are paused from now on and read that they leave; it takes effect in "
            f"{days} days, and until then they undo it with one press. What they told you is yours alone to read."
        )
        blocks = [section(text), *_questions(reasons, helps, "Anything to remember")]
        return modal("They want to leave", blocks, callback_id="leavings.leave_for", submit="Note it", metadata=case_id)
    blocks = [
        section(
            "Thank you for telling us. Leaving is a fine decision, and so is staying. Once you press, nothing is due "
            f"any more; it takes effect in {days} days, and until then one press undoes it."
        ),
        *_questions(reasons, helps, "Anything you would like to say"),
    ]
    return modal("Leaving", blocks, callback_id="leavings.leave", submit="I want to leave")


def _questions(reasons: Element, helps: Element, label: str) -> list[Block]:
    words, hint = text_input(WORDS, multiline=True, most=WORDS_MOST), "Read by the one person who gets in touch."
    return [
        field_of(REASONS, "What leads there? As many as hold.", reasons, optional=True),
        field_of(HELPS, "Would any of these help instead?", helps, optional=True),
        field_of(WORDS, label, words, optional=True, hint=hint),
    ]


def begun(shown: LeavingShown, help_found: HelpNow | None, zone: ZoneInfo) -> Rendered:
    """Return what a student reads right after, with help where their words call for it."""
    rendered = notice(shown, zone)
    if help_found is None:
        return rendered
    helps = help_now(help_found)
    return Rendered(rendered.text, [*rendered.blocks, section(helps.text), *helps.blocks[1:]])


def stay_button(leaving_id: str) -> Element:
    """Return the button that undoes a wish to leave."""
    return button("I'd like to stay", "leavings.stay", leaving_id, "primary")


def notice(shown: LeavingShown, zone: ZoneInfo) -> Rendered:
    """Return how it stands: until when it can be undone, or what became of it."""
    one = shown.leaving
    if one.undone_at is not None:
        return say(f"Good to have you, {name_of(shown.student)}: you stay, and everything is as it was. :seedling:")
    if one.done_at is not None:
        return say(f"All the best, {name_of(shown.student)}. You have left the programme, and you are always welcome.")
    until = date(one.takes_effect_at, zone)
    text = (
        f"You are paused from now on: nothing is due, and I write no more reminders. Leaving takes effect {until}. "
        "A person will get in touch once, to hear whether something would help; you don't have to answer."
    )
    return say(text, actions(stay_button(one.id)))


def begun_for(shown: LeavingShown, zone: ZoneInfo) -> Rendered:
    """Return what whoever follows a student up reads who noted that they want to leave."""
    name, until = name_of(shown.student), date(shown.leaving.takes_effect_at, zone)
    if not shown.is_new:
        return say(f"{name} wants to leave already; it takes effect {until}, unless they stay. Nothing was changed.")
    return say(f":white_check_mark: {name} is paused and hears of it. It takes effect {until}, unless they stay.")


def why(shown: LeavingShown) -> View:
    """Return a student's reasons, for whoever follows them up."""
    one = shown.leaving
    reasons = "\n".join(f"• {NAMED[each]}" for each in one.reasons) or "None was ticked."
    helps = "\n".join(f"• {INSTEAD[each]}" for each in one.helps) or "Nothing was ticked."
    words = "\n".join(f"> {escape(line)}" for line in cut(one.words, 2500).splitlines()) or "Nothing."
    return modal(
        "Why they leave",
        [
            section(f"*Why*\n{reasons}"),
            section(f"*What might help instead*\n{helps}"),
            section(f"*In words*\n{words}"),
            context("Only you read this, since you follow them up; organizers see sums of five and more."),
        ],
    )


def stays_note(note: StaysNote, zone: ZoneInfo) -> Rendered:
    """Return what whoever follows a student up reads who stays after all."""
    del zone
    text = f":seedling: {mention(note.student)} stays after all, and everything is as it was."
    return say(text, actions(button("Open the follow-up", "follow_ups.show", note.case_id)))


def stays(shown: LeavingShown) -> Rendered:
    """Return that somebody stays, or that it is too late for a press."""
    if shown.leaving.done_at is not None:
        return say(
            "It has taken effect already, so nothing was changed. Write to an organizer: they can bring you back."
        )
    return say(f":seedling: Good to have you, {name_of(shown.student)}: everything is as it was.")


RENDERERS: Renderers = {LeavingShown: notice, StaysNote: stays_note}
