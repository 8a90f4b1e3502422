"""The names that a company bears: how a typed name is kept, its legal form, and when two names are the same.

Refuses an empty name, one that is too long, and what offices write for "none". Knows neither Flask nor the
database. How a name is found when it is spelt otherwise: `search/spelling`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from compliance.core.parsing import Unreadable
from compliance.core.text import Text, say

LONGEST_NAME = 200
LEGAL_FORMS: dict[str, tuple[str, ...]] = {
    "pt": ("pt", "p t", "perseroan terbatas", "tbk", "persero", "perseroda"),
    "cv": ("cv", "c v", "persekutuan komanditer"),
    "ud": ("ud", "u d", "usaha dagang", "pd", "p d", "perusahaan dagang", "toko"),
    "firma": ("fa", "firma"),
    "koperasi": ("koperasi", "kop"),
    "yayasan": ("yayasan", "yys"),
    "perum": ("perum", "perusahaan umum"),
    "perumda": ("perumda", "perusahaan umum daerah", "perusahaan daerah"),
    "bumdes": ("bumdes", "bum desa", "badan usaha milik desa"),
}  # fmt: skip
"""The legal forms, each with the words that state it. Names of two forms are never the same."""
_STATED_BY = {tuple(words.split()): form for form, ways in LEGAL_FORMS.items() for words in ways}
_BY_LENGTH = sorted(_STATED_BY, key=len, reverse=True)
# These are left out of a name only when another word remains: "PT Toko Tbk" is called Toko.
_TELLING = ("firma", "koperasi", "yayasan", "toko", "perum", "perumda", "bumdes")
_FORMAL = tuple(words for words in _BY_LENGTH if words[0] not in _TELLING)
_ABBREVIATED = {
    "ksu": "koperasi serba usaha",
    "ksp": "koperasi simpan pinjam",
    "kud": "koperasi unit desa",
    "kopkar": "koperasi karyawan",
    "and": "dan",
}
_APOSTROPHES = re.compile(r"['`\u00b4\u02b9\u02bb\u02bc\u02be\u02bf\u2018\u2019\u201b\u2032]")
_NO_NAMES = {
    "none", "null", "total", "jumlah", "jumlah total", "sub total", "subtotal", "grand total", "idem", "sda",
    "tba", "tbd", "test", "tes",
}  # fmt: skip
"""What offices write where no company stands."""
_NOTHING = {
    "na", "n a", "nihil", "kosong", "tidak ada", "tidakada", "tdk ada", "tidak ada data", "tidak ada nama",
    "tidak diketahui", "belum ada", "belum diketahui", "belum diisi", "tanpa nama",
}  # fmt: skip
"""What is no name behind a legal form either: "UD tidak ada". "PT Total" may be one."""
_SAYS_FORMER = (
    r"(?:dahulu|dulu(?:nya)?|d\.?\s?[/.]\s?h\.?|semula|sebelumnya|eks|ex|formerly)(?!\w)[.:]?"
)
_FORMER = re.compile(
    rf"\(\s*{_SAYS_FORMER}\s*(?:bernama\s+)?(?P<aside>[^()]+)(?:\)|$)"
    r"|,?\s+d\.?/h\.?\s+(?P<behind>[^()]+)$",
    re.IGNORECASE,
)
_FORMERLY = re.compile(rf",?\s+{_SAYS_FORMER}\s*(?:bernama\s+)?", re.IGNORECASE)
"""Words that say so without brackets; in "PT Eks Jaya" they are of the name."""
_THROUGH = re.compile(
    r"\(\s*(?:melalui|lewat|c\s?/\s?o|via)(?!\w)[.:]?\s*[^()]+(?:\)|$)", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"(?<!\w)(?:pte|pty|ltd|sdn\.?\s*bhd|bhd|gmbh|inc|llc|plc|b\.\s?v|bv(?=\.?$))(?!\w)",
    re.IGNORECASE,
)


class BadName(Unreadable):
    """Cannot be a company's name; `reason` says what to type."""


@dataclass(frozen=True)
class NameKey:
    """What of a name is compared: `same` is the name without its legal form, marks and spaces.

    `form` is a key of LEGAL_FORMS, "" where the name states none.
    """

    same: str = ""
    form: str = ""

    def is_same(self, other: NameKey) -> bool:
        """Whether both may be one name: a form that is not stated may be any."""
        return self.same == other.same and (
            not self.form or not other.form or self.form == other.form
        )


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
    if is_no_name(name):
        raise BadName(
            say(
                "{name} bukan nama perusahaan. Tulis namanya, sedikitnya dua huruf",
                name=name[:40],
            )
        )
    return name


def is_no_name(name: str) -> bool:
    """Whether this names no company: "-", "12", "N/A", "xxx", "TOTAL", a legal form alone, a picture."""
    words = _words(name)
    if sum(char.isalpha() for word in words for char in word) < 2:
        return True
    key = name_key(name)
    if tuple(key.split()) in _STATED_BY or key in _NOTHING or set(key) <= {"x", " "}:
        return True
    return not legal_form(name) and (key in _NO_NAMES or len(set(key)) == 1)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The name for sorting, in small letters: no accents, no marks but spaces, no legal form at either end.

    "PT. Contoh Jaya (Persero), Tbk" and "P.T. CONTOH  JAYA" are the same "contoh jaya". A name of nothing
    but legal forms keeps the most telling one ("Toko" stays "toko"), so no name is without a key.
    """
    key = _folded(name)
    while (shorter := _shorter(key)) != key:
        key = shorter
    return key


@lru_cache(maxsize=4096)
def key_of(name: str) -> NameKey:
    """What tells whether two names are the same."""
    return NameKey(name_key(name).replace(" ", ""), legal_form(name))


def legal_form(name: str) -> str:
    """The legal form that a name states at its beginning, else at its end; "" when it states none.

    At the end only what is said of no person or office: "Dinas Koperasi" is no cooperative.
    """
    words = _words(name)
    return _form_at(words, 0) or _form_at(words, -1)


def _form_at(words: tuple[str, ...], place: int) -> str:
    """The legal form that words state at their beginning (0) or end (-1)."""
    for stated in _BY_LENGTH if place == 0 else _FORMAL:
        at = words[: len(stated)] if place == 0 else words[-len(stated) :]
        if at == stated and len(words) > len(stated):
            return _STATED_BY[stated]
    return ""


def has_legal_form(name: str) -> bool:
    """Whether the name begins or ends with a legal form, such as PT or CV, and has other words."""
    return bool(legal_form(name))


@dataclass(frozen=True)
class PartedName:
    """A typed name without the former names that it states, and these."""

    name: str
    former: tuple[str, ...] = ()


def parted_name(typed: str) -> PartedName:
    """What was typed as a name and the former names that it states: "PT Baru (dahulu CV Lama)", "PT Baru
    d/h CV Lama", "PT Baru eks PT Lama". Parts nothing that would leave no name on either side.
    """
    name = _visible(typed)
    aside = [found["aside"] or found["behind"] for found in _FORMER.finditer(name)]
    rest, *behind = _parted_behind(_visible(_FORMER.sub(" ", name)).strip(" ,;"))
    former = [old.strip(" ,;.") for old in (*behind, *aside)]
    if not former or any(map(is_no_name, (rest, *former))):
        return PartedName(typed)
    return PartedName(rest, tuple(dict.fromkeys(old for old in former if old != rest)))


def _parted_behind(name: str) -> list[str]:
    """The name, then the former names that stand behind it without brackets. Both must state a legal form,
    a former one at its beginning: else such a word is of the name.
    """
    for said in _FORMERLY.finditer(name):
        before, old = name[: said.start()], name[said.end() :]
        if legal_form(before) and _form_at(_words(old), 0):
            return [before, *_parted_behind(old)]
    return [name]


def doubts_of_name(name: str) -> list[Text]:
    """Why a name deserves a second look. Never a refusal."""
    doubtful = []
    scripts = {
        unicodedata.name(char, "?").split()[0]
        for char in ("" if name.isascii() else unicodedata.normalize("NFKC", name))
        if char.isalpha()
    }
    if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}:
        text = say(
            "Nama ini memuat huruf yang tampak seperti huruf Latin tetapi bukan. Ketik ulang namanya"
        )
        doubtful.append(text)
    if through := _THROUGH.search(name):
        text = say(
            "Nama memuat “{part}”: itu bukan bagian nama. Periksa perusahaan mana yang dimaksud",
            part=through[0],
        )
        doubtful.append(text)
    if foreign := _FOREIGN.findall(name):
        text = say(
            "Bentuk hukum asing ({form}). Periksa badan hukum mana yang mempekerjakan orang di sini",
            form=" ".join(foreign),
        )
        doubtful.append(text)
    return doubtful


def remarks_on_name(typed: str) -> list[Text]:
    """What somebody should know about how a typed name is stored, and why it deserves a second look."""
    parted = parted_name(typed)
    kept = [say("Nama terdahulu {name} ikut disimpan", name=old) for old in parted.former]
    return kept + doubts_of_name(parted.name)


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = (" " if char.isspace() else char for char in text)
    shown = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join(shown.split())


def _folded(text: str) -> str:
    """Compatibility caseless form (Unicode 3.13, D146) without accents, composed."""
    if text.isascii():
        return _visible(text.lower())
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", _visible(text))


def _words(name: str) -> tuple[str, ...]:
    """The words of a folded name. An apostrophe joins (Jum'at), `&` is a word, any other mark parts."""
    kept = _APOSTROPHES.sub("", _folded(_APOSTROPHES.sub("", name))).replace("&", " dan ")
    parted = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in kept)
    return tuple(word for part in parted.split() for word in _ABBREVIATED.get(part, part).split())


def _shorter(key: str) -> str:
    """One step towards the key; folding may lengthen a name, the key never outgrows LONGEST_NAME."""
    words = _joined_initials(_shortened(_shortened(_words(key), _FORMAL), tuple(_BY_LENGTH)))
    return (" ".join(words) or key)[:LONGEST_NAME].strip()


def _shortened(words: tuple[str, ...], forms: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Without the forms at either end, but never without any word."""
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


def _joined_initials(words: tuple[str, ...]) -> tuple[str, ...]:
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
