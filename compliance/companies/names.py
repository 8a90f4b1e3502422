"""The names that a company bears: how a typed name is kept, and the one key by which names are compared.

Refuses an empty name and one that is too long. Knows neither Flask nor the database.
"""

from __future__ import annotations

import re
import unicodedata

from compliance.core.parsing import Unreadable
from compliance.core.text import say

LONGEST_NAME = 200
# Legal forms are left out of a name first; these kinds of undertaking only if something else remains.
_FORMS = tuple(
    tuple(form.split())
    for form in (
        "pt", "p t", "perseroan terbatas", "cv", "c v", "persekutuan komanditer", "ud", "u d", "usaha dagang",
        "pd", "p d", "perusahaan dagang", "perusahaan daerah", "fa", "tbk", "persero", "perseroda",
    )
)  # fmt: skip
_KINDS = tuple((form,) for form in ("firma", "koperasi", "yayasan", "toko", "perum", "perumda"))


class BadName(Unreadable):
    """Cannot be a company's name; `reason` says what to type."""


def clean_name(typed: str | None) -> str:
    """A name to keep and print: as typed, without invisible characters, spaces folded. Raises BadName."""
    name = _visible(typed or "")
    if not name:
        raise BadName(say("Isi nama perusahaan, misalnya UD Misal Jaya"))
    if len(name) > LONGEST_NAME:
        count = len(name)
        raise BadName(
            say(
                "Nama paling panjang {limit} huruf; yang diketik {count}",
                limit=LONGEST_NAME,
                count=count,
            )
        )
    return name


def name_key(name: str) -> str:
    """The name for comparing: small letters, no punctuation, no legal form at either end.

    "PT. Contoh Jaya (Persero), Tbk" and "P.T. CONTOH  JAYA" are the same "contoh jaya". A name of nothing
    but legal forms keeps the most telling one ("Toko" stays "toko"), so no name is without a key.
    """
    key = _folded(name)
    while (shorter := _shorter(key)) != key:
        key = shorter
    return key


def has_legal_form(name: str) -> bool:
    """Whether the name begins or ends with a legal form, such as PT or CV, and has other words."""
    words = _words(name)
    return _shortened(words, _FORMS) != words


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = (" " if char.isspace() else char for char in text)
    shown = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join(shown.split())


def _folded(text: str) -> str:
    """Compatibility caseless form (Unicode 3.13, D146), composed."""
    if text.isascii():
        return _visible(text.lower())
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKC", _visible(text))


def _words(name: str) -> tuple[str, ...]:
    """The words of a folded name. An apostrophe joins (Jum'at), any other mark parts."""
    kept = re.sub(r"['`\u2018\u2019\u02bc]", "", _folded(name))
    return tuple(
        "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in kept).split()
    )


def _shorter(key: str) -> str:
    """One step towards the key; folding may lengthen a name, the key never outgrows LONGEST_NAME."""
    words = _joined(_shortened(_words(key), _FORMS + _KINDS))
    return (" ".join(words) or key)[:LONGEST_NAME].strip()


def _shortened(words: tuple[str, ...], forms: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Without the forms at either end, the first named first, but never without any word."""
    first, last = 0, len(words)
    while True:
        for form in forms:
            if last - first <= len(form):
                continue
            if words[first : first + len(form)] == form:
                first += len(form)
                break
            if words[last - len(form) : last] == form:
                last -= len(form)
                break
        else:
            return words[first:last]


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Neighbouring single letters written together: a b c → abc."""
    joined: list[str] = []
    after_initial = False
    for word in words:
        is_initial = len(word) == 1 and word.isalpha()
        if is_initial and after_initial:
            joined[-1] += word
        else:
            joined.append(word)
        after_initial = is_initial
    return tuple(joined)
