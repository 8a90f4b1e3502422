"""Ways of writing a registered name, by kind: what is typed, and the firm that is meant. Seeded.

A question is written by hand-made rules from a name of the first thousand firms. Where nobody could tell
which of two firms is meant, because what was typed fits both alike, either is right (`is_right`).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice

from benchmarks.names import words
from benchmarks.names.corpus import CORE, RARE_FROM, Firm, bare, core, initials, of
from benchmarks.names.spellings import HURRIED, NUMERALS, SOUNDS_ALIKE, antique, modern

LETTERS = "abdegiklmnoprstu"
COMMON = frozenset((*words.TRADE, *words.LINES, *words.PLACES, *words.FOREIGN))
TOO_MANY = (
    "(cabang Ende)",
    "(Cab. Maumere)",
    "Kupang",
    "Indonesia",
    "Cabang Labuan Bajo",
    "Group",
    "- Ruteng",
    "Pusat",
)
CHANCE = random.Random(20)
Write = Callable[[Firm], str]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody types, of which kind it is, and the firm that is meant."""

    kind: str
    typed: str
    firm: Firm

    def is_right(self, id: int, name: str) -> bool:
        """Whether a company that was found is the one, or one that the typed text fits as well."""
        if id == self.firm.id:
            return True
        if self.kind == "acronym":
            return initials(name) == initials(self.firm.name)
        if bare(self.typed) == bare(self.firm.name) and bare(self.typed) != self.typed.casefold():
            return name.casefold() == self.firm.name.casefold()  # the form was typed, too
        return bare(name) == bare(self.firm.name)


def slip(word: str) -> str:
    """A letter too many, missing, another, or two swapped; seldom the first one."""
    at = CHANCE.randrange(0 if CHANCE.random() < 0.1 else 1, len(word) - 1)
    other = CHANCE.choice([letter for letter in LETTERS if letter != word[at].lower()])
    slipped = CHANCE.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return slipped if slipped.casefold() != word.casefold() else slip(word)


def _changed(firm: Firm, change: Callable[[str], str], *chosen: int, form: bool = True) -> str:
    parts = [change(part) if at in chosen else part for at, part in enumerate(firm.parts)]
    return (firm.form if form else "{}").format(" ".join(parts))


def _places(firm: Firm, *, common: bool) -> list[int]:
    """Where words of five letters or more stand that are common, or rare."""
    return [
        at
        for at, part in enumerate(firm.parts)
        if len(part) >= 5
        and part.isalpha()
        and (part.lower() in COMMON) == common
        and (common or part == firm.rare)
    ]


def _slip_in(*, common: bool, twice: bool = False) -> Write:
    def write(firm: Firm) -> str:
        at = CHANCE.choice(_places(firm, common=common))
        return _changed(
            firm,
            lambda word: slip(slip(word)) if twice else slip(word),
            at,
            form=CHANCE.random() < 0.7,
        )

    return write


def slips_in_two(firm: Firm) -> str:
    long = [at for at, part in enumerate(firm.parts) if len(part) >= 4 and part.isalpha()]
    return _changed(firm, slip, *CHANCE.sample(long, 2))


def exact(firm: Firm) -> str:
    name = firm.name
    return CHANCE.choice(
        (
            name,
            name.upper(),
            name.replace("PT ", "PT. "),
            name.lower(),
            re.sub(r"^CV ", "C.V. ", name),
        )
    )


def missing(firm: Firm) -> str:
    gone = CHANCE.choice([at for at, part in enumerate(firm.parts) if part != firm.rare])
    return firm.form.format(" ".join(part for at, part in enumerate(firm.parts) if at != gone))


def swapped(firm: Firm) -> str:
    parts = firm.parts
    at = CHANCE.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return CHANCE.choice((firm.form, "{}")).format(" ".join(parts))


def joined(firm: Firm) -> str:
    parts = firm.parts
    at = CHANCE.randrange(len(parts) - 1)
    parts[at : at + 2] = [parts[at] + parts[at + 1].lower()]
    return CHANCE.choice((firm.form, "{}")).format(" ".join(parts))


def split(firm: Firm) -> str:
    at = CHANCE.choice(
        [at for at, part in enumerate(firm.parts) if len(part) >= 6 and part.isalpha()]
    )
    cut = CHANCE.randrange(3, len(firm.parts[at]) - 2)
    return _changed(firm, lambda word: f"{word[:cut]} {word[cut:].title()}", at)


def cut(firm: Firm) -> str:
    return CHANCE.choice((firm.name, firm.name.upper()))[:30]


def hyphens(firm: Firm) -> str:
    if "-" in firm.body:
        return firm.name.replace("-", CHANCE.choice((" ", "", " - ")))
    return firm.form.format(firm.body.replace(" ", "-", 1))


def with_and(firm: Firm) -> str:
    return firm.name.replace(" & ", CHANCE.choice((" dan ", " and ", "&", " dn ", " ")))


def respelt(firm: Firm) -> str:
    """In today's spelling, or in the old one; some know only a part of it."""
    write = modern if firm.made == "old" else antique
    if CHANCE.random() < 0.25:
        pairs = [("oe", "u"), ("dj", "j"), ("tj", "c"), ("ch", "kh")]
        pairs = pairs if firm.made == "old" else [(new, old) for old, new in pairs]
        first = next(iter(pair for pair in pairs if pair[0] in firm.parts[0].lower()), ("", ""))
        return _changed(
            firm, lambda word: word.lower().replace(*first).title() if first[0] else write(word), 0
        )
    return _changed(firm, write, 0, form=CHANCE.random() < 0.7)


def by_ear(firm: Firm) -> str:
    """f, v and p for each other, or letters doubled and not doubled."""
    sounds = [pair for pair in SOUNDS_ALIKE if pair[0] in firm.body.lower()]
    if sounds and CHANCE.random() < 0.6:
        return firm.form.format(firm.body.lower().replace(*CHANCE.choice(sounds), 1).title())
    body = firm.body
    if twice := re.search(r"([a-z])\1", body):
        return firm.form.format(body[: twice.start()] + body[twice.start() + 1 :])
    at = CHANCE.choice([found.start() for found in re.finditer(r"(?<=[a-z])[bdgklmnrst]", body)])
    return firm.form.format(body[:at] + body[at] + body[at:])


def acronym(firm: Firm) -> str:
    letters = initials(firm.name).upper()
    return CHANCE.choice((letters, f"PT {letters}", ".".join(letters) + "."))


def without_marks(firm: Firm) -> str:
    if firm.body.isascii():
        other = CHANCE.choice(("", " ", "’", "`", "ʼ", "‘"))
        return firm.name.replace("'", other)
    bare_letters = unicodedata.normalize("NFKD", firm.name)
    return "".join(letter for letter in bare_letters if not unicodedata.combining(letter))


def without_signs(firm: Firm) -> str:
    return hyphens(firm) if firm.made == "hyphen" else without_marks(firm)


def with_digits(firm: Firm) -> str:
    body = firm.body
    ways = [
        re.sub(r"([A-Z])-(\d)", r"\1\2", body),
        re.sub(r"([A-Z])-(\d)", r"\1 \2", body),
        body,
        body.lower(),
    ]
    ways += [
        body.replace(digit, word)
        for digit, word in NUMERALS.items()
        if body.startswith(digit) and len(digit) > 1
    ]
    return CHANCE.choice((firm.form, "{}", "TK. {}")).format(CHANCE.choice(ways))


def hurried(firm: Firm) -> str:
    """As lists and people re-spell a name: one to three changes of any kind, by hand-written rules."""
    body, form = (
        firm.body,
        CHANCE.choice((firm.form, firm.form, "{}", firm.form.upper().replace("PT ", "PT. "))),
    )
    for _ in range(CHANCE.choice((1, 2, 2, 3))):
        parts = body.split()
        rule = CHANCE.randrange(7)
        if rule <= 1:
            body = " ".join(HURRIED.get(part.lower(), part) for part in parts)
        elif rule == 2 and len(parts) > 2:
            body = " ".join(parts[:-1])
        elif rule == 3:
            body += f" {CHANCE.choice(TOO_MANY)}"
        elif rule == 4:
            body = " ".join(slip(part) if part == firm.rare else part for part in parts)
        elif rule == 5:
            body = (
                body.replace(" & ", " dan ") if "&" in body else f"{parts[0]}{' '.join(parts[1:])}"
            )
        elif rule == 6:
            body = (
                f"{' '.join(parts[1:])} {parts[0]}"
                if len(parts) == 2
                else body.replace("ai", "ae").replace("u", "oe", 1)
            )
    written = form.format(body)
    return written if bare(written) != bare(firm.name) else form.format(slip(body))


def plain(where: Callable[[Firm], bool]) -> list[Firm]:
    return of("plain", where=where)


def _has(common: bool) -> list[Firm]:
    return plain(lambda firm: bool(_places(firm, common=common)))


def _long(count: int) -> Callable[[Firm], bool]:
    return lambda firm: len(firm.parts) >= count and "&" not in firm.body


def _few_bear(firm: Firm) -> bool:
    return bool(firm.rare) and firm.rare.lower() in _rare_words()


@cache
def _rare_words() -> frozenset[str]:
    return frozenset(words.vocabulary()[0][RARE_FROM:])


def _rare_and_long(firm: Firm) -> bool:
    return len(firm.rare) >= 6 and firm.rare in firm.parts


def _two_long(firm: Firm) -> bool:
    return sum(len(part) >= 4 and part.isalpha() for part in firm.parts) >= 2


def _to_be_split(firm: Firm) -> bool:
    return any(len(part) >= 6 and part.isalpha() for part in firm.parts)


def _has_initials(firm: Firm) -> bool:
    return len(bare(firm.name).split()) >= 3 and firm.parts[0].isalpha() and "&" not in firm.body


def _begins_rare(firm: Firm) -> bool:
    return len(firm.parts) >= 3 and firm.rare in firm.parts[:2]


def _trades(firm: Firm) -> bool:
    return bool(firm.trade) and _few_bear(firm)


def one_too_many(firm: Firm) -> str:
    return f"{firm.name} {CHANCE.choice(TOO_MANY)}"


KINDS: dict[str, tuple[int, Callable[[], list[Firm]], Write]] = {
    "exact": (100, lambda: list(core()), exact),
    "without its legal form": (100, lambda: plain(bool), lambda firm: firm.body),
    "one slip in a rare word": (160, lambda: _has(False), _slip_in(common=False)),
    "one slip in a common word": (120, lambda: _has(True), _slip_in(common=True)),
    "two slips in one word": (100, lambda: plain(_rare_and_long), _slip_in(common=False, twice=True)),
    "slips in two words": (100, lambda: plain(_two_long), slips_in_two),
    "a word missing": (120, lambda: plain(_long(3)), missing),
    "a word too many": (150, lambda: plain(bool), one_too_many),
    "words swapped": (80, lambda: plain(_long(2)), swapped),
    "words joined": (100, lambda: plain(_long(2)), joined),
    "a word split": (80, lambda: plain(_to_be_split), split),
    "hyphen or space": (80, lambda: of("hyphen") * 3 + plain(_long(2)), hyphens),
    "& or dan or and": (80, lambda: of("and") * 4 + plain(lambda firm: "&" in firm.body), with_and),
    "old or new spelling": (120, lambda: of("old", "new"), respelt),
    "f, v, p and doubled letters": (100, lambda: plain(lambda firm: len(firm.body) > 8), by_ear),
    "Indonesian or English": (72, lambda: of("language"), lambda firm: f"PT {firm.written}"),
    "abbreviation": (72, lambda: of("abbreviation"), lambda firm: firm.written),
    "acronym": (60, lambda: plain(_has_initials), acronym),
    "first words only": (80, lambda: plain(_begins_rare), lambda firm: " ".join(firm.parts[:2])),
    "accents and apostrophes": (80, lambda: of("marks"), without_marks),
    "cut at 30 characters": (60, lambda: plain(lambda firm: len(firm.name) > 30), cut),
    "digits": (60, lambda: of("digits"), with_digits),
    "trade name, stored": (60, lambda: plain(lambda firm: bool(firm.alias)), lambda firm: firm.alias),
    "natural: re-spelt": (200, lambda: of("plain", "other order", "group", "one place"), hurried),
    "natural: trade name for legal name": (80, lambda: plain(_trades), lambda firm: firm.trade),
}  # fmt: skip
"""TABLE: the kinds of questions: how many, about which firms, and how they are written."""


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in the order of their kinds."""
    return tuple(_questions())


def _questions() -> Iterator[Question]:
    for kind, (many, suitable, write) in KINDS.items():
        CHANCE.seed(f"questions: {kind}")
        firms = suitable()
        assert len(firms) >= 15, f"{kind}: only {len(firms)} of {CORE}"
        CHANCE.shuffle(firms)
        asked = set[str]()
        for firm in islice(cycle(firms), 20 * many):
            typed = write(firm)
            if typed not in asked and len(asked) < many:
                asked.add(typed)
                yield Question(kind, typed, firm)
