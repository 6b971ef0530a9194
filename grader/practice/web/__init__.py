"""Practice in a browser: pages of one student's own, from a server on the same machine."""

from grader.practice.web.app import application
from grader.practice.web.serve import serve

__all__ = ["application", "serve"]
