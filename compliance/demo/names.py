"""The invented people and companies of the demo. No real person or company is meant."""

from __future__ import annotations

PASSWORD = "contoh-patuh"
ACCOUNTS = {
    "inspector": ("pengawas@demo.example", "Ina Contoh"),
    "supervisor": ("kepala@demo.example", "Sari Umpama"),
    "compliance": ("kepatuhan@demo.example", "Tika Andai"),
    "licensing": ("perizinan@demo.example", "Lia Misal"),
    "admin": ("admin@demo.example", "Adi Andai"),
}
INSPECTORS = (
    "Budi Misal",
    "Rosa Contoh",
    "Anton Umpama",
    "Melki Andai",
    "Nona Misal",
    "Frans Contoh",
    "Dewi Umpama",
)
FORMS = ("PT", "CV", "UD", "Koperasi", "PT", "CV")
INVENTED = ("Contoh", "Misal", "Umpama", "Andai")
TRADES = (
    "Bahari", "Kopi", "Tenun", "Garam", "Jagung", "Mutiara", "Wisata", "Kayu Manis", "Bangunan", "Angkutan",
    "Air Minum", "Percetakan", "Rumput Laut", "Ternak", "Pasar", "Perhotelan", "Listrik", "Kelapa",
    "Penginapan", "Apotek",
)  # fmt: skip
QUALITIES = (
    "Timur",
    "Sejahtera",
    "Indah",
    "Mandiri",
    "Jaya",
    "Sentosa",
    "Lestari",
    "Makmur",
    "Abadi",
    "Bersama",
)
