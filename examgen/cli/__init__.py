"""The command line of examgen: reads arguments, prints, and nothing else.

What a command needs is imported by it, so that no other waits for that.
"""

from __future__ import annotations

import sys

import typer

from examgen.cli import exams, practice, questions
from examgen.errors import ExamgenError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def examgen() -> None:
    """Randomized exam questions about backpropagation: build, check, look."""


for commands in (questions, exams, practice):
    app.registered_commands += commands.app.registered_commands
app.add_typer(practice.export, name="export")


def main() -> None:
    """Run the app; what is wrong with an input is told in words, and the exit code is 1."""
    try:
        app()
    except ExamgenError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:  # a full disk
        print(f"cannot be written: {error.strerror or error}", file=sys.stderr)
        sys.exit(1)
