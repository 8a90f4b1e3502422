"""What proves that a flag may end: fields or a sentence against a warning or a hold, BPJS's letter against a
sanction.
"""

from __future__ import annotations

from datetime import date

from compliance.cases.models import Case
from compliance.cases.proofs.commands import add_file_to_proof, keep_proof, problems_with
from compliance.cases.proofs.models import MembershipProof
from compliance.cases.proofs.rules import ProofFacts
from compliance.cases.rules import LONGEST_TEXTS
from compliance.core.parsing import clean_lines, too_long
from compliance.core.text import Text, say
from compliance.evidence.commands import keep_evidence
from compliance.evidence.models import NORMAL, Evidence
from compliance.files.commands import KeptBytes
from compliance.files.examining import Examined
from compliance.licensing.evidence import about_flag
from compliance.licensing.models import Flag
from compliance.licensing.rules import obligation_of
from compliance.licensing.sanctions import letter_problems
from compliance.policy import Actor, command, system_only

PROOF_NEEDED = say("Sebutkan buktinya, misalnya nomor sertifikat dan bulan iuran terakhir.")


def is_about_membership(case: Case) -> bool:
    """Whether a finding that is still open is about employment social security."""
    return any(
        obligation_of(finding.violation.norm_group) == "membership"
        for finding in case.open_findings
    )


def proof_refusals(flag: Flag, proof: str | ProofFacts | None, *, by: Actor) -> dict[str, Text]:
    """What is wrong with the proof on which a flag is to be lifted. A sanction asks only for its letter."""
    if isinstance(proof, ProofFacts):
        if flag.case is None or flag.level == "sanction":
            reason = say("Bukti kepesertaan tidak mengakhiri TMP2T; surat BPJS yang mengakhirinya.")
            return {"proof": reason}
        return problems_with(proof, flag.case, flag.case.open_findings, sender=by)
    words = clean_lines(proof)
    if words is None:
        return {} if flag.level == "sanction" else {"proof": PROOF_NEEDED}
    reason_of_length = too_long(words, LONGEST_TEXTS["proof"])
    return {"proof": reason_of_length} if reason_of_length else {}


def lifting_letter(
    flag: Flag, letter_number: str | None, letter_on: date | None, received_on: date | None
) -> tuple[tuple[str, date | None], dict[str, Text]]:
    """BPJS's letter that ends a sanction, and what is wrong with it."""
    number, problems = letter_problems(letter_number, letter_on, received_on)
    if number and flag.letter_number and number.casefold() == flag.letter_number.casefold():
        problems["letter_number"] = say(
            "Ini nomor surat permintaannya. Isi nomor surat BPJS yang mencabutnya."
        )
    if letter_on is not None and flag.letter_on is not None and letter_on < flag.letter_on:
        problems.setdefault(
            "letter_on", say("Surat pencabutan tidak mungkin mendahului permintaannya.")
        )
    return (number, letter_on), problems


@system_only
def kept_proof(
    flag: Flag, proof: str | ProofFacts | None, *, sender: Actor
) -> str | MembershipProof | None:
    """The proof as it is kept: fields as a row of its own, anything else as the sentence. Raises Invalid."""
    if isinstance(proof, ProofFacts) and flag.case is not None:
        return keep_proof(proof, flag.case, flag.case.open_findings, sender=sender)
    return clean_lines(proof) if isinstance(proof, str) else None


@command("flag.lift")
def add_proof_file(
    flag: Flag,
    *,
    by: Actor,
    examined: Examined,
    kept: KeptBytes,
    name: str,
    note: str | None = None,
    class_: str = NORMAL,
    shows: MembershipProof | None = None,
) -> Evidence:
    """A file that proves that a flag may end, or that it was right to lift it; `shows` is the proof that says
    what is in it. Raises Invalid, Refusal.
    """
    evidence = keep_evidence(
        about_flag(flag),
        sender=by,
        examined=examined,
        kept=kept,
        name=name,
        note=note,
        class_=class_,
    )
    if shows is not None:
        add_file_to_proof(shows, evidence)
    return evidence
