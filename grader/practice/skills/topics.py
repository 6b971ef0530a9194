"""What a student may call a skill: its id, half of it, its name, other words for it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from grader.practice.skills.words import SKILLS, Skill


def skills_called(topic: str, offered: Collection[str]) -> set[str]:
    """The skills of some that a topic stands for, in English or German; none for an unknown one.

    topic: as `plain` has it. An id goes before words, these before sentences.

    >>> sorted(skills_called("relu", ["chain", "slope:relu", "slope:tanh"]))
    ['slope:relu']
    """
    if not topic:
        return set()
    known = [skill for skill in SKILLS if skill.id in offered]
    for look in _LOOKS:
        if found := {skill.id for skill in known if look(topic, skill)}:
            return found
    return set()


def name_words() -> list[str]:
    """The words that skills are called by, to suggest one."""
    return sorted({word for skill in SKILLS for word in _words(*skill.name.values())})


def plain(text: str) -> str:
    """A text as it is compared: small letters, one blank between words.

    >>> plain("Chain  rule ")
    'chain rule'
    """
    return " ".join(text.casefold().split())


_SIGNS = str.maketrans(dict.fromkeys("()[],.;:-/'’", " "))


def _words(*texts: str) -> list[str]:
    return [word for text in texts for word in plain(text).translate(_SIGNS).split()]


def _says(topic: str, text: str) -> bool:
    """Whether every word of a topic begins a word of a text."""
    known, parts = _words(text), _words(topic)
    return bool(parts) and all(any(word.startswith(part) for word in known) for part in parts)


def _has_id(topic: str, skill: Skill) -> bool:
    return topic in (skill.id, skill.id.partition(":")[0])


def _is_called(topic: str, skill: Skill) -> bool:
    own = topic == skill.id.partition(":")[2]
    return own or any(_says(topic, text) for text in (*skill.name.values(), *skill.words))


def _is_told(topic: str, skill: Skill) -> bool:
    return any(_says(topic, text) for text in skill.sentence.values())


_LOOKS: tuple[Callable[[str, Skill], bool], ...] = (_has_id, _is_called, _is_told)
"""How a topic may stand for a skill; where one finds any, the next is not asked."""
