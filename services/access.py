"""Who may do what: the predicates, and the only ways to get someone's object for an actor."""

from datetime import datetime

from cohort.assignments import Assignment, closest_names, named
from cohort.errors import CohortError, NotActive, NotAllowed, NotFound, WrongRole
from cohort.extensions import ExtensionRequest
from cohort.hand_ins import HandIn
from cohort.roster import Member, Role
from services.desk import Desk
from storage.records import Records


def member_of(slack_id: str, desk: Desk) -> Member | None:
    """Return the member that a Slack account is linked to."""
    with desk.store.reading() as records:
        return records.roster.by_slack_id(slack_id)


def organizers(now: datetime, desk: Desk) -> list[Member]:
    """Return whom somebody can turn to whom the bot does not know."""
    with desk.store.reading() as records:
        return [member for member in records.roster.with_role(Role.ORGANIZER) if member.is_active(now)]


def require_active(actor: Member, now: datetime) -> None:
    """Raise NotActive for someone who is paused, not here yet, or gone."""
    if not actor.is_active(now):
        raise NotActive(actor.status.value)


def require_staff(actor: Member, action: str, now: datetime) -> None:
    """Raise NotAllowed unless the actor is an active TA or organizer."""
    if not actor.is_staff:
        raise NotAllowed(action, "TAs and organizers")
    require_active(actor, now)


def require_organizer(actor: Member, action: str, now: datetime) -> None:
    """Raise NotAllowed unless the actor is an active organizer."""
    if actor.role is not Role.ORGANIZER:
        raise NotAllowed(action, "organizers")
    require_active(actor, now)


def require_student(actor: Member, action: str, now: datetime) -> None:
    """Raise NotAllowed unless the actor is an active student."""
    if actor.role is not Role.STUDENT:
        raise NotAllowed(action, "students")
    require_active(actor, now)


def assignment(records: Records, reference: str) -> Assignment:
    """Return the assignment of an id, slug or title. Raises NotFound with the closest names."""
    found = records.assignments.get(reference) or records.assignments.with_slug(reference.strip())
    if found is not None:
        return found
    everything = records.assignments.all()
    found = named(everything, reference)
    if found is None:
        raise NotFound("assignment", reference, closest_names(everything, reference))
    return found


def assignment_and_rest(records: Records, text: str) -> tuple[Assignment, str]:
    """Return the assignment whose slug or title a text starts with, the longest that fits, and what follows it.

    Raises NotFound with the names closest to the first word.
    """
    everything, words = records.assignments.all(), text.split()
    for count in range(len(words), 0, -1):
        found = named(everything, " ".join(words[:count]))
        if found is not None:
            return found, " ".join(words[count:])
    first = words[0] if words else ""
    raise NotFound("assignment", first, closest_names(everything, first))


def student(records: Records, reference: str, now: datetime) -> Member:
    """Return the active student of a Slack id, email, member id or name.

    Raises NotFound, also for staff, and NotActive for a student who is paused or gone.
    """
    found = must_be_student(person(records, reference))
    if not found.is_active(now):
        raise NotActive(found.status.value, about_self=False)
    return found


def staff(records: Records, reference: str, now: datetime) -> Member:
    """Return the active TA or organizer of a Slack id, email, member id or name. Raises NotFound and NotActive."""
    found = person(records, reference)
    if not found.is_staff:
        raise NotFound("TA or organizer", found.called)
    if not found.is_active(now):
        raise NotActive(found.status.value, about_self=False)
    return found


def must_be_student(found: Member) -> Member:
    """Return a student. Raises WrongRole, a NotFound, for staff."""
    if found.role is not Role.STUDENT:
        raise WrongRole("student", found.called, role=found.role.value)
    return found


def must_be_staff(found: Member) -> Member:
    """Return a TA or an organizer. Raises WrongRole, a NotFound, for students."""
    if not found.is_staff:
        raise WrongRole("TA", found.called, role=found.role.value)
    return found


def person(records: Records, reference: str) -> Member:
    """Return the member of a Slack id, email, member id or unique name. Raises NotFound."""
    found = (
        records.roster.by_slack_id(reference)
        or records.roster.get(reference)
        or records.roster.by_email(reference)
        or _by_name(records, reference)
    )
    if found is None:
        raise NotFound("person", reference)
    return found


def _by_name(records: Records, reference: str) -> Member | None:
    wanted = reference.casefold()
    fitting = [m for m in records.roster.all() if wanted in {m.name.casefold(), m.preferred_name.casefold()}]
    return fitting[0] if len(fitting) == 1 else None


def request_to_decide(records: Records, request_id: str, actor: Member, now: datetime) -> ExtensionRequest:
    """Return a request for someone who may decide it. Raises NotAllowed or NotFound."""
    require_staff(actor, "extensions.decide", now)
    return _request(records, request_id)


def own_request(records: Records, request_id: str, actor: Member) -> ExtensionRequest:
    """Return a student's own request. Raises NotAllowed for anyone else's."""
    found = _request(records, request_id)
    if found.student_id != actor.id:
        raise NotAllowed("extensions.withdraw", "the student who asked")
    return found


def _request(records: Records, request_id: str) -> ExtensionRequest:
    found = records.requests.get(request_id)
    if found is None:
        raise NotFound("request", request_id)
    return found


def hand_in(records: Records, hand_in_id: str) -> HandIn:
    """Return something handed in by id, whoever asks. Raises NotFound."""
    found = records.hand_ins.get(hand_in_id)
    if found is None:
        raise NotFound("hand-in", hand_in_id)
    return found


def hand_in_to_grade(records: Records, hand_in_id: str, actor: Member, now: datetime) -> HandIn:
    """Return something handed in for staff without a conflict of interest. Raises NotAllowed or NotFound."""
    require_staff(actor, "grading.see", now)
    found = hand_in(records, hand_in_id)
    never = records.graders.in_conflict(actor.id)
    if never and any(s.student_id in never for s in records.submissions.of_hand_in(found.id)):
        raise NotAllowed("grading.see", "graders without a conflict of interest")
    return found


def note_refused(actor: Member, error: NotAllowed, subject: str, now: datetime, desk: Desk) -> None:
    """Audit that someone tried what they may not, in a transaction of its own."""
    with desk.store.transaction() as records:
        records.audit.add(actor.id, "refused", subject, now, detail=error.action)


def known(records: Records, member_id: str) -> Member:
    """Return a member whom a record refers to; the foreign key holds that they exist."""
    found = records.roster.get(member_id)
    if found is None:
        raise CohortError(f"no member {member_id}")
    return found
