"""Lines of prose: the best there are, and what they are made of."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import combinations, pairwise

import pyphen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examgen.typeset import REGULAR, Box, Formula, Run, layout, lines, text_box, verbatim_lines
from examgen.typeset.breaking import segments, source, word_parts
from examgen.typeset.hyphens import hyphen_points
from examgen.typeset.justify import MOST_STRETCH, STRETCH
from examgen.typeset.linebreak import NEVER, Demands, Part, best_breaks

SIZE = 10.5
ENGLISH = (
    r"A recurrent cell computes $s_t = h_{t-1} + x_t$ and $h_t = w s_t + h_{t-1}$ for two steps, "
    r"beginning with the state $h_0 = 0$. Backpropagation through time adds the contributions of "
    r"both steps, $\frac{\partial L}{\partial w} = \sum_t \frac{\partial L}{\partial w[t]}$, and "
    "gradient descent then changes the weight. "
)
GERMAN = (
    r"Berechnen Sie im Rückwärtsdurchlauf die Ableitungen der Verlustfunktion nach den Gewichten; "
    r"die Aktivierungsfunktion der versteckten Schicht ist $\sigma(z) = \frac{1}{1 + e^{-z}}$, und "
    r"für jede Zwischengröße $h_t$ gilt die Kettenregel. "
)


def text_of(box: Box) -> str:
    """All characters of a line in the order in which they are read."""
    return "".join(run.text for run in box.runs)


def words_of(found: Sequence[Box]) -> str:
    """What is copied off the lines, words put together again that were divided."""
    return " ".join("".join(text_of(line) for line in found).replace("\u00ad", "").split())


def demerits_of(ends: Sequence[int], parts: Sequence[Part], width: float, at: Demands) -> float:
    """The demerits of lines by the book, infinite where one of them is impossible."""
    total, before, flagged = 0.0, 1, False
    for a, b in pairwise((0, *ends)):
        line, last = parts[a:b], b == len(parts)
        end = line[-1]
        if not last and end.penalty >= at.dearest and not at.anywhere:
            return math.inf
        spare = width - sum(p.width for p in line) - sum(p.blank for p in line[:-1])
        spare -= 0.0 if last else end.hyphen
        give = sum(p.shrink if spare < 0 else p.stretch for p in line[:-1])
        ratio = spare / (give or (1.0 if spare >= 0 else 1e-9))
        ratio = 0.0 if last and spare >= 0 else ratio
        if ratio < -1 or 100 * abs(ratio) ** 3 > at.badness:
            return math.inf
        badness = 100 * abs(ratio) ** 3
        fit = (ratio >= -0.5) + (ratio > 0.5) + (ratio > 1.0)
        total += (10 + badness) ** 2 + (0.0 if last else penalty_of(end) ** 2)
        total += 10_000 if abs(fit - before) > 1 else 0
        total += 10_000 if flagged and end.flagged and not last else 0
        total += 5_000 if flagged and last else 0
        total += 10_000 if last and a and -spare + width < at.shortest else 0
        before, flagged = fit, end.flagged and not last
    return total


def penalty_of(part: Part) -> float:
    """That of a break after the part; a forbidden one is far worse than any line."""
    return part.penalty if part.penalty < NEVER else 1e8


PARTS = st.lists(
    st.builds(
        Part,
        width=st.integers(3, 40).map(float),
        blank=st.just(3.0),
        stretch=st.sampled_from([0.0, 1.5, 3.0]),
        shrink=st.sampled_from([0.0, 1.0]),
        penalty=st.sampled_from([0.0, 0.0, 50.0, 500.0, NEVER]),
        hyphen=st.sampled_from([0.0, 0.0, 2.0]),
        flagged=st.booleans(),
    ),
    min_size=1,
    max_size=10,
)
DEMANDS = st.sampled_from(
    [Demands(100.0), Demands(200.0, 500.0, shortest=12.0), Demands(), Demands(anywhere=True)]
)


@settings(max_examples=150, deadline=None)
@given(PARTS, st.integers(42, 120).map(float), DEMANDS)
def test_no_other_breaks_are_better(parts: list[Part], width: float, at: Demands) -> None:
    """Of all ways to break a paragraph none has fewer demerits, and none is overlooked."""
    inner = range(1, len(parts))
    every = [(*c, len(parts)) for n in range(len(parts)) for c in combinations(inner, n)]
    least = min(demerits_of(ends, parts, width, at) for ends in every)
    found = best_breaks(parts, width, at)
    if found is None:
        assert least == math.inf
    else:
        assert demerits_of(found, parts, width, at) == pytest.approx(least)


def test_first_fit_is_beaten() -> None:
    """A first line is left a little loose where a filled one would make the second gape."""
    parts = [Part(w, 10.0, 5.0, 3.0) for w in (20.0, 20.0, 20.0, 10.0, 75.0, 90.0)]
    assert best_breaks(parts, 100.0, Demands()) == (3, 5, 6)


def test_a_tight_line_is_not_followed_by_a_loose_one() -> None:
    """Neighbouring lines are as alike as can be."""
    widths = (30.0, 21.0, 22.0, 26.0, 25.0, 24.0, 15.0, 13.0, 24.0)
    parts = [Part(width, 4.0, 3.0, 1.0) for width in widths]
    assert best_breaks(parts, 80.0, Demands()) == (3, 5, 8, 9)


@pytest.mark.parametrize("width", [45.0, 70.0, 110.0, 200.0, 330.0, 479.0])
@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (ENGLISH, "")])
def test_lines_keep_to_their_width_and_to_the_text(text: str, language: str, width: float) -> None:
    """No line is too wide, none gapes, and no word or sign is lost."""
    found = lines(text * 2, width, SIZE, REGULAR, language)
    assert max(line.width for line in found) <= width + 0.01
    widest = (1 + MOST_STRETCH * STRETCH) * text_box(" ", REGULAR, SIZE).width
    assert all(gap <= widest + 0.01 for line in found for gap in blanks(line))
    assert squeezed(found) == squeezed(lines(text * 2, 1e4, SIZE))


def squeezed(found: Sequence[Box]) -> str:
    """The words without blanks: a formula that is broken is copied with one."""
    return words_of(found).replace(" ", "")


def blanks(line: Box) -> list[float]:
    """How wide the blanks of a line are that stand between words."""
    natural = text_box(" ", REGULAR, SIZE).width
    return [
        natural + SIZE * kern
        for run in line.ink
        if isinstance(run, Run) and run.kerns
        for char, kern in zip(run.text, run.kerns, strict=False)
        if char == " "
    ]


def test_full_lines_are_justified() -> None:
    """In a line of a page's width nothing is left ragged but its end."""
    found = lines(ENGLISH * 3, 479.0, SIZE)
    assert all(line.width == pytest.approx(479.0) for line in found[:-1])
    assert found[-1].width < 479.0


def test_words_and_blanks_are_one_run() -> None:
    """Between formulas a line is one run of glyphs, its blanks widened by kerns."""
    line = lines("Two plain words and $x$ and more of them in a row. " * 3, 200.0, SIZE)[0]
    first, unit, *_ = line.ink
    assert isinstance(first, Run)
    assert first.text == "Two plain words and "
    assert len(first.kerns) == len(first.glyphs)
    assert isinstance(unit, Formula)
    ends = first.x + text_box(first.text, REGULAR, SIZE).width + SIZE * first.kerns[3] * 4
    assert ends == pytest.approx(unit.x, abs=0.05)


def test_formula_is_one_unit_with_its_tex() -> None:
    """An unbroken formula is the box that the setter makes of it, and says its TeX."""
    (line,) = lines("Give $a = b$.", 200.0, SIZE)
    units = [part for part in line.ink if isinstance(part, Formula)]
    assert [unit.tex for unit in units] == ["a = b"]
    assert units[0].box == layout("a = b", SIZE)


def test_broken_formula_is_a_unit_a_line_with_its_own_tex() -> None:
    """What stands on a line of a broken formula says that much of it, ending in a sign."""
    tex = r"\frac{a = b}{c} = w_{11} x_1 + w_{12} x_2 + b = z"
    found = lines(f"${tex}$", 60.0, SIZE)
    units = [part.tex for line in found for part in line.ink if isinstance(part, Formula)]
    assert len(units) > 1
    assert all(unit[-1] in "=+" for unit in units[:-1])
    assert "".join(units).replace(" ", "") == tex.replace(" ", "")


def test_line_ends_at_the_ink_of_a_sign() -> None:
    """The space after a sign falls away where a line ends with it."""
    first, second = segments("a = b", SIZE)
    assert first.gap > 0.0
    assert first.box.width + first.gap + second.box.width == pytest.approx(
        layout("a = b", SIZE).width
    )
    assert (first.penalty, second.penalty) == (500.0, NEVER)
    assert segments("a + b", SIZE)[0].penalty == 700.0


@pytest.mark.parametrize("tex", ["-a", r"\hat y", r"(a, b)", r"\left( a + b = c \right)", "a' ="])
def test_formula_without_inner_sign_is_not_broken(tex: str) -> None:
    """A sign at the edge or in brackets that grow is no place to end a line."""
    assert len(segments(tex, SIZE)) == 1


def test_source_of_what_cannot_be_told_is_the_whole() -> None:
    """The TeX of a part is cut out of the whole; braces and signs within parts do not mislead."""
    assert source(r"a_{i+1} + b \le c", 0, 1, SIZE) == "a_{i+1} +"
    assert source(r"a_{i+1} + b \le c", 1, 3, SIZE) == r"b \le c"


def test_a_tie_binds() -> None:
    """No line ends at a no-break space, which is copied as a blank."""
    for width in range(60, 120, 3):
        found = lines("on page\u00a07 of the\u00a0$n$ pages", float(width), SIZE)
        assert not any(text_of(line).strip().endswith(("page", "the")) for line in found)
        assert words_of(found) == "on page 7 of the n pages"


@pytest.mark.parametrize(("words", "width"), [(2, 360.0), (5, 380.0), (6, 220.0), (10, 250.0)])
def test_a_short_formula_stays_with_its_word(words: int, width: float) -> None:
    """Of two good ways to break that one is taken which does not part "weight" from its sign."""
    text = f"{'a ' * words}computes the derivative by the weight $w$ and others. " * 3
    ends = [text_of(line).strip() for line in lines(text, width, SIZE)]
    assert not any(end.endswith("weight") for end in ends)


@pytest.mark.parametrize(
    ("word", "language", "parts"),
    [
        ("propagation", "en", "prop-a-ga-tion"),
        ("Aktivierung", "de", "Ak-ti-vie-rung"),
        ("rückwärts", "de", "rück-wärts"),
        ("Hinton", "en", "Hinton"),
        ("ReLU", "de", "ReLU"),
        ("LSTM", "de", "LSTM"),
        ("propagation", "", "propagation"),
        ("propagation", "fr", "propagation"),
        ("only", "en", "only"),
    ],
)
def test_words_are_divided_as_their_language_does(word: str, language: str, parts: str) -> None:
    """Names, codes and words of no known language are not divided, and no part lacks a vowel."""
    points = hyphen_points(word, language)
    assert "-".join(word[a:b] for a, b in pairwise((0, *points, len(word)))) == parts


@pytest.mark.parametrize("language", ["en", "de"])
def test_patterns_are_read_as_pyphen_reads_them(language: str) -> None:
    """The places are pyphen's own."""
    oracle = pyphen.Pyphen(lang={"en": "en_US", "de": "de_DE"}[language], left=2, right=3)
    words = set(re.findall(r"\b[a-zäöüß]{5,}\b", (ENGLISH if language == "en" else GERMAN).lower()))
    words = {word for word in words if "ck" not in word}  # see `rückwärts` above
    assert len(words) >= 9
    for word in sorted(words):
        assert list(hyphen_points(word, language)) == list(oracle.positions(word))


@pytest.mark.parametrize("width", [-1.0, 0.0, 3.0, 9.0, 16.0])
def test_no_width_is_too_small(width: float) -> None:
    """Even where not a letter fits there are lines with all there is on them."""
    found = lines("A word, $x = y$.", width, SIZE, REGULAR, "en")
    assert squeezed(found) == "Aword,x=y."
    assert lines("", width, SIZE) == lines(" ", width, SIZE) == ()


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("(computes,", ["(com", "putes,"]),
        ("step-by-step", ["step-", "by-", "step"]),
        ("2-2-2", ["2-2-2"]),
        ("x-axis", ["x-axis"]),
        ("learning_rate", ["learning_rate"]),
        ("propagation2", ["propagation2"]),
        ("a\u00adbc", ["a", "bc"]),
    ],
)
def test_what_surrounds_a_word_is_left_alone(word: str, parts: list[str]) -> None:
    """Punctuation sticks, dashes between words may end a line, and codes are whole."""
    assert [part for part, _ in word_parts(word, "en")] == parts


def test_a_hyphen_is_copied_as_a_soft_one() -> None:
    """A word that was divided can be put together again, and no blank is copied within it."""
    found = lines("through backpropagation of derivatives " * 6, 120.0, SIZE, REGULAR, "en")
    divided = [text_of(line) for line in found if "\u00ad" in text_of(line)]
    assert divided
    assert all(line.endswith("\u00ad") for line in divided)
    assert words_of(found) == ("through backpropagation of derivatives " * 6).strip()


def test_names_are_never_divided_at_hyphens() -> None:
    """What is printed verbatim is cut only where no line holds it."""
    found = verbatim_lines("backpropagation " * 8, 100.0, SIZE)
    assert {text_of(line).strip() for line in found} == {"backpropagation"}
    assert words_of(verbatim_lines("W" * 90, 100.0, SIZE)) == "W" * 90
