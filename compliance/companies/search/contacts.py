"""Telephones and addresses for comparing: two companies with an equal key share one. Pure."""

from __future__ import annotations

import re

MOST_OF_ONE_CONTACT = 5
"""Companies with one telephone or address that are looked at; more share a building or a bookkeeper."""
DIALLED = 8
"""Digits from the end that tell telephones apart: what stands before them is written in many ways."""
SAME_DIGITS = 6
"""A telephone that ends in so many equal digits is nobody's."""
SHORTEST_ADDRESS = 10
LONGEST_ADDRESS = 60
_ABBREVIATED = {
    "jl": "jalan", "jln": "jalan", "lt": "lantai", "kel": "kelurahan", "kec": "kecamatan", "kab": "kabupaten",
    "gg": "gang", "blk": "blok", "no": "", "nomor": "", "nomer": "",
}  # fmt: skip
_AREA = re.compile(
    r"(?:rt|rw)\d*|kelurahan|desa|dusun|lingkungan|kecamatan|kabupaten|kota|provinsi"
)
"""Words behind street and number that one list writes out and the next leaves out."""


def phone_key(phone: str | None) -> str | None:
    """The last eight digits of the first telephone in a text; None when there are fewer, or for a filler."""
    first = re.split(r"[/;,\n]| dan ", phone or "")[0]
    digits = re.sub(r"\D", "", first)
    is_filler = len(set(digits[-SAME_DIGITS:])) == 1
    return digits[-DIALLED:] if len(digits) >= DIALLED and not is_filler else None


def address_words(address: str | None) -> str:
    """The words of an address, whole ones for abbreviated, without "nomor"."""
    words = re.findall(r"[^\W_]+", (address or "").casefold())
    return " ".join(filter(None, (_ABBREVIATED.get(word, word) for word in words)))


def address_key(address: str | None) -> str | None:
    """The beginning of an address without spaces, up to the first area behind street and number; None when it
    is too short to tell a place, or has no number."""
    key = ""
    for word in address_words(address).split():
        if _AREA.fullmatch(word) and _tells_a_place(key):
            break
        key += word
    key = key[:LONGEST_ADDRESS]
    return key if _tells_a_place(key) else None


def _tells_a_place(key: str) -> bool:
    return len(key) >= SHORTEST_ADDRESS and re.search(r"\d", key) is not None
