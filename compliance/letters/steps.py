"""TABLE: the steps that a letter's page offers, each with its words; `steps_for` says which are open now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compliance.core.text import Text, say
from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.models import Letter
from compliance.letters.workflow import APPROVED_LETTER, LETTER_DRAFT, LETTERS, NUMBERED
from compliance.office.settings import office_settings, today
from compliance.policy import Actor, may


@dataclass(frozen=True)
class LetterStep:
    """A step as a page: its heading and the words of its button. `grave` ones look it."""

    name: str
    heading: Text
    act: Text
    action: str
    grave: bool = False


LETTER_STEPS = {
    step.name: step
    for step in (
        LetterStep("approve", say("Setujui surat"), say("Setujui surat ini"), "letter.approve"),
        LetterStep(
            "number", say("Terbitkan surat"), say("Beri nomor dan terbitkan"), "letter.draft"
        ),
        LetterStep(
            "record-number", say("Catat nomor surat"), say("Catat nomor ini"), "letter.number"
        ),
        LetterStep("sign", say("Catat tanda tangan"), say("Catat tanda tangan ini"), "letter.sign"),
        LetterStep("serve", say("Catat penyampaian"), say("Catat penyampaian ini"), "letter.serve"),
        LetterStep("edit", say("Ubah konsep"), say("Simpan konsep"), "letter.draft"),
        LetterStep(
            "return", say("Kembalikan konsep"), say("Kembalikan ke penyusun"), "letter.approve"
        ),
        LetterStep("replace", say("Buat versi baru"), say("Buat versi pengganti"), "letter.draft"),
        LetterStep(
            "withdraw", say("Tarik surat"), say("Tarik surat ini"), "letter.withdraw", grave=True
        ),
    )
}
"""In the order in which a page offers them; the first open one is what comes next."""


def steps_for(by: Actor, letter: Letter) -> list[LetterStep]:
    """The steps that `by` may make with the letter as it stands, the next one first."""
    subject: Any = letter.case if letter.case is not None else letter
    return [
        step
        for step in LETTER_STEPS.values()
        if may(by, step.action, subject) and _is_open(by, letter, step.name)
    ]


def step_of_the_head(letter: Letter) -> str | None:
    """The step for which a draft waits for the head's side: approve or number. None when it waits for nobody,
    or for its writer.
    """
    if not (letter.by_the_head and letter.is_draft) or letter.returned_why:
        return None
    wants_approval = office_settings().letter_approval == "on"
    return "approve" if wants_approval and letter.status == LETTER_DRAFT else "number"


def _is_open(by: Actor, letter: Letter, name: str) -> bool:
    entry, status = LETTER_KINDS[letter.kind], letter.status
    approval = entry.by_the_head and office_settings().letter_approval == "on"
    facts = {"by": by, "today": today(), "approval": approval}
    match name:
        case "number":
            step = (
                "number"
                if status == APPROVED_LETTER
                else "issue"
                if entry.by_the_head
                else "issue_own"
            )
            action = LETTERS.steps[step].by
            return may(by, action, letter) and LETTERS.refusal(letter, step, facts) is None
        case "approve" | "return":
            return approval and status == LETTER_DRAFT
        case "record-number":
            return entry.numbered and LETTERS.refusal(letter, "record_number") is None
        case "sign":
            step = "sign" if status == NUMBERED else "sign_late"
            return LETTERS.refusal(letter, step) is None
        case "serve":
            return entry.is_served and LETTERS.refusal(letter, "serve") is None
        case "edit":
            return status == LETTER_DRAFT
        case "replace":
            return LETTERS.refusal(letter, "replace") is None
    return LETTERS.refusal(letter, "call_back") is None
