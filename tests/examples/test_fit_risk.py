"""What the weights are fitted on, without the library that fits them: the very facts that the bot goes by."""

from pathlib import Path

from cohort.risk import along_of
from cohort.risk_weights import BASE, FITTED
from examples.fit_risk import columns, difference, rows

TABLES = {
    "courses": "code_module,code_presentation,module_presentation_length\nAAA,2013J,200\n",
    "assessments": (
        "code_module,code_presentation,id_assessment,assessment_type,date,weight\n"
        "AAA,2013J,1,TMA,20,50\nAAA,2013J,2,TMA,80,50\nAAA,2013J,3,Exam,199,100\n"
    ),
    "studentInfo": ("code_module,code_presentation,id_student,final_result\nAAA,2013J,7,Pass\nAAA,2013J,8,Withdrawn\n"),
    "studentRegistration": (
        "code_module,code_presentation,id_student,date_registration,date_unregistration\n"
        "AAA,2013J,7,-10,\nAAA,2013J,8,-10,70\n"
    ),
    "studentAssessment": "id_assessment,id_student,date_submitted,score\n1,7,18,90\n2,7,79,85\n",
}


def test_everyone_is_a_row_on_every_day_they_take_part(tmp_path: Path) -> None:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    found = list(rows(tmp_path))
    assert [(row.day, row.fails) for row in found] == [
        (30, False),
        (30, True),
        (60, False),
        (60, True),
        *((day, False) for day in (90, 120, 150, 180)),
    ]
    assert {row.presentation for row in found} == {"AAA 2013J"}
    diligent, silent = found[0], found[1]
    assert sum(silent.strengths) > sum(diligent.strengths)


def test_a_ramp_weighs_early_and_late_in_proportion(tmp_path: Path) -> None:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    row = next(iter(rows(tmp_path)))
    shown = columns(row)
    assert len(shown) == 2 * (1 + len(FITTED))
    assert shown[:2] == [1 - along_of(30 / 200), along_of(30 / 200)]
    assert [early + late for early, late in zip(shown[0::2], shown[1::2], strict=True)] == [1.0, *row.strengths]


def test_it_says_by_how_much_weights_differ_from_those_in_use() -> None:
    weights = [*BASE, *(weight for ramp in FITTED for weight in (ramp.early, ramp.late))]
    assert difference(weights) == "All as in cohort/risk_weights.py."
    weights[4] += 0.5
    assert difference(weights) == f"1 of {len(weights)} differ from cohort/risk_weights.py, the most by 0.50."
