"""Reports as text, as data and as a page: the same findings, and nothing that could run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from small_exam import TINY

from examgen.bank import find_templates
from examgen.check import Finding, Report, Verdict, check
from examgen.check.data import reports_json
from examgen.check.page import page, write_page
from examgen.check.summary import WIDTH, report_lines, sentence
from examgen.template import parse_templates

BLUNT = TINY.replace("answers: dL/dw, w'", "answers: dL/dw, w'\n    tolerance: 9000")


@pytest.fixture(scope="module")
def sound() -> Report:
    """A report in which everything holds."""
    return check(parse_templates(TINY, "tiny.yaml"), 120)


@pytest.fixture(scope="module")
def blunt() -> Report:
    """A report in which something fails."""
    return check(parse_templates(BLUNT.replace("id: tiny", "id: blunt"), "blunt.yaml"), 120)


# --- terminal ------------------------------------------------------------------------------------


def test_a_line_a_finding(sound: Report) -> None:
    """With its verdict before it; nothing to explain where all holds."""
    lines = list(report_lines(sound))
    assert lines[0] == "tiny: A tiny graph"
    assert lines[1] == "  120 variants"
    heads = [line for line in lines if line.startswith(("  PASS", "  WARN", "  FAIL"))]
    assert [line.split()[1] for line in heads] == [f.name.split()[0] for f in sound.findings]
    assert not [line for line in lines if line.strip().startswith(("why:", "do:"))]


def test_reasons_and_remedies_stand_below(blunt: Report) -> None:
    """What fails says why, and what to do."""
    text = "\n".join(report_lines(blunt))
    place = text.index("FAIL  detected")
    assert "why:" in text[place:]
    assert "do:" in text[place:]


def test_lines_fit_a_terminal(sound: Report, blunt: Report) -> None:
    """Long names stand on a line of their own; long words alone are wider."""
    long = Finding(
        "a name longer than its column", Verdict.FAIL, "word " * 40, "why " * 40, "do " * 40
    )
    for report in (sound, blunt, replace(sound, findings=(long,))):
        assert max(map(len, report_lines(report))) <= WIDTH


def test_one_sentence_says_all(sound: Report, blunt: Report) -> None:
    """What fails by name; warnings are counted."""
    assert sentence([sound]) == f"PASS: all {len(sound.findings)} findings hold."
    assert sentence([sound, blunt]).startswith("FAIL: blunt (detected, ")
    assert "tiny" not in sentence([sound, blunt])
    assert re.search(r", \d warnings?\.$", sentence([blunt]))


# --- data ----------------------------------------------------------------------------------------


def test_data_has_keys_that_stay(sound: Report, blunt: Report) -> None:
    """Another version would be another number at the top."""
    data = json.loads(reports_json([sound, blunt]))
    assert (data["version"], data["passed"]) == (1, False)
    assert set(data) == {"version", "passed", "reports"}
    one = data["reports"][0]
    assert set(one) == {
        "id", "title", "verdict", "variants", "structures", "findings", "acceptance", "guessable",
        "separation", "effort", "distributions",
    }  # fmt: skip
    assert set(one["findings"][0]) == {"name", "verdict", "seen", "why", "advice"}
    assert set(one["acceptance"][0]) == {"structure", "rate", "room", "conditions"}
    assert set(one["separation"][0]["groups"][0]) == {
        "part", "slots", "applicable", "detected", "identified", "possible", "bars", "floors",
        "mistakes", "alike",
    }  # fmt: skip
    assert one["verdict"] == "pass"
    assert data["reports"][1]["verdict"] == "fail"


def test_data_is_the_same_every_time(sound: Report) -> None:
    """How long drawing took is left out; what is no number is null."""
    again = check(parse_templates(TINY, "tiny.yaml"), 120)
    assert reports_json([again]) == reports_json([sound])
    assert "seconds" not in reports_json([sound])
    assert "NaN" not in reports_json([check(find_templates("residual-two-heads"), 100)])


# --- page ----------------------------------------------------------------------------------------


def test_the_page_holds_everything(sound: Report, blunt: Report) -> None:
    """The sentence first, then every finding, then the figures."""
    text = page([sound, blunt])
    assert sentence([sound, blunt]) in text
    for report in (sound, blunt):
        assert all(finding.name in text for finding in report.findings)
        assert all(one.name in text for one in report.figures.distributions)
        assert all(name in text for one in report.figures.separations for name, _ in one.rows)
    assert text.count("<details>") == text.count("</details>") > 8
    assert text.count("<svg") == text.count("</svg>") > 10


def test_the_page_needs_nothing_and_runs_nothing(sound: Report) -> None:
    """No script, no address, nothing to load; the same bytes every time."""
    text = page([sound])
    assert not re.search(r"<script|https?:|src=|@import|url\(", text)
    assert "default-src 'none'" in text
    assert page([sound]) == text


def test_what_an_author_wrote_is_no_markup(sound: Report) -> None:
    """Titles, conditions and reasons come from files of others."""
    nasty = "<img src=x onerror=alert(1)>"
    finding = Finding("file", Verdict.FAIL, nasty, nasty, nasty)
    text = page(
        [replace(sound, id=nasty, title=nasty, findings=(finding,), structures=(nasty,) * 2)]
    )
    assert "<img" not in text
    assert text.count("&lt;img") >= 6


def test_a_report_without_figures_is_a_page(tmp_path: Path) -> None:
    """A file that cannot be read has one finding and nothing else."""
    report = Report("bad.yaml", "", (Finding("file", Verdict.FAIL, "no such file"),))
    write_page([report], tmp_path / "check.html")
    text = (tmp_path / "check.html").read_text(encoding="utf-8")
    assert "no such file" in text
    assert "<details>" not in text
