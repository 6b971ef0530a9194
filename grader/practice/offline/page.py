"""The page: one HTML file with its styles, its script and its data in it, and nothing from outside.

The data is compressed, for its size, and so that no answer stands in plain sight in the file.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files

from examgen.html.environment import environment, font, style_sheet
from examgen.text import Language
from grader.practice.offline.grammar import reader_script
from grader.practice.offline.words import WORDS

_COMMENT = re.compile(r"^ *(/\*.*?\*/) *$", re.DOTALL | re.MULTILINE)
_PACKAGE = "grader.practice.offline"
MARKING = ("graph.js", "numbers.js", "answers.js", "mark.js")
"""The scripts of the marker, in the order in which they have to be run, after the reader's."""
_PAGE = (
    "page.js",
    "say.js",
    "kept.js",
    "answer.js",
    "standing.js",
    "figure.js",
    "question.js",
    "practice.js",
    "start.js",
)


def practice_page(data: Mapping[str, object], title: str, language: Language) -> str:
    """The page for some data, see `grader.practice.offline.export`."""
    script = _shortened(f"(() => {{\n{reader_script()}\n{scripts(MARKING + _PAGE)}}})();")
    content = packed(data)
    style = f"\n{font()}\n{style_sheet()}\n{scripts(('practice.css',))}"
    return (
        environment(_PACKAGE)
        .get_template("practice.html.j2")
        .render(
            title=title,
            key=sha256(content.encode()).hexdigest()[:16],
            language=language,
            words=WORDS[language],
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            data=content,
        )
    )


def scripts(names: tuple[str, ...]) -> str:
    """Some of the static files, one after the other."""
    folder = files(_PACKAGE) / "static"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def _shortened(script: str) -> str:
    """A script without indentation, and without lines that are comments."""
    lines = (line.strip() for line in _COMMENT.sub("", script).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def packed(data: object) -> str:
    """Data as JSON, compressed, in base 64; equal data gives equal text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
