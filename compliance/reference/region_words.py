"""How people write the regencies beside their names: short forms, seats, BPS codes, and the province behind
them.

Data only; `regions` reads it. A short form means one regency and nothing else. A seat is a town: somebody who
writes it mostly means the regency around it, but nobody said so.
"""

from __future__ import annotations

SHORT_FORMS = {
    "53.02": ("TTS",),
    "53.03": ("TTU",),
    "53.06": ("Flotim",),
    "53.11": ("Sumtim",),
    "53.15": ("Mabar",),
    "53.17": ("Sumteng",),
    "53.18": ("SBD",),
    "53.19": ("Matim",),
    "53.20": ("Sarai",),
}
"""What offices of the province write for a whole name, by the regency's code."""

SEATS = {
    "53.01": ("Oelamasi",),
    "53.02": ("Soe",),
    "53.03": ("Kefamenanu", "Kefa"),
    "53.04": ("Atambua",),
    "53.05": ("Kalabahi",),
    "53.06": ("Larantuka",),
    "53.07": ("Maumere",),
    "53.09": ("Bajawa",),
    "53.10": ("Ruteng",),
    "53.11": ("Waingapu",),
    "53.12": ("Waikabubak",),
    "53.13": ("Lewoleba",),
    "53.14": ("Baa",),
    "53.15": ("Labuan Bajo", "Labuhan Bajo"),
    "53.16": ("Mbay",),
    "53.17": ("Waibakul", "Anakalang"),
    "53.18": ("Tambolaka", "Waitabula"),
    "53.19": ("Borong",),
    "53.20": ("Seba", "Menia"),
    "53.21": ("Betun",),
}
"""Towns by the code of the regency that they are the seat of; Ende and Kupang bear their regency's name."""

STATISTICS_CODES = {
    "5301": "53.12", "5302": "53.11", "5303": "53.01", "5304": "53.02", "5305": "53.03", "5306": "53.04",
    "5307": "53.05", "5308": "53.13", "5309": "53.06", "5310": "53.07", "5311": "53.08", "5312": "53.09",
    "5313": "53.10", "5314": "53.14", "5315": "53.15", "5316": "53.17", "5317": "53.18", "5318": "53.16",
    "5319": "53.19", "5320": "53.20", "5321": "53.21", "5371": "53.71",
}  # fmt: skip
"""The regencies by the codes of BPS, written without a dot; most are another regency's code here."""

PROVINCE_WORDS = ("ntt", "n t t", "nusa tenggara timur", "nusatenggara timur", "indonesia")
"""What stands behind a regency and says nothing more about it."""

SHORT_WORDS = {
    "brt": "barat",
    "bar": "barat",
    "tmr": "timur",
    "tim": "timur",
    "sel": "selatan",
    "slt": "selatan",
    "slatan": "selatan",
    "utr": "utara",
    "ut": "utara",
    "tgh": "tengah",
    "teng": "tengah",
    "kep": "kepulauan",
}
"""Short forms of words within the names of regencies, anywhere in the country."""
