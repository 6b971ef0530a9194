"""A student's progress in one SQLite file in their data folder; crash-safe, exportable, erasable.

`open_store` opens or begins it and mends it where it is damaged; the `Store` keeps every answer
before its call returns.
"""

from grader.practice.store.export import check_elsewhere, erase, export_data
from grader.practice.store.opening import open_store
from grader.practice.store.places import default_path
from grader.practice.store.store import Store

__all__ = ["Store", "check_elsewhere", "default_path", "erase", "export_data", "open_store"]
