"""Doubts: why a number, although it may be stored, deserves a second look. Never a refusal."""

from __future__ import annotations

from string import digits

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.id import nik

from compliance.companies.identity.fillers import is_filler
from compliance.companies.identity.kinds import NUMBERS, NumberKind, npwp_core
from compliance.core.text import Text, say

ROUNDED_NIK = say(
    "NIK ini berakhiran 0000, padahal nomor urutnya mulai dari 0001: mungkin dibulatkan oleh Excel. "
    "Periksa lagi"
)


def doubts(
    *, nib: str | None = None, npwp: str | None = None, npp: str | None = None
) -> list[Text]:
    """Why stored numbers deserve a second look. About 1 in 100 real NPWPs fails Luhn."""
    numbers: dict[NumberKind, str | None] = {"nib": nib, "npwp": npwp, "npp": npp}
    doubtful = [
        say("{label} ini angka pengisi, bukan nomor siapa pun. Periksa lagi", label=NUMBERS[kind])
        for kind, stored in numbers.items()
        if stored and is_filler(kind, stored)
    ]
    if npwp and not is_filler("npwp", npwp) and not check_digit_fits(npwp):
        doubtful.append(
            say("Angka pemeriksa NPWP tidak cocok, mungkin salah ketik. Periksa lagi")
            if npwp.startswith("0")
            else say(
                "NPWP yang tidak diawali 0 adalah NIK, tetapi wilayah atau tanggal lahirnya "
                "tidak mungkin. Periksa lagi"
            )
        )
    elif npwp and may_be_rounded(npwp):
        doubtful.append(ROUNDED_NIK)
    return doubtful


def may_be_rounded(npwp: str) -> bool:
    """Whether a stored NPWP is a NIK that nobody has: their serial numbers begin at 0001. A spreadsheet holds
    fifteen digits, so most NIKs that it took for a number end in 0000.
    """
    return not npwp.startswith("0") and npwp.endswith("0000")


def is_weak(kind: NumberKind, stored: str) -> bool:
    """Whether a stored number says too little to speak against an equal name: a filler, one that fails its
    check, or one that a spreadsheet may have rounded. NIB and NPP have no check digit.
    """
    return is_filler(kind, stored) or (
        kind == "npwp" and (not check_digit_fits(stored) or may_be_rounded(stored))
    )


def one_slip_apart(one: str, other: str) -> bool:
    """Whether two stored numbers differ by one slip of a hand: a sign changed, missing or too many, or two
    neighbours swapped. Equal numbers do not differ.
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if same is None:
        return True  # the last sign is missing
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    swapped = short[same : same + 2] == long[same : same + 2][::-1]
    return short[same + 1 :] == long[same + 1 :] or (
        swapped and short[same + 2 :] == long[same + 2 :]
    )


def numbers_one_slip_from(stored: str) -> list[str]:
    """The numbers of the same length that one slip makes of a stored number: a digit changed, or two
    neighbours swapped.
    """
    places = range(len(stored))
    changed = (
        f"{stored[:at]}{digit}{stored[at + 1 :]}"
        for at in places
        if stored[at].isdigit()
        for digit in digits
    )
    swapped = (f"{stored[:at]}{stored[at : at + 2][::-1]}{stored[at + 2 :]}" for at in places)
    return sorted({*changed, *swapped} - {stored})


def check_digit_fits(npwp: str) -> bool:
    """Whether the ninth digit of a stored NPWP checks the others, or the NIK that serves as one is
    possible.
    """
    core = npwp_core(npwp)
    return luhn.is_valid(core) if len(core) == 9 else _plausible_nik(core)


def _plausible_nik(number: str) -> bool:
    """Whether the province code is one in use (11 to 97) and the day of birth exists."""
    try:
        nik.get_birth_date(number)
    except (ValidationError, ValueError):
        return False
    return 11 <= int(number[:2]) <= 97
