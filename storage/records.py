"""All records of one connection, a room a feature."""

import sqlite3

from storage.asking import AskingRecords
from storage.assignments import AssignmentRecords
from storage.audit import AuditRecords
from storage.bookings import BookingRecords
from storage.brakes import BrakeRecords
from storage.check_ins import CheckInRecords
from storage.choices import ChoiceRecords
from storage.coverage import CoverageRecords
from storage.deliveries import DeliveryRecords
from storage.digest import DigestRecords
from storage.duties import DutyRecords
from storage.events import EventRecords
from storage.extensions import ExtensionRecords
from storage.fairness import FairnessRecords
from storage.follow_ups import FollowUpRecords
from storage.graders import GraderRecords
from storage.grading import GradingRecords
from storage.hand_ins import HandInRecords
from storage.handovers import HandoverRecords
from storage.help import HelpRecords
from storage.history import HistoryRecords
from storage.home import HomeRecords
from storage.integrity import IntegrityRecords
from storage.jobs import JobRecords
from storage.joining import JoiningRecords
from storage.ladder import LadderRecords
from storage.lease import LeaseRecords
from storage.leavings import LeavingRecords
from storage.mistakes import MistakeRecords
from storage.new_plans import NewPlanRecords
from storage.nudges import NudgeRecords
from storage.office_hours import OfficeHoursRecords
from storage.open_hours import OpenHoursRecords
from storage.outbox import OutboxRecords
from storage.own_work import OwnWorkRecords
from storage.pauses import PauseRecords
from storage.plain_words import UnclearWords
from storage.policies import PolicyRecords
from storage.programme import ProgrammeRecords
from storage.regrades import RegradeRecords
from storage.requests import RequestRecords
from storage.risk import RiskRecords
from storage.roster import RosterRecords
from storage.shared_questions import SharedQuestionRecords
from storage.signs import SignRecords
from storage.submissions import SubmissionRecords
from storage.waitlist import WaitlistRecords


class Records:
    """The records as services see them; each attribute is one module of SQL."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.programme = ProgrammeRecords(connection)
        self.policies = PolicyRecords(connection)
        self.roster = RosterRecords(connection)
        self.pauses = PauseRecords(connection)
        self.assignments = AssignmentRecords(connection)
        self.submissions = SubmissionRecords(connection)
        self.hand_ins = HandInRecords(connection)
        self.graders = GraderRecords(connection)
        self.grading = GradingRecords(connection)
        self.handovers = HandoverRecords(connection)
        self.regrades = RegradeRecords(connection)
        self.integrity = IntegrityRecords(connection)
        self.own_work = OwnWorkRecords(connection)
        self.requests = RequestRecords(connection)
        self.extensions = ExtensionRecords(connection)
        self.duties = DutyRecords(connection)
        self.nudges = NudgeRecords(connection)
        self.brakes = BrakeRecords(connection)
        self.choices = ChoiceRecords(connection)
        self.asking = AskingRecords(connection)
        self.shared_questions = SharedQuestionRecords(connection)
        self.history = HistoryRecords(connection)
        self.joining = JoiningRecords(connection)
        self.unclear_words = UnclearWords(connection)
        self.mistakes = MistakeRecords(connection)
        self.office_hours = OfficeHoursRecords(connection)
        self.bookings = BookingRecords(connection)
        self.coverage = CoverageRecords(connection)
        self.open_hours = OpenHoursRecords(connection)
        self.waitlist = WaitlistRecords(connection)
        self.events = EventRecords(connection)
        self.check_ins = CheckInRecords(connection)
        self.leavings = LeavingRecords(connection)
        self.risk = RiskRecords(connection)
        self.signs = SignRecords(connection)
        self.fairness = FairnessRecords(connection)
        self.digest = DigestRecords(connection)
        self.home = HomeRecords(connection)
        self.ladder = LadderRecords(connection)
        self.follow_ups = FollowUpRecords(connection)
        self.help = HelpRecords(connection)
        self.new_plans = NewPlanRecords(connection)
        self.outbox = OutboxRecords(connection)
        self.audit = AuditRecords(connection)
        self.deliveries = DeliveryRecords(connection)
        self.jobs = JobRecords(connection)
        self.lease = LeaseRecords(connection)
