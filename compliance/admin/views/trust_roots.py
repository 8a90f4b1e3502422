"""Admin pages of the authorities whose electronic signatures the office trusts."""

from __future__ import annotations

from flask import Response
from werkzeug.datastructures import FileStorage

from compliance.admin.forms import TrustRootForm
from compliance.admin.views.blueprint import blueprint
from compliance.core import clock
from compliance.core.text import say
from compliance.letters.signing.certificates import (
    LARGEST_CERTIFICATES,
    NOT_INSTALLED,
    read_certificates,
)
from compliance.letters.signing.commands import add_trust_roots, remove_trust_root
from compliance.letters.signing.queries import load_trust_root
from compliance.letters.signing.queries import trust_roots as all_trust_roots
from compliance.letters.signing.verifying import can_verify
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import Form
from compliance.web.uploads import takes_file


@blueprint.route("/trust-roots", methods=["GET", "POST"])
@takes_file(largest=LARGEST_CERTIFICATES)
def trust_roots() -> Response:
    """The certificates on the list, and the form for more."""
    by, form = signed_in(), TrustRootForm()
    require(by, "trust_root.manage")
    if form.validate_on_submit():
        with refusals_on(form):
            file = form.file.data
            content = file.read() if isinstance(file, FileStorage) else b""
            added = add_trust_roots(read_certificates(content, at=clock.now()), by=by)
            return done(say("{name} disimpan.", name=added[0].subject), ".trust_roots")
    return show(
        "admin/trust_roots.html",
        form,
        roots=all_trust_roots(),
        now=clock.now(),
        missing=None if can_verify() else NOT_INSTALLED,
    )


@blueprint.route("/trust-roots/<int:id>/remove", methods=["GET", "POST"])
def remove_root(id: int) -> Response:
    """The office no longer trusts an authority."""
    by, form = signed_in(), Form()
    root = load_trust_root(by, id)
    if form.validate_on_submit():
        remove_trust_root(root, by=by)
        return done(say("{name} dikeluarkan dari daftar.", name=root.subject), ".trust_roots")
    return show("admin/trust_root_remove.html", form, root=root)
