"""When a skill is asked again, and which comes next: plain values in, plain values out."""

from grader.practice.schedule.choosing import (
    Choice,
    Done,
    Limits,
    choose,
    forecast,
    is_full,
    next_due,
    reviewed,
    rounds_of,
)
from grader.practice.schedule.days import day_of
from grader.practice.schedule.standing import Standing, recall, stage

__all__ = [
    "Choice",
    "Done",
    "Limits",
    "Standing",
    "choose",
    "day_of",
    "forecast",
    "is_full",
    "next_due",
    "recall",
    "reviewed",
    "rounds_of",
    "stage",
]
