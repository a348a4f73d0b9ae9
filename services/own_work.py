"""An assignment as one student owes it, read from the records: by track, chosen, dropped, or to be tried again."""

from datetime import datetime

from cohort.own_work import Arrangements
from cohort.roster import Member
from storage.records import Records


def arrangements_of(records: Records, student: Member, now: datetime) -> Arrangements:
    """Return what is arranged for a student, as it is known at an instant."""
    return records.own_work.of(student.id, student.track, now)
