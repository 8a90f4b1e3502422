"""How a name is found when it is spelt otherwise: the key for finding, the words of one meaning, and words
that say little.

Two names with one search key are likely twins, never the same for certain: that is `names.key_of`. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_lowercase

from compliance.companies.names import key_of, name_key
from compliance.reference.provinces import find_province
from compliance.reference.region_words import TOWNS

LONGEST_KEY = 200
FEWEST_INITIALS = 3
"""Words that a name has at least when people call it by its initials."""

_MEANT = {
    word: meant
    for meant, words in {
        # English words of names with their Indonesian ones, and words that are written in two ways
        "internasional": "international intl",
        "industri": "industry industries industrial perindustrian ind",
        "manufaktur": "manufacture manufacturing mfg",
        "rumah makan": "rm restoran restaurant resto",
        "sekolah menengah kejuruan": "smk",
        "bank perkreditan rakyat": "bpr",
        "keluarga": "family",
        "hijau": "green",
        "jasa": "service services",
        "dagang": "trading trade traders perdagangan perdag niaga",
        "konstruksi": "construction constructions kontruksi",
        "kontraktor": "contractor contractors",
        "teknik": "engineering rekayasa tehnik",
        "tambang": "mining mines pertambangan",
        "angkutan": "transport transportation transportasi pengangkutan",
        "pelayaran": "shipping",
        "perikanan": "fishery fisheries",
        "perkebunan": "plantation plantations perkeb",
        "pertanian": "agriculture farming",
        "asuransi": "insurance assurance",
        "pembiayaan": "finance financing multifinance",
        "investasi": "investment investments",
        "apotek": "apotik apt pharmacy",
        "farmasi": "pharmaceutical farma pharma pharmaceuticals",
        "klinik": "clinic",
        "sekolah": "school",
        "toko": "store shop",
        "saudara": "brothers bros brother sdr bersaudara",
        "putra": "sons putera",
        "timur": "east eastern",
        "barat": "west western",
        "utara": "north northern",
        "selatan": "south southern",
        "nasional": "national",
        "sejahtera": "prosperous prosperity",
        "bintang": "star stars",
        "samudra": "ocean oceans samudera",
        "emas": "gold golden",
        "properti": "property properties",
        "energi": "energy",
        "listrik": "electric electrical elektrik",
        "minyak": "oil",
        "pangan": "food foods",
        "percetakan": "printing cetak",
        "mebel": "furniture meubel",
        "teknologi": "technology technologies",
        "garmen": "garment garments",
        "grup": "group",
        "bank": "perbankan",
        "laut": "sea",
        "karya": "works",
        "mandiri": "independent",
        "cahaya": "light",
        "indah": "beautiful",
        "santo": "st saint",
        "rumah sakit": "rs hospital",
        "rumah sakit umum": "rsu",
        "rumah sakit umum daerah": "rsud",
        "surabaya": "sby",
        "jakarta": "jkt",
        "pelabuhan": "port",
        "pabrik": "factory",
        "motor": "motors",
        "wisata": "tours travel tour",
        "sumber daya": "resources",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Words of names with the words that mean the same: Indonesian for English, whole for abbreviated."""
_SOUNDS = tuple(
    (re.compile(old), new)
    for old, new in (
        ("nj", "ny"), ("[ck]h", "k"), ("ph", "f"), ("[vp]", "f"), ("x", "ks"), (r"(\D)\1+", r"\1"),
    )
)  # fmt: skip
"""Letters that people take for each other, in the order in which they are folded."""
_OLD = re.compile("oe|dj|tj|sj")
"""What only the spelling before 1972 writes; such a word writes j for y, too."""
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһԛԝκινορτυχ", "aeopcyxijsdhqwkivoptux")
"""Cyrillic and Greek letters that look like Latin ones."""
_ROMAN = re.compile("[ivx]{1,4}")
_NUMBERED = re.compile(r"\b([a-z]{1,2}) (\d)")


@lru_cache(maxsize=4096)
def search_key(name: str) -> str:
    """The name for finding: small letters as they sound, without legal form and marks.

    "Soekarno Djaja" and "Sukarno Jaya" have one key, "K-24" and "K24" too.
    """
    spaced = _NUMBERED.sub(r"\1\2", name_key(name).translate(_LOOK_ALIKES))
    key = " ".join(sound(word) for word in spaced.split() if word != "dan")
    return (key or spaced)[:LONGEST_KEY].strip()


def meaning(key: str) -> list[str]:
    """The words of a search key, each as the one word that stands for all of its meaning."""
    return [meant for word in key.split() for meant in _MEANINGS.get(word, word).split()]


def same_meaning(word: str) -> tuple[str, ...]:
    """The other words of a search key that mean the same as this one."""
    meant = _MEANINGS.get(word, word)
    return tuple(other for other in _BY_MEANING.get(meant, ()) if other != word)


def one_slip_from(key: str) -> set[str]:
    """The search keys that one slip of a hand makes of this one: a letter changed, missing or too many, or
    two swapped.
    """
    parts = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    return {
        *(left + letter + right for left, right in parts for letter in ascii_lowercase),
        *(left + letter + right[1:] for left, right in parts[:-1] for letter in ascii_lowercase),
        *(left + right[1:] for left, right in parts[:-1]),
        *(left + right[1] + right[0] + right[2:] for left, right in parts[:-2]),
    } - {key}


def initials_of(name: str) -> str | None:
    """What a name of three words or more is called for short; None for a shorter one."""
    words = [word for word in name_key(name).split() if word != "dan"]
    return "".join(word[0] for word in words)[:20] if len(words) >= FEWEST_INITIALS else None


def sound(word: str) -> str:
    """A word as it sounds, in the spelling of today. A Roman number stays what it is."""
    if _ROMAN.fullmatch(word):
        return word
    if _OLD.search(word):
        word = word.replace("dj", "\0").replace("tj", "c").replace("sj", "sy").replace("nj", "ny")
        word = word.replace("j", "y").replace("\0", "j").replace("oe", "u")
    for old, new in _SOUNDS:
        word = old.sub(new, word)
    return word


_MEANINGS = {sound(word): " ".join(map(sound, meant.split())) for word, meant in _MEANT.items()}
_BY_MEANING: dict[str, list[str]] = {}
for _word, _meant in _MEANINGS.items():
    _BY_MEANING.setdefault(_meant, [_meant]).append(_word)


def _all_of(words: str) -> frozenset[str]:
    return frozenset(map(sound, words.split()))


_PARTS_OF_UNDERTAKINGS = _all_of(
    "indonesia cabang cab unit kantor grup group pusat wilayah kota kabupaten kab kecamatan kec desa"
    " kelurahan provinsi prov perwakilan gerai outlet depo gudang pabrik area regional divisi"
)


@lru_cache(maxsize=38)
def words_that_say_little(province_code: str) -> frozenset[str]:
    """Words of the places of a province and of parts of an undertaking: what they leave out or add tells no
    two firms apart.
    """
    province = find_province(province_code)
    if province is None:
        return _PARTS_OF_UNDERTAKINGS
    places = (province.long_name, *(place.long_name for place in province.regencies))
    words = {word for place in places for word in search_key(place).split()}
    others = f"{province.short_name.casefold()} {TOWNS.get(province_code, '')}"
    return _PARTS_OF_UNDERTAKINGS | words | _all_of(others)


LINES = _all_of(
    "syariah finance pembiayaan multifinance sekuritas securities asuransi insurance farma farmasi"
    " properti"
    " property realty bank bpr leasing ventura investama manajemen aset karyawan simpan"
)
"""Words of a line of business: firms of one group differ by them."""
TRADE = _all_of(
    "jaya abadi makmur sentosa sejahtera mandiri utama karya usaha bersama indah mitra sukses prima"
    " maju lestari"
    " mulia sejati agung perkasa persada pratama putra raya baru sinar cahaya harapan berkat sumber rejeki"
    " rezeki barokah citra cipta bina tunggal indo nusantara gemilang sarana"
)
"""Words that half of all firms choose from: one more or less seldom makes another firm."""


def name_columns(name: str) -> dict[str, str | None]:
    """The columns of a row of `company_names` that follow from its name, and the name."""
    key = key_of(name)
    return {
        "name": name,
        "key": key.same,
        "form": key.form,
        "search_key": search_key(name),
        "initials": initials_of(name),
    }
