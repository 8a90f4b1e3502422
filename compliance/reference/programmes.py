"""The five BPJS Ketenagakerjaan programmes, and which of them a company of a given scale owes.

Pure rules. Refuses the common mistake of asking all five of everybody: a micro company with JKK and JKM is
compliant (Perpres 109/2013 pasal 6 ayat (3) dan ayat (4)).
"""

from __future__ import annotations

from collections.abc import Iterable

PROGRAMMES: dict[str, tuple[str, str]] = {
    "JKK": ("Jaminan Kecelakaan Kerja", "Work-Injury Programme"),
    "JKM": ("Jaminan Kematian", "Death Programme"),
    "JHT": ("Jaminan Hari Tua", "Old-Age Programme"),
    "JP": ("Jaminan Pensiun", "Pension Programme"),
    "JKP": ("Jaminan Kehilangan Pekerjaan", "Job-Loss Programme"),
}
"""Code → Indonesian and English name."""

SCALE_CODES = ("micro", "small", "medium", "large")

_EVERYBODY = frozenset({"JKK", "JKM"})
_UP_TO_OLD_AGE = _EVERYBODY | {"JHT"}
_UP_TO_PENSION = _UP_TO_OLD_AGE | {"JP"}

_OWED: dict[str | None, frozenset[str]] = {
    None: _EVERYBODY,
    "micro": _EVERYBODY,
    "small": _UP_TO_OLD_AGE,
    "medium": _UP_TO_PENSION,
    "large": _UP_TO_PENSION,
}
_JKP_PRESUPPOSES: dict[str | None, frozenset[str]] = {
    None: _UP_TO_PENSION,
    "micro": _UP_TO_OLD_AGE,
    "small": _UP_TO_OLD_AGE,
    "medium": _UP_TO_PENSION,
    "large": _UP_TO_PENSION,
}


def owed(scale: str | None, *, construction_or_casual: bool = False) -> frozenset[str]:
    """The programmes an employer of this scale must enrol its workers in.

    Large and medium: JKK, JKM, JHT, JP; small: JKK, JKM, JHT; micro: JKK, JKM (Perpres 109/2013 pasal 6
    ayat (3)). Workers of construction services and casual, piece-rate or seasonal workers: JKK and JKM at
    any scale (Perpres 109/2013 pasal 6 ayat (4); PP 44/2015 pasal 53). Scale None is unknown: only what every
    scale owes. JKP is never among them, since it hangs on conditions: see `jkp_applies`.
    Raises ValueError for any other scale.
    """
    by_scale = _OWED[_known(scale)]
    return _EVERYBODY if construction_or_casual else by_scale


def missing(
    scale: str | None, enrolled: Iterable[str], *, construction_or_casual: bool = False
) -> frozenset[str]:
    """The programmes owed in which the workers are not enrolled; what is enrolled beyond duty is no breach.

    Raises ValueError for a scale that is none of `SCALE_CODES` and not None.
    """
    return owed(scale, construction_or_casual=construction_or_casual) - frozenset(enrolled)


def jkp_applies(scale: str | None, *, enrolled: Iterable[str] | None = None) -> bool:
    """Whether the programmes that JKP presupposes at this scale are there, so that JKP may be asked for.

    Large and medium: JKK, JKM, JHT and JP; small and micro: at least JKK, JKM and JHT (PP 37/2021 pasal 4
    ayat (3) as amended by PP 6/2025). `enrolled` are the programmes the workers are in; without it, those the
    scale owes, which makes it True for all but micro and unknown. Necessary and not sufficient: JKN at BPJS
    Kesehatan, and each worker's nationality, age under 54 and employment relationship (pasal 4 ayat (2) dan
    ayat (4)) are for the inspector to see. Raises ValueError for any other scale.
    """
    programmes = owed(scale) if enrolled is None else frozenset(enrolled)
    return _JKP_PRESUPPOSES[_known(scale)] <= programmes


def _known(scale: str | None) -> str | None:
    if scale not in _OWED:
        raise ValueError(f"scale must be one of {', '.join(SCALE_CODES)} or None, not {scale!r}")
    return scale
