"""The verbs that end a letter: withdrawn by itself with a reason, or together with the nota of its case."""

from __future__ import annotations

from compliance.cases.models import Case
from compliance.core.events import record
from compliance.core.parsing import needed_reason
from compliance.letters.commands.drafting import LONGEST_LETTER_REASON, about_letter
from compliance.letters.models import Letter
from compliance.letters.queries import letters_of
from compliance.letters.workflow import ENDED, LETTERS, WITHDRAWN_LETTER
from compliance.policy import Actor, command, system_only


@command("letter.withdraw")
def withdraw_letter(letter: Letter, *, by: Actor, reason: str | None) -> None:
    """The letter holds no longer, for a reason that its page keeps. Raises Invalid, Refusal."""
    why = needed_reason(reason, most=LONGEST_LETTER_REASON)
    LETTERS.move(letter, "call_back")
    letter.withdrawn_why = why
    record("letter.withdrawn", by=by, **about_letter(letter), reason=letter.withdrawn_why)


@system_only
def withdraw_letters(case: Case) -> None:
    """The nota was withdrawn: the letters of the case no longer hold."""
    for letter in letters_of(case):
        if letter.status not in ENDED:
            LETTERS.move(letter, "withdraw")


@system_only
def put_letters_in_force(case: Case) -> None:
    """The case was reopened: the letters that were withdrawn with its nota are again where they were."""
    for letter in letters_of(case):
        if letter.status == WITHDRAWN_LETTER and letter.withdrawn_why is None:
            _put_back(letter)


def _put_back(letter: Letter) -> None:
    """To where the letter had come, by what was recorded of it."""
    if any(delivery.counts for delivery in letter.deliveries):
        LETTERS.move(letter, "to_served")
    elif letter.signed_on is not None:
        LETTERS.move(letter, "to_signed")
    elif letter.numbered_at is not None:
        LETTERS.move(letter, "to_numbered")
    elif letter.approved_at is not None:
        LETTERS.move(letter, "to_approved")
    else:
        LETTERS.move(letter, "to_draft")
