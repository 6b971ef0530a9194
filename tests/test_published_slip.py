"""A published walkthrough of backpropagation through time with one early slip, as a sheet."""

from __future__ import annotations

import csv
from pathlib import Path

from small_exam import run, students, write_exam

from examgen.answer_key import make_manifest
from examgen.exam import draw_exam, load_exam
from examgen.manifest_file import write_manifest

DATA = Path(__file__).parent / "data"

PRINTED = {
    "h_1": "0.4621",
    "yhat_1": "0.9242",
    "h_2": "0.7790",  # tanh(1.04621) is 0.7802
    "yhat_2": "1.558",
    "dL_dyhat_2": "-0.442",
    "dL_dh_2": "-0.884",
    "dL_da_2": "-0.3475",
    "dL_dw_xh_2": "-0.695",
    "dL_dw_hh_2": "-0.1606",
}
"""What the walkthrough prints."""
WORKED_ON = {
    "dL_dyhat_1": "-0.0758",  # 0.9242 - 1
    "dL_dh_1": "-0.1864",  # -0.0758 * 2 + -0.3475 * 0.1 = -0.1516 - 0.0348
    "dL_da_1": "-0.1466",  # -0.1864 * (1 - 0.4621^2) = -0.1864 * 0.7865
    "dL_dw_xh_1": "-0.1466",  # times 1
    "dL_dw_xh": "-0.8416",  # -0.695 - 0.1466
    "dL_dw_hh": "-0.1606",  # h_0 is 0
    "dL_dw_hy": "-0.3794",  # -0.0758 * 0.4621 - 0.442 * 0.7790 = -0.0350 - 0.3443
}
"""The rest in the same way, by hand."""
RIGHT = {"h_1", "yhat_1", "dL_dyhat_1", "dL_dh_1", "dL_da_1", "dL_dw_xh_1"}
"""The slip's share of what comes back to step 1 is 0.0001: these are right within the tolerance."""


def test_the_slip_is_charged_once_and_carried_ever_after(tmp_path: Path) -> None:
    """h_2 is wrong; values, derivatives, contributions of the steps and their sums follow."""
    text = (DATA / "prachub-bptt.yaml").read_text(encoding="utf-8")
    exam = load_exam(write_exam(tmp_path, ["{use: ./walk.yaml}"], {"walk.yaml": text}))
    manifest = make_manifest(exam, draw_exam(exam, 1), students(1))
    write_manifest(manifest, tmp_path / "manifest.json")
    answers = {f"q1.{slot}": number for slot, number in {**PRINTED, **WORKED_ON}.items()}
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["student", *answers], [manifest.students.student[0], *answers.values()]])
    done = run("grader", "grade", tmp_path / "answers.csv", "-m", tmp_path / "manifest.json",
               "-o", tmp_path / "out", "--no-report")  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out/details.csv").open(encoding="utf-8", newline="") as file:
        lines = {line["slot"].removeprefix("q1."): line for line in csv.DictReader(file)}
    assert set(lines) == set(PRINTED) | set(WORKED_ON)
    verdicts = {slot: line["verdict"] for slot, line in lines.items()}
    assert verdicts.pop("h_2") == "wrong"
    assert verdicts == {slot: "right" if slot in RIGHT else "follows" for slot in verdicts}
    assert "h[2] (q1.h_2)" in lines["yhat_2"]["note"]
    with (tmp_path / "out/grades.csv").open(encoding="utf-8", newline="") as file:
        (grade,) = csv.DictReader(file)
    assert (grade["total"], grade["max"]) == ("15", "16")
