"""What of a student's progress is shared, and in words what that is, before they agree to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime

from examgen.errors import ExamgenError
from examgen.misconceptions.titles import mistake_title
from examgen.text import Language
from grader.practice.classroom.set_file import PracticeSet
from grader.practice.classroom.share import (
    MISTAKE,
    MOST,
    MOST_DAYS,
    MOST_MISTAKES,
    MOST_SKILLS,
    OLDEST,
    SKILL,
    Share,
    SharedDay,
    SharedMistake,
    SharedSkill,
    checked_name,
)
from grader.practice.schedule import Done, Standing, stage
from grader.practice.schedule.days import day_of
from grader.practice.skills import skill_name, taught
from grader.practice.skills.catalogue import bank_catalogue
from grader.practice.store import Store
from grader.practice.words import STAGES


def share_of(store: Store, name: str, now: datetime, chosen: PracticeSet | None = None) -> Share:
    """What is shared under a name; of a practice set only what its skills are about.

    now: local. Raises ExamgenError for a name that cannot be one.
    """
    standings = store.standings()
    known = {one for one in standings if re.fullmatch(SKILL, one)}  # damage may have changed a name
    skills = chosen.catalogue.skills if chosen else taught({*bank_catalogue().skills, *known})
    # A clock that was wrong for a while leaves rounds that lie in the future, or long ago.
    done = _about(store.rounds_between(OLDEST, day_of(now)), skills, every=chosen is None)
    return Share(
        name=_checked(name),
        on=max(day_of(now), OLDEST),
        set_=chosen.title if chosen else "",
        class_=chosen.class_name if chosen else "",
        skills=[_skill(one, standings.get(one)) for one in skills[:MOST_SKILLS]],
        mistakes=_mistakes(_counted(store, done) if chosen else store.mistakes()),
        days=_days(done, skills if chosen else None),
    )


def _checked(name: str) -> str:
    try:
        return checked_name(name)
    except ValueError as error:
        raise ExamgenError(f"--as: {error}, as your instructor knows you") from None


def _about(rounds: Iterable[Done], skills: Collection[str], *, every: bool) -> list[Done]:
    """The rounds that graded any of some skills; or all."""
    return [one for one in rounds if every or any(skill in skills for skill, _ in one.grades)]


def _skill(skill: str, standing: Standing | None) -> SharedSkill:
    rounds = min(standing.rounds, MOST) if standing else 0
    missed = min(standing.missed, rounds) if standing else 0
    return SharedSkill(skill=skill, stage=stage(standing), rounds=rounds, missed=missed)


def _counted(store: Store, done: Iterable[Done]) -> Counter[str]:
    """In how many answers of some rounds each mistake was found."""
    numbers = {one.round for one in done}
    found = {
        (one.id, attempt.slot, name)
        for one in store.rounds()
        if one.id in numbers
        for attempt in one.attempts
        for name in attempt.feedback.mistakes
    }
    return Counter(name for _, _, name in found)


def _mistakes(counts: Mapping[str, int]) -> list[SharedMistake]:
    """The most frequent ones."""
    named = [pair for pair in counts.items() if re.fullmatch(MISTAKE, pair[0])]
    most = sorted(named, key=lambda pair: (-pair[1], pair[0]))[:MOST_MISTAKES]
    return [SharedMistake(mistake=name, count=min(count, MOST)) for name, count in most]


def _days(done: Iterable[Done], skills: Collection[str] | None) -> list[SharedDay]:
    """The last days with rounds; of some skills only what was missed of these counts."""
    rounds, clean = Counter[date](), Counter[date]()
    for one in done:
        if not one.skipped:
            missed = one.missed if skills is None else {*one.missed} & {*skills}
            rounds[one.day] += 1
            clean[one.day] += not missed
    days = sorted(rounds)[-MOST_DAYS:]
    return [SharedDay(day=day, rounds=rounds[day], clean=clean[day]) for day in days]


# --- in words ------------------------------------------------------------------------------------

_WORDS = {
    "en": {
        "head": "{file} will say under the name “{name}”, with the date {day}:",
        "set": "the practice set: {title}",
        "skills": "skills, how far you are, rounds, rounds missed:",
        "skill": "{name}: {stage}, rounds: {rounds}, missed: {missed}",
        "new": "skills that you have not begun: {names}",
        "mistakes": "mistakes that were named, and in how many of your answers: {names}",
        "no_mistakes": "that no mistake was named",
        "days": "each day on which you practised ({count}), from {first} to {last}: how many "
        "rounds (in all {rounds}) and how many with nothing missed ({clean})",
        "no_days": "that you have not practised yet",
        "nothing": "Nothing else: nothing that you typed, no questions and none of their numbers, "
        "no times of day. Whoever gets the file can read it.",
        "ask": "Do you agree to write it? [y/N] ",
    },
    "de": {
        "head": "{file} wird unter dem Namen „{name}“ mit dem Datum {day} enthalten:",
        "set": "die Übungssammlung: {title}",
        "skills": "Fertigkeiten, wie weit Sie sind, Runden, verfehlte Runden:",
        "skill": "{name}: {stage}, Runden: {rounds}, verfehlt: {missed}",
        "new": "Fertigkeiten, die Sie nicht begonnen haben: {names}",
        "mistakes": "benannte Fehler, und in wie vielen Ihrer Antworten: {names}",
        "no_mistakes": "dass kein Fehler benannt wurde",
        "days": "jeden Tag, an dem Sie geübt haben ({count}), von {first} bis {last}: wie "
        "viele Runden (zusammen {rounds}) und wie viele davon ohne Fehler ({clean})",
        "no_days": "dass Sie noch nicht geübt haben",
        "nothing": "Sonst nichts: nichts, was Sie getippt haben, keine Aufgaben, keine ihrer "
        "Zahlen, keine Uhrzeiten. Wer die Datei bekommt, kann sie lesen.",
        "ask": "Sind Sie einverstanden, dass sie geschrieben wird? [j/N] ",
    },
}


def told(share: Share, file: str, language: Language) -> str:
    """All that is in a share, in lines that a student reads before agreeing to it."""
    words = _WORDS[language]
    head = words["head"].format(file=file, name=share.name, day=share.on.isoformat())
    title = ", ".join(part for part in (share.set_, share.class_) if part)
    items = [
        *([words["set"].format(title=title)] if title else []),
        *_skill_lines(share, language),
        _mistake_line(share, words, language),
        _day_line(share, words),
    ]
    return "\n".join([head, *(f"- {item}" for item in items), words["nothing"]])


def agreed(ask: Callable[[str], str], language: Language) -> bool:
    """Whether a student says yes to it, who is asked after that; no answer is none."""
    try:
        answer = ask(_WORDS[language]["ask"])
    except EOFError:
        return False
    return answer.strip().casefold() in ("y", "yes", "j", "ja")


def _skill_lines(share: Share, language: Language) -> list[str]:
    words, stages = _WORDS[language], STAGES[language]
    begun = [
        words["skill"].format(
            name=skill_name(one.skill, language),
            stage=stages[one.stage],
            rounds=one.rounds,
            missed=one.missed,
        )
        for one in share.begun
    ]
    new = [skill_name(one.skill, language) for one in share.skills if one.stage == "new"]
    lines = ["\n    ".join([words["skills"], *begun])] if begun else []
    return [*lines, words["new"].format(names=", ".join(new))] if new else lines


def _mistake_line(share: Share, words: Mapping[str, str], language: str) -> str:
    names = [f"{mistake_title(one.mistake, language)} ({one.count})" for one in share.mistakes]
    return words["mistakes"].format(names=", ".join(names)) if names else words["no_mistakes"]


def _day_line(share: Share, words: Mapping[str, str]) -> str:
    if not share.days:
        return words["no_days"]
    return words["days"].format(
        count=len(share.days),
        first=share.days[0].day.isoformat(),
        last=share.days[-1].day.isoformat(),
        rounds=share.rounds,
        clean=sum(day.clean for day in share.days),
    )
