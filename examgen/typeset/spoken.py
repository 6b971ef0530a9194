"""What signs and letters are called, in English and in German."""

from __future__ import annotations

import unicodedata
from functools import cache

SIGNS: dict[str, tuple[str, str]] = {
    # arithmetic
    "+": ("plus", "plus"),
    "−": ("minus", "minus"),
    "⋅": ("times", "mal"),
    "×": ("times", "mal"),
    "∗": ("asterisk", "Stern"),
    "⋆": ("star", "Sternchen"),
    "/": ("divided by", "geteilt durch"),
    "÷": ("divided by", "geteilt durch"),
    "±": ("plus or minus", "plus oder minus"),
    "∓": ("minus or plus", "minus oder plus"),
    "⊙": ("elementwise times", "elementweise mal"),
    "⊕": ("circled plus", "Plus im Kreis"),
    "⊖": ("circled minus", "Minus im Kreis"),
    "⊗": ("tensor product", "Tensorprodukt"),
    "⊘": ("elementwise divided by", "elementweise geteilt durch"),
    "∘": ("composed with", "verkettet mit"),
    "∙": ("bullet", "dicker Punkt"),
    "⋄": ("diamond", "Raute"),
    "⊞": ("boxed plus", "Plus im Kasten"),
    "⊠": ("boxed times", "Mal im Kasten"),
    "⊡": ("boxed dot", "Punkt im Kasten"),
    "⋉": ("left semidirect product", "linkes semidirektes Produkt"),
    "⋊": ("right semidirect product", "rechtes semidirektes Produkt"),
    "!": ("factorial", "Fakultät"),
    "%": ("percent", "Prozent"),
    # relations
    "=": ("equals", "gleich"),
    "≠": ("not equal to", "ungleich"),
    "≈": ("approximately equals", "ungefähr gleich"),
    "≡": ("identical to", "identisch mit"),
    "≢": ("not identical to", "nicht identisch mit"),
    "≃": ("asymptotically equal to", "asymptotisch gleich"),
    "≅": ("congruent to", "kongruent zu"),
    "≍": ("equivalent to", "äquivalent zu"),
    "≐": ("approaches", "nähert sich"),
    "≜": ("is defined as", "ist definiert als"),
    "≔": ("is defined as", "ist definiert als"),
    "≕": ("defines", "definiert"),
    "∼": ("is distributed as", "ist verteilt wie"),
    "≁": ("is not distributed as", "ist nicht verteilt wie"),
    "∝": ("is proportional to", "ist proportional zu"),
    "<": ("less than", "kleiner als"),
    ">": ("greater than", "größer als"),
    "≤": ("less than or equal to", "kleiner oder gleich"),
    "⩽": ("less than or equal to", "kleiner oder gleich"),
    "≥": ("greater than or equal to", "größer oder gleich"),
    "⩾": ("greater than or equal to", "größer oder gleich"),
    "≮": ("not less than", "nicht kleiner als"),
    "≯": ("not greater than", "nicht größer als"),
    "≰": ("not less than or equal to", "nicht kleiner oder gleich"),
    "≱": ("not greater than or equal to", "nicht größer oder gleich"),
    "≪": ("much less than", "viel kleiner als"),
    "≫": ("much greater than", "viel größer als"),
    "≲": ("less than or about", "kleiner als ungefähr"),
    "≳": ("greater than or about", "größer als ungefähr"),
    "≺": ("precedes", "vor"),
    "≻": ("succeeds", "nach"),
    "≼": ("precedes or equals", "vor oder gleich"),
    "≽": ("succeeds or equals", "nach oder gleich"),
    ":": ("colon", "Doppelpunkt"),
    "∣": ("given", "gegeben"),
    "∤": ("not given", "nicht gegeben"),
    "∥": ("is parallel to", "ist parallel zu"),
    "∦": ("is not parallel to", "ist nicht parallel zu"),
    "⊥": ("perpendicular", "senkrecht"),
    "⊨": ("models", "erfüllt"),
    "⊢": ("proves", "beweist"),
    "⊣": ("is proved by", "wird bewiesen von"),
    # sets and logic
    "∈": ("element of", "Element von"),
    "∉": ("not an element of", "kein Element von"),
    "∋": ("contains", "enthält"),
    "∌": ("does not contain", "enthält nicht"),
    "⊂": ("subset of", "Teilmenge von"),
    "⊄": ("not a subset of", "keine Teilmenge von"),
    "⊆": ("subset of or equal to", "Teilmenge von oder gleich"),
    "⊊": ("proper subset of", "echte Teilmenge von"),
    "⊃": ("superset of", "Obermenge von"),
    "⊇": ("superset of or equal to", "Obermenge von oder gleich"),
    "⊋": ("proper superset of", "echte Obermenge von"),
    "∪": ("union", "vereinigt mit"),
    "∩": ("intersection", "geschnitten mit"),
    "⊎": ("multiset union", "Multimengenvereinigung"),
    "⊔": ("square union", "quadratische Vereinigung"),
    "⊓": ("square intersection", "quadratischer Schnitt"),
    "∖": ("without", "ohne"),
    "∅": ("empty set", "leere Menge"),
    "∧": ("and", "und"),
    "∨": ("or", "oder"),
    "¬": ("not", "nicht"),
    "∀": ("for all", "für alle"),
    "∃": ("there exists", "es gibt"),
    "∄": ("there exists no", "es gibt kein"),
    # arrows
    "→": ("right arrow", "Pfeil nach rechts"),
    "←": ("left arrow", "Pfeil nach links"),
    "↔": ("left right arrow", "Pfeil nach beiden Seiten"),
    "⟶": ("long right arrow", "langer Pfeil nach rechts"),
    "⟵": ("long left arrow", "langer Pfeil nach links"),
    "⟷": ("long left right arrow", "langer Pfeil nach beiden Seiten"),
    "⇒": ("implies", "daraus folgt"),
    "⟹": ("implies", "daraus folgt"),
    "⇏": ("does not imply", "daraus folgt nicht"),
    "⇐": ("is implied by", "folgt aus"),
    "⟸": ("is implied by", "folgt aus"),
    "⇔": ("if and only if", "genau dann wenn"),
    "⟺": ("if and only if", "genau dann wenn"),
    "↦": ("maps to", "wird abgebildet auf"),
    "⟼": ("maps to", "wird abgebildet auf"),
    "↪": ("hooked right arrow", "Hakenpfeil nach rechts"),
    "↩": ("hooked left arrow", "Hakenpfeil nach links"),
    "↑": ("up arrow", "Pfeil nach oben"),
    "↓": ("down arrow", "Pfeil nach unten"),
    "↕": ("up down arrow", "Pfeil nach oben und unten"),
    "⇑": ("double up arrow", "Doppelpfeil nach oben"),
    "⇓": ("double down arrow", "Doppelpfeil nach unten"),
    "⇕": ("double up down arrow", "Doppelpfeil nach oben und unten"),
    "↗": ("up right arrow", "Pfeil nach rechts oben"),
    "↘": ("down right arrow", "Pfeil nach rechts unten"),
    "↙": ("down left arrow", "Pfeil nach links unten"),
    "↖": ("up left arrow", "Pfeil nach links oben"),
    "⇀": ("right harpoon", "Harpune nach rechts"),
    "↼": ("left harpoon", "Harpune nach links"),
    "⇌": ("equilibrium", "Gleichgewicht"),
    "⇆": ("left arrow over right arrow", "Pfeil nach links über Pfeil nach rechts"),
    "⇄": ("right arrow over left arrow", "Pfeil nach rechts über Pfeil nach links"),
    "↠": ("two headed right arrow", "zweiköpfiger Pfeil nach rechts"),
    "⇝": ("leads to", "führt zu"),
    "↛": ("struck right arrow", "durchgestrichener Pfeil nach rechts"),
    "↚": ("struck left arrow", "durchgestrichener Pfeil nach links"),
    # large operators
    "∑": ("sum", "Summe"),
    "∏": ("product", "Produkt"),
    "∐": ("coproduct", "Koprodukt"),
    "∫": ("integral", "Integral"),
    "∬": ("double integral", "Doppelintegral"),
    "∭": ("triple integral", "Dreifachintegral"),
    "∮": ("contour integral", "Kurvenintegral"),
    "⋃": ("union", "Vereinigung"),
    "⋂": ("intersection", "Schnitt"),
    "⨁": ("direct sum", "direkte Summe"),
    "⨂": ("tensor product", "Tensorprodukt"),
    "⨀": ("elementwise product", "elementweises Produkt"),
    "⋁": ("disjunction", "Disjunktion"),
    "⋀": ("conjunction", "Konjunktion"),
    # brackets
    "(": ("open paren", "Klammer auf"),
    ")": ("close paren", "Klammer zu"),
    "[": ("open bracket", "eckige Klammer auf"),
    "]": ("close bracket", "eckige Klammer zu"),
    "{": ("open brace", "geschweifte Klammer auf"),
    "}": ("close brace", "geschweifte Klammer zu"),
    "⟨": ("open angle bracket", "spitze Klammer auf"),
    "⟩": ("close angle bracket", "spitze Klammer zu"),
    "⌊": ("open floor", "Abrundung auf"),
    "⌋": ("close floor", "Abrundung zu"),
    "⌈": ("open ceiling", "Aufrundung auf"),
    "⌉": ("close ceiling", "Aufrundung zu"),
    "|": ("vertical bar", "senkrechter Strich"),
    "‖": ("double vertical bar", "doppelter senkrechter Strich"),
    "\\": ("backslash", "Rückstrich"),
    # single signs
    ",": ("comma", "Komma"),
    ";": ("semicolon", "Semikolon"),
    ".": ("point", "Punkt"),
    "?": ("question mark", "Fragezeichen"),
    "…": ("dots", "Punkte"),
    "⋯": ("dots", "Punkte"),
    "⋮": ("vertical dots", "senkrechte Punkte"),
    "⋱": ("diagonal dots", "diagonale Punkte"),
    "∂": ("partial", "partiell"),
    "∇": ("nabla", "Nabla"),
    "∞": ("infinity", "unendlich"),
    "√": ("radical sign", "Wurzelzeichen"),
    "⊤": ("top", "top"),
    "′": ("prime", "Strich"),
    "°": ("degrees", "Grad"),
    "∠": ("angle", "Winkel"),
    "△": ("triangle", "Dreieck"),
    "†": ("dagger", "Dolch"),
    "‡": ("double dagger", "Doppeldolch"),
    "ℜ": ("real part", "Realteil"),
    "ℑ": ("imaginary part", "Imaginärteil"),
    "ℓ": ("script l", "Schreibschrift-l"),
    "ℏ": ("h bar", "h quer"),
    "℘": ("Weierstrass p", "Weierstraß-p"),
    "ℵ": ("aleph", "Aleph"),
    "ı": ("dotless i", "punktloses i"),
    "ȷ": ("dotless j", "punktloses j"),
    "_": ("underscore", "Unterstrich"),
    "&": ("ampersand", "Und-Zeichen"),
    "#": ("number sign", "Nummernzeichen"),
    "$": ("dollar", "Dollar"),
    "@": ("at", "at"),
    '"': ("quote", "Anführungszeichen"),
    "`": ("backquote", "Gravis"),
}
"""Words of signs: English, German."""

MARKS: dict[str, tuple[str, str]] = {
    "\u0302": ("hat", "Dach"),
    "\u0303": ("tilde", "Tilde"),
    "\u0304": ("bar", "quer"),
    "\u0305": ("overlined", "überstrichen"),
    "\u0332": ("underlined", "unterstrichen"),
    "\u0307": ("dot", "mit Punkt"),
    "\u0308": ("double dot", "mit zwei Punkten"),
    "\u20d7": ("vector", "Vektor"),
    "\u030c": ("check", "Hatschek"),
    "\u0306": ("breve", "Brevis"),
    "\u0301": ("acute", "Akut"),
    "\u0300": ("grave", "Gravis"),
    "\u030a": ("ring", "mit Ring"),
}
"""Words of accents, which follow their letter."""

NAMES: dict[str, tuple[str, str]] = {
    "ln": ("natural log", "natürlicher Logarithmus"),
    "log": ("log", "Logarithmus"),
    "exp": ("exp", "exp"),
    "lim": ("limit", "Grenzwert"),
    "max": ("maximum", "Maximum"),
    "min": ("minimum", "Minimum"),
    "sup": ("supremum", "Supremum"),
    "inf": ("infimum", "Infimum"),
    "sin": ("sine", "Sinus"),
    "cos": ("cosine", "Kosinus"),
    "tan": ("tangent", "Tangens"),
    "tanh": ("hyperbolic tangent", "Tangens hyperbolicus"),
    "sinh": ("hyperbolic sine", "Sinus hyperbolicus"),
    "cosh": ("hyperbolic cosine", "Kosinus hyperbolicus"),
    "det": ("determinant", "Determinante"),
    "arg max": ("arg max", "arg max"),
    "Pr": ("probability", "Wahrscheinlichkeit"),
}
"""Words of functions, where their name is none."""

_VARIANTS = {"ϑ": "theta", "ϖ": "pi", "ϱ": "rho", "ς": "sigma"}
_KINDS = {
    "double-struck": ("double-struck", "Doppelstrich"),
    "black-letter": ("Fraktur", "Fraktur"),
    "fraktur": ("Fraktur", "Fraktur"),
    "script": ("script", "Schreibschrift"),
    "bold": ("bold", "fett"),
}


@cache
def sign(char: str, language: int) -> str:
    """What a character is called: 0 English, 1 German; ASCII letters and digits are themselves."""
    if char in SIGNS:
        return SIGNS[char][language]
    if char.isascii():
        return char
    return _greek(char, language) or _styled_letter(char, language) or _named(char)


def _greek(char: str, language: int) -> str:
    """`sigma`, `capital sigma`; in German `Sigma`, `großes Sigma`."""
    name = unicodedata.name(char, "").lower()
    if not name.startswith("greek"):
        return ""
    called = name.removeprefix("greek ").replace(" letter", "").replace(" symbol", "")
    called = called.removeprefix("small ").replace("lamda", "lambda")
    letter = _VARIANTS.get(char, called.removeprefix("capital "))
    letter = letter.capitalize() if language else letter
    if called.startswith("capital "):
        return f"{('capital', 'großes')[language]} {letter}"
    return f"{letter} {('variant', 'Variante')[language]}" if char in _VARIANTS else letter


def _styled_letter(char: str, language: int) -> str:
    """`double-struck R` for ℝ, `script L` for ℒ; sans-serif letters are called as plain ones."""
    letter = unicodedata.normalize("NFKC", char)
    if letter == char or len(letter) != 1:
        return ""
    name = unicodedata.name(char).lower()
    kind = next((words[language] for word, words in _KINDS.items() if word in name), "")
    return f"{kind} {sign(letter, language)}".strip()


def _named(char: str) -> str:
    """A letter of some script as itself, any other sign by its name."""
    return char if char.isalpha() else unicodedata.name(char, "unknown sign").lower()
