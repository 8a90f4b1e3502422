"""Pages of saved views: the list of them, and saving, renaming, sharing and deleting one."""

from __future__ import annotations

from flask import Blueprint, Response, request
from wtforms import BooleanField, HiddenField, StringField

from compliance.core.errors import NotFound, Refusal
from compliance.core.text import say
from compliance.people.models import SavedView
from compliance.people.saved_views.commands import (
    LONGEST_VIEW_NAME,
    change_view,
    delete_view,
    save_view,
)
from compliance.people.saved_views.queries import (
    ShownView,
    load_own_view,
    saved_lists,
    saved_views_for,
    what_counts,
)
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import Form

blueprint = Blueprint("saved_views", __name__, url_prefix="/views")


class ViewForm(Form):
    """A view's name, and whether the team sees it; the list and its query come along from the list's page."""

    list = HiddenField()
    query = HiddenField()
    name = StringField()
    shared = BooleanField()


@blueprint.app_template_global()
def saved_views(list: str) -> list[ShownView]:
    """The named views that a list offers to the user who opens it."""
    return [*saved_views_for(signed_in(), list)]


@blueprint.app_template_global()
def view_query(list: str) -> str:
    """The part of this page's address that a view would keep."""
    return what_counts(list, request.query_string.decode(errors="replace"))


@blueprint.get("")
def index() -> Response:
    """All views one may open, list by list."""
    return show("people/saved_views.html", views=saved_views_for(signed_in()), lists=saved_lists())


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Keep the list one came from. Its address comes along in the query of this one, or in the form."""
    by, form = signed_in(), ViewForm(request.form or request.args)
    kind = saved_lists().get(form.list.data or "")
    if kind is None:
        raise NotFound()
    require(by, kind.action)
    form.query.data = what_counts(form.list.data or "", form.query.data or "")
    if form.is_submitted():
        with refusals_on(form, Refusal):
            view = save_view(
                by=by,
                list=form.list.data or "",
                query=form.query.data or "",
                name=form.name.data or "",
                shared=form.shared.data,
            )
            return done(say("Tampilan “{name}” disimpan.", name=view.name), _address(view))
    return _form_page(form)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Rename a view of one's own, share it or keep it to oneself."""
    by = signed_in()
    view = load_own_view(by, id)
    form = ViewForm(obj=view)
    if form.is_submitted():
        with refusals_on(form):
            change_view(view, by=by, name=form.name.data or "", shared=form.shared.data)
            return done(say("Tampilan “{name}” disimpan.", name=view.name), ".index")
    return _form_page(form, view=view)


@blueprint.post("/<int:id>/delete")
def delete(id: int) -> Response:
    delete_view(id, by=signed_in())
    return done(say("Tampilan itu tidak ada lagi di daftar Anda."), ".index")


def _address(view: SavedView) -> str:
    return saved_lists()[view.list].path + (f"?{view.query}" if view.query else "")


def _form_page(form: ViewForm, *, view: SavedView | None = None) -> Response:
    kind = saved_lists()[view.list if view else form.list.data or ""]
    back = (
        _address(view) if view else kind.path + (f"?{form.query.data}" if form.query.data else "")
    )
    return show(
        "people/saved_view.html", form, view=view, kind=kind, back=back, longest=LONGEST_VIEW_NAME
    )
