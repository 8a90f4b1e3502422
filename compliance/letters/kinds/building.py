"""What stands in a letter of each kind, in the words of the paper. Pure functions.

A letter is a list of blocks: paragraphs of wording, and between them what is listed or counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compliance.core.parsing import lines_as_one
from compliance.letters.kinds import COVER_SUBJECTS, LETTER_KINDS
from compliance.letters.kinds.addressing import (
    BPJS_BRANCH,
    MINISTER,
    copies_of_nota,
    governor_of,
    head_of_its_region,
    to_company,
    to_licensing_office,
)
from compliance.letters.kinds.chips import filled_in
from compliance.letters.kinds.listing import (
    evidence_kept,
    matters_not_carried_out,
    notas_and_receipts,
    orders_not_carried_out,
    stated_orders,
)
from compliance.letters.kinds.matter import (
    TO_BE_FILLED,
    Matter,
    chips_of,
    company_name,
    ordered_findings,
)
from compliance.letters.rules import (
    LAWS_OF_AN_ORDER,
    as_sentence,
    counted,
    finding_facts,
    how_limits_count,
    long_day,
    written_nip,
)

Block = dict[str, Any]
DOCUMENTS = (
    "sertifikat kepesertaan BPJS Ketenagakerjaan",
    "bukti pembayaran iuran terakhir",
    "daftar pekerja dan upahnya",
)
"""What a recheck asks to see, unless its letter names other papers (letters.md)."""


def letter_words(kind: str, matter: Matter, wording: Mapping[str, str]) -> dict[str, Any]:
    """What a letter of this kind says. `wording` is its paragraphs, with their chips."""
    entry = LETTER_KINDS[kind]
    chips = chips_of(matter)
    said = {
        name: filled_in(_of_now(wording.get(name, paragraph.text)), chips)
        for name, paragraph in entry.paragraphs.items()
    }
    facts = {
        "form": entry.form,
        "subject": entry.title,
        "classification": entry.classification,
        "attachments": "–",
        "date": long_day(matter.day),
        "issued": [matter.day.year, matter.day.month, matter.day.day],
        "addressee": [],
        "copies": [],
        "closing": [],
        "strip": entry.with_strip,
        "place": matter.place,
    }
    return facts | _BUILDERS[kind](matter, said)


def _of_now(text: str) -> str:
    """Wording of before said "hari ini" of any day; the chip itself says it, when it is so."""
    return text.replace("hari ini, {hari}", "{hari}")


def _paragraph(words: str) -> Block:
    return {"paragraph": words}


def _rows(*rows: tuple[str, str | None]) -> Block:
    return {"rows": [[label, value] for label, value in rows if value]}


def _people(people: Sequence[Any]) -> Block:
    return {
        "people": [
            {
                "name": person.name,
                "nip": written_nip(person.nip) if person.nip else None,
                "rank": person.rank,
                "position": person.position or "Pengawas Ketenagakerjaan",
            }
            for person in people
        ]
    }


def _spt(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "blocks": [
            {"labelled": "Dasar", "points": list(LAWS_OF_AN_ORDER)},
            {"heading": "Memerintahkan"},
            {"labelled": "Kepada", **_people(matter.inspectors)},
            {"labelled": "Untuk", "points": [said["task"], said["report"]]},
        ],
        "closing": [said["closing"]],
        "copies": [f"{governor_of(matter)} (sebagai laporan)", "Kepala Badan Kepegawaian Daerah"],
    }


def _ba(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    options = matter.options
    asked = options.get("documents") or []
    return {
        "blocks": [
            _paragraph(said["opening"]),
            _people(matter.inspectors),
            _paragraph(said["against"]),
            _rows(("Nama", options["met_name"]), ("Jabatan", options["met_position"])),
            _paragraph("dengan hasil:"),
            _paragraph(as_sentence(options["result"])),
            *([_paragraph("Dokumen yang diminta:"), {"points": asked}] if asked else []),
        ],
        "closing": [said["closing"]],
    }


def _ba_refusal(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    options = matter.options
    return {
        "blocks": [
            _paragraph(said["opening"]),
            _people(matter.inspectors),
            _paragraph(said["against"]),
            _rows(
                ("Yang ditolak", options["refused"]),
                ("Oleh", options["refused_by"]),
                (
                    "Saksi",
                    ", ".join(filter(None, (options["witness"], options.get("witness_position")))),
                ),
            ),
        ],
        "closing": [said["closing"]],
    }


def _nota_1(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    case, nota = matter.case, matter.nota
    assert case is not None and nota is not None
    corrected = matter.options.get("facts", {})
    findings = [
        finding_facts(finding, nota, quotes=matter.quotes, fact=corrected.get(str(finding.id)))
        for finding in ordered_findings(case)
    ]
    return {
        "subject": f"Nota Pemeriksaan {nota.kind}",
        "addressee": to_company(matter),
        "blocks": [_paragraph(said["opening"]), {"findings": findings}],
        "closing": [said["closing"]],
        "copies": copies_of_nota(),
        "received": _received(matter, f"Nota Pemeriksaan {nota.kind}"),
    }


def _nota_2(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": to_company(matter),
        "blocks": [
            _paragraph(said["opening"]),
            {"orders": stated_orders(matter)},
        ],
        "closing": [said["closing"]],
        "copies": copies_of_nota(),
        "received": _received(matter, LETTER_KINDS["nota_2"].paper),
    }


def _received(matter: Matter, paper: str) -> dict[str, str]:
    """What the strip at the end of a nota says beside its name and number."""
    return {"company": company_name(matter), "counting": how_limits_count(paper)}


def _receipt(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    letter = matter.about
    assert letter is not None
    entry, sheets = LETTER_KINDS[letter.kind], matter.options.get("sheets")
    paper = letter.facts["subject"] if entry.with_strip else entry.paper
    named = letter.facts.get("addressee") or []
    receiver = named[0].removeprefix("Yth. ") if named else company_name(matter)
    return {
        "blocks": [
            _paragraph(said["opening"]),
            _rows(
                ("Surat", paper),
                ("Nomor", letter.number or TO_BE_FILLED),
                ("Tanggal", letter.facts["date"]),
                ("Untuk", receiver),
                ("Banyaknya", f"{counted(sheets)} lembar" if sheets else f"{TO_BE_FILLED} lembar"),
                ("Hari, tanggal", TO_BE_FILLED),
                (
                    "Cara",
                    "diserahkan langsung / pos tercatat / surel / ditolak (coret yang tidak perlu)",
                ),
            ),
        ],
        "closing": [how_limits_count(paper)] if entry.with_strip else [],
    }


def _cover_ptsp(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "subject": COVER_SUBJECTS[matter.options.get("cover") or "information"],
        "addressee": to_licensing_office(matter),
        "blocks": [_paragraph(said[name]) for name in ("opening", "dates")],
        "closing": [said["clears"]],
        "copies": [BPJS_BRANCH, f"{head_of_its_region(matter)} (sebagai laporan)"],
    }


def _recheck_notice(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": to_company(matter),
        "blocks": [
            _paragraph(said["opening"]),
            _paragraph(said["show"]),
            {"points": list(matter.options.get("documents") or DOCUMENTS)},
        ],
        "closing": ["Atas perhatian Saudara kami ucapkan terima kasih."],
    }


def _noncompliance_report(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    proposal = matter.options.get("proposal")
    return {
        "addressee": [f"Yth. Kepala {matter.office_name}"],
        "blocks": [
            _paragraph(said["opening"]),
            orders_not_carried_out(matter),
            _paragraph(said["papers"]),
            notas_and_receipts(matter),
            *evidence_kept(matter),
            *([_paragraph(f"Usul: {as_sentence(proposal)}")] if proposal else []),
        ],
        "closing": [said["closing"]],
    }


def _recommendation(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    proposal = matter.options.get("proposal")
    return {
        "addressee": [f"Yth. {matter.options['official']}"],
        "blocks": [
            _paragraph(said["opening"]),
            _paragraph("Perintah yang tidak dilaksanakan:"),
            matters_not_carried_out(matter),
            _paragraph(said["request"]),
            *([_paragraph(f"Usul: {as_sentence(proposal)}")] if proposal else []),
        ],
        "closing": [said["report"]],
        "copies": [MINISTER],
    }


def _clearance_letter(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": to_licensing_office(matter),
        "blocks": [
            _paragraph(said["opening"]),
            _paragraph(said["proof"]),
            {"points": list(matter.options["proof"])},
        ],
        "closing": [said["limits"]],
        "copies": [
            BPJS_BRANCH,
            f"Pimpinan {company_name(matter)}",
        ],
    }


def _certificate(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    company, proof = matter.company, matter.options.get("proof") or []
    return {
        "blocks": [
            _paragraph(said["opening"]),
            _rows(
                ("Nama", company_name(matter)),
                ("NIB", company.nib),
                ("NPP", company.npp),
                ("Alamat", lines_as_one(company.address)),
            ),
            _paragraph(said["state"]),
            *([_paragraph("Bukti yang diperlihatkan:"), {"points": list(proof)}] if proof else []),
        ],
        "closing": [said["limits"]],
    }


_BUILDERS: Mapping[str, Callable[[Matter, Mapping[str, str]], dict[str, Any]]] = {
    "spt": _spt,
    "ba": _ba,
    "ba_refusal": _ba_refusal,
    "nota_1": _nota_1,
    "receipt": _receipt,
    "cover_ptsp": _cover_ptsp,
    "recheck_notice": _recheck_notice,
    "nota_2": _nota_2,
    "noncompliance_report": _noncompliance_report,
    "recommendation": _recommendation,
    "clearance_letter": _clearance_letter,
    "certificate": _certificate,
}
