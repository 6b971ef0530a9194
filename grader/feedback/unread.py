"""Why an answer could not be read, in the language of the exam: the readers say it in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_PLACE = re.compile(r"(?P<reason>.*?)(?: \(at character (?P<column>\d+)\))?", re.DOTALL)
_FITTED = "{}"

GERMAN: Mapping[str, str] = {
    # numbers
    "not a finite number": "keine endliche Zahl",
    "an error of a spreadsheet, not a number": "eine Fehlermeldung der Tabelle, keine Zahl",
    "not written in decimal digits": "nicht mit Dezimalziffern geschrieben",
    "digits of two scripts": "Ziffern aus zwei Schriften",
    "a soft hyphen: a minus, or nothing": "ein weiches Trennzeichen: ein Minus, oder nichts",
    "an underscore between digits": "ein Unterstrich zwischen Ziffern",
    "a placeholder, not a number": "ein Platzhalter, keine Zahl",
    "a yes or no, not a number": "ein Ja oder Nein, keine Zahl",
    "a margin: give the number only": "eine Fehlerspanne: nur die Zahl war gefragt",
    "a percent sign: 65 % may mean 0.65 or 65": "ein Prozentzeichen: 65 % kann 0.65 oder 65 heißen",
    "an inequality or an arrow, not one number": "eine Ungleichung oder ein Pfeil, nicht eine Zahl",
    "digits that go on: round them, or write a fraction": (
        "Ziffern ohne Ende: runden Sie, oder schreiben Sie einen Bruch"
    ),
    "more than one number": "mehr als eine Zahl",
    "two equals signs: which number counts is not plain": (
        "zwei Gleichheitszeichen: welche Zahl zählt, ist nicht klar"
    ),
    "a name without a number": "ein Name ohne Zahl",
    "an equation whose other side is not a name: give the number only": (
        "eine Gleichung, deren andere Seite kein Name ist: nur die Zahl war gefragt"
    ),
    "a mixed number: write it as one fraction or as a decimal": (
        "eine gemischte Zahl: schreiben Sie einen einzigen Bruch oder eine Dezimalzahl"
    ),
    "an apostrophe: a thousands mark, or a decimal sign": (
        "ein Apostroph: ein Tausender- oder ein Dezimalzeichen"
    ),
    "an apostrophe: the mark of a spreadsheet, or a decimal sign": (
        "ein Apostroph: Zeichen einer Tabelle, oder Dezimalzeichen"
    ),
    "a comma, where this file has decimal points": (
        "ein Komma, wo alle anderen Zahlen Dezimalpunkte haben"
    ),
    "a point, where this file has decimal commas": (
        "ein Punkt, wo alle anderen Zahlen Dezimalkommas haben"
    ),
    "two decimal signs": "zwei Dezimalzeichen",
    "a power of ten without its sign: write 10^-3": (
        "eine Zehnerpotenz ohne ihr Zeichen: schreiben Sie 10^-3"
    ),
    "a raised dot: a product, or a decimal sign": "ein Malpunkt: ein Produkt, oder Dezimalzeichen",
    "two signs": "zwei Vorzeichen",
    "brackets, which in bookkeeping mean a negative number": (
        "Klammern, die in der Buchhaltung eine negative Zahl bedeuten"
    ),
    "a sign behind the number": "ein Vorzeichen hinter der Zahl",
    "an imaginary part": "ein Imaginärteil",
    "an exponent is missing": "es fehlt ein Exponent",
    "nothing stands before the exponent": "vor dem Exponenten steht nichts",
    "an exponent that is not a whole number": "ein Exponent, der keine ganze Zahl ist",
    "a colon: a time, a ratio, or a division": (
        "ein Doppelpunkt: eine Uhrzeit, ein Verhältnis oder eine Division"
    ),
    "a currency sign": "ein Währungszeichen",
    "a calculation: its result was asked": "eine Rechnung: gefragt war ihr Ergebnis",
    "a range, or a subtraction: one number was asked": (
        "ein Bereich oder eine Differenz: gefragt war eine Zahl"
    ),
    "a blank inside the number": "eine Lücke in der Zahl",
    "a unit or a word: give the number only": (
        "eine Einheit oder ein Wort: nur die Zahl war gefragt"
    ),
    "a mark behind the number": "ein Zeichen hinter der Zahl",
    "words, not a number": "Worte, keine Zahl",
    "no digits": "keine Ziffern",
    "something before the number: give the number only": (
        "etwas vor der Zahl: nur die Zahl war gefragt"
    ),
    "not a number on its own": "keine Zahl für sich",
    "longer than {} characters": "länger als {} Zeichen",
    "looks like a date: a spreadsheet may have changed it": (
        "sieht aus wie ein Datum: vielleicht hat eine Tabelle es verändert"
    ),
    "an exponent beyond ±{}": "ein Exponent jenseits von ±{}",
    "a decimal over a decimal: a quotient, or two answers": (
        "Dezimalzahl durch Dezimalzahl: ein Quotient, oder zwei Antworten"
    ),
    "a division by zero": "eine Division durch null",
    "too large": "zu groß",
    "too close to zero": "zu nahe bei null",
    # cells
    "several responses to this slot, and none of them counts": (
        "mehrere Antworten, von denen keine zählt"
    ),
    "the parts of the cell are {}: a response that imitates a part": (
        "die Teile der Antwort sind {}: eine Antwort, die einen Teil nachahmt"
    ),
    "a spreadsheet made a date of it{}": "eine Tabelle hat ein Datum daraus gemacht",
    "a spreadsheet made a time of it": "eine Tabelle hat eine Uhrzeit daraus gemacht",
    "true or false, not a number": "wahr oder falsch, keine Zahl",
    # formulas
    "there is no quantity {} here (did you mean {}?); a formula may use {}": (
        "eine Größe {} gibt es hier nicht (gemeint {}?); eine Formel darf verwenden: {}"
    ),
    "there is no quantity {} here; a formula may use {}": (
        "eine Größe {} gibt es hier nicht; eine Formel darf verwenden: {}"
    ),
    "{} has no meaning in a formula": "{} hat in einer Formel keine Bedeutung",
    "too long to be the formula asked for": "zu lang für die gefragte Formel",
    "powers of ten such as 1e-3 are not read in formulas": (
        "Zehnerpotenzen wie 1e-3 werden in Formeln nicht gelesen"
    ),
    "a comma has no meaning here": "ein Komma hat hier keine Bedeutung",
    "a letter is missing here": "hier fehlt ein Buchstabe",
    "{} is no name": "{} ist kein Name",
    "an index is missing after the underscore": "nach dem Unterstrich fehlt ein Index",
    "an index in brackets is empty, or too long": ("ein Index in Klammern ist leer oder zu lang"),
    "more than {} sides of an equation": "mehr als {} Seiten einer Gleichung",
    "found the end, expected a number or a name": (
        "die Formel hört auf, wo eine Zahl oder ein Name folgen muss"
    ),
    "found {}, expected a number or a name": "{}, wo eine Zahl oder ein Name stehen muss",
    "found {}, expected a sign or the end": "{}, wo ein Zeichen oder das Ende stehen muss",
    "found the end, expected {}": "die Formel hört auf, wo {} folgen muss",
    "found {}, expected {}": "{}, wo {} stehen muss",
    "brackets nested deeper than {}": "Klammern, tiefer als {} geschachtelt",
    "what follows a quotient without a sign may belong below or beside it: {}": (
        "was ohne Zeichen auf einen Quotienten folgt, kann in den Nenner oder dahinter gehören: "
        "schreiben Sie (a/b)*c oder a/(b*c)"
    ),
    "one exponent upon another: use brackets": (
        "ein Exponent über dem anderen: setzen Sie Klammern"
    ),
    "an exponent has to be a number; e^x is written exp(x)": (
        "ein Exponent muss eine Zahl sein; e^x schreibt man exp(x)"
    ),
    "exponents are read up to {}": "Exponenten werden bis {} gelesen",
    "{} is what is asked for": "{} ist das, was gefragt ist",
    "{} is not a quantity of the forward pass": "{} ist keine Größe der Vorwärtsrechnung",
    "the inverse of {}, or one over it?": "die Umkehrung von {}, oder eins durch {}?",
    "a second derivative is not asked for here": "eine zweite Ableitung ist hier nicht gefragt",
    "{} needs an argument in brackets": "{} braucht ein Argument in Klammern",
    "put the argument of {} in brackets": "setzen Sie das Argument von {} in Klammern",
    "the local derivative {} has to be written out": (
        "die lokale Ableitung {} muss ausgeschrieben werden"
    ),
    "{} may be an index or a power": "{} kann ein Index oder eine Potenz sein",
    "{} may mean {}: write which": "{} kann {} bedeuten: schreiben Sie, welches",
    "{} is no function that is known here": "{} ist keine Funktion, die hier bekannt ist",
    "the sides of this equation are not equal": "die Seiten dieser Gleichung sind nicht gleich",
    "right, but undefined where a unit is dead": (
        "richtig, aber nicht definiert, wo eine Einheit tot ist"
    ),
}
"""What the readers of answers say, in German; `{}` is what stands there of the answer itself."""


def in_language(reason: str, language: str) -> str:
    """A reason of the readers, translated where its sentence is known.

    >>> in_language("two signs (at character 2)", "de")
    'zwei Vorzeichen (bei Zeichen 2)'
    """
    if language != "de":
        return reason
    parts = _PLACE.fullmatch(reason)
    assert parts is not None, "bug: every part is optional"
    place = f" (bei Zeichen {parts['column']})" if parts["column"] else ""
    return f"{_translated(parts['reason'])}{place}"


def _translated(sentence: str) -> str:
    if sentence in GERMAN and _FITTED not in sentence:
        return GERMAN[sentence]
    for form, german in _forms():
        if found := form.fullmatch(sentence):
            fitted = [*found.groups(), *found.groups()[:1]]  # the last one may be said twice
            return german.format(*fitted)
    return sentence


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences with something of the answer in them, as patterns."""
    fitted = [(english, german) for english, german in GERMAN.items() if _FITTED in english]
    return tuple(
        (re.compile(re.escape(english).replace(re.escape(_FITTED), "(.*)"), re.DOTALL), german)
        for english, german in fitted
    )
