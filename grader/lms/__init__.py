"""Filling the marks into the file that a learning-management system has exported."""
