"""TABLES: what is written in more ways than one: languages, abbreviations, spellings. By hand.

`{}` stands for the rest of the name.
"""

from __future__ import annotations

LANGUAGES = (
    ("Bank {} Timur", "{} Eastern Bank"), ("Bank {} Barat", "{} Western Bank"), ("{} Utara", "{} Northern"),
    ("{} Selatan", "{} Southern"), ("{} Karya", "{} Works"), ("{} Jasa", "{} Services"),
    ("Rumah Sakit {}", "{} Hospital"), ("Asuransi {}", "{} Insurance"), ("Perdagangan {}", "{} Trading"),
    ("Industri {}", "{} Industries"), ("{} Internasional", "{} International"), ("Perkebunan {}",
    "{} Plantation"),
    ("{} Bintang", "{} Star"), ("{} Emas", "{} Gold"), ("{} Perak", "{} Silver"), ("{} Matahari", "{} Sun"),
    ("{} Hijau", "{} Green"), ("{} Biru", "{} Blue"), ("{} Merah", "{} Red"), ("{} Putih", "{} White"),
    ("{} Dunia", "{} World"), ("{} Baru", "{} New"), ("{} Kayu", "{} Timber"), ("{} Baja", "{} Steel"),
    ("{} Gunung", "{} Mountain"), ("{} Pulau", "{} Island"), ("{} Samudra", "{} Ocean"), ("{} Keluarga",
    "{} Family"),
    ("{} Pertama", "{} First"), ("Pelayaran {}", "{} Shipping"), ("{} Makanan", "{} Foods"), ("Apotek {}",
    "{} Pharmacy"),
    ("Sekolah {}", "{} School"), ("{} Laut", "{} Sea"), ("Toko Roti {}", "{} Bakery"), ("{} Bersama",
    "{} Together"),
)  # fmt: skip
"""Pairs of Indonesian and English."""

ABBREVIATIONS = (
    ("{} Brothers", "{} Bros"), ("{} Saudara", "{} Sdr."), ("Koperasi {}", "Kop. {}"),
    ("Koperasi Serba Usaha {}", "KSU {}"), ("Koperasi Simpan Pinjam {}", "KSP {}"), ("{} Industri",
    "{} Ind."),
    ("{} Surabaya", "{} Sby"), ("Perkebunan {}", "Perkeb. {}"), ("Apotek {}", "Apt. {}"),
    ("Rumah Sakit {}", "RS {}"),
    ("Rumah Makan {}", "RM {}"), ("Santo {} Abadi", "St. {} Abadi"), ("Rumah Sakit Umum {}", "RSU {}"),
    ("Bank Perkreditan Rakyat {}", "BPR {}"), ("Yayasan Pendidikan {}", "Yay. Pend. {}"),
    ("{} Internasional", "{} Intl."), ("{} Konstruksi", "{} Konstr."), ("{} Jakarta", "{} Jkt"),
    ("{} Teknologi", "{} Tek."), ("{} Manufaktur", "{} Mfg."), ("Sekolah Menengah Kejuruan {}", "SMK {}"),
    ("Usaha Dagang {}", "UD {}"), ("{} Nusantara", "{} Nus."), ("{} Perdagangan", "{} Perdag."),
)  # fmt: skip
"""Long and short."""

OLD_AND_NEW = (("oe", "u"), ("tj", "c"), ("dj", "j"), ("sj", "sy"), ("nj", "ny"), ("ch", "kh"))
"""The letters of the spelling until 1972 and those of today's. An old j that stands alone is today's y."""

SOUNDS_ALIKE = (("v", "f"), ("f", "p"), ("p", "f"), ("f", "v"), ("v", "p"))

HURRIED = {
    "sejahtera": "sjhtra", "makmur": "mkmur", "bersama": "bersm", "usaha": "ush", "karya": "kry",
    "mandiri": "mndiri",
    "konstruksi": "konst", "kontraktor": "kontr", "sentosa": "sentosah", "abadi": "abdi", "lestari": "lstari",
    "utama": "utm", "elektronik": "elektro", "apotek": "apotik", "swalayan": "swlyn", "rejeki": "rezeki",
    "rezeki": "rejeki", "barokah": "berkah", "berkah": "barokah", "darma": "dharma", "dharma": "darma",
    "bakti": "bhakti", "anugerah": "anugrah", "samudra": "samudera", "restoran": "resto", "kafe": "cafe",
    "ekspres": "express", "trans": "transport", "teknik": "tehnik", "mulia": "mulya", "jaya": "djaya",
}  # fmt: skip
"""How people who hurry, or heard it only, write common words."""

NUMERALS = {
    "1": "I",
    "2": "II",
    "3": "III",
    "7": "tujuh",
    "3 ": "tiga ",
    "5 ": "lima ",
    "24": "dua puluh empat",
}


def modern(text: str) -> str:
    """A name in the old spelling as it is written today; also the other way round it stays readable."""
    text, marks = text.lower(), {}
    for at, (old, new) in enumerate(OLD_AND_NEW):
        marks[chr(0xE000 + at)] = new
        text = text.replace(old, chr(0xE000 + at))
    text = text.replace("j", "y")
    for mark, new in marks.items():
        text = text.replace(mark, new)
    return text.title()


def antique(text: str) -> str:
    """A name in today's spelling as it was written before 1972."""
    text, marks = text.lower(), {}
    for at, (old, new) in sorted(enumerate(OLD_AND_NEW), key=lambda pair: -len(pair[1][1])):
        marks[chr(0xE000 + at)] = old
        text = text.replace(new, chr(0xE000 + at))
    text = text.replace("y", "j")
    for mark, old in marks.items():
        text = text.replace(mark, old)
    return text.title()
