"""The sectors of KBLI by their first two digits (golongan pokok), in words short enough for a list
to choose from.

The divisions are those of KBLI 2020 (Peraturan BPS 2/2020, which follows ISIC Rev. 4). KBLI 2025
keeps their codes but for 45, whose trade and repair of vehicles moved to 46, 47 and 95; companies
that were registered under 45 keep it. Reads codes, never judges them: a company whose code is
unknown or of no division simply belongs to no sector.
"""

from __future__ import annotations

import re

from compliance.core.text import Text, say

_NAMES = """
01 Pertanian, peternakan, perburuan|Crops, livestock, hunting
02 Kehutanan|Forestry
03 Perikanan|Fishing and aquaculture
05 Tambang batu bara|Coal mining
06 Minyak, gas, panas bumi|Oil, gas, geothermal
07 Tambang bijih logam|Metal ore mining
08 Penggalian dan tambang lain|Quarrying and other mining
09 Jasa penunjang pertambangan|Mining support services
10 Industri makanan|Food products
11 Industri minuman|Beverages
12 Pengolahan tembakau|Tobacco products
13 Industri tekstil|Textiles
14 Industri pakaian jadi|Clothing
15 Industri kulit dan alas kaki|Leather and footwear
16 Industri kayu dan anyaman|Wood and plaiting
17 Industri kertas|Paper
18 Percetakan dan rekaman|Printing and recorded media
19 Produk batu bara dan minyak olahan|Coke and refined petroleum
20 Industri kimia|Chemicals
21 Industri obat|Pharmaceuticals and herbal medicine
22 Industri karet dan plastik|Rubber and plastics
23 Industri barang galian bukan logam|Non-metallic mineral products
24 Industri logam dasar|Basic metals
25 Industri barang logam|Fabricated metal products
26 Industri komputer dan elektronika|Computers and electronics
27 Industri peralatan listrik|Electrical equipment
28 Industri mesin|Machinery
29 Industri kendaraan bermotor|Motor vehicles
30 Industri alat angkut lain|Other transport equipment
31 Industri furnitur|Furniture
32 Industri pengolahan lain|Other manufacturing
33 Reparasi dan pemasangan mesin|Repair and installation of machinery
35 Listrik, gas, udara dingin|Electricity, gas, air conditioning
36 Pengelolaan air|Water supply
37 Pengelolaan air limbah|Sewerage
38 Pengelolaan sampah dan daur ulang|Waste and recycling
39 Pemulihan lingkungan|Remediation
41 Konstruksi gedung|Construction of buildings
42 Konstruksi bangunan sipil|Civil engineering
43 Konstruksi khusus|Specialised construction
45 Perdagangan dan reparasi kendaraan|Trade and repair of vehicles
46 Perdagangan besar|Wholesale trade
47 Perdagangan eceran|Retail trade
49 Angkutan darat|Land transport
50 Angkutan perairan|Water transport
51 Angkutan udara|Air transport
52 Pergudangan dan penunjang angkutan|Warehousing and transport support
53 Pos dan kurir|Postal and courier services
55 Akomodasi|Accommodation
56 Makanan dan minuman|Food and beverage service
58 Penerbitan|Publishing
59 Film, video, musik|Film, video, music
60 Penyiaran|Broadcasting
61 Telekomunikasi|Telecommunications
62 Pemrograman dan konsultasi komputer|Computer programming and consultancy
63 Jasa informasi|Information services
64 Jasa keuangan|Financial services
65 Asuransi dan dana pensiun|Insurance and pension funds
66 Penunjang jasa keuangan|Services to finance
68 Real estat|Real estate
69 Jasa hukum dan akuntansi|Legal and accounting services
70 Kantor pusat dan konsultasi manajemen|Head offices and management consultancy
71 Arsitektur dan keinsinyuran|Architecture and engineering
72 Penelitian dan pengembangan|Research and development
73 Periklanan dan penelitian pasar|Advertising and market research
74 Jasa profesional lain|Other professional services
75 Kesehatan hewan|Veterinary services
77 Penyewaan|Rental and leasing
78 Ketenagakerjaan|Employment services
79 Agen perjalanan|Travel agencies
80 Keamanan dan penyelidikan|Security and investigation
81 Jasa gedung dan pertamanan|Services to buildings and landscape
82 Administrasi dan penunjang kantor|Office support
84 Administrasi pemerintahan|Public administration
85 Pendidikan|Education
86 Kesehatan manusia|Human health
87 Aktivitas sosial di dalam panti|Residential care
88 Aktivitas sosial di luar panti|Social work without accommodation
90 Hiburan dan kesenian|Arts and entertainment
91 Perpustakaan, museum, kebudayaan|Libraries, museums, culture
92 Perjudian dan pertaruhan|Gambling and betting
93 Olahraga dan rekreasi|Sports and recreation
94 Organisasi keanggotaan|Membership organisations
95 Reparasi barang pribadi dan komputer|Repair of personal goods and computers
96 Jasa perorangan lain|Other personal services
97 Rumah tangga pemberi kerja|Households as employers
98 Rumah tangga penghasil sendiri|Households producing for own use
99 Badan internasional|International bodies
"""


def _read(line: str) -> tuple[str, Text]:
    code, _, names = line.partition(" ")
    name, _, english = names.partition("|")
    return code, say("{id}", id=f"{code} {name}", en=f"{code} {english}")


SECTORS: dict[str, Text] = dict(map(_read, _NAMES.strip().splitlines()))
"""What each two-digit sector is called, with its code: "47 Perdagangan eceran"."""


def sector_of(kbli: str | None) -> Text | None:
    """The sector that a company's code of five digits lies in; None for no code, or none that KBLI knows."""
    return SECTORS.get((kbli or "")[:2])


_FIVE = re.compile(r"\s*([0-9]{5})(?![0-9])")
_FIVE_APART = re.compile(r"\s*([0-9]{4}) ([0-9])(?![0-9])")
"""As our own files write a code that begins with a nought, so that Excel keeps it: "0311 1"."""
_FOUR = re.compile(r"\s*([0-9]{4})(?![0-9])")
_CLASS_WITH_NOUGHT = re.compile(
    "01(1[1-9]|2[1-9]|30|4[1-9]|50|6[1-4]|7[0-2])|02(1[0-9]|20|3[0-9]|40)|03(1[1-3]|2[1-5]|3[0-9])|05[12]0"
    "|06[12]0|07(10|2[19]|3[0-9])|08(10|9[1-39])|09[19]0"
)
"""The classes whose code begins with a nought (KBLI 2020, a little widened)."""
_GROUP = re.compile(
    "1[12]0|13[19]|14[1-3]|15[12]|16[12]|170|210|22[12]|23[19]|24[1-3]|310|32[1-59]|33[12]|51[12]|52[12]"
    "|61[1-39]|620|71[12]|72[12]|73[12]|81[1-3]|910|990"
)
"""The groups that four digits may name for themselves, where a lost nought is possible, too."""


def read_kbli(cell: str) -> tuple[str, Text | None]:
    """The code at the beginning of a cell that may name the industry, too; and why it cannot be taken.

    Four digits have lost their nought when only a code with a nought begins like that: 3111 is 03111, 5610
    is no code, and 3211 may be fishery or jewellery.
    """
    if found := _FIVE.match(cell):
        return found[1], None
    if found := _FIVE_APART.match(cell):
        return found[1] + found[2], None
    found = _FOUR.match(cell)
    with_nought = f"0{found[1]}" if found else ""
    if found is None or not _CLASS_WITH_NOUGHT.match(with_nought):
        return cell, None
    if _GROUP.match(found[1]):
        return cell, say(
            "KBLI {typed} dapat berarti {code} ({one}) atau kelompok {typed} ({other}). Tulis kelima "
            "angkanya",
            typed=found[1],
            code=with_nought,
            one=sector_of(with_nought),
            other=sector_of(found[1]),
        )
    return with_nought, None
