"""The looks at a whole cohort, at 1,000, 10,000 and 100,000 students, beside plain SQL over the same rows."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from tests.bench.measuring import ROOT, Finding

SIZES = (1_000, 10_000, 100_000)
GROWTH = {10_000: 1.2, 100_000: 1.3}
BESIDE_SQL = 10.0
MEGABYTES = 300


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one size took: a student's microseconds and those of plain SQL, round by round, and the memory at most."""

    students: int
    swept: Sequence[float]
    read: Sequence[float]
    by_job: dict[str, float]
    found: int
    megabytes: float


def measure() -> list[Finding]:
    """Measure each size in a process of its own, since what one of them needed most is all that is known of memory."""
    sweeps = [_in_a_process(size) for size in SIZES]
    return [finding for sweep in sweeps for finding in _findings(sweep, sweeps[0])]


def _in_a_process(size: int) -> Sweep:
    command = [sys.executable, "-m", "tests.bench.one_sweep", str(size)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Sweep(**json.loads(done.stdout))


def _findings(sweep: Sweep, first: Sweep) -> list[Finding]:
    beside = sum(sweep.swept) / sum(sweep.read)
    size = f"{sweep.students:,} students"
    findings = [
        Finding(f"{size}, time beside plain SQL", f"{beside:.1f}", f"at most {BESIDE_SQL:.0f}", beside <= BESIDE_SQL),
        Finding(f"{size}, memory", f"{sweep.megabytes:.0f} MB", f"under {MEGABYTES} MB", sweep.megabytes < MEGABYTES),
        Finding(f"{size}, messages written", str(sweep.found)),
    ]
    most = GROWTH.get(sweep.students)
    if most is not None:
        growth = fmean(sweep.swept) / fmean(first.swept)
        findings.insert(
            0,
            Finding(
                f"{size}, a student's time beside that of {first.students:,}",
                f"{growth:.2f} ({_of_jobs(sweep, first)})",
                f"at most {most}",
                growth <= most,
            ),
        )
    return findings


def _of_jobs(sweep: Sweep, first: Sweep) -> str:
    return ", ".join(f"{job} {took / first.by_job[job]:.2f}" for job, took in sweep.by_job.items())


def as_json(sweep: Sweep) -> str:
    """Return a sweep as the text that goes from its process to this one."""
    return json.dumps(asdict(sweep))
