"""What a proof of membership must say, what in it is doubtful, and how it reads.

Membership begins with the first contribution paid in full, so a proof is a certificate and a contribution
that was paid, looked up at BPJS; a filled form or a NIB proves nothing (PP 44/2015 art. 6–7). Pure rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from babel.dates import format_date

from compliance.cases.rules import CONCERNED, LONGEST_TEXTS, MOST_WORKERS
from compliance.companies.identity import BadNumber, npp
from compliance.core.parsing import clean_line, clean_lines, too_long
from compliance.core.text import Text, say, say_many
from compliance.reference.programmes import PROGRAMMES, missing, owed

FIRST_MONTH = date(2014, 1, 1)
"""BPJS Ketenagakerjaan works since then (UU 24/2011 art. 62)."""
LONGEST_CHECKER, LONGEST_CERTIFICATE, MOST_FILES = 200, 100, 10
PROOF_FILES = {
    "certificate_file": say("Sertifikat kepesertaan"),
    "contribution_file": say("Bukti iuran terakhir"),
}
"""The files that may come with a proof, by the name of their field, and the note that they are kept with."""
NOT_AN_NPP = say("Isi NPP, nomor pendaftaran perusahaan di BPJS: 8 sampai 20 huruf dan angka.")


@dataclass(frozen=True)
class ProofFacts:
    """Proof of membership as it was shown and looked up.

    `month` is the first day of the month of the last contribution paid; `workers` how many the certificate or
    the contribution covers; `checked_by` who looked it up at BPJS, name and position as typed; `evidence` the
    ids of the files that show it.
    """

    npp: str | None = None
    month: date | None = None
    programmes: Sequence[str] = ()
    workers: int | None = None
    checked_on: date | None = None
    checked_by: str | None = None
    certificate: str | None = None
    certificate_on: date | None = None
    evidence: Sequence[int] = ()
    note: str | None = None


STATED = (
    "npp", "month", "programmes", "workers", "checked_on", "checked_by", "certificate",
    "certificate_on",
)  # fmt: skip
"""What the sentence of a proof is made from."""


class Stated(Protocol):
    """A proof that was accepted: the facts, or their row."""

    @property
    def npp(self) -> str | None: ...
    @property
    def month(self) -> date | None: ...
    @property
    def programmes(self) -> Sequence[str]: ...
    @property
    def workers(self) -> int | None: ...
    @property
    def checked_on(self) -> date | None: ...
    @property
    def checked_by(self) -> str | None: ...
    @property
    def certificate(self) -> str | None: ...
    @property
    def certificate_on(self) -> date | None: ...


def tidied(facts: ProofFacts) -> ProofFacts:
    """The same facts as they are kept: the NPP normalised, texts cleaned, programmes once and in order."""
    try:
        number = npp(facts.npp)
    except BadNumber:
        number = None
    known = [code for code in PROGRAMMES if code in facts.programmes]
    return ProofFacts(
        npp=number,
        month=facts.month.replace(day=1) if facts.month else None,
        programmes=(*known, *(code for code in facts.programmes if code not in PROGRAMMES)),
        workers=facts.workers,
        checked_on=facts.checked_on,
        checked_by=clean_line(facts.checked_by),
        certificate=clean_line(facts.certificate),
        certificate_on=facts.certificate_on,
        evidence=tuple(dict.fromkeys(facts.evidence)),
        note=clean_lines(facts.note),
    )


def proof_problems(
    facts: ProofFacts, *, today: date, nota_on: date | None, named: Collection[str] = ()
) -> dict[str, Text]:
    """What is missing or impossible in facts that were tidied, by field.

    `nota_on` is the day of the nota; `named` are the programmes that the findings to be settled name.
    """
    problems = {
        "npp": None if facts.npp else NOT_AN_NPP,
        "month": _month_problem(facts, today=today),
        "programmes": _programmes_problem(facts.programmes, named),
        "workers": None
        if facts.workers is not None and 1 <= facts.workers <= MOST_WORKERS
        else say("Isi berapa pekerja yang tercakup, misalnya 25"),
        "checked_on": _checked_problem(facts.checked_on, today=today, nota_on=nota_on),
        "checked_by": too_long(facts.checked_by, LONGEST_CHECKER)
        if facts.checked_by
        else say("Isi siapa yang mengeceknya di BPJS: nama dan jabatan."),
        "certificate": too_long(facts.certificate, LONGEST_CERTIFICATE),
        "certificate_on": _certificate_problem(facts.certificate_on, today=today),
        "evidence": say("Paling banyak {count} berkas.", count=MOST_FILES)
        if len(facts.evidence) > MOST_FILES
        else None,
        "note": too_long(facts.note, LONGEST_TEXTS["proof"]),
    }
    return {field: reason for field, reason in problems.items() if reason is not None}


def _month_problem(facts: ProofFacts, *, today: date) -> Text | None:
    if facts.month is None:
        return say("Isi bulan iuran terakhir, misalnya 2-2027 atau Februari 2027")
    if facts.month > today:
        return say(
            "Bulan {month} belum tiba. Isi bulan iuran yang sudah dibayar.", month=_m(facts.month)
        )
    if facts.month < FIRST_MONTH:
        return say("Periksa tahunnya: {month} terlalu lama.", month=_m(facts.month))
    if facts.checked_on is not None and facts.month > facts.checked_on:
        return say(
            "Iuran {month} tidak mungkin terlihat pada {day}, saat dicek.",
            month=_m(facts.month),
            day=facts.checked_on,
        )
    return None


def _programmes_problem(programmes: Sequence[str], named: Collection[str]) -> Text | None:
    if set(programmes) - set(PROGRAMMES):
        return say("Pilih program dari: {programmes}.", programmes=", ".join(PROGRAMMES))
    always = missing(None, programmes)
    if always:
        return say(
            "JKK dan JKM wajib bagi setiap pemberi kerja (Perpres 109/2013 pasal 6); belum ada:"
            " {programmes}.",
            programmes=_in_order(always),
        )
    lacking = set(named) - set(programmes)
    if lacking:
        return say(
            "Temuannya tentang program {programmes}; bukti ini belum mencakupnya.",
            programmes=_in_order(lacking),
        )
    return None


def _checked_problem(checked_on: date | None, *, today: date, nota_on: date | None) -> Text | None:
    if checked_on is None:
        return say("Isi kapan dicek di BPJS, misalnya 18-3-2027")
    if checked_on > today:
        return say("Tanggal pengecekan belum tiba. Isi hari ini atau sebelumnya.")
    if nota_on is not None and checked_on < nota_on:
        return say("Dicek sebelum nota terbit {day}: cek lagi di BPJS.", day=nota_on)
    return None


def _certificate_problem(certificate_on: date | None, *, today: date) -> Text | None:
    if certificate_on is None:
        return None
    if certificate_on > today:
        return say("Tanggal sertifikat belum tiba. Isi hari ini atau sebelumnya.")
    if certificate_on < date(2000, 1, 1):
        return say("Periksa tahunnya: {day} terlalu lama.", day=certificate_on)
    return None


def programmes_named(findings: Iterable[tuple[str, Sequence[str]]]) -> frozenset[str]:
    """The programmes that findings are about, of their codes and the programmes chosen for JS-04."""
    named = frozenset[str]()
    for code, chosen in findings:
        named |= frozenset(chosen if code == "JS-04" else CONCERNED.get(code, ()))
    return named


def proof_doubts(
    facts: ProofFacts, *, today: date, scale: str | None, workers: int | None, known_npp: str | None
) -> list[Text]:
    """What should be looked at once more before a proof is accepted. Doubts do not stop it.

    `workers` were counted last; `known_npp` is the number that the registry holds. A contribution is due by
    the 15th of the next month (PP 44/2015 art. 21), so that of two months ago is always paid by now.
    """
    doubts = []
    if facts.month is not None and facts.month < _months_before(today, 2):
        doubts.append(say("Iuran terakhir {month}: adakah yang lebih baru?", month=_m(facts.month)))
    if facts.workers is not None and workers is not None and facts.workers < workers:
        doubts.append(
            say(
                "Bukti mencakup {covered} pekerja, tercatat {total} pekerja.",
                covered=facts.workers,
                total=workers,
            )
        )
    lacking = owed(scale) - set(facts.programmes)
    if lacking and facts.programmes:
        doubts.append(
            say(
                "Skala usaha ini juga wajib {programmes}, kecuali jasa konstruksi dan pekerja lepas"
                " (Perpres 109/2013 pasal 6).",
                programmes=_in_order(lacking),
            )
        )
    if facts.npp and known_npp and facts.npp != known_npp:
        doubts.append(say("NPP yang tercatat lain: {npp}.", npp=known_npp))
    return doubts


def proof_sentence(proof: Stated) -> Text:
    """The whole proof in one sentence, for everybody who may read that a flag was lifted."""
    facts = {
        "npp": proof.npp,
        "programmes": ", ".join(proof.programmes),
        "month": _m(proof.month),
        "workers": say_many("{count} pekerja", count=proof.workers),
        "day": proof.checked_on,
        "who": proof.checked_by,
    }
    if proof.certificate:
        return say(
            "Sertifikat {certificate}, NPP {npp}, {programmes}, iuran terakhir {month}, {workers};"
            " dicek di BPJS {day} oleh {who}.",
            certificate=proof.certificate,
            **facts,
        )
    return say(
        "NPP {npp}, {programmes}, iuran terakhir {month}, {workers}; dicek di BPJS {day} oleh {who}.",
        **facts,
    )


def _m(month: date | None) -> Text:
    """A month with its year: Februari 2027 / February 2027."""
    assert month is not None
    names = {code: str(format_date(month, "MMMM y", locale=code)) for code in ("id", "en")}
    return say("{id}", **names)


def _months_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _in_order(programmes: Collection[str]) -> str:
    return ", ".join(code for code in PROGRAMMES if code in programmes)
