"""A stored file as an answer. Who may have it was asked before, by whoever names the file."""

from __future__ import annotations

from flask import Response, request

from compliance.files.models import StoredFile
from compliance.files.storage import whole_bytes

_ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Whatever a browser finds in a picture, it runs nothing and asks nobody."""
_PDF = "frame-ancestors 'self'; base-uri 'none'"
"""A browser's viewer of PDFs does not work in a sandbox. PDFs with programs are refused when they come."""


def send_stored(file: StoredFile, *, name: str, inline: bool = True, keep: bool = True) -> Response:
    """The bytes, to be shown or (not `inline`) to be saved as `name`; 304 when the reader has them.

    Without `keep` the browser keeps no copy.

    Raises ChangedBytes, MissingBytes, OSError.
    """
    response = Response(mimetype=file.media_type)
    response.set_etag(file.sha256)
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=name)
    response.headers["Content-Security-Policy"] = _ALONE if file.is_picture else _PDF
    response.headers["Cache-Control"] = "private, no-cache" if keep else "no-store"
    if not request.if_none_match.contains(file.sha256):
        response.set_data(whole_bytes(file.sha256))
    response.make_conditional(request)
    return response
