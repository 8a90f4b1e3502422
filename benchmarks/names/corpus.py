"""The firms of the registry: number n is the same in every size. Seeded; all names are invented.

The first thousand (`core`) are those that questions are about: plain ones and, by kind, those that are hard
to tell apart. All others are drawn as the plain ones are, so that common words are common.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from benchmarks.names import words
from benchmarks.names.spellings import ABBREVIATIONS, LANGUAGES
from benchmarks.province import REGIONS

CORE, CHUNK = 1_000, 1_000
RARE_FROM = 12_000
"""Words from this place in the vocabulary on stand in a few names of a hundred thousand."""
FORM_WORDS = frozenset(("pt", "cv", "ud", "pd", "toko", "koperasi", "ksu", "yayasan", "perum"))
ENDINGS = frozenset(("tbk", "(persero)"))


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm: its `form` around its `body` is its name. `made` says what it was made for.

    `alias` is a trade name that the registry knows, `trade` one that it does not. `rare` is its rarest word.
    `written` is another way in which people write the name.
    """

    id: int
    form: str
    body: str
    region: str
    made: str = "plain"
    rare: str = ""
    written: str = ""
    alias: str = ""
    trade: str = ""
    nib: str | None = None
    npwp: str | None = None
    npp: str | None = None
    address: str | None = None
    phone: str | None = None

    @property
    def name(self) -> str:
        return self.form.format(self.body)

    @property
    def parts(self) -> list[str]:
        return self.body.split()


def bare(name: str) -> str:
    """A name without its legal form, for saying whether two are namesakes."""
    parts = name.casefold().replace(".", " ").split()
    while len(parts) > 1 and parts[0] in FORM_WORDS:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in ENDINGS:
        parts = parts[:-1]
    return " ".join(parts)


def initials(name: str) -> str:
    return "".join(part[0] for part in bare(name).split())


class Drawn:
    """Words drawn as often as they stand in names."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.ready: dict[str, list[str]] = {}

    def word(self, of: str) -> str:
        if not self.ready.get(of):
            listed, heaps = _heaps()[of]
            self.ready[of] = self.chance.choices(listed, cum_weights=heaps, k=500)
        return self.ready[of].pop()

    def body(self) -> tuple[str, str]:
        """The words of a name, and the rarest of them if it has a rare one."""
        pattern = self.word("patterns")
        parts = [self.word(WORDS_OF[letter]) for letter in pattern]
        rare = next((part for at, part in enumerate(parts) if pattern[at] == "r"), "")
        luck = self.chance.random()
        if luck < 0.015 and len(parts) > 1:
            parts.insert(1, "&")
        elif luck < 0.035:
            parts.append(self.chance.choice(("1", "2", "3", "II", "III", "88", "99")))
        elif luck < 0.045 and len(parts) > 1:
            parts[:2] = [f"{parts[0]}-{parts[1]}"]
        body = " ".join(part if part.isupper() else part.title() for part in parts)
        return body, rare.title()

    def firm(
        self, id: int, body: str = "", *, form: str = "", made: str = "plain", rare: str = ""
    ) -> Firm:
        """A firm with its place, and with numbers, address and telephone as far as they are known."""
        if not body:
            body, rare = self.body()
        has = self.chance.random
        street, number = self.word("vocabulary"), self.chance.randint(1, 200)
        return Firm(
            id,
            form or self.word("forms"),
            body,
            self.chance.choice(REGIONS),
            made,
            rare,
            nib=f"{9_200_000_000_000 + id}" if has() < 0.6 else None,
            npwp=npwp_of(id) if has() < 0.55 else None,
            npp=f"KK{id:07}" if has() < 0.4 else None,
            address=f"Jalan {street.title()} No. {number}" if has() < 0.6 else None,
            phone=f"0812{id * 7919 % 100_000_000:08}" if has() < 0.5 else None,
        )


WORDS_OF = {
    "r": "vocabulary",
    "t": "trade",
    "l": "lines",
    "p": "places",
    "f": "foreign",
    "a": "acronyms",
}
PATTERNS = {
    "rt": 16, "rtt": 14, "tr": 6, "rl": 10, "rtl": 8, "rrt": 5, "rr": 5, "tt": 8, "ttt": 4, "pt": 3, "ttp": 4,
    "rlp": 3, "rp": 2, "ttl": 3, "rf": 2, "ff": 1, "frl": 1, "art": 0.5, "a": 0.3, "rttl": 2, "rtlp": 1.5,
    "rrtl": 1.5,
}  # fmt: skip
"""How names are built: r a rare word, t of good omen, l line of business, p place, f foreign, a acronym."""


@cache
def _heaps() -> dict[str, tuple[list[str], list[float]]]:
    chance = random.Random(11)
    short = [
        "".join(chance.choices("ABDGKLMNPRSTW", k=chance.choice((3, 3, 4)))) for _ in range(900)
    ]
    listed: dict[str, tuple[list[str], list[float]]] = {
        "vocabulary": words.vocabulary(),
        "trade": (list(words.TRADE), words.zipf(words.TRADE)),
        "lines": (list(words.LINES), words.zipf(words.LINES)),
        "places": (list(words.PLACES), words.zipf(words.PLACES)),
        "foreign": (list(words.FOREIGN), words.zipf(words.FOREIGN)),
        "acronyms": (short, [1.0] * len(short)),
        "forms": (list(words.FORMS), list(words.FORMS.values())),
        "patterns": (list(PATTERNS), list(PATTERNS.values())),
    }
    return {name: (them, list(accumulate(weights))) for name, (them, weights) in listed.items()}


def npwp_of(id: int, branch: str = "000") -> str:
    """A taxpayer number whose ninth digit checks the eight before it (Luhn)."""
    digits = f"{id + 1_000_000:08}"
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(digits))
    check = -sum(value // 10 + value % 10 for value in doubled) % 10
    return f"0{digits}{check}922{branch}"


def firms(start: int, stop: int) -> Iterator[Firm]:
    """The firms after number `start` up to number `stop`; `start` is a multiple of CHUNK."""
    for at in range(start, stop, CHUNK):
        if at < CORE:
            yield from core()[at : min(stop, CORE)]
            continue
        drawn = Drawn(f"firms from {at}")
        yield from (drawn.firm(at + one) for one in range(1, min(CHUNK, stop - at) + 1))


AS_WRITTEN = {
    "digits": words.DIGITS,
    "and": words.WITH_AND,
    "hyphen": words.HYPHENATED,
    "marks": words.ACCENTED + words.APOSTROPHES,
    "old": words.OLD_SPELLING,
    "new": words.NEW_SPELLING,
}
"""The names that are listed by hand because of a sign or a spelling."""


@cache
def core() -> tuple[Firm, ...]:
    """The first thousand firms."""
    core = _Core()
    for make in (
        core.groups,
        core.numbered,
        core.elsewhere,
        core.other_forms,
        core.other_order,
        core.one_place,
        core.as_written,
        core.of_two_languages,
        core.abbreviated,
        core.plain,
    ):
        make()
    return tuple(core.firms)


class _Core:
    """Makes the first thousand firms, kind by kind."""

    def __init__(self) -> None:
        self.drawn, self.firms, self.taken = Drawn("the first thousand"), list[Firm](), set[str]()
        self.fresh = iter(self._fresh())

    def _fresh(self) -> Iterator[str]:
        """Rare words, each once; no other firm of the first thousand bears it."""
        listed = words.vocabulary()[0][RARE_FROM:]
        for word in random.Random(12).sample(listed, len(listed)):
            if len(word) >= 6:
                yield word.title()

    def add(self, body: str, made: str, **more: object) -> Firm:
        form = str(more.pop("form", ""))
        firm = self.drawn.firm(
            len(self.firms) + 1, body, form=form, made=made, rare=str(more.pop("rare", ""))
        )
        self.firms.append(replace(firm, **more))  # type: ignore[arg-type]
        return self.firms[-1]

    def pair(self) -> str:
        return f"{next(self.fresh)} {self.drawn.word('trade').title()}"

    def groups(self) -> None:
        for group in words.GROUPS:
            second = self.drawn.word("vocabulary").title()
            for line in words.LINES_OF_GROUPS[:5]:
                self.add(
                    f"{group.title()} {second} {line.title()}",
                    "group",
                    form="PT {}",
                    region="53.71",
                )

    def numbered(self) -> None:
        for at in range(10):
            base, place = self.pair(), REGIONS[at]
            for number in (("1", "2", "3"), ("I", "II", "III"))[at % 2]:
                self.add(f"{base} {number}", "numbered", form="UD {}", region=place)

    def elsewhere(self) -> None:
        for at in range(15):
            base = (
                f"{self.drawn.word('trade')} {self.drawn.word('trade')}".title()
                if at % 3
                else self.pair()
            )
            for number in range(3):
                self.add(base, "elsewhere", form="CV {}", region=REGIONS[(at + 7 * number) % 22])

    def other_forms(self) -> None:
        for at in range(15):
            base, forms = (
                self.pair(),
                ("PT {}", "CV {}", ("Koperasi {}", "Yayasan {}", "UD {}")[at % 3]),
            )
            for form in forms:
                self.add(base, "other form", form=form, region=REGIONS[at])

    def other_order(self) -> None:
        for at in range(10):
            one, other = self.drawn.word("trade").title(), self.drawn.word("trade").title()
            rare = next(self.fresh)
            for body in (f"{rare} {one} {other}", f"{other} {rare} {one}"):
                self.add(body, "other order", form="CV {}", region=REGIONS[at])

    def one_place(self) -> None:
        for at in range(10):
            address, phone = f"Ruko Kelapira Blok {at}", f"0380{55_000 + at}11"
            for _ in range(2):
                self.add(self.pair(), "one place", region="53.71", address=address, phone=phone)

    def as_written(self) -> None:
        for made, listed in AS_WRITTEN.items():
            for body in listed:
                single = made in ("hyphen", "old", "new")
                more = f" {self.drawn.word('trade').title()}" if single else ""
                form = "Toko {}" if made == "digits" else "CV {}" if made == "and" else ""
                self.add(body + more, made, form=form)

    def of_two_languages(self) -> None:
        for indonesian, english in LANGUAGES:
            for at, form in enumerate((indonesian, english)):
                rare = next(self.fresh)
                written = (english, indonesian)[at].format(rare)
                self.add(form.format(rare), "language", form="PT {}", rare=rare, written=written)

    def abbreviated(self) -> None:
        for long, short in ABBREVIATIONS:
            for registered, asked in ((long, short), (long, short), (short, long)):
                rare = next(self.fresh)
                self.add(
                    registered.format(rare),
                    "abbreviation",
                    form="{}",
                    rare=rare,
                    written=asked.format(rare),
                )

    def plain(self) -> None:
        """Firms drawn as all others, no two alike: half of them around a rare word, a few without one."""
        while len(self.firms) < CORE:
            body, rare = self.drawn.body()
            at = len(self.firms)
            if rare and at % 2:
                fresh = next(self.fresh)
                body, rare = body.replace(rare, fresh, 1), fresh
            if (not rare and at % 8) or len(body.split()) < 2 or body in self.taken:
                continue
            self.taken.add(body)
            line, other = self.drawn.word("lines").title(), self.drawn.word("trade").title()
            trade = f"Toko {rare} {line}" if line not in body else f"Toko {other} {rare}"
            has_trade = bool(rare) and at % 2 == 1
            self.add(
                body,
                "plain",
                rare=rare,
                alias=trade if has_trade and at % 4 == 1 else "",
                trade=trade if has_trade and at % 4 == 3 else "",
            )


def of(*made: str, where: Callable[[Firm], bool] = bool) -> list[Firm]:
    """The firms of the first thousand that were made for this, and for which `where` holds."""
    return [firm for firm in core() if firm.made in made and where(firm)]
