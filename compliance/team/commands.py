"""The verbs of the compliance team on cases: reassign, remind, extend, escalate. One case each.

`on_each` does one of them to many: every case on its own, those that refuse are left out and named. A
reassignment, of one case or of many, can be undone for ten minutes: `undo_handover`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from compliance.cases.commands.team import Handover, give_back_case
from compliance.cases.models import Case
from compliance.cases.queries import expect_version
from compliance.core import clock
from compliance.core.errors import Invalid, Refusal
from compliance.core.text import say
from compliance.policy import Actor, command
from compliance.team.handovers import is_undone


@command("case.give_back")
def undo_handover(handover: Handover, cases: Iterable[Case], *, by: Actor) -> Outcome:
    """Give each case back to who held it before, unless it changed since.

    Done already: does nothing, refuses nothing.
    """
    if is_undone(handover):
        return Outcome()
    if clock.now() > handover.until:
        raise Refusal(
            say(
                "Sudah lewat {until}. Alihkan kasusnya lagi bila memang keliru.",
                until=handover.until,
            )
        )
    return on_each(cases, handover.versions, partial(give_back_case, handover=handover, by=by))


@dataclass
class Outcome:
    """What came of one act on many cases: the cases done, and those left out with the refusal of each."""

    done: list[Case] = field(default_factory=list)
    left_out: list[tuple[Case, Refusal]] = field(default_factory=list)


def on_each(cases: Iterable[Case], seen: Mapping[int, int], act: Callable[[Case], None]) -> Outcome:
    """Do `act` to each case on its own, in the caller's transaction; `seen` are the versions by id.

    A command refuses before it writes, so a case that refuses, or that changed meanwhile, leaves
    the rest alone. Raises Invalid as soon as `act` does: then what was asked is wrong, not a case.
    """
    outcome = Outcome()
    for case in cases:
        try:
            expect_version(case, seen.get(case.id, 0))
            act(case)
        except Invalid:
            raise
        except Refusal as refusal:
            outcome.left_out.append((case, refusal))
        else:
            outcome.done.append(case)
    return outcome
