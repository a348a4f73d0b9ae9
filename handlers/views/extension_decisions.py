"""What a TA sees when deciding: the buttons, the forms, the reason."""

from datetime import datetime

from cohort.assignments import Assignment
from cohort.extensions import (
    Category,
    ExtensionRequest,
    Lapse,
    State,
)
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    cut,
    field_of,
    modal,
    moment,
    name_of,
    plain,
    section,
    text_input,
)
from services.extension_decisions import Reason

CATEGORIES = {
    Category.HEALTH: "Health",
    Category.FAMILY: "Family",
    Category.COMMITMENTS: "Other commitments",
    Category.WORKLOAD: "Workload",
    Category.TECHNICAL: "Technical trouble",
    Category.OTHER: "Something else",
}
LAPSES = {
    Lapse.HANDED_IN: "handed in meanwhile",
    Lapse.CANCELLED: "the assignment was cancelled",
    Lapse.GONE: "the student is not taking part any more",
    Lapse.EXCUSED: "excused from it",
    Lapse.CLOSED: "the last moment to hand in has passed",
    Lapse.DROPPED: "the student leaves it out",
    Lapse.COVERED: "the due time moved, and is now later than what was asked for",
}


def decide_buttons(request: ExtensionRequest) -> list[Element]:
    """Return the buttons with which a request is decided."""
    has_reason = bool(request.note or request.category)
    wanted = [
        (request.until_at is not None, button("Approve", "extensions.approve", request.id, "primary")),
        (True, button("Approve another date", "extensions.approve_other", request.id)),
        (True, button("Decline…", "extensions.decline", request.id)),
        (request.state is State.PENDING, button("Talk first", "extensions.talk_first", request.id)),
        (has_reason, button("Show reason", "extensions.reason", request.id)),
    ]
    return [element for is_shown, element in wanted if is_shown]


def decide_row(request: ExtensionRequest) -> Block:
    """Return the row of buttons with which a request is decided."""
    return actions(*decide_buttons(request))


def approve_form(request: ExtensionRequest, assignment: Assignment, now: datetime, hint: str = "") -> View:
    """Return the form in which a TA grants another date than the one asked for."""
    asked = request.until_at if request.until_at and request.until_at > now else None
    lead = hint or "The student reads the new due time at once."
    blocks = [
        field_of("until", "New due time", moment("until", asked), hint="Shown in your own time zone."),
        section(f"{title_of(assignment)}. {lead}"),
    ]
    return modal(
        "Approve another date",
        blocks,
        callback_id="extensions.approve",
        submit="Approve",
        metadata=request.id,
    )


def decline_form(request: ExtensionRequest, assignment: Assignment) -> View:
    """Return the form in which a TA declines, with a reason that the student reads."""
    blocks = [
        field_of(
            "reason",
            "Reason, for the student to read",
            text_input("reason", multiline=True, most=1500),
            hint="What could they do instead? They keep at least 24 hours from when they read this.",
        ),
        section(title_of(assignment)),
    ]
    return modal("Decline", blocks, callback_id="extensions.decline", submit="Decline", metadata=request.id)


def reason_view(reason: Reason) -> View:
    """Return what a student gave as reason, for someone who may decide."""
    category = CATEGORIES[reason.category] if reason.category else "not given"
    blocks = [
        section(f"{name_of(reason.student)}, {title_of(reason.assignment)}"),
        section(f"*About:* {category}"),
        {"type": "section", "text": plain(cut(reason.note, 3000))} if reason.note else section("_No note._"),
        context("This is private. Please don't repeat it in a channel; that you read it is on record."),
    ]
    return modal("Reason", blocks)
