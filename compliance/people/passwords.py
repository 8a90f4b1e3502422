"""Passwords, hashed with argon2. Refuses short ones, leaked ones, common ones, and the user's own name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from compliance.core.text import Text, say
from compliance.reference.provinces import provinces

SHORTEST = 10
LONGEST_PASSWORD = 200
SHORTEST_WORD = 3
LETTERS_OF_OTHER_WORDS = 4
FEWEST_GUESSES = 100_000_000
"""What a patient guesser at a sign-in page never reaches."""
MOST_MEASURED = 72
COMMON_IN_INDONESIA = [
    "katasandi",
    "katakunci",
    "sandi",
    "rahasia",
    "sayang",
    "sayangku",
    "cinta",
    "cintaku",
    "bismillah",
    "alhamdulillah",
    "insyaallah",
    "indonesia",
    "indonesiaraya",
    "nusantara",
    "merdeka",
    "pancasila",
    "garuda",
    "jakarta",
    "surabaya",
    "bandung",
    "flores",
    "sumba",
    "timor",
    "ende",
    "maumere",
    "ruteng",
    "atambua",
    "waingapu",
    "labuanbajo",
    "komodo",
    "dinas",
    "disnaker",
    "nakertrans",
    "disnakertrans",
    "tenagakerja",
    "ketenagakerjaan",
    "pengawas",
    "pengawasan",
    "pemprov",
    "kemnaker",
    "bpjs",
    "patuh",
    "kepatuhan",
    "wajiblapor",
    "admin",
    "pegawai",
    "kantor",
    "selamat",
    "selamatpagi",
    "terimakasih",
    "ganteng",
    "cantik",
    "keluarga",
    "bahagia",
    "sukses",
    "berkah",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
]
"""Words that people here choose first; lists of other countries do not have them."""
_hasher = PasswordHasher()


def use_low_cost() -> None:
    """Hash quickly instead of safely: for tests and nothing else."""
    global _hasher
    _hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(_one_spelling(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether `password` is the one; takes as long for an account without one, so that it tells nothing."""
    spelled = _one_spelling(password)[:LONGEST_PASSWORD]
    if _is_right(hashed or _hash_of_no_user(), spelled):
        return hashed is not None
    as_typed = password[:LONGEST_PASSWORD]  # hashed before there was one spelling
    return hashed is not None and as_typed != spelled and _is_right(hashed, as_typed)


def _one_spelling(password: str) -> str:
    """The password in the spelling that all keyboards agree on: one writes é as one sign, another as two."""
    return unicodedata.normalize("NFC", password)


def _is_right(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def password_problem(password: str, *, email: str, name: str = "") -> Text | None:
    """Why `password` will not do for the person of this address and name, or None."""
    password = _one_spelling(password)
    if len(password) < SHORTEST:
        return say("Kata sandi sedikitnya {count} karakter.", count=SHORTEST)
    if len(password) > LONGEST_PASSWORD:
        return say("Kata sandi paling panjang {count} karakter.", count=LONGEST_PASSWORD)
    own = _words(f"{name} {email}")
    if _is_of_own_words(password, own):
        return say(
            "Kata sandi ini hampir hanya nama atau alamat Anda. Pilih beberapa kata yang tidak"
            " berhubungan dengan Anda."
        )
    if _is_guessed_soon(password, own):
        return say(
            "Kata sandi ini terlalu mudah ditebak: sudah sering bocor atau dipakai orang. Pilih"
            " beberapa kata yang tidak biasa bersama."
        )
    return None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", text.casefold()) if len(word) >= SHORTEST_WORD]


def _is_of_own_words(password: str, own: list[str]) -> bool:
    """Whether little is left without the words of the person's own name and address."""
    rest = password.casefold()
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
    left = sum(map(str.isalpha, rest))
    return rest != password.casefold() and left < LETTERS_OF_OTHER_WORDS


def _is_guessed_soon(password: str, own: list[str]) -> bool:
    """Whether somebody with the usual lists of leaked passwords, words and names soon has it."""
    from zxcvbn import zxcvbn  # not above: its lists take a tenth of a second to load

    places = [name.casefold() for each in provinces() for name in each.called]
    words = [*own, *COMMON_IN_INDONESIA, *places]
    found = zxcvbn(password[:MOST_MEASURED], user_inputs=words)
    return bool(found["guesses"] < FEWEST_GUESSES)


@cache
def _hash_of_no_user() -> str:
    return _hasher.hash("nobody")
