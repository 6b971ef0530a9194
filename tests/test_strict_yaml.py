"""Strict YAML: what is read means what it looks like; all else is refused with its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from calls import within
from hypothesis import given
from hypothesis import strategies as st

from examgen.errors import ExamgenError
from examgen.strict_yaml import DEEPEST, MOST_BYTES, MOST_EVENTS, load, print_path, read


def problems(text: str | bytes) -> list[str]:
    """What a text is refused with, as `line: path: message`."""
    with pytest.raises(ExamgenError) as refused:
        load(text, "f.yaml")
    return [str(problem).removeprefix("f.yaml:").strip() for problem in refused.value.problems]


# --- scalars ---


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2", 2),
        ("+2", 2),
        ("-17", -17),
        ("0", 0),
        ("-0", 0),
        ("1e-3", Fraction(1, 1000)),
        ("1E+3", Fraction(1000)),
        ("-.5", Fraction(-1, 2)),
        (".5", Fraction(1, 2)),
        ("1.", Fraction(1)),
        ("2.0", Fraction(2)),
        ("0.1", Fraction(1, 10)),
        ("-0.50", Fraction(-1, 2)),
        ("9" * 40, int("9" * 40)),
        ("1e30", Fraction(10) ** 30),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_numbers_are_exact_and_words_few(written: str, value: object) -> None:
    """Numbers, two booleans and three ways to write nothing are what they look like."""
    found = load(f"a: {written}", "f")
    assert found.data == {"a": value}
    assert type(found.data["a"]) is type(value)


TEXTS = ["no", "No", "yes", "on", "off", "y", "n", "True", "FALSE", "Null", "nan", "inf", "1:30"]
TEXTS += [
    "2026-01-02",
    "0x1F",
    "0o17",
    "1/2",
    "1,5",
    "1_a",
    "e3",
    "1e",
    ".",
    "-",
    "+",
    "--1",
    "1.2.3",
]
TEXTS += ["−2", "٣", "dL/dw'", "h[t-1] + x[t]", "a#b", "Compute $\\hat y_1$.", "=", "1 2", "<<"]


@pytest.mark.parametrize("written", [text for text in TEXTS if text != "-"])
def test_all_else_is_text(written: str) -> None:
    """Words, dates, times, other notations and formulas are text as written."""
    assert load(f"a: {written}", "f").data == {"a": written}


@pytest.mark.parametrize("inside", ["12", "1e-3", "true", "null", "012", "1_000", ".inf", "~", ""])
@pytest.mark.parametrize("form", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
def test_quoted_and_block_scalars_are_text(inside: str, form: str) -> None:
    """Quotes and blocks make text of whatever they hold."""
    assert load(f"a: {form.format(inside)}", "f").data == {"a": inside}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("012", "write 12, or '012' in quotes"),
        ("-007", "write -7, or"),
        ("00", "write 0, or"),
        ("00.50", "write 0.50, or"),
        ("1_000", "leave '_' out"),
        ("1_0.5e-1_0", "leave '_' out"),
        (".inf", "not a finite number"),
        ("-.Inf", "not a finite number"),
        (".NaN", "not a finite number"),
        ("1" * 41, "more than 40 digits"),
        ("0." + "0" * 60 + "1", "more than 40 digits"),
        ("1e31", "beyond ±30"),
        ("1e-9999999999", "beyond ±30"),
        ("1e" + "9" * 5000, "beyond ±30"),
    ],
)
def test_doubtful_numbers_are_refused(written: str, reason: str) -> None:
    """What other readers take for another number, or none can hold, is refused with advice."""
    (problem,) = problems(f"b: 1\na:\n- {written}")
    assert problem.startswith("3: a[0]: ")
    assert reason in problem


@pytest.mark.parametrize(
    "key", ["1", "no", "y", "012", "1e-3", "true", "null", "x[*]", "dL/dw'", "1_0"]
)
def test_keys_are_text(key: str) -> None:
    """A key is the text that was written, whatever it looks like."""
    assert load(f"{key}: 1", "f").data == {key: 1}


# --- places ---

EXAM = """\
# a comment
id: cell
graph:
  step:
    s[t]: h[t-1]
    i[t]: >-
      a
      b

parts:
- ask: one
  points:
  - 3
  - 1
-
  ask: two
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("id",), 2),
        (("graph",), 3),
        (("graph", "step", "i[t]"), 6),
        (("parts",), 10),
        (("parts", 0), 11),
        (("parts", 0, "points"), 12),
        (("parts", 0, "points", 1), 14),
        (("parts", 1), 16),
        (("parts", 1, "points"), 16),
        (("parts", 7, "points"), 10),
        (("graph", "recurrent_cell", "step", "s[t]", "[key]"), 5),
        (("missing",), 2),
    ],
)
def test_every_place_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    """A path gives the line of its deepest place, also with steps in it that name no place."""
    found = load(EXAM, "exam.yaml")
    assert found.line(path) == line
    problem = found.problem(path, "wrong")
    assert (problem.file, problem.line) == ("exam.yaml", line)


def test_paths_print_as_people_write_them() -> None:
    """Keys are joined by dots and list items stand in brackets."""
    assert print_path(("graph", "step", "i[t]")) == "graph.step.i[t]"
    assert print_path(("parts", 2, "points", 0)) == "parts[2].points[0]"
    assert print_path(()) == ""


# --- what is refused ---


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", "3: 'a' is given twice, first on line 1"),
        ("g:\n  '1': 1\n  1: 2", "3: g: '1' is given twice, first on line 2"),
        ("a: &x 1", "1: a: '&x' names a place; write out what"),
        ("a: 1\nb: *x", "2: b: '*x' refers to another place; write it out"),
        ("*x : 1", "1: ?: '*x' refers to another place"),
        ("&x a: 1", "1: '&x' names a place"),
        ("a: !!python/object:os.system x", "1: a: the tag '!!python/object:os.system'"),
        ("a: !!str 5", "1: a: the tag '!!str'"),
        ("a: ! 5", "1: a: the tag '!'"),
        ("a: !x [1]", "1: a: the tag '!x'"),
        ("!!set {a, b}", "1: the tag '!!set'"),
        ("!!str a: 5", "1: the tag '!!str'"),
        ("<<: {a: 1}", "1: '<<' merges another mapping in"),
        ("a:\n  - ? [1, 2]\n    : 3", "2: a[0]: a key must be plain text"),
        ("{a: 1}: 2", "1: a key must be plain text"),
        ("'': 1", "1: there is no key before ':'"),
        ("a\u200b: 1", "1: the key holds an invisible character (U+200B zero width space)"),
        ("\u00a0a: 1", "1: the key holds an invisible character (U+00A0 no-break space)"),
        ("a: 1\n---\nb: 2", "2: a second document begins here"),
        ('a: "$\\theta$"', "1: a: the text holds U+0009 control character: in double quotes"),
        ('a: "$\\beta$"', "1: a: the text holds U+0008"),
        ('a: "$\\nabla$"', "1: a: a line break inside $...$: in double quotes"),
        ('a: "\\ud800"', "1: a: the text holds U+D800"),
        ("a:\n- 1\n - 2", "2: a[0]: a '- ' on the next line is read as text"),
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("---\n", "the file is empty"),
        ("~", "the file is empty"),
        ("a: 1\nb: \0", "2: a character that no text has: U+0000 control character"),
        ("a: 1\r\nb: \x1b", "2: a character that no text has: U+001B"),
        ("a: \u2028", "1: a character that no text has: U+2028 line separator"),
        ("a: \ufeff", "1: a character that no text has: U+FEFF"),
        ("a: \ud800", "1: a character that no text has: U+D800"),
    ],
)
def test_what_misleads_is_refused(text: str, problem: str) -> None:
    """What YAML allows and people misread is refused, once, with its place."""
    (found,) = problems(text)
    assert found.startswith(problem)


SYNTAX = [
    ("\ta: 1", "1: a tab stands where YAML wants spaces; replace it with spaces (column 1)"),
    ("a:\n  b: 1\n\tc: 2", "3: a tab"),
    ("a:\tb", "1: a tab"),
    ("a: b: c", "1: a second ': ' in one value; put the text in single quotes"),
    ("a: 1\n  b: 2", "2: a deeper line under a key that has a value already"),
    ("a:\n  b: 1\n c: 2", "3: this line is indented unlike the lines above"),
    ("a: - b", "1: a list that begins beside its key"),
    ("a: ? b", "1: a value cannot begin with '? '"),
    ("a: 1\nfoo\nb: 2", "2: this line has no ': '"),
    ("a: 1\n- b", "2: a list item among keys"),
    ("- a\nb: 1", "2: a key among list items"),
    ("a: @x", "1: a value cannot begin with '@'; put the text in single quotes"),
    ("a: %x", "1: a value cannot begin with '%'"),
    ("a: *", "1: a value that begins with '*' is a reference"),
    ("a: & b", "1: a value that begins with '&' is a reference"),
    ("a: !e!x y", "1: a value that begins with '!' is a tag"),
    ("a: 'abc\nb: 2", "1: a quote that is never closed (column 4)"),
    ("a: 'abc\n---\nb: 2", "1: a quote that is never closed"),
    ("a: 'it's'", "1: more text after a value that was complete"),
    ("a: {eta} is", "1: more text after a value that was complete"),
    ("a: [1, 2]]", "1: a ']' that closes nothing"),
    ("a: }", "1: a value is missing"),
    ("a: [yhat[1], w]", "1: '[' inside a value of a [...]"),
    ("a: [1, 2\nb: 3", "2: ',' or ']' was expected here; close the bracket of line 1"),
    ("a: {b: 1\n", "1: a bracket that is never closed: '}' is missing"),
    (
        'a: "$\\hat y$"',
        "1: in double quotes a backslash begins an escape; use single quotes for TeX",
    ),
    ('a: "\\xi"', "1: in double quotes a backslash"),
    ('a: "\\U00110000"', "1: an escape that is no character"),
    ("a: |x\n b", "1: after '|' or '>' the text begins on the next line"),
    ("a: 1\n...\nb: 2", "3: text outside the document"),
    ("%YAML 2.0\n---\na: 1", "1: this is not YAML: found incompatible YAML document"),
]


@pytest.mark.parametrize(("text", "problem"), SYNTAX)
def test_syntax_errors_say_what_to_do(text: str, problem: str) -> None:
    """The parser's errors become one sentence with line, column and the usual cause."""
    (found,) = problems(text)
    assert found.startswith(problem)
    assert found.split("\n")[0].endswith(")")
    assert "(column " in found


def test_all_problems_come_at_once() -> None:
    """One pass reports everything up to where the text cannot be read any more, in line order."""
    text = "a: 012\nb: {c: &x 1, c: *x}\n? [1e99, .nan]\n: .inf\nd: !y\ne: @"
    found = problems(text)
    assert [int(problem.split(":")[0]) for problem in found] == [1, 2, 2, 2, 3, 3, 3, 4, 5, 6]
    assert "d: the tag '!y'" in found[8]
    assert "never closed" in problems("a: [\n 012,\n 013")[0]


def test_a_flood_of_problems_is_cut_short() -> None:
    """Of thousands of problems the first fifty are shown, and the number of the others."""
    found = problems("a: 012\n" * 1000)
    assert len(found) == 51
    assert found[50].endswith("and 1949 more problems")


def test_files_are_read_or_refused(tmp_path: Path) -> None:
    """A file's name stands in its problems; encodings with a mark are read; others refused."""
    path = tmp_path / "é.yaml"
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_bytes("ŷ: 1\r\nb: 2".encode(codec))
        assert read(path).data == {"ŷ": 1, "b": 2}
        assert load(path.read_bytes(), "f").line(("b",)) == 2
    path.write_bytes("a: 1\nb: ü".encode("latin-1"))
    for wrong, message in ((path, r"é\.yaml:2: this is not UTF-8"), (tmp_path, "this is a folder")):
        with pytest.raises(ExamgenError, match=message):
            read(wrong)
    with pytest.raises(ExamgenError, match="no such file"):
        read(tmp_path / "missing.yaml")


# --- bounds ---

BOMB = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 10_000_000, "larger than 256 KiB"),
        ("[" * MOST_BYTES, "nested deeper than 30"),
        ("{" * MOST_BYTES, "nested deeper than 30"),
        ("- " * (MOST_BYTES // 2), "nested deeper than 30"),
        ("? " * (MOST_BYTES // 2), "nested deeper than 30"),
        ("[\n" * (MOST_BYTES // 2), "nested deeper than 30"),
        ("".join(" " * i + "a:\n" for i in range(200)), "nested deeper than 30"),
        ("a: " * (MOST_BYTES // 3), "a second ': '"),
        (f"a: [{'1,' * MOST_EVENTS}]", "too many values"),
        (BOMB, "write it out"),
        ("'" * (MOST_BYTES - 1), "never closed"),
        ("&a " * (MOST_BYTES // 3), "names a place"),
        ("!" * MOST_BYTES, "the tag '!!"),
        ("&" + "a" * (MOST_BYTES - 1), "names a place"),
        ("? " + "a" * (MOST_BYTES - 10) + "\n: *a", "refers to another place"),
        ("x: " + "1" * (MOST_BYTES - 3), "more than 40 digits"),
        ("x: " + "1_" * (MOST_BYTES // 3) + "1", "leave '_' out"),
    ],
)
def test_hostile_texts_end_quickly(text: str, reason: str) -> None:
    """Nesting, floods and bombs are refused with little work, without exhausting the stack."""
    found: list[str] = []
    assert within(20_000_000, lambda: found.extend(problems(text)))
    assert any(reason in problem for problem in found)
    assert max(map(len, found)) < 300


def test_the_deepest_allowed_nesting_is_read() -> None:
    """Thirty levels are fine."""
    found = load("[" * DEEPEST + "]" * DEEPEST, "f")
    assert found.line((0,) * (DEEPEST - 1)) == 1
    assert str(found.data) == "[" * DEEPEST + "]" * DEEPEST
    assert "nested deeper" in problems("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))[0]
    assert load(f"[{'[],' * (2 * DEEPEST)}]", "f").data == [[]] * (2 * DEEPEST)


# --- properties ---

SAFE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(10**39), 10**39) | SAFE
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcno yYé1[]:*#'\"-", min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
).filter(lambda data: data is not None)


class Dumper(yaml.SafeDumper):
    """Quotes every text, so that only the reader under test decides what is one."""

    def ignore_aliases(self, data: object) -> bool:
        """Equal lists are written out each time."""
        return True


Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'")
)


@given(DATA, st.booleans(), st.sampled_from([20, 80, 10_000]))
def test_what_is_dumped_is_read(data: object, flow: bool, width: int) -> None:
    """Any nested data that a YAML writer writes, in blocks or flows, is read back as it was."""
    text = yaml.dump(data, Dumper=Dumper, default_flow_style=flow, width=width, allow_unicode=True)
    assert load(text, "f").data == data


@given(st.fractions(), st.integers(-30, 30))
def test_decimals_are_read_exactly(value: Fraction, exponent: int) -> None:
    """A decimal with an exponent is the fraction that it stands for, with no rounding."""
    digits = value.numerator % 10**12
    sign = "-" if value < 0 else ""
    written = f"{sign}{digits // 1000}.{digits % 1000:03}e{exponent}"
    expected = Fraction(digits, 1000) * Fraction(10) ** exponent
    assert load(written, "f").data == (-expected if value < 0 else expected)


@given(st.text(max_size=80) | st.text("a:-[]{}\"'&*!|>?%@#, \n\t1.e_", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is read as plain data, or refused with problems that name the file."""
    try:
        problems, lines = (), set(load(text, "f.yaml").lines.values())
    except ExamgenError as error:
        problems, lines = error.problems, set()
    assert bool(problems) != bool(lines)
    assert {problem.file for problem in problems} <= {"f.yaml"}
    assert lines | {problem.line for problem in problems} <= set(range(len(text) + 2))
