"""What `examgen check` is given: questions of the bank, template files, exam files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from examgen.bank import find_templates
from examgen.check.examined import check_exam
from examgen.check.findings import judged
from examgen.check.report import FILE, VARIANTS, Report, check
from examgen.errors import ExamgenError
from examgen.exam import MOST_BYTES, load_exam
from examgen.files import read_text
from examgen.strict_yaml import salvage


def check_named(which: str, variants: int = VARIANTS, seed: int = 0) -> tuple[Report, ...]:
    """Reports on a question of the bank, a template file, or all of an exam file and the exam.

    seed: for questions; an exam has its own. What cannot be read is a report with one finding.
    """
    try:
        if is_exam(which):
            return check_exam(load_exam(Path(which)), variants)
        return (check(find_templates(which), variants, seed),)
    except ExamgenError as error:
        finding = judged(FILE, True, str(error))
        return (Report(which, "", (finding,)),)


def is_exam(which: str) -> bool:
    """Whether this names an exam file; its content tells, `questions:` in the place of `parts:`."""
    if not which.endswith((".yaml", ".yml")):
        return False
    with suppress(ExamgenError):  # told by who reads it in earnest
        data = salvage(read_text(Path(which), MOST_BYTES), which).data
        return isinstance(data, dict) and "questions" in data
    return False
