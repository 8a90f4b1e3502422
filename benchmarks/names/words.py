"""The words that the invented names are made of, by hand, before anybody thought of how they may be misspelt.

Nothing here is the name of a real company. Family-like and Sanskrit-like words are invented or put together
from pieces; a few thousand of them become many by `vocabulary`.
"""

from __future__ import annotations

import random
from functools import cache


def _words(text: str) -> list[str]:
    return text.split()


FORMS = {
    "PT {}": 40, "CV {}": 24, "UD {}": 9, "Toko {}": 7, "Koperasi {}": 4, "KSU {}": 2, "Yayasan {}": 3,
    "PT {} Tbk": 1.5, "PT {} (Persero)": 0.6, "Perum {}": 0.2, "PD {}": 0.7, "{}": 8,
}  # fmt: skip
"""Legal forms, each as it is written around a name, and its share in hundredths."""

TRADE = _words(
    "jaya abadi makmur karya usaha mandiri sejahtera indah bersama utama sentosa mulia lestari maju sukses"
    " berkah barokah harapan anugerah cahaya putra putri agung raya prima perkasa pratama sejati setia baru"
    " tunggal gemilang bahagia sinar surya bintang permata mutiara sumber rejeki rezeki subur damai rukun"
    " kasih karunia rahmat berlian kencana mas emas perdana unggul tangguh kreasi cipta citra graha griya"
    " wahana sarana buana persada pertiwi nusa bumi alam lintas mitra sahabat keluarga saudara bangun"
    " tirta samudra angkasa puncak gunung rimba tani bakti darma dharma pelita fajar terang bening"
)
"""Common words of good omen, the commonest first."""

LINES = _words(
    "konstruksi kontraktor tour travel farma finance sekuritas syariah bahari swalayan hotel apotek klinik"
    " katering bengkel motor mobil elektronik komputer printing percetakan mebel furniture tekstil garmen"
    " logistik ekspedisi cargo ekspres trans transport bangunan besi beton kayu aluminium listrik teknik"
    " energi gas petroleum tambang mineral perkebunan pertanian peternakan perikanan seafood pangan makanan"
    " minuman bakery restoran kafe laundry salon optik medika husada dental edukasi kursus media advertising"
    " konsultan properti realty development asuransi multifinance leasing ventura kapital investama dagang"
    " distribusi retail grosir kosmetik kimia plastik kertas kemasan industri security outsourcing jasa"
    " rental wisata resort villa homestay spa marine pelayaran dok galangan aviasi telekomunikasi digital"
)
"""Words that say what a firm does, the commonest first."""

PLACES = _words(
    "kupang ende maumere larantuka ruteng bajawa waingapu waikabubak atambua kefamenanu soe kalabahi"
    " lewoleba borong mbay labuan bajo tambolaka flores timor sumba alor lembata rote sabu sikka ngada"
    " manggarai malaka belu komodo kelimutu lamalera surabaya jakarta denpasar makassar mataram bima"
    " lombok sumbawa bali jawa sulawesi papua maluku kalimantan semarang bandung malang madiun nusantara"
)
"""Places, those of the province first."""

FAMILIES = _words(
    "tanubrata wiryasena kelanggo mangubara pehaloka ndolupura nitasoma bangkolero hutaraga sitoremba"
    " simanggora panjaringin lumbankasa sibaranto manurembo tambolano rajaguka wongsoputro kartolegawa"
    " surolangit darmobumi pranajiwa wicaksoma hadinoto gunarmo prawirasuta kusumalaga tirtowirya sastrabumi"
    " mangkulaya notosari honggodipa limantoro tandeanu gozalindo sutantika wibisasta halimkusna"
    " salimandar bahraisy alhadrami assegara baswedana lewotobi letsoin fernandosa daciluna parerabo"
    " monteirosa carvalhino pelloko nenobais tefnai benufinit tanesiba manafelo riwukaho djamilea"
    " ledolero bulubani umbukaha rambuata tagukawi kaborango malorato dapatalu ngongobili biliwola"
    " ratumakin kleruk betekeneng lamaboling dasiloli gawebala hayonama keraflo tukandara witinala"
)
"""Words that sound like names of families, from all over the islands."""

SANSKRIT_BEGINS = _words(
    "nirwa arya arka bayu candra dana duta gara giri hasta jana jati kala karsa kerta laksa loka mada manda"
    " marga naga nara nawa pada pala panca parama purna raga raja rasa ratna sada sakti sasra sata satya"
    " sena soma suda swara tapa tara trisna udara wahyu wasu wira wisnu yasa yoga yuda abhi agni aksa amerta"
    " ananta asta baskara bima budha cakra"
)
SANSKRIT_ENDS = _words(
    "sita kirana mukti guna lingga mandala nagara puspita sadana samudana sarwa sembada sena sewaka siwi"
    " sraya sudana tama tirtana wardana wasana wastu widya wijna winaya wulan yana yasana santika kencala"
    " laksmi prabha prana prasada pusaka rupaka saloka"
)
"""Halves of words that sound like Sanskrit: nirwa + sita is "nirwasita"."""

FIRST_SOUNDS = _words(
    "ba be bo da de do ga ge go ha he ka ke ko la le lo ma me mo na ne pa pe ra re ro sa se ta te to wa we wo"
    " ya kra pra tra bra dra gra nga nya ci di gi ki li mi ni pi ri si ti wi"
)
LAST_SOUNDS = _words(
    "dak dang dur gal gan gor har hin kar kas kun lang lar lin lok man mar mis nar nas rak ran ros sal san"
    " sar tan tar tor wan war wis yan bu da ga ka la ma na ra sa ta wa ya ndo"
)
"""Sounds of invented words of no language."""

GROUPS = (
    "nirwanda", "kertabumika", "ramatuka", "sindhurasa", "golkarsa", "pandutama", "wirakelana", "lintangsari",
    "bahterajati", "mandalakarsa", "sagaranusa", "tunjungwangi",
)  # fmt: skip
"""Groups of firms that share this word and differ in their line of business."""
LINES_OF_GROUPS = ("finance", "sekuritas", "properti", "farma", "logistik", "energi")

FOREIGN = _words(
    "ocean blue golden dragon summit pacific royal global sunrise paradise diamond victory prime fresh smart"
    " coral harbour garden palm silver union quality modern family future green mega super first"
)

ACCENTED = (
    "Café Kenarisa", "Crème Lubandari", "Rosé Tanimbala", "Señora Mirakusa", "Pâté Wulandaru",
    "Müller Kasandana", "Belle Époque Narwasta", "Fiancée Rumakara", "São Laurenso", "Résidence Kelapira",
    "Dépôt Semarandu", "Noël Bintarosa", "Château Melatira", "Açaí Pandanusa", "Élite Ramasena",
    "Björn Kertanala", "Niño Lasiola", "Voilà Busanara", "Façade Griyatama", "Entrée Saptarasa",
)  # fmt: skip
APOSTROPHES = (
    "Jum'ah Berkahira", "Ma'rufana", "Sa'adahira Tani", "Nu'manika Jaya", "Ra'ufanda", "D'Kenangasari",
    "D'Laut Kelopak", "Qur'anika Media", "Ni'matusa", "Rif'atuna Abadi", "Mu'inanda Karya", "Lu'lu'ana",
    "O'Nealindo", "Ba'asyinda", "Sya'bandara", "Da'watuna Tour", "Mama's Kitarasa", "Joe's Pancaloka",
    "Is'adanusa", "Wa'alikarsa",
)  # fmt: skip
HYPHENATED = (
    "Lewo-Tanaraya", "Multi-Bangkarsa", "Inter-Pulaurasa", "Tri-Dharmakusa", "Trans-Kelorasi", "Agro-Nirwala",
    "Eka-Sambadana", "Bio-Farmakusa", "Sub-Kontrasari", "Pro-Medikarsa", "Asia-Latirasa", "Timor-Lorekusa",
    "Agri-Tanduran", "Mega-Sukmarasa", "Neo-Gardasana", "Dwi-Lestakarsa", "Auto-Gelangsari",
    "Ultra-Benderang",
    "Duta-Wangirasa", "Semi-Permatasuka",
)  # fmt: skip
WITH_AND = (
    "Sarundala & Keluarga", "Putra & Putri Kelangsa", "Maju & Lancar Tobelaka", "Madu & Rempah Lirabuana",
    "Kayu & Besi Wotanara", "Budi & Saudara Kilawana", "Rasa & Karsa Temboro", "Laut & Darat Maurole",
    "Teh & Kopi Sambirana", "Batu & Pasir Ndetuwaru", "Emas & Perak Runggasa", "Kain & Benang Lusitara",
    "Ikan & Garam Watulajar", "Hati & Pikiran Senawa", "Siang & Malam Gelarani", "Meja & Kursi Tamanuru",
    "Roti & Kue Melindara", "Adik & Kakak Polingara", "Cat & Kuas Warnasita", "Pipa & Kran Tirtaluna",
)  # fmt: skip
DIGITS = (
    "88", "99 Jaya", "77 Motor", "168", "555 Elektronik", "21 Swalayan", "R-27", "Q-19 Farma",
    "24 Jam Belitara",
    "3 Saudara Kenangga", "7 Sumur Rindara", "Kios 45", "212 Lontarsa", "B-52 Bengkel", "Z-31",
    "1001 Malam Tirusa",
    "5 Roda Gandarasa", "9 Naga Wetirama", "86 Bangunan", "G-14 Studio", "2000 Abadi", "33",
    "4 Musim Pelangira",
    "17 Agustina Raya", "V-16 Gym", "Dua 8", "63 Apotek", "12 Bulan Sariwangi", "H-20", "Plaza 51",
)  # fmt: skip
OLD_SPELLING = (
    "Soemarkinto", "Soekarwanto", "Djojolegowo", "Djatiningrum", "Tjakrawirya", "Tjondronara", "Sjafrudanto",
    "Sjamsoebahra", "Njotowidara", "Njonjasari", "Chairoelanam", "Achmadoela", "Moeljasoema", "Boediwasana",
    "Goenawiradi", "Soerjolelana", "Djoewitasari", "Tjiptarahaja", "Roesmandjaja", "Widjajasoma",
    "Soetedjarasa",
    "Oetamabrata", "Koesoemanala", "Poerwolaksa", "Hardjodipoera", "Tjokrosoeta", "Doelrachmana",
    "Sjarifoelanda",
    "Bintjaroekma", "Manoenggalja", "Soebagjoana", "Wirjodjaja", "Moechtarasa", "Banjoewangsa",
    "Tedjalaksana",
)  # fmt: skip
"""Registered as families still write themselves: oe, dj, tj, sj, nj, ch, and j for y."""
NEW_SPELLING = (
    "Sucipturasa", "Jayakusnanta", "Cahyaningrasa", "Syarifanusa", "Nyomanika", "Khairulbasra", "Yudakelana",
    "Kusumadirja", "Surawijaka", "Mulyosunarya", "Cokrolaksono", "Banyumelati", "Syukuranda", "Jatmikarsa",
    "Budiharyono", "Rukmanaya", "Cucurbumi", "Akhmadipura", "Yunusanda", "Wahyudipura", "Nyanyiasih",
    "Punjulraya",
    "Cipanjalu", "Sunyaruri", "Jumantara",
)  # fmt: skip


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """The rarer words of names and how often they stand in one: some families are large, most words rare."""
    chance = random.Random(10)
    words = {begin + end for begin in SANSKRIT_BEGINS for end in SANSKRIT_ENDS}
    while len(words) < 45_000:
        sounds = [
            *chance.choices(FIRST_SOUNDS, k=chance.choice((1, 2, 2, 3))),
            chance.choice(LAST_SOUNDS),
        ]
        word = "".join(sounds)
        if len(word) >= 5:
            words.add(word)
    rare = sorted(words)
    chance.shuffle(rare)
    ordered = [*FAMILIES, *rare]
    return ordered, [1 / (rank + 20) for rank in range(len(ordered))]


def zipf(words: list[str] | tuple[str, ...]) -> list[float]:
    """How often the words of a list stand in names, the first most often."""
    return [1 / (rank + 3) for rank in range(len(words))]
