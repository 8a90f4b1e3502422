"""An invented letter in its extreme: a name of 200 letters, twelve findings. A page shows it while an office
decides how its letters look and what they say. It is built as a real letter is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.kinds.building import letter_words
from compliance.letters.kinds.matter import Matter
from compliance.letters.rendering import render
from compliance.letters.rules import Signer, time_limit
from compliance.office.settings import office_settings
from compliance.web.formatting import ZONE_NAMES

_CODE = "CONTOHCNTH"
_LONGEST_NAME = (
    "PT Contoh Perusahaan Bernama Sangat Panjang Bahari Nusantara Timur Sejahtera Abadi Makmur Sentosa "
    "Jaya Lestari Mandiri Gemilang Cahaya Harapan Bangsa Persada Utama Raya Perkasa Mulia Bersama Kita Asri"
)
_TITLES = (
    "Sebagian pekerja belum didaftarkan dalam program jaminan sosial ketenagakerjaan",
    "Upah yang dilaporkan kepada BPJS Ketenagakerjaan lebih kecil daripada upah yang dibayarkan",
    "Perjanjian kerja waktu tertentu tidak dicatatkan",
    "Tidak ada struktur dan skala upah",
)
_FINDINGS = 12
_RULE = "Aturan contoh, yang hanya ada dalam surat ini"
_QUOTE = (
    "(1) Bunyi contoh, yang tidak ada dalam aturan mana pun: setiap pemberi kerja contoh wajib mencatat "
    "setiap pekerja contoh pada hari pertama ia bekerja, dengan nama, pekerjaan, dan upahnya.\n"
    "(2) Pencatatan sebagaimana dimaksud pada ayat (1) disimpan di tempat kerja contoh dan diperlihatkan "
    "bila diminta."
)
_INSPECTOR = SimpleNamespace(
    name="Contoh Pengawas Bernama Panjang, S.H., M.H.",
    rank="Penata",
    nip="198501012010012001",
    position="Pengawas Ketenagakerjaan Ahli Muda",
)


def example_letter(
    kind: str,
    day: date,
    *,
    letterhead: Mapping[str, Any],
    head: Signer | None,
    crest: bytes | None = None,
    wording: Mapping[str, str] | None = None,
    article: tuple[str, str] | None = None,
) -> bytes:
    """The PDF of an invented letter of this day. `article` is the name and text of one to be quoted, in
    place of the invented one. Raises LayoutRefused, OSError.
    """
    facts = example_facts(
        kind, day, letterhead=letterhead, head=head, wording=wording, article=article
    )
    noon = datetime.combine(day, time(12), office_settings().zone)
    return render("letter", facts, code=_CODE, issued_at=noon, crest=crest)


def example_facts(
    kind: str,
    day: date,
    *,
    letterhead: Mapping[str, Any],
    head: Signer | None,
    wording: Mapping[str, str] | None = None,
    article: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """What an invented letter of this day says."""
    entry = LETTER_KINDS[kind]
    inspector = Signer(
        ("Yang memeriksa", f"{_INSPECTOR.position},"),
        _INSPECTOR.name,
        _INSPECTOR.rank,
        _INSPECTOR.nip,
    )
    knowing = replace(head, titles=("Mengetahui", *head.titles)) if head else None
    signers = [head] if entry.signed_by == "head" else [knowing, inspector]
    return {
        **letter_words(kind, _matter(day, article), wording or {}),
        "number": "560/CONTOH/XI/2026" if entry.numbered else None,
        "numbered": entry.numbered,
        "letterhead": letterhead,
        "signers": [signer.as_fact() for signer in signers if signer] or [inspector.as_fact()],
        "version": 1,
        "preview": True,
    }


def _matter(day: date, article: tuple[str, str] | None) -> Matter:
    settings = office_settings()
    company = SimpleNamespace(
        name=_LONGEST_NAME,
        nib="9120000000000",
        npp="JJ000000",
        region_code=None,
        address="Jalan Contoh Nomor 12, Kelurahan Misal\nKecamatan Umpama\nKabupaten Contoh",
    )
    nota = _nota(day, "I")
    rule, quote = article or (_RULE, _QUOTE)
    findings = [_finding(place, rule) for place in range(1 if article else _FINDINGS)]
    case = SimpleNamespace(
        number="CONTOH-2026-0001",
        company=company,
        findings=findings,
        warned_of=findings,
        effective_on=day,
    )
    return Matter(
        company=company,
        case=case,
        nota=nota,
        second_nota=None,
        options=_options(day),
        day=day,
        inspectors=[_INSPECTOR],
        offices=[],
        office_name=settings.office_name,
        place=settings.letter_place,
        limits={
            "batas_lapor": time_limit(settings.finding_days, settings.finding_day_type),
            "batas_dua": time_limit(settings.second_nota_days, settings.finding_day_type),
        },
        about=SimpleNamespace(
            kind="nota_1",
            facts={"subject": "Nota Pemeriksaan I", "date": "1 Januari 2026"},
            number="560/CONTOH/2026",
        ),
        quotes={rule: quote},
        zone=ZONE_NAMES.get(str(settings.zone), ""),
    )


def _nota(day: date, kind: str) -> Any:
    return SimpleNamespace(
        kind=kind,
        number=f"560/CONTOH-NP-{kind}/2026",
        issued_on=day,
        inspected_on=day,
        received_on=None,
        received_by=None,
        company_name=_LONGEST_NAME,
        workers_total=40,
        workers_registered=28,
        met="Contoh Wakil, staf personalia",
        place=None,
    )


def _options(day: date) -> dict[str, Any]:
    return {
        "visit_on": day,
        "visit_at": "09.30",
        "held_on": day,
        "held_at": "09.30",
        "met_name": "Contoh Wakil",
        "met_position": "Staf personalia",
        "result": "Dua belas orang pekerja belum terdaftar",
        "refused": "memperlihatkan daftar upah",
        "refused_by": "Contoh Wakil, staf personalia",
        "witness": "Contoh Saksi",
        "cover": "information",
        "official": "Bupati Contoh",
        "proposal": "Pengenaan sanksi administratif",
        "proof": ["Sertifikat kepesertaan contoh", "Bukti iuran terakhir contoh"],
    }


def _finding(place: int, rule: str) -> Any:
    return SimpleNamespace(
        id=place,
        violation=SimpleNamespace(
            code="XX-01",
            title=_TITLES[place % len(_TITLES)],
            norm_group="social_security",
            legal_basis=rule,
            order="Perbaiki keadaan ini",
            evidence="Sertifikat dan bukti iuran terakhir",
            special_note=False,
        ),
        workers_affected=place + 1,
        programmes=(),
        note="Menurut daftar upah contoh, pekerja itu bekerja sejak tahun lalu",
        deadline_on=None,
        deadline_days=14,
        deadline_day_type="calendar",
        fixed_on=None,
    )
