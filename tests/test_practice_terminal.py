"""Practice in a terminal: what is on the screen for what is typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import pytest
from practice_desk import Student
from rich.cells import cell_len
from rich.console import Console
from small_exam import UNIT

from examgen.bank import find_templates
from examgen.sheet import Diagram
from grader.practice.desk import Desk
from grader.practice.library import Library
from grader.practice.planner import Plan
from grader.practice.schedule import Limits
from grader.practice.skills.catalogue import catalogue_of
from grader.practice.terminal import Talk
from grader.practice.terminal.figures import figures
from grader.practice.values import RoundView

ESCAPE = "\x1b"


class Typist:
    """Types lines at a desk, and has what is then on the screen."""

    def __init__(self, desk: Desk, folder: Path, width: int = 80, *, colour: bool = False) -> None:
        self.desk, self.folder = desk, folder
        self.console = Console(
            file=StringIO(),
            width=width,
            highlight=False,
            force_terminal=colour,
            color_system="256" if colour else None,
        )

    def __call__(self, *lines: str, whole: bool = False) -> str:
        """What is shown until the end of input after these lines."""
        self._lines = iter(lines)
        draw = figures(self.console, self.desk.language, self.folder / "figures")
        Talk(self.desk, self.console, self._read, draw, whole=whole).run()
        return self.screen

    def _read(self, prompt: str) -> str:
        line = next(self._lines, None)
        print(prompt + (line or ""), file=self.console.file)
        if line is None:
            raise EOFError
        if line == "^C":
            raise KeyboardInterrupt
        return line

    @property
    def screen(self) -> str:
        """All that has been shown."""
        assert isinstance(self.console.file, StringIO)
        return self.console.file.getvalue()


@pytest.fixture
def student(tmp_path: Path) -> Student:
    """Somebody new."""
    return Student(tmp_path)


@pytest.fixture
def fixed(tmp_path: Path) -> Path:
    """A question of one unit; only its target varies."""
    path = tmp_path / "fixed.yaml"
    path.write_text(UNIT, encoding="utf-8")
    return path


Sit = Callable[..., Typist]


@pytest.fixture
def sit(student: Student, fixed: Path) -> Sit:
    """A student at a terminal before the small question."""

    def make(
        width: int = 80,
        language: str = "en",
        rounds: int = 20,
        *,
        colour: bool = False,
        title: str = "",
    ) -> Typist:
        offered = catalogue_of(find_templates(str(fixed)))
        limits, questions = Limits(rounds=rounds), (str(fixed),)
        plan = Plan(offered, offered, limits, questions, title)
        library = Library("de" if language == "de" else "en")
        desk = Desk(student.store(), library, plan, student.clock)
        return Typist(desk, student.folder, width, colour=colour)

    return make


def open_view(desk: Desk) -> RoundView:
    """The round that is open."""
    view = desk.start()
    assert isinstance(view, RoundView)
    return view


def right(desk: Desk) -> tuple[str, str, str, str]:
    """The right answers to the small question: z, the formula, the gradient, the new weight."""
    target = int(dict(open_view(desk).sheet.givens)["y"])
    slope = 4 * (3 - target)
    return "3", "dL/dz*x", str(slope), f"{1 - slope / 10:.1f}"


def lines_of(screen: str) -> list[str]:
    """The lines on the screen, those of the prompts left out, which end as they are typed."""
    return [line for line in screen.splitlines() if " = " not in line and not line.startswith(">")]


# --- a round -------------------------------------------------------------------------------------


def test_a_whole_round_of_right_answers(sit: Sit) -> None:
    """The question, its parts one after the other, praise, and the next question."""
    typist = sit()
    screen = typist(*right(typist.desk))
    assert screen.count("✓ Right.") == 4
    for told in ("A tiny graph", "Look at z.", "x = 2", "(a) Compute z.", "(c) Compute"):
        assert screen.count(told) == 1, told
    assert "All right at once." in screen
    assert "Enter: next question" in screen
    assert screen.rstrip().endswith("Rounds today: 1 of 20.")
    assert "How it goes" not in screen


def test_a_set_is_called_by_its_title(sit: Sit) -> None:
    """Before the first question, once."""
    screen = sit(title="Weeks 3 to 5")("6", "next", "quit")
    assert screen.count("Weeks 3 to 5") == 1
    assert screen.index("Weeks 3 to 5") < screen.index("A tiny graph")


def test_enter_leads_to_the_next_question(sit: Sit) -> None:
    """The question comes again, with its first part; `next` does the same."""
    typist = sit()
    screen = typist(*right(typist.desk), "", *["skip"] * 4, "next")
    assert screen.count("A tiny graph") == 3
    assert screen.count("(a) Compute z.") == 3


def test_what_is_meant_for_a_question_leads_to_no_other(sit: Sit) -> None:
    """A hint or an answer, typed too late, is told what is possible now; help is given."""
    typist = sit()
    screen = typist(*right(typist.desk), "?", "0.5", "again", "help")
    assert screen.count("A tiny graph") == 1
    assert screen.count("Enter: next question") == 5
    assert screen.count("Ctrl-C") == 1


def test_a_formula_says_what_may_be_typed(sit: Sit) -> None:
    """The note of a formula's part stands above its prompt, and only there."""
    screen = sit()("3", "x*dL/dz")
    note = screen.index("Allowed in formulas")
    assert screen.index("Give the derivative") < note < screen.index("∂L/∂w = x*dL/dz")
    assert screen.count("Allowed in formulas") == 1


def test_a_miss_is_explained_and_shown_in_the_end(sit: Sit) -> None:
    """The mistake by its sentence, how to go on, the worked solution, the same again."""
    typist = sit()
    z, formula, slope, new = right(typist.desk)
    wrong = f"{2 - float(new):.1f}"
    screen = typist(z, formula, slope, wrong, wrong, new)
    assert "× A known mistake. Gradient descent subtracts η times the gradient" in screen
    assert screen.count("Try again, or: ? (hint)  skip") == 1
    worked = screen[screen.index("How it goes") :]
    assert f"× you wrote {wrong}" in worked
    assert "What this trained:" in worked
    assert "Gradient descent step\N{NO-BREAK SPACE}×" in worked
    assert "comes again with new numbers" in worked


def test_an_answer_to_a_round_that_ended_elsewhere_is_not_said_to_be_marked(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said of the answer before is not said again."""
    typist = sit()
    answer = typist.desk.answer

    def ended_meanwhile(number: int, responses: Mapping[str, str]) -> RoundView:
        if "18" in responses.values():
            typist.desk.skip(number)
        return answer(number, responses)

    monkeypatch.setattr(typist.desk, "answer", ended_meanwhile)
    assert typist("17", "18").count("Not right") == 1


def test_a_slip_is_followed(sit: Sit) -> None:
    """What goes on rightly from a wrong answer is called so, and no second miss."""
    typist = sit()
    z, formula, slope, _ = right(typist.desk)
    wrong = str(2 * int(slope))
    follows = f"{1 - int(wrong) / 10:.1f}"
    screen = typist(z, formula, wrong, "skip", follows)
    assert "Left as it is: what follows goes on from your answer." in screen
    assert "→ Consistent with an earlier slip." in screen
    assert f"∂L/∂w: It is {slope}." in screen


def test_hints_come_one_at_a_time(sit: Sit) -> None:
    """Each is numbered, the last one tells the answer, and the next slot is asked."""
    screen = sit()("?", "show")
    told = re.findall(r"Hint (\d)/(\d)", screen)
    assert [place for place, _ in told] == ["1", "2"]
    steps = int(told[0][1])
    assert {count for _, count in told} == {str(steps)}
    screen = sit()(*["?"] * (steps - 2))
    assert f"Hint {steps}/{steps}" in screen
    assert screen.rstrip().splitlines()[-3].strip() == "∂L/∂w ="


def test_solution_shows_all_hints(sit: Sit) -> None:
    """The whole derivation of one answer, and on."""
    screen = sit()("solution")
    assert screen.index("Hint 1/") < screen.index("Hint 2/") < screen.index("z = 3")
    assert "(b) " in screen


def test_skip_leaves_an_answer_open(sit: Sit) -> None:
    """It is told at the end, beside those that were given."""
    typist = sit()
    _, formula, slope, new = right(typist.desk)
    screen = typist("skip", formula, slope, new)
    assert "Left open." in screen
    assert "z: It is 3." in screen


def test_what_was_left_is_called_so(sit: Sit) -> None:
    """Open is what has no answer that could be read; nothing follows from the last one."""
    screen = sit()("1e", "skip", "x", "skip", "9", "skip", "9", "skip")
    told = ["Left open.", "Left as it is: what follows", "Left as it is: what follows"]
    assert [line.strip()[:27] for line in screen.splitlines() if "Left" in line] == [
        *(one[:27] for one in told),
        "Left as it is.",
    ]


def test_what_the_hints_told_is_not_told_again(sit: Sit) -> None:
    """The worked solution has it; what was skipped is told first."""
    screen = sit()("solution", "skip", "solution", "solution")
    assert "z: It is" not in screen
    assert screen.count(": It is ") == 1
    assert "How it goes" in screen


def test_next_puts_a_question_aside(sit: Sit) -> None:
    """Without grades; another one comes."""
    screen = sit()("next")
    assert screen.count("A tiny graph") == 2
    assert "What this trained" not in screen
    assert screen.rstrip().endswith("Rounds today: 0 of 20.")


def test_again_and_help(sit: Sit) -> None:
    """The question as it stands, and what may be typed."""
    screen = sit()("3", "again", "help")
    assert screen.count("A tiny graph") == 2
    assert screen.count("(b) ") == 2
    assert "Ctrl-C" in screen
    for command in ("?, show", "solution", "skip", "next", "again", "quit"):
        assert f"  {command} " in screen


# --- what is no answer ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"), [("hlep", "help"), ("skip it", "skip"), ("nxt", "next"), ("zzz", "help")]
)
def test_words_are_no_numbers(sit: Sit, typed: str, meant: str) -> None:
    """They are told what they are near to, and are no attempt."""
    typist = sit()
    assert f"Neither an answer nor a command. Did you mean `{meant}`?" in typist(typed)
    assert not open_view(typist.desk).slots[0].attempts


@pytest.mark.parametrize("typed", ["quit", "QUIT", "exit", "q", ":q", "quit()", " exit ", "/quit"])
def test_ways_to_quit(sit: Sit, typed: str) -> None:
    """Habits from other programs do what they do there."""
    screen = sit()(typed, "3")
    assert "✓" not in screen
    assert screen.rstrip().endswith("Rounds today: 0 of 20.")


def test_a_letter_may_be_a_formula(sit: Sit) -> None:
    """Where a formula is asked `q` is read as one; what else it may mean is said."""
    typist = sit()
    screen = typist("3", "foo", "q")
    assert 'there is no quantity "q" here' in screen
    assert screen.count("For the command type") == 1
    assert screen.index('no quantity "foo"') < screen.index("For the command type `quit`.")


def test_minus_a_letter_ends_nothing_where_a_formula_is_asked(sit: Sit) -> None:
    """It may be the answer; where a number is asked it is a habit from other programs."""
    screen = sit()("-h", "3", "-q", "-h", "??", "2")
    assert screen.index("Ctrl-C") < screen.index("✓ Right.")
    assert 'there is no quantity "h" here' in screen
    assert screen.count("Ctrl-C") == 2
    assert "× Not right." in screen


def test_an_empty_line_tells_what_to_do(sit: Sit) -> None:
    """And is no attempt."""
    typist = sit()
    assert typist("", "   ").count("Type an answer, or: ? (hint)  skip (this answer)") == 3
    assert not open_view(typist.desk).slots[0].attempts


@pytest.mark.parametrize(
    ("typed", "pointed"),
    [
        ("1,234", ","),
        ("1e", None),
        ("-0.001.2", "."),
        ("１２日 3", "日"),
        ("e\u0301 3", None),
        ("  7 apples", "a"),
        ("1\t\t2", None),
    ],
)
def test_the_caret_is_under_the_place(sit: Sit, typed: str, pointed: str | None) -> None:
    """In cells of the screen, whatever is before it: wide characters and combining ones."""
    typist = sit()
    shown = typist(typed).splitlines()
    row = next(n for n, line in enumerate(shown) if line.strip().startswith("^"))
    place = cell_len(shown[row][: shown[row].index("^")])
    said = open_view(typist.desk).slots[0].attempts[0]
    column = said.feedback.column
    assert column is not None
    before, above = said.response[: column - 1].replace("\t\t", "  "), shown[row - 1]
    assert place == 4 + cell_len(re.sub(" +", " ", before))
    if pointed:
        assert _at(above, place) == pointed


def _at(line: str, cell: int) -> str:
    """The character that stands at a cell."""
    return next(char for n, char in enumerate(line) if cell_len(line[:n]) == cell)


@pytest.mark.parametrize("width", [24, 60, 88])
def test_a_long_line_is_cut_around_the_caret(sit: Sit, width: int) -> None:
    """The place that could not be read is on the screen."""
    shown = sit(width=width)("3", "x*" * 50 + ")" + "*x" * 50).splitlines()
    row = next(n for n, line in enumerate(shown) if line.strip().startswith("^"))
    assert shown[row - 1].strip().startswith("…")
    assert shown[row - 1].rstrip().endswith("…")
    assert shown[row - 1][shown[row].index("^")] == ")"
    assert max(map(cell_len, shown[row - 1 : row + 3])) <= width


def test_what_is_typed_never_is_markup(sit: Sit) -> None:
    """No escape sequence, no style, no turned direction gets onto the screen."""
    typist = sit()
    typist("3", "[bold]x[/]", "\x1b[31mx", "\u202ex", ":smile: x", "\x07\x9b31m")
    said = [line for line in typist.screen.splitlines() if line.startswith("    ")]
    assert "    [bold]x[/]" in typist.screen
    assert "    �[31mx" in typist.screen
    assert not any(char in "".join(said) for char in "\u202e\x07\x9b")
    assert ESCAPE not in "".join(said)


# --- the screen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_line_is_wider_than_the_terminal(sit: Sit, width: int, language: str) -> None:
    """Nor than what reads well, and none has blanks at its end."""
    typist = sit(width=width, language=language)
    answers = right(typist.desk)
    screen = typist("7", "x", "1e", "help", "?", "?", *answers, "9", "skip", "9", "skip", "")
    for line in lines_of(screen):
        if "file:" not in line:
            assert cell_len(line) <= min(width, 88), line
            assert line == line.rstrip(), repr(line)


def test_colours_go_where_they_are_wanted(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """None in a pipe, none for NO_COLOR; the verdicts differ without them."""
    assert ESCAPE not in sit()("7", "skip")
    assert f"{ESCAPE}[1;31m× Not right." in sit(colour=True)("x", "7")
    monkeypatch.setenv("NO_COLOR", "1")
    screen = sit(colour=True)("x", "7")
    assert "× Not right." in screen
    assert not re.search(r"\x1b\[[\d;]*3\dm", screen)


def test_german(sit: Sit) -> None:
    """Everything that is read is German."""
    typist = sit(language="de")
    screen = typist(*right(typist.desk)[:1], "?", "skip", "1e", "hlep")
    for told in ("Ein kleiner Graph", "Betrachten Sie z", "✓ Richtig.", "Hinweis 1/", "Runden"):
        assert told in screen
    assert "Nicht lesbar:" in screen
    for english in ("Right", "Hint", "Type", "Given", "cannot"):
        assert english not in screen


# --- figures -------------------------------------------------------------------------------------


def test_a_mistake_is_marked_in_the_figure(student: Student) -> None:
    """The drawing comes again, once, with the way of the mistake."""
    typist = Typist(student.desk(questions=("elman-relu",)), student.folder)
    screen = typist(*["skip"] * 4, "yhat_t - y_t", "yhat_t - y_t")
    assert "no factor 1/2" in " ".join(screen.split())
    assert screen.count("«L₁»") == 1
    assert screen.count("(L₁)") >= 1


def test_a_mistake_among_all_answers_is_marked_in_the_figure(student: Student) -> None:
    """Below what is said of it, as if it had been given alone; the first of several."""
    typist = Typist(student.desk(questions=("elman-relu",)), student.folder)
    slots = [slot.slot.id for slot in open_view(typist.desk).slots]
    answers = {"derive_dL_dyhat_t": "yhat_t - y_t", "derive_dL_da_t": "dL_dh_t"}
    screen = typist(*(answers.get(slot, "") for slot in slots), "", whole=True)
    assert screen.count("«L₁»") == 1
    assert screen.count("A known mistake.") == 2
    assert screen.index("no factor 1/2") < screen.index("«L₁»") < screen.index("of ReLU is missing")


def test_arrows_are_not_told_twice(student: Student) -> None:
    """Where equations say what the figure does there is a link to the picture, else the arrows."""
    typist = Typist(student.desk(questions=("mlp-2-2-2",)), student.folder)
    diagram = open_view(typist.desk).sheet.diagram
    assert diagram is not None
    assert "──▶" not in typist()
    address = re.search(r"figure: file://(\S+\.svg)", typist.screen)
    assert address
    assert Path(address[1]).read_text(encoding="utf-8").startswith("<svg")
    draw = figures(typist.console, "en", student.folder)
    assert "──▶" in str(draw(diagram, True))


def test_a_link_is_never_broken(student: Student) -> None:
    """Neither above the parts nor where the mistake is marked, however narrow the terminal is."""
    typist = Typist(student.desk(questions=("softmax-cross-entropy",)), student.folder, 40)
    screen = typist(*["skip"] * 7, "p_1")
    assert len(re.findall(r"(?m)^figure: file://\S+\.svg$", screen)) == 2


def test_no_figure_where_it_cannot_be_kept(student: Student, tmp_path: Path) -> None:
    """A comfort that is missing is no problem."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    console = Console(file=StringIO(), width=20)
    diagram = open_view(student.desk(questions=("mlp-2-2-2",))).sheet.diagram
    assert isinstance(diagram, Diagram)
    assert figures(console, "en", tmp_path / "file")(diagram, False) is None
    draw = figures(console, "en", tmp_path / "figures")
    assert draw(diagram, False) is not None
    (taken,) = (tmp_path / "figures").iterdir()
    taken.unlink()
    taken.mkdir()
    assert draw(diagram, False) is None


# --- sessions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["quit", "^C"])
def test_a_round_goes_on_where_it_was_left(sit: Sit, end: str) -> None:
    """Whatever was typed before is kept, however the session ended."""
    sit()("3", end)
    screen = sit()()
    assert "Left open last time; what you answered is kept." in screen
    assert "(a) " not in screen
    assert "(b) Give the derivative" in screen


def test_a_fresh_round_is_no_old_one(sit: Sit) -> None:
    """Nothing is said of last time where nothing was done."""
    sit()()
    assert "Left open" not in sit()()


def test_the_limit_of_a_day(sit: Sit) -> None:
    """It is told, and whoever likes goes on."""
    typist = sit(rounds=1)
    screen = typist(*right(typist.desk), "", "help", "")
    assert "Rounds today: 1. That is the day's limit" in screen
    assert "Enter: go on all the same" in screen
    assert screen.count("A tiny graph") == 2


def test_progress(sit: Sit, student: Student) -> None:
    """Skills that were begun with bars, the others by name, mistakes, what is coming."""
    typist = sit()
    z, formula, slope, new = right(typist.desk)
    typist(z, formula, slope, f"{2 - float(new):.1f}", new)
    before = len(typist.screen)
    Talk(typist.desk, typist.console, input, lambda diagram, listed: None).progress()
    page = typist.screen[before:]
    assert re.search(r"Gradient descent step +learning +█+ +\d+% +1 +1", page)
    assert "   1 × ascent instead of descent" in page
    assert "Rounds today: 1 of 20." in page
    assert all(line == line.rstrip() for line in page.splitlines())


def test_progress_of_a_beginner(student: Student) -> None:
    """What there is to learn, without an empty table."""
    for width in (30, 80):
        typist = Typist(student.desk(), student.folder, width)
        Talk(typist.desk, typist.console, input, lambda diagram, listed: None).progress()
        assert typist.screen.lstrip().startswith("Not begun: Forward pass ·")
        assert max(map(cell_len, typist.screen.splitlines())) <= width


# --- all answers at once -------------------------------------------------------------------------


def test_all_answers_at_once(sit: Sit) -> None:
    """Asked one after the other, looked over, marked together; what is left is asked again."""
    typist = sit()
    _, formula, slope, new = right(typist.desk)
    screen = typist("7", "?", formula, "", new, "", whole=True)
    assert "Hints come once all answers are handed in" in screen
    assert screen.index("w′ = ") < screen.index("Your answers") < screen.index("×")
    assert "   1  (a) z = 7\n" in screen
    assert "   3  (c) ∂L/∂w = (open)\n" in screen
    assert "z = 7\n  × Not right." in screen
    assert f"∂L/∂w = {formula}\n  ✓ Right." in screen
    assert re.findall("z = (.*)", screen)[1:] == ["7", "7", "7", ""]  # asked, shown, told, again
    assert slope not in screen[screen.index("z = 7\n") :]


def test_an_answer_is_changed_on_the_way(sit: Sit) -> None:
    """`back` leads to the one before with its part, and then on from where it was called."""
    typist = sit()
    z, *_ = right(typist.desk)
    screen = typist("7", "x", "back", "back", z, "again", "", whole=True)
    assert screen.count("So far: 7   Enter: keep it") == 1
    assert screen.count("So far: x") == 1
    assert screen.count("(a) Compute z.") == 2
    asked = [line.split(" = ")[0].strip() for line in lines_with_prompts(screen)]
    assert asked == ["z", *["∂L/∂w"] * 3, "z", *["∂L/∂w"] * 2, "w′"]


def lines_with_prompts(screen: str) -> list[str]:
    """The lines that answers were typed into."""
    return [line for line in screen.splitlines() if re.match(r"  \S+ = ", line)]


def test_before_the_first_answer_there_is_none(sit: Sit) -> None:
    """`back` says so."""
    assert "This is the first answer." in sit()("back", "7", whole=True)


def test_an_answer_is_changed_before_all_are_handed_in(sit: Sit) -> None:
    """By its number, as often as one likes; nothing is marked until then."""
    typist = sit()
    z, formula, slope, new = right(typist.desk)
    screen = typist("7", formula, slope, new, "5", "nonsense", "1", z, "back", "9", whole=True)
    assert screen.count("Type a number from 1 to 4") == 2
    assert screen.count("Your answers, not marked yet:") == 3
    assert screen.index("   1  (a) z = 7\n") < screen.index(f"   1  (a) z = {z}\n")
    assert screen.rindex(f"   4  (c) w′ = {new}\n") < screen.rindex("   4  (c) w′ = 9\n")
    assert "✓" not in screen
    responses = [slot.attempts[0].response for slot in open_view(typist.desk).slots[:3]]
    assert responses == [z, formula, slope]


def test_a_kept_answer_may_be_left_open(sit: Sit) -> None:
    """An empty line keeps it, `skip` takes it back."""
    typist = sit()
    screen = typist("7", "x", "", "", "1", "", "2", "skip", "?", "help", "again", "", whole=True)
    assert "   1  (a) z = 7\n   2  (b) ∂L/∂w = (open)\n" in screen
    assert screen.count("Hints come once the answers are handed in.") == 1
    assert "An empty line leaves one open" not in screen, "here it hands all of them in"
    assert screen.count("A tiny graph") == 2
    assert screen.count("(c) Compute") == 2
    assert [len(slot.attempts) for slot in open_view(typist.desk).slots] == [1, 0, 0, 0]


def test_one_answer_alone_is_handed_in_at_once(sit: Sit, fixed: Path) -> None:
    """There is nothing to look over."""
    first, _, _ = UNIT.partition("  - ask: Give")
    fixed.write_text(first, encoding="utf-8")
    screen = sit()("7", whole=True)
    assert "Your answers" not in screen
    assert "z = 7\n  × Not right." in screen


def test_without_whole_there_is_no_way_back(sit: Sit) -> None:
    """What was marked stays; it is no attempt either."""
    typist = sit()
    assert "What was marked stays." in typist("3", "back")
    assert not open_view(typist.desk).slots[1].attempts


def test_leaving_in_the_middle_of_all_answers_keeps_them(sit: Sit) -> None:
    """They were given."""
    typist = sit()
    typist("7", "x", "back", "^C", whole=True)
    assert [len(slot.attempts) for slot in open_view(typist.desk).slots] == [1, 1, 0, 0]


def test_another_question_in_the_middle_of_all_answers(sit: Sit) -> None:
    """It is put aside, from the look over all of them too; nothing of it is marked."""
    screen = sit()("7", "next", "7", "x", "", "", "next", whole=True)
    assert screen.count("A tiny graph") == 3
    assert "×" not in screen
