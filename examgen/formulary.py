"""The formula sheet of an exam: what its templates use, as a textbook writes it.

It holds general rules and the functions of the ops table; of a question's own graph it says
nothing, so that no answer can be read off it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from examgen.exam import Exam
from examgen.functions import LOSSES
from examgen.graph import topological
from examgen.numerals import given_text
from examgen.sheet import FormulaGroup, FormulaSheet
from examgen.template import Template
from examgen.text import fill, in_language, placeholders

_Pair = tuple[str, str]

FUNCTIONS: dict[str, _Pair] = {
    "relu": (
        r"\operatorname{ReLU}(z) = \max(0, z)",
        r"\operatorname{ReLU}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
    ),
    "leaky_relu": (
        r"\operatorname{LReLU}(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}",
        r"\operatorname{LReLU}'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}",
    ),
    "sigmoid": (r"\sigma(z) = \frac{1}{1 + e^{-z}}", r"\sigma'(z) = \sigma(z) (1 - \sigma(z))"),
    "tanh": (
        r"\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}",
        r"\tanh'(z) = 1 - \tanh^2(z)",
    ),
    "softplus": (
        r"\operatorname{softplus}(z) = \ln(1 + e^z)",
        r"\operatorname{softplus}'(z) = \sigma(z)",
    ),
    "softmax": (
        r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}",
        r"\frac{\partial p_i}{\partial z_j} = p_i (\mathbb{1}[i = j] - p_j)",
    ),
    "logsumexp": (
        r"\operatorname{logsumexp}(z) = \ln \sum_k e^{z_k}",
        r"\frac{\partial}{\partial z_i} \operatorname{logsumexp}(z) = \operatorname{softmax}_i(z)",
    ),
    "exp": (r"f(z) = e^z", r"f'(z) = e^z"),
    "log": (r"f(z) = \ln z", r"f'(z) = \frac{1}{z}"),
    "sqrt": (r"f(z) = \sqrt{z}", r"f'(z) = \frac{1}{2 \sqrt{z}}"),
    "abs": (r"f(z) = |z|", r"f'(z) = \operatorname{sgn}(z)"),
    "square": (r"f(z) = z^2", r"f'(z) = 2 z"),
    "pow": (r"f(z) = z^n", r"f'(z) = n z^{n - 1}"),
    "div": (
        r"f = \frac{u}{v}",
        r"f' = \frac{u' v - u v'}{v^2}",
    ),
    "max": (
        r"m = \max(a, b)",
        r"\frac{\partial m}{\partial a} = \mathbb{1}[a > b]",
    ),
}
"""Ops as a textbook writes them, and their derivatives."""

LOSS_FORMULAS: dict[str, _Pair] = {
    "squared_error": (
        r"L = \sum_k (\hat{y}_k - y_k)^2",
        r"\frac{\partial L}{\partial \hat{y}_k} = 2 (\hat{y}_k - y_k)",
    ),
    "half_squared_error": (
        r"L = \frac{1}{2} \sum_k (\hat{y}_k - y_k)^2",
        r"\frac{\partial L}{\partial \hat{y}_k} = \hat{y}_k - y_k",
    ),
    "mean_squared_error": (
        r"L = \frac{1}{n} \sum_k (\hat{y}_k - y_k)^2",
        r"\frac{\partial L}{\partial \hat{y}_k} = \frac{2}{n} (\hat{y}_k - y_k)",
    ),
    "bce": (
        r"L = -y \ln \hat{y} - (1 - y) \ln(1 - \hat{y})",
        r"\frac{\partial L}{\partial \hat{y}} = \frac{\hat{y} - y}{\hat{y} (1 - \hat{y})}",
    ),
    "cross_entropy": (
        r"L = -\sum_k y_k \ln p_k",
        r"\frac{\partial L}{\partial p_k} = -\frac{y_k}{p_k}",
    ),
}
"""Losses and their derivatives."""

_TITLES = {
    "en": ("Functions and their derivatives", "Losses", "Chain rule", "Gradient descent"),
    "de": ("Funktionen und ihre Ableitungen", "Verluste", "Kettenregel", "Gradientenabstieg"),
}
_SLOPES = {"en": "{title} and their derivatives", "de": "{title} und ihre Ableitungen"}
_CONVENTIONS = {"en": "Conventions of question {n}", "de": "Vereinbarungen der Aufgabe {n}"}
_CHAIN = {
    "en": "The sum runs over all quantities $u_k$ that are computed from $x$ directly.",
    "de": "Die Summe läuft über alle Größen $u_k$, die direkt aus $x$ berechnet werden.",
}
_RULE = (
    r"\frac{\partial L}{\partial x} = "
    r"\sum_k \frac{\partial L}{\partial u_k} \frac{\partial u_k}{\partial x}"
)
_UPDATE = r"\theta \leftarrow \theta - \eta \frac{\partial L}{\partial \theta}"


def formula_sheet(exam: Exam) -> FormulaSheet:
    """The formulas that go with an exam, group by group; none that an answer asks for."""
    file = exam.file
    templates = [template for question in exam.questions for template in question.templates]
    losses = _losses(templates)
    found = (
        _functions(templates),
        losses,
        ((_CHAIN[file.language],), ((_RULE, ""),)),
        ((), ((_UPDATE, ""),) if any(map(_updates, templates)) else ()),
    )
    general = (
        FormulaGroup(title, texts, lines)
        for title, (texts, lines) in zip(_titles(file.language, losses), found, strict=True)
        if texts or lines
    )
    groups = (*general, *_conventions(exam, file.language))
    return FormulaSheet(file.title, file.course, file.language, file.page_size, groups)


_Group = tuple[tuple[str, ...], tuple[_Pair, ...]]


def _titles(language: str, losses: _Group) -> tuple[str, ...]:
    """The titles of the general groups; that of the losses as they have derivatives or not."""
    functions, title, *others = _TITLES[language]
    if any(slope for _, slope in losses[1]):
        title = _SLOPES[language].format(title=title)
    return functions, title, *others


def _conventions(exam: Exam, language: str) -> Iterator[FormulaGroup]:
    """What each question takes for granted, where all of its variants say the same."""
    for number, question in enumerate(exam.questions, start=1):
        if found := _shared(question.templates, language):
            yield FormulaGroup(_CONVENTIONS[language].format(n=number), found)


def _shared(templates: Sequence[Template], language: str) -> tuple[str, ...]:
    """The conventions that every template prints word by word, in the order of the first.

    Those of one structure only would contradict those of another, and tell who got which.
    """
    first, *others = (_certain(template, language) for template in templates)
    return tuple(text for text in first if all(text in other for other in others))


def _certain(template: Template, language: str) -> tuple[str, ...]:
    """A template's conventions with their numbers, without those that speak of drawn ones."""
    fixed = {
        name: given_text(grid.values[0])
        for name, grid in template.grids.items()
        if len(grid.values) == 1
    }
    texts = (in_language(text, language) for text in template.file.conventions)
    told = (fill(text, fixed) for text in texts if fixed.keys() >= set(placeholders(text)))
    return tuple(dict.fromkeys(told))


def _functions(templates: Sequence[Template]) -> _Group:
    used = {
        node.op.name
        for template in templates
        for node in topological(template.quantities.values.values())
    }
    return (), tuple(pair for name, pair in FUNCTIONS.items() if name in used)


def _losses(templates: Sequence[Template]) -> _Group:
    """The losses that are used by name; without the derivative, where one is to be derived."""
    named = {name for template in templates for name in _named_losses(template)}
    hidden = any(slot.kind == "formula" for template in templates for slot in template.slots)
    pairs = (LOSS_FORMULAS[name] for name in LOSSES if name in named)
    return (), tuple((loss, "" if hidden else slope) for loss, slope in pairs)


def _named_losses(template: Template) -> set[str]:
    """The losses that stand in a template's file."""
    return {name for name in LOSSES if re.search(rf"(?<!\w){name}(?!\w)", template.text)}


def _updates(template: Template) -> bool:
    """Whether a template asks for a parameter after a step."""
    return any(slot.quantity.endswith("'") for slot in template.slots)
