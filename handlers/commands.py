"""The one table of commands: what can be typed, by whom, how, and who answers.

Registration with Bolt, `/cohort help`, the manifest's test and the documentation read it.
"""

from difflib import get_close_matches

from cohort.errors import Unclear
from cohort.roster import Role
from handlers import (
    assignments_desk,
    bookings,
    check_ins,
    choices,
    cohort,
    coverage,
    desk_forms,
    digest,
    estimates,
    events,
    extension_decisions,
    extensions,
    fairness,
    follow_ups,
    graders,
    grading,
    graduation,
    hand_ins,
    handovers,
    integrity,
    leavings,
    mistakes,
    office_hours,
    organizers,
    roster,
    rotas,
    sections,
    shared_questions,
    tracks,
)
from handlers.answers import Answer, Ask, Say
from handlers.listening import Command
from handlers.views.cohort import help_text
from services.desk import Desk

STUDENTS = frozenset({Role.STUDENT})
STAFF = frozenset({Role.TA, Role.ORGANIZER})
ORGANIZERS = frozenset({Role.ORGANIZER})
EVERYONE = frozenset(Role)


def help_me(ask: Ask, desk: Desk) -> Answer:
    """Show what this person can do."""
    del desk
    return Say(help_text(for_role(ask.member.role), ask.member))


def not_known(ask: Ask, desk: Desk) -> Answer:
    """Show what this person can do, or the one thing that a word after `/cohort` was meant to be. Raises Unclear."""
    own = {command.sub: command for command in for_role(ask.member.role) if command.name == "/cohort" and command.sub}
    word = ask.text.partition(" ")[0]
    close = get_close_matches(word.casefold(), own, n=1)
    if not close:
        return help_me(ask, desk)
    raise Unclear(f"I don't know `/cohort {word[:30]}`.", own[close[0]].usage)


COMMANDS = (
    Command(
        "/extension",
        "",
        "/extension [assignment] [2d | friday | 2026-07-04 18:00]",
        "ask for more time; without an assignment and a date a form opens",
        STUDENTS,
        extensions.command,
    ),
    Command(
        "/extension",
        "list",
        "/extension list",
        "requests for more time, and what became of them",
        EVERYONE,
        extensions.show_list,
    ),
    Command(
        "/extension",
        "grant",
        "/extension grant @student hw3 2d",
        "give time that nobody asked for",
        STAFF,
        extension_decisions.grant,
    ),
    Command(
        "/submit",
        "",
        "/submit [assignment] [link]",
        "hand something in; without a link a form opens for a text, a file and whom you worked with",
        STUDENTS,
        hand_ins.command,
    ),
    Command(
        "/grade-queue",
        "",
        "/grade-queue [assignment]",
        "what waits to be graded: yours first, then what is free",
        STAFF,
        grading.command,
    ),
    Command(
        "/office-hours",
        "",
        "/office-hours",
        "what is on next and free to book; for TAs their own hours",
        EVERYONE,
        office_hours.command,
    ),
    Command("/office-hours", "add", "/office-hours add", "add weekly hours", STAFF, office_hours.add_form),
    Command(
        "/office-hours",
        "book",
        "/office-hours book [assignment]",
        "the three soonest slots with a TA while you are awake",
        STUDENTS,
        bookings.book,
    ),
    Command(
        "/office-hours",
        "mine",
        "/office-hours mine",
        "what you have booked, and how to change it",
        STUDENTS,
        bookings.mine,
    ),
    Command(
        "/office-hours",
        "coverage",
        "/office-hours coverage",
        "where hours are missing, and where nobody comes",
        ORGANIZERS,
        coverage.command,
    ),
    Command(
        "/office-hours",
        "events",
        "/office-hours events",
        "sections, talks and socials, with the ways to come",
        EVERYONE,
        events.what_is_on,
    ),
    Command(
        "/checkin",
        "",
        "/checkin [12 hours, stuck on backprop]",
        "say how your week goes; without words a short form opens",
        STUDENTS,
        check_ins.command,
    ),
    Command(
        "/cohort",
        "event",
        "/cohort event [name]",
        "sections, talks, socials and coworking hours: plan, announce, change, cancel",
        ORGANIZERS,
        events.command,
    ),
    Command("/cohort", "", "/cohort help", "what you can do here", EVERYONE, not_known),
    Command("/cohort", "help", "/cohort help", "what you can do here", EVERYONE, help_me),
    Command("/cohort", "policy", "/cohort policy", "the programme's rules in plain words", EVERYONE, cohort.policy),
    Command(
        "/cohort",
        "messages",
        "/cohort messages",
        "what I write to you about, and how to change it",
        STUDENTS,
        choices.messages,
    ),
    Command(
        "/cohort",
        "progress",
        "/cohort progress [@student]",
        "what is passed, what is left, and what may be left out; for TAs a student's, by name",
        EVERYONE,
        graduation.progress,
    ),
    Command(
        "/cohort",
        "ask",
        "/cohort ask [why does step 2 hold?]",
        "ask a TA, in private; you decide whether it is shared",
        STUDENTS,
        shared_questions.ask,
    ),
    Command(
        "/cohort",
        "questions",
        "/cohort questions [words]",
        "what others asked and shared, with the answers and without names",
        EVERYONE,
        shared_questions.find,
    ),
    Command(
        "/cohort",
        "leave",
        "/cohort leave",
        "leave the programme; undone with one press for some days",
        STUDENTS,
        leavings.form,
    ),
    Command(
        "/cohort",
        "check-ins",
        "/cohort check-ins",
        "how the cohort's weeks go, in sums: hours, mood, obstacles, answers",
        ORGANIZERS,
        check_ins.week,
    ),
    Command(
        "/cohort",
        "follow-up",
        "/cohort follow-up @student [why]",
        "have somebody follow a student up",
        STAFF,
        follow_ups.open_for,
    ),
    Command(
        "/cohort",
        "follow-ups",
        "/cohort follow-ups [mine | unowned | overdue | all]",
        "see the students you follow up; organizers see everyone's",
        STAFF,
        follow_ups.listed,
    ),
    Command(
        "/cohort",
        "excuse-section",
        "/cohort excuse-section @student [2026-07-06]",
        "excuse a student from the sections of a week: this one, or the one of a day",
        STAFF,
        sections.excuse,
    ),
    Command(
        "/cohort", "duty", "/cohort duty [questions] [@ta] [2026-07-06]", "who answers which week", STAFF, roster.duty
    ),
    Command(
        "/cohort",
        "away",
        "/cohort away [until friday | back]",
        "hand over what you hold while you are away; no reason is asked",
        STAFF,
        handovers.away,
    ),
    Command(
        "/cohort",
        "mistake",
        "/cohort mistake hw3",
        "say that something in an assignment was our mistake",
        STAFF,
        mistakes.form,
    ),
    Command(
        "/cohort",
        "handover",
        "/cohort handover @ta [to @other] [until friday]",
        "hand over what somebody holds who is away",
        ORGANIZERS,
        handovers.hand_over,
    ),
    Command("/cohort", "graders", "/cohort graders [hw3 @ta @ta]", "who grades what", ORGANIZERS, graders.command),
    Command(
        "/cohort",
        "conflict",
        "/cohort conflict @ta @student [remove]",
        "whose work a TA is never offered",
        ORGANIZERS,
        graders.conflict,
    ),
    Command(
        "/cohort",
        "pause",
        "/cohort pause @student [until friday]",
        "let a student rest: nothing is due; until a day, or until you bring them back",
        ORGANIZERS,
        roster.pause,
    ),
    Command("/cohort", "resume", "/cohort resume @student", "bring a student back", ORGANIZERS, roster.resume),
    Command(
        "/cohort", "withdraw", "/cohort withdraw @student", "note that a student has left", ORGANIZERS, roster.withdraw
    ),
    Command(
        "/cohort",
        "track",
        "/cohort track @student name",
        "move a student to another track, after both plans are shown",
        ORGANIZERS,
        tracks.track,
    ),
    Command(
        "/cohort",
        "excuse",
        "/cohort excuse @student hw3 reason",
        "waive an assignment; the student reads the reason",
        ORGANIZERS,
        roster.excuse,
    ),
    Command(
        "/cohort",
        "assignment",
        "/cohort assignment hw3 [move 2d | cancel | release]",
        "move or cancel work for everyone, or tell the grades that are held, after a preview",
        ORGANIZERS,
        assignments_desk.command,
    ),
    Command(
        "/cohort",
        "hours",
        "/cohort hours",
        "how long work takes, as estimated and as students reported",
        ORGANIZERS,
        estimates.command,
    ),
    Command(
        "/cohort",
        "digest",
        "/cohort digest",
        "the last seven days: who moved and why, what is overdue, what waits; for TAs those they follow",
        STAFF,
        digest.command,
    ),
    Command(
        "/cohort",
        "fairness",
        "/cohort fairness",
        "how groups of five and more students fare, in sums",
        ORGANIZERS,
        fairness.command,
    ),
    Command(
        "/cohort",
        "integrity",
        "/cohort integrity",
        "what graders asked you to look at, in confidence",
        ORGANIZERS,
        integrity.cases,
    ),
    Command(
        "/cohort",
        "roster",
        "/cohort roster [name]",
        "everyone who is here; add someone, or change role, status, track and accommodation",
        ORGANIZERS,
        desk_forms.roster,
    ),
    Command(
        "/cohort",
        "assignments",
        "/cohort assignments [hw3]",
        "all the work; add some, or change what it is called and asks",
        ORGANIZERS,
        desk_forms.assignments,
    ),
    Command(
        "/cohort",
        "rotas",
        "/cohort rotas [hw3]",
        "whose each duty, assignment and section is; change weeks, turns and owners",
        ORGANIZERS,
        rotas.command,
    ),
    Command(
        "/cohort",
        "history",
        "/cohort history @student | hw3",
        "what happened to a student or a piece of work, in words",
        ORGANIZERS,
        organizers.happened,
    ),
    Command(
        "/cohort",
        "export",
        "/cohort export [roster]",
        "a table as a CSV file, into your direct messages",
        ORGANIZERS,
        organizers.export,
    ),
    Command("/cohort", "unlinked", "/cohort unlinked", "whose Slack account is not known", ORGANIZERS, roster.unlinked),
)


def for_role(role: Role) -> list[Command]:
    """Return what someone of a role can type, each line once."""
    seen: dict[str, Command] = {}
    for command in COMMANDS:
        if role in command.roles:
            seen.setdefault(command.usage, command)
    return list(seen.values())
