"""Admin pages of what articles say: those that notas name, the text of one, how a nota prints it."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from wtforms import StringField, TextAreaField

from compliance.admin.letters.wording import example_as_pdf
from compliance.admin.views.blueprint import blueprint
from compliance.cases.models import Violation
from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import clean_lines, printable, too_long
from compliance.core.text import say
from compliance.letters.articles.commands import save_article_text, stop_quoting
from compliance.letters.articles.models import ArticleText
from compliance.letters.articles.queries import (
    article_texts_on,
    article_versions,
    articles_on,
    load_article,
)
from compliance.letters.articles.rules import (
    LONGEST_ARTICLE,
    LONGEST_ARTICLE_SOURCE,
    provisions_of,
    text_of_provisions,
    texts_by_provision,
)
from compliance.office.settings import today
from compliance.people.sessions import signed_in
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import DayField, Form
from compliance.web.requests import given_back
from compliance.web.security import POLICY_WITH_FRAMES, in_frame


class ArticleForm(Form):
    """What an article says, where that was read and when, and since when it says so.

    `text` is of its first provision; `article_form` adds a field for each further one.
    """

    provisions: tuple[str, ...] = ()
    text = TextAreaField(filters=[printable])
    source = StringField()
    read_on = DayField()
    valid_from = DayField()

    @property
    def texts(self) -> list[tuple[str, Any]]:
        """Each provision with its field."""
        return [
            (name, self[field]) for name, field in zip(self.provisions, self.asked, strict=True)
        ]

    @property
    def asked(self) -> list[str]:
        return [_field_of(place) for place in range(len(self.provisions))]

    @property
    def quoted(self) -> str:
        """The text as letters quote it."""
        typed = [clean_lines(field.data) or "" for _name, field in self.texts]
        return text_of_provisions(self.provisions, typed)


def _field_of(place: int) -> str:
    return f"text_{place + 1}" if place else "text"


class ArticleDropForm(Form):
    valid_from = DayField()


@blueprint.get("/articles")
def articles() -> Response:
    """The articles that notas name; with `missing`, those without a text."""
    rows = articles_on(signed_in(), today())
    missing = [row for row in rows if row.text is None]
    only_missing = "missing" in request.args
    return show(
        "admin/articles.html",
        rows=missing if only_missing else rows,
        only_missing=only_missing,
        count=len(rows),
        count_missing=len(missing),
    )


@blueprint.route("/articles/<int:id>", methods=["GET", "POST"])
def article(id: int) -> Response:
    """The text of one article. What is saved is a new version; numbered letters stay as they are."""
    violation = load_article(signed_in(), id, for_update=request.method == "POST")
    versions = article_versions(violation.legal_basis)
    form = _form(violation, versions[0] if versions else None)
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            kept = save_article_text(
                violation,
                by=signed_in(),
                text=form.quoted,
                source=form.source.data,
                read_on=form.read_on.data,
                valid_from=form.valid_from.data,
                seen=form.seen_version,
            )
            return done(
                say("Bunyi ketentuan versi {version} disimpan.", version=kept.version),
                ".article",
                id=id,
            )
    response = show(
        "admin/article.html",
        form,
        violation=violation,
        versions=versions,
        in_force=article_texts_on([violation.legal_basis], today()).get(violation.legal_basis),
        today=today(),
        longest=LONGEST_ARTICLE,
        longest_source=LONGEST_ARTICLE_SOURCE,
        shows_saved=not form.problems and given_back() is None,
    )
    response.headers["Content-Security-Policy"] = POLICY_WITH_FRAMES
    return response


def _form(violation: Violation, latest: ArticleText | None) -> ArticleForm:
    """The form with the text of today, else with the latest one: a field for each provision."""
    provisions = tuple(provisions_of(violation.legal_basis))
    further = {
        _field_of(place): TextAreaField(filters=[printable]) for place in range(1, len(provisions))
    }
    shown = article_texts_on([violation.legal_basis], today()).get(violation.legal_basis) or latest
    names = ("source", "read_on", "valid_from") if shown is not None else ()
    values: dict[str, Any] = {name: getattr(shown, name) for name in names}
    texts = texts_by_provision(provisions, shown.text if shown is not None else None)
    values |= {_field_of(place): text for place, text in enumerate(texts)}
    made: ArticleForm = type(
        "ArticleFormOfProvisions", (ArticleForm,), {**further, "provisions": provisions}
    )(data={**values, "version": latest.version if latest else 0})
    return made


@blueprint.route("/articles/<int:id>/preview", methods=["GET", "POST"])
def article_preview(id: int) -> Response:
    """An invented nota that quotes the text that is typed (a POST) or saved (a GET), or only names the
    article where there is none. Nothing is kept.
    """
    violation = load_article(signed_in(), id)
    versions = article_versions(violation.legal_basis)
    form = _form(violation, versions[0] if versions else None)
    with refusals_on(form, Refusal):
        if request.method == "POST":
            form.validate()
        text = form.quoted
        if problem := too_long(text, LONGEST_ARTICLE):
            raise Invalid({"text": problem})
        return in_frame(example_as_pdf("nota_1", article=(violation.legal_basis, text)))
    return in_frame(show("admin/letterhead_refused.html", form))


@blueprint.route("/articles/<int:id>/drop", methods=["GET", "POST"])
def article_drop(id: int) -> Response:
    """From a day on, notas name the article only."""
    violation = load_article(signed_in(), id, for_update=request.method == "POST")
    versions = article_versions(violation.legal_basis)
    form = ArticleDropForm(
        data={"valid_from": today(), "version": versions[0].version if versions else 0}
    )
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            stop_quoting(
                violation,
                by=signed_in(),
                valid_from=form.valid_from.data,
                seen=form.seen_version,
            )
            return done(
                say("Ketentuan itu tidak dikutip lagi mulai tanggal itu."), ".article", id=id
            )
    return show("admin/article_drop.html", form, violation=violation)
