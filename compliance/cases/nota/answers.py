"""A draft, read: its pages, the facts they state, what is wrong with them and where that is mended.

What was typed stays in the draft as typed; the rules judge what it says. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from compliance.cases import rules
from compliance.cases.catalogue import NORM_GROUPS
from compliance.cases.models import Case, Violation
from compliance.cases.nota.forms import (
    NOTA_STEPS,
    NotaPage,
    NotesPage,
    PlacePage,
    Typed,
    WorkersPage,
    findings_page,
    label,
)
from compliance.cases.queries import foreseen_due, violations_on
from compliance.cases.rules import DueDate, FindingFacts, NotaFacts
from compliance.companies.rules import SCALES
from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.parsing import printable
from compliance.core.text import Text, say
from compliance.reference.programmes import PROGRAMMES, owed
from compliance.web.formatting import render_text

TYPICAL = ("JS-01", "JS-02", "JS-03", "JS-04")


@dataclass(frozen=True)
class Problem:
    """Something that keeps the nota from being issued: on which page, in which field, and whether
    it is just empty.
    """

    step: str
    field: str
    sentence: str
    missing: bool


class Answers:
    """What a draft says."""

    def __init__(
        self,
        case: Case,
        *,
        today: date,
        draft: Mapping[str, Typed] | None = None,
        showing: str | None = None,
    ) -> None:
        """Read `draft`: the case's own, unless another is given.

        `showing` is the page to be shown: that of the findings then has fields for the whole
        catalogue of the day, otherwise only for the findings chosen, which is all that the facts
        need.
        """
        self.case, self.today = case, today
        self.draft = case.draft or {} if draft is None else draft
        notes = NotesPage(formdata=self._typed("notes"))
        self.violations: dict[str, Violation] = violations_on(notes.issued_on.data or today)
        self.pages: dict[str, NotaPage] = {
            "place": PlacePage(formdata=self._typed("place")),
            "workers": WorkersPage(formdata=self._typed("workers")),
            "findings": self._findings_page(whole=showing == "findings"),
            "notes": notes,
        }

    def _typed(self, step: str) -> MultiDict[str, Any]:
        return MultiDict(self.draft.get(step) or {})

    def _findings_page(self, *, whole: bool) -> NotaPage:
        typed = self._typed("findings")
        chosen = typed.getlist("findings")
        return findings_page([each for each in self.violations if whole or each in chosen], typed)

    def page(self, step: str) -> NotaPage:
        """The page as it was left; before that, with what the company's record and the day tell."""
        if step in self.draft or step == "findings":
            return self.pages[step]
        company = self.case.company
        if step == "place":
            return PlacePage(formdata=None, data={"place": company.address})
        if step == "workers":
            return WorkersPage(formdata=None, data={"workers_total": company.workers_total})
        return NotesPage(formdata=None, data={"inspected_on": self.today, "issued_on": self.today})

    @property
    def stated_scale(self) -> str | None:
        """The scale told on the page of workers, which asks for it only where the company's record
        has none.
        """
        scale = self.pages["workers"].scale.data
        return scale if self.case.company.scale is None and scale in SCALES else None

    @property
    def scale(self) -> str | None:
        return self.case.company.scale or self.stated_scale

    def typical(self) -> list[Violation]:
        """What most notas are about, to be asked first."""
        return [self.violations[code] for code in TYPICAL if code in self.violations]

    def groups(self) -> list[tuple[Text, list[Violation]]]:
        """The rest of the catalogue of the day by norm group, social security first."""
        return [
            (say("{id}", id=names[0], en=names[1]), found)
            for group, names in NORM_GROUPS.items()
            if (
                found := [
                    each
                    for code, each in self.violations.items()
                    if each.norm_group == group and code not in TYPICAL
                ]
            )
        ]

    def programmes(self) -> list[tuple[str, Text]]:
        """The programmes a company of this scale owes, so that it is accused of no others."""
        due = owed(self.scale)
        return [
            (code, say("{id}", id=names[0], en=names[1]))
            for code, names in PROGRAMMES.items()
            if code in due
        ]

    @property
    def chosen(self) -> list[str]:
        """The codes chosen, in catalogue order; those that are not in force last."""
        codes = list(dict.fromkeys(self.pages["findings"].findings.data or ()))
        return [each for each in self.violations if each in codes] + [
            each for each in codes if each not in self.violations
        ]

    def facts(self) -> NotaFacts:
        """What the draft states; what cannot be read is left out."""
        workers, notes = self.pages["workers"], self.pages["notes"]
        return NotaFacts(
            inspected_on=notes.inspected_on.data,
            issued_on=notes.issued_on.data,
            met=notes.met.data or None,
            nota_number=notes.nota_number.data or None,
            note=notes.note.data or None,
            place=self.pages["place"].place.data or None,
            workers_total=workers.workers_total.data,
            workers_registered=workers.workers_registered.data,
            findings=[self._finding(each) for each in self.chosen],
        )

    def _finding(self, code: str) -> FindingFacts:
        about = self.pages["findings"].about(code)
        if about is None:
            return FindingFacts(code)
        return FindingFacts(
            code,
            workers_affected=about.workers_affected.data,
            deadline_days=about.deadline_days.data,
            note=about.note.data or None,
            programmes=(about.programmes.data or ()) if code == "JS-04" else (),
        )

    def due(self) -> DueDate:
        """When the recheck will be due if the nota is issued as it stands."""
        return foreseen_due(self.pages["notes"].issued_on.data or self.today)

    def doubts(self) -> list[Text]:
        special = frozenset(code for code, each in self.violations.items() if each.special_note)
        return rules.nota_doubts(self.facts(), today=self.today, due=self.due(), special=special)

    def problems(self) -> list[Problem]:
        """Everything that keeps this nota from being issued, one for each field, in the order of
        the pages.
        """
        judged = rules.nota_problems(
            self.facts(), today=self.today, scale=self.scale, known=frozenset(self.violations)
        )
        found: dict[tuple[str, str], Problem] = {}
        for each in [
            *self._unreadable(),
            *(self._placed(name, reason) for name, reason in judged.items()),
        ]:
            found.setdefault((each.step, each.field), each)
        return sorted(found.values(), key=lambda each: list(NOTA_STEPS).index(each.step))

    def _unreadable(self) -> list[Problem]:
        put_by = tuple(f"about-{code}-" for code in self.violations if code not in self.chosen)
        return [
            Problem(
                step,
                field.id,
                f"{render_text(label(field.name))}: {field.process_errors[0]}",
                missing=False,
            )
            for step, page in self.pages.items()
            for field in page.leaves()
            if field.process_errors and not field.name.startswith(put_by)
        ]

    def reasons(self, refusal: Refusal) -> list[Problem]:
        """What a command refused, each reason with the page and the field it speaks of."""
        by_field: Mapping[str, Text] = {"": refusal.reason}
        if isinstance(refusal, Invalid):
            by_field = refusal.errors
        elif isinstance(refusal, Taken):
            by_field = {refusal.field: refusal.reason}
        return [self._placed(name, reason) for name, reason in by_field.items()]

    def _placed(self, name: str, reason: Text) -> Problem:
        sentence = render_text(reason)
        if name.startswith("findings."):
            _findings, position, part = name.split(".", 2)
            code = self.chosen[int(position)]
            known = code in self.violations
            where = (
                "findings"
                if not known
                else f"findings-{code}"
                if part == "violation"
                else f"about-{code}-{part}"
            )
            return Problem("findings", where, f"{code}: {sentence}", missing=False)
        for step, page in self.pages.items():
            for field in page.leaves():
                if field.name == name:
                    return Problem(
                        step,
                        field.id,
                        sentence,
                        missing=not any(map(printable, field.raw_data or ())),
                    )
        return Problem("review", "", sentence, missing=False)

    def show_problems(self, step: str) -> bool:
        """Write what is wrong with the page on it, leaving out what is merely empty.

        Whether there was anything.
        """
        wrong = [each for each in self.problems() if each.step == step and not each.missing]
        page = self.pages[step]
        page.found = tuple((each.field, each.sentence) for each in wrong)
        for field in page.leaves():
            field.errors = list(field.process_errors) or [
                each.sentence for each in wrong if each.field == field.id
            ]
        return bool(wrong)
