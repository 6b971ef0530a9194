"""A page that shows a question while it is being written, and redraws at every save."""

from examgen.preview.app import application
from examgen.preview.serve import serve

__all__ = ["application", "serve"]
