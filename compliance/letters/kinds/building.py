"""What stands in a letter of each kind, in the words of the paper. Pure functions.

A letter is a list of blocks: paragraphs of wording, and between them what is listed or counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compliance.core.parsing import lines_as_one
from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.kinds.chips import filled_in
from compliance.letters.kinds.matter import (
    TO_BE_FILLED,
    Matter,
    chips_of,
    company_name,
    open_orders,
    ordered_findings,
)
from compliance.letters.rules import (
    LAWS_OF_AN_ORDER,
    addressee_of,
    as_sentence,
    counted,
    finding_facts,
    long_day,
    open_order_facts,
    time_limit,
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
        name: filled_in(wording.get(name, paragraph.text), chips)
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
        "copies": ["Gubernur (sebagai laporan)", "Kepala Badan Kepegawaian Daerah"],
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
        "addressee": addressee_of(
            matter.company, company_name(matter), matter.options.get("address")
        ),
        "blocks": [_paragraph(said["opening"]), {"findings": findings}],
        "closing": [said["closing"]],
        "copies": _copies_of_nota(matter),
    }


def _nota_2(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": addressee_of(
            matter.company, company_name(matter), matter.options.get("address")
        ),
        "blocks": [
            _paragraph(said["opening"]),
            {"orders": _orders(matter)},
        ],
        "closing": [said["closing"]],
        "copies": _copies_of_nota(matter),
    }


def _orders(matter: Matter) -> list[dict[str, str]]:
    """The orders of Nota I that are open, as its version in force states them."""
    corrected = matter.nota_letter.options.get("facts", {}) if matter.nota_letter else {}
    return [
        open_order_facts(
            finding, matter.nota, quotes=matter.quotes, fact=corrected.get(str(finding.id))
        )
        for finding in open_orders(matter)
    ]


def _copies_of_nota(matter: Matter) -> list[str]:
    return [
        "Menteri Ketenagakerjaan di Jakarta",
        "Direktur Jenderal Pembinaan Pengawasan Ketenagakerjaan dan K3 di Jakarta",
        *(f"Kepala {office.name}" for office in matter.offices),
    ]


def _receipt(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    letter = matter.about
    assert letter is not None
    sheets = matter.options.get("sheets")
    return {
        "blocks": [
            _paragraph(said["opening"]),
            _rows(
                ("Surat", letter.facts["subject"]),
                ("Nomor", letter.number or TO_BE_FILLED),
                ("Tanggal", letter.facts["date"]),
                ("Untuk", company_name(matter)),
                ("Banyaknya", f"{counted(sheets)} lembar" if sheets else f"{TO_BE_FILLED} lembar"),
                ("Hari, tanggal", TO_BE_FILLED),
                (
                    "Cara",
                    "diserahkan langsung / pos tercatat / surel / ditolak (coret yang tidak perlu)",
                ),
            ),
        ],
        "closing": [said["closing"]],
    }


def _cover_ptsp(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": _to_office(matter),
        "blocks": [_paragraph(said[name]) for name in ("opening", "dates")],
        "closing": [said["clears"]],
        "copies": ["Kepala Kantor Cabang BPJS Ketenagakerjaan", _regional_head(matter)],
    }


def _to_office(matter: Matter) -> list[str]:
    office = _office_of(matter)
    if office is None:
        return ["Yth. Kepala DPMPTSP"]
    return [f"Yth. Kepala {office.name}", *_lines(office.address)]


def _office_of(matter: Matter) -> Any | None:
    """The licensing office that was chosen; else that of the regency, which is the last."""
    wanted = matter.options.get("office")
    chosen = next((office for office in matter.offices if office.code == wanted), None)
    return chosen or (matter.offices[-1] if matter.offices else None)


def _lines(address: str | None) -> list[str]:
    return [line.strip() for line in (address or "").splitlines() if line.strip()][:3]


def _regional_head(matter: Matter) -> str:
    """Governor, regent or mayor of where the addressed office lies; papers name the post, never a person."""
    office = _office_of(matter)
    code = office.region_code if office is not None else ""
    if "." not in code:
        return "Gubernur (sebagai laporan)"
    return (
        "Wali Kota (sebagai laporan)"
        if code.split(".")[1].startswith("7")
        else "Bupati (sebagai laporan)"
    )


def _recheck_notice(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": addressee_of(matter.company, company_name(matter)),
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
            {
                "table": ["Perintah", "Ketentuan", "Batas waktu"],
                "lines": [
                    [
                        as_sentence(finding.violation.order),
                        finding.violation.legal_basis,
                        long_day(finding.deadline_on)
                        if finding.deadline_on
                        else time_limit(finding.deadline_days, finding.deadline_day_type),
                    ]
                    for finding in open_orders(matter)
                ],
            },
            _paragraph(said["papers"]),
            {
                "table": ["Surat", "Nomor dan tanggal", "Diterima"],
                "lines": [
                    _nota_line(matter.nota, matter.nota_letter),
                    _nota_line(matter.second_nota, matter.second_letter),
                ],
            },
            *_evidence(matter),
            *([_paragraph(f"Usul: {as_sentence(proposal)}")] if proposal else []),
        ],
        "closing": [said["closing"]],
    }


def _nota_line(nota: Any | None, letter: Any | None) -> list[str]:
    """A nota with the number and day of its version in force, and who received it when."""
    if nota is None:
        return ["Nota Pemeriksaan II", "belum terbit", "–"]
    named = letter or nota
    return [
        f"Nota Pemeriksaan {nota.kind}",
        f"{named.number or TO_BE_FILLED}, {long_day(named.issued_on)}",
        f"{long_day(nota.received_on)}, {nota.received_by}"
        if nota.received_on
        else "belum tercatat",
    ]


def _evidence(matter: Matter) -> list[Block]:
    """The evidence of the case (PP 37/2021 art. 47(4)); the packet of evidence holds it."""
    if not matter.evidence:
        return [_paragraph("Tidak ada bukti yang tersimpan dalam kasus ini.")]
    return [
        _paragraph("Bukti yang tersimpan, masing-masing dengan 12 tanda pertama sidik SHA-256:"),
        {"table": ["Bukti", "Disimpan", "Sidik"], "lines": [list(one) for one in matter.evidence]},
    ]


def _recommendation(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    proposal = matter.options.get("proposal")
    return {
        "addressee": [f"Yth. {matter.options['official']}"],
        "blocks": [
            _paragraph(said["opening"]),
            _paragraph(said["request"]),
            *([_paragraph(f"Usul: {as_sentence(proposal)}")] if proposal else []),
        ],
        "closing": [said["report"]],
        "copies": ["Menteri Ketenagakerjaan di Jakarta"],
    }


def _clearance_letter(matter: Matter, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "addressee": _to_office(matter),
        "blocks": [
            _paragraph(said["opening"]),
            _paragraph(said["proof"]),
            {"points": list(matter.options["proof"])},
        ],
        "closing": [said["limits"]],
        "copies": [
            "Kepala Kantor Cabang BPJS Ketenagakerjaan",
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
