"""A draft as it is read: its pages, the facts they state, the problems and where to mend them.

What was typed stays in the draft as typed; the rules judge the facts. Writes nothing.
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

ABOUT_THE_COUNTS = ("JS-01", "JS-02")
"""The findings that follow from the numbers of workers."""
TYPICAL = ("JS-01", "JS-02", "JS-03", "JS-04")


@dataclass(frozen=True)
class Problem:
    """Something that keeps the nota from being issued: on which page, in which field, and whether
    the field is just empty.
    """

    step: str
    field: str
    sentence: str
    missing: bool


def _implied(total: int | None, registered: int | None) -> MultiDict[str, Any]:
    """What the numbers of workers imply, proposed when the page of findings is first opened: none is
    registered (JS-01), or some are not (JS-02), with how many.
    """
    missing = (total or 0) - (registered or 0)
    if registered is None or missing <= 0:
        return MultiDict()
    code = "JS-02" if registered else "JS-01"
    return MultiDict({"findings": code, f"about-{code}-workers_affected": str(missing)})


def followed_findings(before: Draft, after: Draft) -> dict[str, Typed]:
    """The page of findings once the numbers of workers were corrected: what was computed from them, and never
    changed by hand, is computed anew. Empty when nothing follows.
    """
    typed = after.typed.get("findings")
    if not typed:
        return {}
    count, missing = before.missing_workers, after.missing_workers
    follows = {
        field: str(missing)
        for field in (f"about-{code}-workers_affected" for code in ABOUT_THE_COUNTS)
        if count > 0 and missing > 0 and missing != count and typed.get(field) == str(count)
    }
    return {"findings": {**typed, **follows}} if follows else {}


class Draft:
    """The draft of a nota, page by page."""

    def __init__(
        self,
        case: Case,
        *,
        today: date,
        typed: Mapping[str, Typed] | None = None,
        showing: str | None = None,
    ) -> None:
        """Read what was typed, by page: the draft of the case, unless `typed` is given.

        `showing` is the page to be shown. The page of findings then has fields for the whole
        catalogue of the day; on any other page it has them for the chosen findings only.
        """
        self.case, self.today = case, today
        self.typed = case.draft or {} if typed is None else typed
        notes = NotesPage(formdata=self._typed_on("notes"))
        workers = WorkersPage(formdata=self._typed_on("workers"))
        self.violations: dict[str, Violation] = violations_on(notes.issued_on.data or today)
        self.pages: dict[str, NotaPage] = {
            "place": PlacePage(formdata=self._typed_on("place")),
            "workers": workers,
            "findings": self._findings_page(workers, whole=showing == "findings"),
            "notes": notes,
        }

    def _typed_on(self, step: str) -> MultiDict[str, Any]:
        return MultiDict(self.typed.get(step) or {})

    def _findings_page(self, workers: WorkersPage, *, whole: bool) -> NotaPage:
        typed = self._typed_on("findings")
        if whole and "findings" not in self.typed:
            typed = _implied(workers.workers_total.data, workers.workers_registered.data)
        chosen = typed.getlist("findings")
        return findings_page([code for code in self.violations if whole or code in chosen], typed)

    def page(self, step: str) -> NotaPage:
        """The page as it was left; a page never opened is filled from the company's record and the day."""
        if step in self.typed or step == "findings":
            return self.pages[step]
        company = self.case.company
        if step == "place":
            return PlacePage(formdata=None, data={"place": company.address})
        if step == "workers":
            return WorkersPage(formdata=None, data={"workers_total": company.workers_total})
        return NotesPage(formdata=None, data={"inspected_on": self.today, "issued_on": self.today})

    @property
    def missing_workers(self) -> int:
        """How many are not registered, by the page of workers; 0 while that is not known."""
        workers = self.pages["workers"]
        total, registered = workers.workers_total.data, workers.workers_registered.data
        return 0 if total is None or registered is None else max(0, total - registered)

    @property
    def proposed(self) -> list[str]:
        """The findings that the page ticks by itself, because of the numbers of workers, as long as nobody
        saved it.
        """
        return [] if "findings" in self.typed else list(self.chosen)

    @property
    def stated_scale(self) -> str | None:
        """The scale chosen on the page of workers, which asks for it only when the company's record
        has none.
        """
        scale = self.pages["workers"].scale.data
        return scale if self.case.company.scale is None and scale in SCALES else None

    @property
    def scale(self) -> str | None:
        return self.case.company.scale or self.stated_scale

    def typical(self) -> list[Violation]:
        """The violations of most notas, which the page shows first."""
        return [self.violations[code] for code in TYPICAL if code in self.violations]

    def groups(self) -> list[tuple[Text, list[Violation]]]:
        """The rest of the catalogue of the day by norm group, social security first."""
        return [
            (say("{id}", id=names[0], en=names[1]), violations)
            for group, names in NORM_GROUPS.items()
            if (
                violations := [
                    violation
                    for code, violation in self.violations.items()
                    if violation.norm_group == group and code not in TYPICAL
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
        return [code for code in self.violations if code in codes] + [
            code for code in codes if code not in self.violations
        ]

    @property
    def found(self) -> list[Violation]:
        """The violations chosen that are in force."""
        return [self.violations[code] for code in self.chosen if code in self.violations]

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
            findings=[self._finding(code) for code in self.chosen],
        )

    def _finding(self, code: str) -> FindingFacts:
        about = self.pages["findings"].about(code)
        if about is None:
            return FindingFacts(code)
        stated = about.facts()
        if code != "JS-04":
            stated.pop("programmes", None)
        return FindingFacts(code, **stated)

    def due(self) -> DueDate:
        """When the recheck will be due if the nota is issued as it stands."""
        return foreseen_due(self.pages["notes"].issued_on.data or self.today)

    def doubts(self) -> list[Text]:
        special = frozenset(
            code for code, violation in self.violations.items() if violation.special_note
        )
        return rules.nota_doubts(self.facts(), today=self.today, due=self.due(), special=special)

    def problems(self) -> list[Problem]:
        """Everything that keeps this nota from being issued, at most one problem a field, in the
        order of the pages.
        """
        judged = rules.nota_problems(
            self.facts(), today=self.today, scale=self.scale, known=frozenset(self.violations)
        )
        problems: dict[tuple[str, str], Problem] = {}
        for problem in [
            *self._unreadable(),
            *(self._problem_at(name, reason) for name, reason in judged.items()),
        ]:
            problems.setdefault((problem.step, problem.field), problem)
        return sorted(problems.values(), key=lambda problem: list(NOTA_STEPS).index(problem.step))

    def _unreadable(self) -> list[Problem]:
        """What was typed and is no number or day; fields about findings not chosen do not count."""
        not_chosen = tuple(f"about-{code}-" for code in self.violations if code not in self.chosen)
        return [
            Problem(
                step,
                field.id,
                f"{render_text(label(field.name))}: {field.process_errors[0]}",
                missing=False,
            )
            for step, page in self.pages.items()
            for field in page.leaves()
            if field.process_errors and not field.name.startswith(not_chosen)
        ]

    def reasons(self, refusal: Refusal) -> list[Problem]:
        """The reasons of a refused command, with the page and the field that they are about."""
        by_field: Mapping[str, Text] = {"": refusal.reason}
        if isinstance(refusal, Invalid):
            by_field = refusal.errors
        elif isinstance(refusal, Taken):
            by_field = {refusal.field: refusal.reason}
        return [self._problem_at(name, reason) for name, reason in by_field.items()]

    def _problem_at(self, name: str, reason: Text) -> Problem:
        """The problem with the field `name` of the facts."""
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
        """Put the problems of the page on it, without those of empty fields. True when there are any."""
        wrong = [
            problem for problem in self.problems() if problem.step == step and not problem.missing
        ]
        page = self.pages[step]
        page.shown_problems = tuple((problem.field, problem.sentence) for problem in wrong)
        for field in page.leaves():
            field.errors = list(field.process_errors) or [
                problem.sentence for problem in wrong if problem.field == field.id
            ]
        return bool(wrong)
