"""Who may do what: every command, press and form by every role, given to the running program as Slack would."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from slack_bolt import BoltRequest

from cohort.extensions import RequestExtension
from cohort.hand_ins import LINK, HandInWork
from cohort.wishes import ForDays
from handlers.commands import COMMANDS
from handlers.registration import LISTENING
from services.extensions import request_extension
from services.hand_ins import Received, submit
from tests.conftest import NOON
from tests.e2e.conftest import Programme

STUDENT, TA, ORGANIZER, PAUSED, GONE, STRANGER = "ada", "tara", "orla", "bo", "tom", "zed"
ROLES = (STUDENT, TA, ORGANIZER, PAUSED, GONE, STRANGER)
STAFF = {TA, ORGANIZER}
ON_ROSTER = {STUDENT, TA, ORGANIZER, PAUSED, GONE}
NOBODY: set[str] = set()

# What is typed, and who of the six may do it. Chen's open request is what it is about.
TYPED: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("/extension", ""): ("hw4 1d", {STUDENT}),
    ("/extension", "list"): ("list", {STUDENT, PAUSED} | STAFF),
    ("/extension", "grant"): ("grant chen@example.org hw4 9d", STAFF),
    ("/submit", ""): ("hw4 https://example.org/hw4", {STUDENT}),
    ("/grade-queue", ""): ("hw3", STAFF),
    ("/office-hours", ""): ("", {STUDENT} | STAFF),
    ("/office-hours", "add"): ("add", STAFF),
    ("/office-hours", "events"): ("events", {STUDENT} | STAFF),
    ("/cohort", "event"): ("event", {ORGANIZER}),
    ("/checkin", ""): ("12 hours, stuck", {STUDENT}),
    ("/cohort", "roster"): ("roster ada", {ORGANIZER}),
    ("/cohort", "assignments"): ("assignments", {ORGANIZER}),
    ("/cohort", "rotas"): ("rotas", {ORGANIZER}),
    ("/cohort", "history"): ("history hw3", {ORGANIZER}),
    ("/cohort", "export"): ("export roster", {ORGANIZER}),
    ("/cohort", "ask"): ("ask How does it go?", {STUDENT}),
    ("/cohort", "questions"): ("questions proofs", {STUDENT} | STAFF),
    ("/cohort", "leave"): ("leave", {STUDENT, PAUSED}),
    ("/cohort", "check-ins"): ("check-ins", {ORGANIZER}),
    ("/cohort", "follow-up"): ("follow-up chen@example.org", STAFF),
    ("/cohort", "follow-ups"): ("follow-ups", STAFF),
    ("/office-hours", "book"): ("book hw4", {STUDENT}),
    ("/office-hours", "mine"): ("mine", {STUDENT}),
    ("/office-hours", "coverage"): ("coverage", {ORGANIZER}),
    ("/cohort", "assignment"): ("assignment hw3 release", {ORGANIZER}),
    ("/cohort", ""): ("", ON_ROSTER),
    ("/cohort", "help"): ("help", ON_ROSTER),
    ("/cohort", "policy"): ("policy", ON_ROSTER),
    ("/cohort", "messages"): ("messages", {STUDENT}),
    ("/cohort", "progress"): ("progress chen@example.org", STAFF),
    ("/cohort", "duty"): ("duty tara@example.org", STAFF),
    ("/cohort", "away"): ("away", STAFF),
    ("/cohort", "handover"): ("handover tara@example.org", {ORGANIZER}),
    ("/cohort", "graders"): ("graders hw3 tara@example.org", {ORGANIZER}),
    ("/cohort", "conflict"): ("conflict tara@example.org chen@example.org", {ORGANIZER}),
    ("/cohort", "mistake"): ("mistake hw3", STAFF),
    ("/cohort", "pause"): ("pause chen@example.org", {ORGANIZER}),
    ("/cohort", "resume"): ("resume chen@example.org", {ORGANIZER}),
    ("/cohort", "withdraw"): ("withdraw chen@example.org", {ORGANIZER}),
    ("/cohort", "track"): ("track chen@example.org none", {ORGANIZER}),
    ("/cohort", "excuse"): ("excuse chen@example.org hw3 was ill", {ORGANIZER}),
    ("/cohort", "excuse-section"): ("excuse-section chen@example.org 2026-07-06", STAFF),
    ("/cohort", "hours"): ("hours", {ORGANIZER}),
    ("/cohort", "digest"): ("digest", STAFF),
    ("/cohort", "fairness"): ("fairness", {ORGANIZER}),
    ("/cohort", "integrity"): ("integrity", {ORGANIZER}),
    ("/cohort", "unlinked"): ("unlinked", {ORGANIZER}),
}
# What is pressed: on which of Chen's things, and who may.
PRESSED: dict[str, tuple[str, set[str]]] = {
    **{f"plain_words.do{place}": ("extension|hw4 1d", {STUDENT}) for place in ("", "_1", "_2", "_3")},
    "plain_words.show": ("", NOBODY),
    "plain_words.keep": ("", {STUDENT} | STAFF),
    "extensions.form": ("asg_hw4", {STUDENT}),
    "extensions.talk_please": ("asg_hw4", {STUDENT}),
    "extensions.withdraw": ("request", NOBODY),
    "hand_ins.form": ("asg_hw4", {STUDENT}),
    "hand_ins.part": ("asg_hw4", {STUDENT}),
    "hand_ins.choose": ("asg_hw4", {STUDENT}),
    "hand_ins.let_go": ("asg_hw4", {STUDENT}),
    "hand_ins.leave": ("hand_in", NOBODY),
    "extensions.approve": ("request", STAFF),
    "extensions.approve_other": ("request", STAFF),
    "extensions.decline": ("request", STAFF),
    "extensions.talk_first": ("request", STAFF),
    "extensions.reason": ("request", STAFF),
    "grading.page": ("0:", STAFF),
    "grading.filter": ("all", STAFF),
    "grading.claim_next": ("", STAFF),
    "grading.claim": ("hin_chen", STAFF),
    "grading.release": ("hin_chen", STAFF),
    "grading.open": ("hin_chen", STAFF),
    "grading.file": ("hin_chen", STAFF),
    "grading.form": ("hin_chen", STAFF),
    "integrity.flag": ("hin_chen", STAFF),
    "integrity.look": ("int_chen", {ORGANIZER}),
    "integrity.clear": ("int_chen", {ORGANIZER}),
    "integrity.uphold": ("int_chen", {ORGANIZER}),
    "regrades.form": ("grd_chen", NOBODY),
    "regrades.somebody_else": ("rgd_chen", NOBODY),
    "regrades.answer": ("rgd_chen", STAFF),
    "assignments_desk.release": ("asg_hw3", {ORGANIZER}),
    "tracks.switch": ("mem_chen||none", {ORGANIZER}),
    "assignments_desk.move": ("asg_hw4||2026-07-13T00:00:00+00:00", {ORGANIZER}),
    "assignments_desk.cancel": ("asg_hw4", {ORGANIZER}),
    "graduation.drop": ("asg_hw4", {STUDENT}),
    "graduation.take_back": ("asg_hw4", {STUDENT}),
    "dropped_files.apply": ("F0UNKNOWN:aa", STAFF),
    "handovers.form": ("", STAFF),
    "handovers.back": ("", STAFF),
    "handovers.undo": ("hov_tom", {ORGANIZER}),
    "nudges.take": ("offer", NOBODY),
    "nudges.take_all": ("nudge", NOBODY),
    "nudges.handed_in": ("asg_hw4", {STUDENT}),
    "nudges.started": ("asg_hw4", {STUDENT}),
    "nudges.stuck": ("asg_hw4", {STUDENT}),
    "nudges.not_yet": ("asg_hw4", {STUDENT}),
    "asking.form": ("asg_hw4", {STUDENT}),
    "asking.answer": ("qst_chen", STAFF),
    "asking.pass_on": ("qst_chen", STAFF),
    "asking.withdraw": ("qst_chen", NOBODY),
    "asking.helped": ("qst_chen", NOBODY),
    "asking.still_stuck": ("qst_chen", NOBODY),
    "asking.share": ("qst_chen", NOBODY),
    "joining.count_in": ("", {STUDENT}),
    "joining.wrong": ("", {STUDENT} | STAFF),
    "joining.dates": ("", {STUDENT}),
    "joining.accept": ("", {STUDENT}),
    "desk.roster": ("", {ORGANIZER}),
    "desk.assignments": ("", {ORGANIZER}),
    "desk.export": ("", {ORGANIZER}),
    "desk_forms.roster": ("", {ORGANIZER}),
    "desk_forms.assignments": ("", {ORGANIZER}),
    "desk.rotas": ("", {ORGANIZER}),
    "rotas.weeks": ("questions", {ORGANIZER}),
    "rotas.turns": ("extensions", {ORGANIZER}),
    "rotas.graders": ("asg_hw3", {ORGANIZER}),
    "rotas.leader": ("evt_none", {ORGANIZER}),
    "exports.send": ("roster", {ORGANIZER}),
    "history.page": ("0|asg_hw3", {ORGANIZER}),
    "asking.take_back": ("qst_chen", NOBODY),
    "asking.offer_slot": ("qst_chen", STAFF),
    "bookings.overview_of": ("ta:mem_tara", {STUDENT}),
    "office_hours.week": ("", STAFF),
    "office_hours.add": ("", STAFF),
    "office_hours.series": ("srs_none", STAFF),
    "office_hours.ending": ("srs_none", STAFF),
    "office_hours.date": ("ses_none", STAFF),
    "events.list": ("", {STUDENT} | STAFF),
    "events.on": ("evt_none", {STUDENT}),
    "events.off": ("evt_none", {STUDENT}),
    "events.wish": ("evt_none", {STUDENT}),
    "events.add": ("", {ORGANIZER}),
    "events.change": ("evt_none", {ORGANIZER}),
    "events.announce": ("evt_none", {ORGANIZER}),
    "events.cancel": ("evt_none", {ORGANIZER}),
    "events.recording": ("evt_none", {ORGANIZER}),
    "attendance.list": ("evt_none", STAFF),
    "attendance.here": ("evt_none", {STUDENT}),
    "groups.form": ("evt_none", STAFF),
    "groups.tell": ("evt_none", STAFF),
    "bookings.overview": ("", {STUDENT}),
    "bookings.mine": ("", {STUDENT}),
    "bookings.filter": ("all", {STUDENT}),
    "bookings.page": ("1|all", {STUDENT}),
    "bookings.open": ("asg_hw4", {STUDENT}),
    "bookings.form": ("slt_none|asg_hw4", {STUDENT}),
    "bookings.move": ("bkg_chen", NOBODY),
    "bookings.cancel": ("bkg_chen", NOBODY),
    "waitlist.form": ("", {STUDENT}),
    "open_hours.join": ("ses_none", {STUDENT}),
    "open_hours.about": ("lin_none", {STUDENT}),
    "open_hours.step_out": ("lin_none", {STUDENT}),
    "open_hours.come_back": ("lin_none", {STUDENT}),
    "open_hours.leave": ("lin_none", {STUDENT}),
    "open_hours.next": ("ses_none|", STAFF),
    "open_hours.group": ("ses_none", STAFF),
    "open_hours.no_answer": ("lin_none", STAFF),
    "open_hours.done": ("grp_none", STAFF),
    "no_shows.enter": ("bkg_none|absent", STAFF),
    "waitlist.join": ("day:2026-07-08:", {STUDENT}),
    "waitlist.leave": ("wai_none", {STUDENT}),
    "waitlist.take": ("wai_none", {STUDENT}),
    "waitlist.decline": ("wai_none", {STUDENT}),
    "unstuck.yes": ("bkg_chen", NOBODY),
    "unstuck.not_yet": ("bkg_chen", NOBODY),
    "check_ins.mood": ("chk_none|3", {STUDENT}),
    "check_ins.obstacle": ("chk_none|1", {STUDENT}),
    "check_ins.form": ("chk_none", {STUDENT}),
    "check_ins.skip": ("chk_none", {STUDENT}),
    "check_ins.snooze": ("chk_none", {STUDENT}),
    "check_ins.pause": ("chk_none", {STUDENT}),
    "check_ins.office_hours": ("chk_none", {STUDENT}),
    "check_ins.extension": ("chk_none", {STUDENT}),
    "check_ins.talk": ("chk_none", {STUDENT}),
    "check_ins.nothing": ("chk_none", {STUDENT}),
    "distress.end": ("fup_none", STAFF),
    "leavings.stay": ("lea_none", {STUDENT, PAUSED}),
    "leavings.form": ("", {STUDENT, PAUSED}),
    "leavings.form_for": ("fup_none", STAFF),
    "leavings.why": ("fup_none", STAFF),
    "follow_ups.show": ("fup_none", STAFF),
    "follow_ups.lines": ("fup_none", STAFF),
    "follow_ups.note": ("fup_none", STAFF),
    "follow_ups.contact": ("fup_none", STAFF),
    "follow_ups.together": ("fup_none", STAFF),
    "follow_ups.offer": ("fup_none", STAFF),
    "follow_ups.hand_on": ("fup_none", STAFF),
    "follow_ups.close": ("fup_none", STAFF),
    "follow_ups.back_on_track": ("fup_none", STAFF),
    "ladder.more_days": ("lad_none:more_days", {STUDENT}),
    "ladder.drop": ("lad_none:drop", {STUDENT}),
    "ladder.slot": ("lad_none:slot", {STUDENT}),
    "ladder.lighter_plan": ("lad_none:lighter_plan", {STUDENT}),
    "new_plans.form": ("mem_chen", STAFF),
    "new_plans.accept": ("npl_none", {STUDENT}),
    "new_plans.decline": ("npl_none", {STUDENT}),
    "nudges.refuse": ("missed", {STUDENT}),
    "nudges.allow": ("missed", {STUDENT}),
    "nudges.pause": ("", {STUDENT}),
    "nudges.resume": ("", {STUDENT}),
    "nudges.remind_on": ("", NOBODY),
    "nudges.brake_move": ("brk_hw3", {ORGANIZER}),
    "nudges.brake_cancel": ("brk_hw3", {ORGANIZER}),
    "nudges.brake_carry_on": ("brk_hw3", {ORGANIZER}),
    "home.talk": ("", {STUDENT}),
    "home.progress": ("", ON_ROSTER),
    "home.messages": ("", {STUDENT}),
    "home.questions": ("", STAFF),
    "home.requests": ("", {STUDENT, PAUSED} | STAFF),
    "home.queue": ("", STAFF),
    "home.follow_ups": ("overdue", {ORGANIZER}),
    "home.duty": ("", STAFF),
    "home.digest": ("", STAFF),
    "home.coverage": ("", {ORGANIZER}),
    "home.unlinked": ("", {ORGANIZER}),
}
UNTIL = {"until": {"until": {"type": "datetimepicker", "selected_date_time": 1783900800}}}
SCORE = {"score": {"score": {"type": "plain_text_input", "value": "80"}}}
HOURS: dict[str, Any] = {
    "weekday": {"weekday": {"type": "static_select", "selected_option": {"value": "3"}}},
    "starts": {"starts": {"type": "timepicker", "selected_time": "17:00"}},
    "minutes": {"minutes": {"type": "static_select", "selected_option": {"value": "60"}}},
    "kind": {"kind": {"type": "static_select", "selected_option": {"value": "open"}}},
    "place": {"place": {"type": "plain_text_input", "value": "Room 3"}},
}
SUBMITTED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "extensions.request": (
        {
            "assignment": {"assignment": {"type": "static_select", "selected_option": {"value": "asg_hw4"}}},
            "talk": {"talk": {"type": "checkboxes", "selected_options": [{"value": "talk"}]}},
        },
        {STUDENT},
    ),
    "hand_ins.pick": (
        {"assignment": {"assignment": {"type": "static_select", "selected_option": {"value": "asg_hw4"}}}},
        {STUDENT},
    ),
    "hand_ins.work": ({"link": {"link": {"type": "plain_text_input", "value": "https://example.org/a"}}}, {STUDENT}),
    "regrades.ask": ({"question": {"question": {"type": "plain_text_input", "value": "Why?"}}}, {STUDENT}),
    "regrades.answer": ({"answer": {"answer": {"type": "plain_text_input", "value": "Since"}}}, STAFF),
    "asking.ask": ({"question": {"question": {"type": "plain_text_input", "value": "How?"}}}, {STUDENT}),
    "joining.dates": ({}, {STUDENT}),
    "desk_forms.roster": ({}, {ORGANIZER}),
    "desk_forms.assignments": ({}, {ORGANIZER}),
    "rotas.weeks": ({}, {ORGANIZER}),
    "rotas.turns": ({}, {ORGANIZER}),
    "rotas.graders": ({}, {ORGANIZER}),
    "rotas.leader": ({}, {ORGANIZER}),
    "asking.share": (
        {
            "question": {"question": {"type": "plain_text_input", "value": "How?"}},
            "answer": {"answer": {"type": "plain_text_input", "value": "So."}},
        },
        {STUDENT},
    ),
    "asking.answer": ({"answer": {"answer": {"type": "plain_text_input", "value": "So."}}}, STAFF),
    "events.add": ({}, {ORGANIZER}),
    "events.change": ({}, {ORGANIZER}),
    "events.cancel": ({}, {ORGANIZER}),
    "events.recording": ({}, {ORGANIZER}),
    "attendance.list": ({}, STAFF),
    "groups.form": ({}, STAFF),
    "office_hours.add": (HOURS, STAFF),
    "office_hours.change": (HOURS, STAFF),
    "office_hours.confirm": ({}, STAFF),
    "office_hours.end": ({}, STAFF),
    "office_hours.date": ({}, STAFF),
    "open_hours.about": ({"about": {"about": {"type": "plain_text_input", "value": "hw3"}}}, {STUDENT}),
    "open_hours.group": (
        {"who": {"who": {"type": "checkboxes", "selected_options": [{"value": "lin_none"}]}}},
        STAFF,
    ),
    "open_hours.done": ({"note": {"note": {"type": "plain_text_input", "value": "recursion"}}}, STAFF),
    "waitlist.join": (
        {"wanted": {"wanted": {"type": "static_select", "selected_option": {"value": "day:2026-07-08:"}}}},
        {STUDENT},
    ),
    "bookings.book": (
        {"slot0": {"slot0": {"type": "static_select", "selected_option": {"value": "slt_none"}}}},
        {STUDENT},
    ),
    "bookings.move": (
        {"slot0": {"slot0": {"type": "static_select", "selected_option": {"value": "slt_none"}}}},
        {STUDENT},
    ),
    "grading.grade": (SCORE, STAFF),
    "grading.grade_newer": (SCORE, STAFF),
    "integrity.flag": ({"note": {"note": {"type": "plain_text_input", "value": "Alike."}}}, STAFF),
    "integrity.uphold": (SCORE, {ORGANIZER}),
    "extensions.approve": (UNTIL, STAFF),
    "extensions.decline": ({"reason": {"reason": {"type": "plain_text_input", "value": "no"}}}, STAFF),
    "nudges.brake_move": (UNTIL, {ORGANIZER}),
    "check_ins.answer": ({}, {STUDENT}),
    "leavings.leave": ({"reasons": {"reasons": {"type": "checkboxes", "selected_options": []}}}, {STUDENT, PAUSED}),
    "leavings.leave_for": ({}, STAFF),
    "follow_ups.note": ({"words": {"words": {"type": "plain_text_input", "value": "Called."}}}, STAFF),
    "follow_ups.contact": ({}, STAFF),
    "follow_ups.hand_on": ({"to": {"to": {"type": "users_select", "selected_user": "U0TOM"}}}, STAFF),
    "follow_ups.close": (
        {"outcome": {"outcome": {"type": "static_select", "selected_option": {"value": "no_need"}}}},
        STAFF,
    ),
    "new_plans.show": ({}, STAFF),
    "new_plans.send": ({}, STAFF),
    "handovers.away": ({}, STAFF),
    "mistakes.admit": ({"words": {"words": {"type": "plain_text_input", "value": "Take n > 0."}}}, STAFF),
}
NOTES = {"joinings", "audit", "deliveries", "heartbeat", "job_runs", "lease", "posts", "outbox", "_sqlite_migrations"}
SERIAL = count(1)


def test_everything_that_can_be_done_is_in_the_tables() -> None:
    assert set(TYPED) == {(command.name, command.sub) for command in COMMANDS}
    assert set(PRESSED) == set(LISTENING.presses)
    assert set(SUBMITTED) == set(LISTENING.submissions)


class Hall:
    """A programme in which Chen asked for time, someone is paused and someone is gone."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.ids = {person["name"]: person["id"] for person in programme.admin.people()}
        with programme.desk.store.transaction() as records:
            for name, status in ((PAUSED, "paused"), (GONE, "withdrawn")):
                records.connection.execute("UPDATE members SET status = ? WHERE email LIKE ?", (status, f"{name}@%"))
            chen = records.roster.by_email("chen@example.org")
        assert chen is not None
        answered = request_extension(RequestExtension("hw3", ForDays(9)), chen, NOON, programme.desk)
        self.things = {"request": answered.request_id or "", "offer": "off_chen", "nudge": "ndg_chen"}
        handed_in = submit(HandInWork("final", {LINK: "https://example.org/final"}), chen, NOON, programme.desk)
        assert isinstance(handed_in, Received)
        self.things["hand_in"] = handed_in.hand_in.id
        with programme.desk.store.transaction() as records:
            records.connection.execute(
                "INSERT INTO handovers (id, from_id, made_at) VALUES ('hov_tom', 'mem_tom', ?)",
                ("2026-07-01T12:00:00.000+00:00",),
            )
            records.connection.execute(
                "INSERT INTO nudges (id, student_id, kind, created_at) VALUES ('ndg_chen', ?, 'missed', ?)",
                (chen.id, "2026-07-01T12:00:00.000+00:00"),
            )
            records.connection.execute(
                "INSERT INTO offers (id, student_id, assignment_id, nudge_id, days, lapses_at)"
                " VALUES ('off_chen', ?, 'asg_hw4', 'ndg_chen', 2, '2026-07-20T12:00:00.000+00:00')",
                (chen.id,),
            )

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table but those that only note what went on."""
        with self.programme.desk.store.reading() as records:
            tables = records.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            names = sorted({name for (name,) in tables if not name.startswith("sqlite_")} - NOTES)
            return {name: records.connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in names}  # noqa: S608 - own names

    def refused(self, who: str) -> int:
        with self.programme.desk.store.reading() as records:
            member = records.roster.by_slack_id(self.ids[who])
            return sum(
                line.action == "refused" and line.actor_id == (member and member.id) for line in records.audit.all()
            )

    def dispatch(self, body: dict[str, Any]) -> str:
        """Give a payload to the app as the connection does, and return the acknowledgement as text."""
        response = self.programme.bot.parts.gate.app.dispatch(BoltRequest(mode="socket_mode", body=body))
        assert response.status == 200
        return str(response.body or "")

    def typed(self, who: str, command: str, text: str) -> str:
        body = {"command": command, "text": text, "user_id": self.ids[who], "trigger_id": f"t.{next(SERIAL)}"}
        return self.dispatch(body | {"team_id": "T0COHORT", "channel_id": "D1", "response_url": ""})

    def pressed(self, who: str, action: str, value: str) -> str:
        body = {"type": "block_actions", "user": {"id": self.ids[who]}, "trigger_id": f"t.{next(SERIAL)}"}
        container = {"type": "message", "channel_id": "C1", "message_ts": "1.0", "is_ephemeral": True}
        actions = [{"type": "button", "action_id": action, "block_id": "b", "value": value}]
        return self.dispatch(body | {"team": {"id": "T0COHORT"}, "container": container, "actions": actions})

    def submitted(self, who: str, callback: str, state: dict[str, Any]) -> str:
        view = {"id": f"V{next(SERIAL)}", "type": "modal", "callback_id": callback, "state": {"values": state}}
        body = {"type": "view_submission", "user": {"id": self.ids[who]}, "team": {"id": "T0COHORT"}}
        return self.dispatch(body | {"view": view | {"private_metadata": self.things["request"]}})


@pytest.fixture
def hall(programme: Programme) -> Hall:
    return Hall(programme)


@pytest.mark.parametrize("who", ROLES)
def test_who_may_not_changes_nothing_and_is_told(hall: Hall, who: str) -> None:
    before, tried = hall.rows(), []
    for (command, _), (text, allowed) in TYPED.items():
        if who not in allowed:
            said = json.loads(hall.typed(who, command, text))["text"]
            tried.append((command, text))
            assert len(said) > 20, (command, text)
            assert "Something broke" not in said, (command, text)
    for action, (thing, allowed) in PRESSED.items():
        if who not in allowed:
            hall.pressed(who, action, hall.things.get(thing, thing))
            tried.append((action, thing))
    for callback, (state, allowed) in SUBMITTED.items():
        if who not in allowed:
            hall.submitted(who, callback, state)
            tried.append((callback, ""))
    assert tried
    assert hall.rows() == before


@pytest.mark.parametrize("who", [STUDENT, TA])
def test_who_tries_what_belongs_to_others_is_on_record(hall: Hall, who: str) -> None:
    expected = 0
    for (command, _), (text, allowed) in TYPED.items():
        if who not in allowed:
            hall.typed(who, command, text)
            expected += 1
    for action, (thing, allowed) in PRESSED.items():
        if who not in allowed and allowed:
            hall.pressed(who, action, hall.things.get(thing, thing))
            expected += 1
    for callback, (state, allowed) in SUBMITTED.items():
        if who not in allowed:
            assert "Only" in hall.submitted(who, callback, state)
            expected += 1
    assert hall.refused(who) == expected


@pytest.mark.parametrize("who", ROLES)
def test_who_may_is_not_refused(hall: Hall, who: str) -> None:
    for (command, _), (text, allowed) in TYPED.items():
        if who in allowed:
            said = hall.typed(who, command, text)
            assert "Only " not in said, (command, text, said)
            assert "Something broke" not in said, (command, text, said)
    assert hall.refused(who) == 0


def test_the_last_moment_of_the_forms_lies_in_the_programme() -> None:
    """The forms above name 13 July 2026: after hw4's due time and before the hard end, so that roles decide alone."""
    assert datetime.fromtimestamp(1783900800, UTC) == datetime(2026, 7, 13, tzinfo=UTC)
