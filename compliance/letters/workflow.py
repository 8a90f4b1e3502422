"""TABLE: the life of a letter. Who may make which step, from which status, to which."""

from __future__ import annotations

from datetime import date
from typing import Any

from compliance.cases.approvals.rules import OWN_NOTA
from compliance.core.chart import Chart, step
from compliance.core.text import Text, say
from compliance.letters.kinds import LETTER_NAMES, MADE_BY_ACTS, UNNUMBERED_KINDS

LETTER_STATES = {
    "draft": say("Konsep"),
    "approved": say("Disetujui"),
    "numbered": say("Bernomor"),
    "signed": say("Ditandatangani"),
    "served": say("Tersampaikan"),
    "replaced": say("Diganti"),
    "withdrawn": say("Ditarik"),
}
LETTER_DRAFT, APPROVED_LETTER, NUMBERED, SIGNED, SERVED, REPLACED, WITHDRAWN_LETTER = LETTER_STATES
NUMBERLESS = say("Terbit")
"""How a letter stands that was issued and bears no number, or none yet."""
AWAITING_THE_HEAD = LETTER_DRAFT
STANDING = (NUMBERED, SIGNED, SERVED)
"""Issued, neither replaced nor withdrawn."""
BEFORE_ITS_NUMBER = (LETTER_DRAFT, APPROVED_LETTER)
ENDED = (REPLACED, WITHDRAWN_LETTER)
SENT_OUT = (*STANDING, REPLACED)
"""Has a PDF that is or was sent out."""


# fmt: off
STEPS_OF_A_KIND = {
    "spt":                  "approve record_number sign       replace call_back",
    "ba":                   "        record_number sign       replace call_back",
    "ba_refusal":           "        record_number sign       replace call_back",
    "nota_1":               "approve record_number sign serve replace call_back",
    "receipt":              "                      sign       replace call_back",
    "cover_ptsp":           "approve record_number sign serve replace call_back",
    "recheck_notice":       "approve record_number sign serve replace call_back",
    "nota_2":               "approve record_number sign serve replace call_back",
    "noncompliance_report": "        record_number sign       replace call_back",
    "recommendation":       "approve record_number sign serve replace call_back",
    "clearance_letter":     "approve record_number sign serve replace call_back",
    "certificate":          "approve record_number sign serve replace call_back",
}
# fmt: on
"""TABLE: which kind of letter knows which step, whatever its status. Every kind is drafted and issued."""
_LIKE = {"send_back": "approve", "sign_late": "sign", "attempt": "serve", "receive": "serve"}
"""Steps that a kind knows together with another one."""
_UNKNOWN = {
    "approve": say(
        "{kind} tidak menunggu persetujuan kepala: pengawas menandatanganinya tanpa kepala."
    ),
    "record_number": say("{kind} tidak bernomor."),
    "serve": say("{kind} tidak disampaikan kepada siapa pun; tidak ada penyampaian untuk dicatat."),
}
"""Why a kind does not know a step."""


def never(kind: str, step: str) -> Text | None:
    """Why letters of this kind never make the step; None when they do."""
    step = _LIKE.get(step, step)
    if step not in _UNKNOWN or step in STEPS_OF_A_KIND[kind].split():
        return None
    return Text(_UNKNOWN[step].sentence, {"kind": LETTER_NAMES[kind]})


def _refused(status: Text) -> Text:
    return say("Langkah ini tidak dapat dilakukan: surat {status}.", status=status)


def not_by_its_inspector(letter: Any, facts: Any) -> Text | None:
    """A nota is approved by nobody who stands on it as its inspector. Any other letter, by somebody else than
    the only inspector whose work it is about, and than an inspector in it who wrote it.
    """
    by = facts["by"].actor_id
    if letter.kind in MADE_BY_ACTS:
        return OWN_NOTA if by in letter.inspector_ids else None
    if letter.inspector_ids == (by,) or (by in letter.inspector_ids and letter.drafted_by_id == by):
        return say("Surat disetujui orang lain daripada satu-satunya pemeriksa di dalamnya.")
    return None


def is_no_nota(letter: Any, facts: Any) -> Text | None:
    """The letter of a nota goes with its nota, or gives way to a new version; no nota lacks paper."""
    if letter.is_issued and letter.nota is not None:
        return say("Surat ini adalah notanya sendiri: tarik notanya, atau buat versi baru.")
    return None


def not_dated_later(letter: Any, facts: Any) -> Text | None:
    if letter.issued_on > facts["today"]:
        return say(
            "Surat ini bertanggal {day}; nomor diberikan mulai hari itu.", day=letter.issued_on
        )
    return None


def before_the_visit(letter: Any, facts: Any) -> Text | None:
    """An order to inspect is given before the visit (letters.md: refuse the sample that is not)."""
    visit = letter.options.get("visit_on")
    if letter.kind == "spt" and visit and date.fromisoformat(visit) < letter.issued_on:
        return say(
            "Surat perintah tugas bertanggal sesudah kunjungan {day}.",
            day=date.fromisoformat(visit),
        )
    return None


def needs_no_approval(letter: Any, facts: Any) -> Text | None:
    return say("Surat ini menunggu persetujuan kepala.") if facts["approval"] else None


def signed_without_the_head(letter: Any, facts: Any) -> Text | None:
    if letter.by_the_head:
        return say("Surat ini ditandatangani kepala; nomornya diberikan kepala pengawas.")
    return None


def has_no_number(letter: Any, facts: Any) -> Text | None:
    return (
        say("Surat ini sudah bernomor {number}.", number=letter.number) if letter.number else None
    )


def bears_its_number(letter: Any, facts: Any) -> Text | None:
    """A new version bears the number of the old one with a mark: without the old number it would get
    another, and the nota of its case with it.
    """
    if letter.number is None and letter.kind not in UNNUMBERED_KINDS:
        return say(
            "Surat yang diganti belum bernomor. Catat dulu nomornya, lalu buat versi barunya."
        )
    return None


def is_unsigned(letter: Any, facts: Any) -> Text | None:
    if letter.signed_on is not None:
        return say("Tanda tangan surat ini sudah dicatat: {day}.", day=letter.signed_on)
    return None


def is_signed(letter: Any, facts: Any) -> Text | None:
    if letter.signed_on is None:
        return say("Surat ini belum ditandatangani; catat dulu tanda tangannya.")
    return None


# fmt: off
LETTERS = Chart(LETTER_STATES, [
    #    step             who may            from                                     to
    step("edit",          "letter.draft",    "draft",                                 None),
    step("send_back",     "letter.approve",  "draft",                                 None),
    step("approve",       "letter.approve",  "draft",                                 "approved",
         not_by_its_inspector),
    step("number",        "letter.number",   "approved",                              "numbered",
         not_dated_later, before_the_visit),
    step("issue",         "letter.number",   "draft",                                 "numbered",
         needs_no_approval, not_dated_later, before_the_visit),
    step("issue_own",     "letter.draft",    "draft",                                 "numbered",
         signed_without_the_head, not_dated_later, before_the_visit),
    step("make",          "system",          "draft",                                 "numbered"),
    step("record_number", "letter.number",   "numbered signed served",                None, has_no_number),
    step("sign",          "letter.sign",     "numbered",                              "signed"),
    step("sign_late",     "letter.sign",     "served",                                None, is_unsigned),
    step("attempt",       "letter.serve",    "numbered signed served",                None, is_signed),
    step("serve",         "letter.serve",    "numbered signed served",                "served", is_signed),
    step("receive",       "system",          "numbered signed served",                "served"),
    step("replace",       "letter.draft",    "numbered signed served",                None,
         bears_its_number),
    step("give_way",      "system",          "numbered signed served",                "replaced",
         bears_its_number),
    step("call_back",     "letter.withdraw", "draft approved numbered signed served", "withdrawn",
         is_no_nota),
    step("withdraw",      "system",          "draft approved numbered signed served", "withdrawn"),
    step("to_draft",      "system",          "withdrawn",                             "draft"),
    step("to_approved",   "system",          "withdrawn",                             "approved"),
    step("to_numbered",   "system",          "withdrawn",                             "numbered"),
    step("to_signed",     "system",          "withdrawn",                             "signed"),
    step("to_served",     "system",          "withdrawn",                             "served"),
], refused=_refused, never=lambda letter, step: never(letter.kind, step))
# fmt: on
