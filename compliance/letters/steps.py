"""TABLE: the steps that a letter's page offers, each with its words; `steps_for` says which are open now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compliance.core.text import Text, say
from compliance.letters.models import Letter
from compliance.letters.queries import being_replaced
from compliance.letters.workflow import APPROVED_LETTER, LETTER_DRAFT, LETTERS, NUMBERED
from compliance.office.settings import office_settings, today
from compliance.policy import Actor, may, require


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
        if may(by, step.action, subject) and _is_offered(by, letter, step.name)
    ]


def step_of_the_head(letter: Letter) -> str | None:
    """The step for which a draft waits for the head's side: approve or number. None when it waits for nobody,
    or for its writer.
    """
    if not (letter.by_the_head and letter.is_draft) or letter.returned_why:
        return None
    wants_approval = office_settings().letter_approval == "on"
    return "approve" if wants_approval and letter.status == LETTER_DRAFT else "number"


def step_refusal(by: Actor, letter: Letter, name: str) -> Text | None:
    """Why the page of a step has no form for `by` as the letter stands, in the words with which its command
    refuses; None when it has. Raises NotAllowed where the step is made by others.
    """
    facts = {"by": by, "today": today(), "approval": _wants_approval(letter)}
    match name:
        case "number":
            step = _issuing_step(letter)
            require(by, LETTERS.steps[step].by, letter)
        case "sign":
            step = "sign" if letter.status == NUMBERED else "sign_late"
        case _:
            step = _STEP_OF_PAGE[name]
    if (reason := LETTERS.refusal(letter, step, facts)) is not None:
        return reason
    return being_replaced(letter) if name == "replace" else None


_STEP_OF_PAGE = {
    "approve": "approve",
    "return": "send_back",
    "record-number": "record_number",
    "serve": "serve",
    "edit": "edit",
    "replace": "replace",
    "withdraw": "call_back",
}
"""The step of the chart that a page asks about; those not named depend on the letter."""


def _issuing_step(letter: Letter) -> str:
    if letter.status == APPROVED_LETTER:
        return "number"
    return "issue" if letter.by_the_head else "issue_own"


def _wants_approval(letter: Letter) -> bool:
    return letter.by_the_head and office_settings().letter_approval == "on"


def _is_offered(by: Actor, letter: Letter, name: str) -> bool:
    if name in ("approve", "return") and not _wants_approval(letter):
        return False
    if name == "number" and not may(by, LETTERS.steps[_issuing_step(letter)].by, letter):
        return False
    return step_refusal(by, letter, name) is None
