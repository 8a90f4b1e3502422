"""How people write provinces and regencies beside their names: short forms, seats, BPS codes; and the
capitals of provinces.

Data only; `typed_regencies` and `provinces` read it. A short form means one regency and nothing else. A seat
is a town: somebody who writes it mostly means the regency around it, but nobody said so.
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

TOWNS = {
    "53": "maumere labuan bajo ruteng bajawa larantuka lewoleba kalabahi soe kefamenanu atambua waingapu"
    " waikabubak tambolaka mbay borong betun seba waibakul oelamasi timor",
}
"""Words of places that firms of a province bear in their names, beside those of its regencies."""

STATISTICS_CODES = {
    "5301": "53.12", "5302": "53.11", "5303": "53.01", "5304": "53.02", "5305": "53.03", "5306": "53.04",
    "5307": "53.05", "5308": "53.13", "5309": "53.06", "5310": "53.07", "5311": "53.08", "5312": "53.09",
    "5313": "53.10", "5314": "53.14", "5315": "53.15", "5316": "53.17", "5317": "53.18", "5318": "53.16",
    "5319": "53.19", "5320": "53.20", "5321": "53.21", "5371": "53.71",
}  # fmt: skip
"""The regencies by the codes of BPS, written without a dot; most are another regency's code here."""

SHORT_PROVINCES = {
    "11": "Aceh", "12": "Sumut", "13": "Sumbar", "14": "Riau", "15": "Jambi", "16": "Sumsel",
    "17": "Bengkulu", "18": "Lampung", "19": "Babel", "21": "Kepri", "31": "DKI", "32": "Jabar",
    "33": "Jateng", "34": "DIY", "35": "Jatim", "36": "Banten", "51": "Bali", "52": "NTB", "53": "NTT",
    "61": "Kalbar", "62": "Kalteng", "63": "Kalsel", "64": "Kaltim", "65": "Kaltara", "71": "Sulut",
    "72": "Sulteng", "73": "Sulsel", "74": "Sultra", "75": "Gorontalo", "76": "Sulbar", "81": "Maluku",
    "82": "Malut", "91": "Papua", "92": "Papua Barat",
    "93": "Papua Selatan", "94": "Papua Tengah", "95": "Papua Pegunungan", "96": "Papua Barat Daya",
}  # fmt: skip
"""What a province is called for short, by its code; in capitals it begins the numbers of cases."""

PROVINCE_WORDS = {
    "11": ("Nanggroe Aceh Darussalam", "NAD"),
    "19": ("Bangka Belitung", "Kep. Babel"),
    "31": ("DKI Jakarta", "DKJ", "Daerah Khusus Jakarta", "Jakarta"),
    "34": ("DI Yogyakarta", "D.I. Yogyakarta", "Yogyakarta", "DI Jogja", "Jogja"),
    "53": ("Nusatenggara Timur",),
    "52": ("Nusatenggara Barat",),
}
"""What people write for a province beside its name and its short form."""

COUNTRY = "indonesia"

CAPITALS = {
    "11": "Banda Aceh", "12": "Medan", "13": "Padang", "14": "Pekanbaru", "15": "Jambi", "16": "Palembang",
    "17": "Bengkulu", "18": "Bandar Lampung", "19": "Pangkalpinang", "21": "Tanjungpinang", "31": "Jakarta",
    "32": "Bandung", "33": "Semarang", "34": "Yogyakarta", "35": "Surabaya", "36": "Serang",
    "51": "Denpasar", "52": "Mataram", "53": "Kupang", "61": "Pontianak", "62": "Palangka Raya",
    "63": "Banjarbaru", "64": "Samarinda", "65": "Tanjung Selor", "71": "Manado", "72": "Palu",
    "73": "Makassar", "74": "Kendari", "75": "Gorontalo", "76": "Mamuju", "81": "Ambon", "82": "Sofifi",
    "91": "Jayapura", "92": "Manokwari", "93": "Merauke", "94": "Nabire", "95": "Wamena", "96": "Sorong",
}  # fmt: skip
"""Where a province writes its letters, by its code."""

GOVERNMENTS = {
    "11": "Pemerintah Aceh",
    "34": "Pemerintah Daerah Daerah Istimewa Yogyakarta",
}
"""The governments that are not called "Pemerintah Provinsi" and the name."""

INSPECTORATES = {
    "53": "Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Timur",
}
"""The names of inspectorates that are known; any other is named when the office is set up."""

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
