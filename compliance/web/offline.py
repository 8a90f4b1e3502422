"""What a browser keeps for the time without a network: the static files, and a page that says so.

Nothing personal is kept.
"""

from __future__ import annotations

import re
from hashlib import sha256

from flask import Blueprint, Response, make_response, render_template

from compliance.core.text import LANGUAGES, say
from compliance.web.formatting import in_language, render_text

blueprint = Blueprint("offline", __name__)
ASSET = re.compile(r'(?:href|src)="(/assets/[^"]+)"')
OFFLINE_TEXTS = {
    "title": say("Tidak ada sambungan"),
    "lead": say("Patuh tidak terjangkau dari perangkat ini. Tidak ada yang terkirim."),
    "kept": say(
        "Isian yang bertanda “Tersimpan di perangkat ini” tidak hilang: bila sambungan kembali,"
        " buka lagi formulirnya, periksa, lalu kirim."
    ),
    "again": say("Coba lagi"),
}


@blueprint.get("/offline")
def offline() -> Response:
    """The page for when there is no network, the same for everybody."""
    return make_response(_page())


def _page() -> str:
    texts = {}
    for language in LANGUAGES:
        with in_language(language):
            texts[language] = {name: render_text(word) for name, word in OFFLINE_TEXTS.items()}
    return render_template("offline.html", words=texts)


@blueprint.get("/sw.js")
def worker() -> Response:
    """The service worker. Its cache is named after the page, which names its files with their
    digests: nothing old outlives a new version."""
    page = _page()
    name = f"patuh-{sha256(page.encode()).hexdigest()[:16]}"
    response = make_response(render_template("sw.js", name=name, shell=ASSET.findall(page)))
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "max-age=3600"
    return response
