"""Writes grader/practice/skills/catalogue.json: what every part of the bank trains.

python docs/make_catalogue.py > grader/practice/skills/catalogue.json
"""

from __future__ import annotations

from examgen.bank import bank_ids, find_templates
from grader.practice.skills.catalogue_file import as_text, written

if __name__ == "__main__":
    print(as_text(written(find_templates(name) for name in bank_ids())), end="")
