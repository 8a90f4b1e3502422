"""How a proof of membership is checked and kept: a part of the verbs that ask for one, a visit and a lift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case, Finding, Visit
from compliance.cases.proofs.models import MembershipProof
from compliance.cases.proofs.rules import (
    ProofFacts,
    programmes_named,
    proof_problems,
    tidied,
)
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound
from compliance.core.text import Text, say
from compliance.evidence.commands import add_evidence
from compliance.evidence.models import Evidence
from compliance.evidence.queries import load_evidence
from compliance.files.commands import KeptBytes
from compliance.files.examining import Examined
from compliance.office.settings import today
from compliance.policy import Actor, command, system_only

NOT_OF_THIS_CASE = say("Berkas bukti nomor {id} bukan dari kasus ini, atau sudah ditarik.")


def problems_with(
    facts: ProofFacts, case: Case, settled: Iterable[Finding], *, sender: Actor
) -> dict[str, Text]:
    """What is wrong with a proof about a case, by field, each named `proof.…` as programs name it.

    `settled` are the findings that the proof would settle.
    """
    named = programmes_named((each.violation.code, each.programmes) for each in settled)
    nota_on = case.nota.issued_on if case.nota else None
    problems = proof_problems(tidied(facts), today=today(), nota_on=nota_on, named=named)
    if "evidence" not in problems:
        problems |= _evidence_problem(facts, case, sender=sender)
    return {f"proof.{field}": reason for field, reason in problems.items()}


def _evidence_problem(facts: ProofFacts, case: Case, *, sender: Actor) -> dict[str, Text]:
    for id in facts.evidence:
        try:
            evidence, subject = load_evidence(sender, id)
        except NotFound:
            return {"evidence": Text(NOT_OF_THIS_CASE.sentence, {"id": str(id)})}
        is_of_case = subject.case is not None and subject.case.id == case.id
        if not is_of_case or evidence.withdrawn_at is not None:
            return {"evidence": Text(NOT_OF_THIS_CASE.sentence, {"id": str(id)})}
    return {}


@system_only
def keep_proof(
    facts: ProofFacts,
    case: Case,
    settled: Iterable[Finding],
    *,
    sender: Actor,
    visit: Visit | None = None,
) -> MembershipProof:
    """Check and keep a proof about a case; `visit` is the one at which it was shown. Raises Invalid."""
    if problems := problems_with(facts, case, settled, sender=sender):
        raise Invalid(problems)
    stated = {name: _plain(value) for name, value in asdict(tidied(facts)).items()}
    proof = MembershipProof(
        **stated, case_id=case.id, recorded_at=clock.now(), recorded_by=sender.actor_name
    )
    if visit is not None:
        visit.membership = proof
    db.session.add(proof)
    db.session.flush()
    return proof


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@system_only
def add_file_to_proof(proof: MembershipProof, evidence: Evidence) -> None:
    """A file that came with the same form shows what the proof says."""
    proof.evidence = [*proof.evidence, evidence.id]


@command("case.visit")
def add_file_of_visit(
    case: Case,
    *,
    by: Actor,
    visit: Visit,
    examined: Examined,
    kept: KeptBytes,
    name: str,
    note: str,
    class_: str,
) -> Evidence:
    """A file that was shown at a visit, and shows what its proof says. Raises Invalid, Refusal."""
    evidence = add_evidence(
        about_case(case, "visit", visit.id),
        by=by,
        examined=examined,
        kept=kept,
        name=name,
        note=note,
        class_=class_,
    )
    if visit.membership is not None:
        add_file_to_proof(visit.membership, evidence)
    return evidence
