"""Static files, under names that contain the digest of their content, and compression.

A browser may keep such a file for ever: a changed file gets another name. Bootstrap comes from the
Bootstrap-Flask package.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_compress import Compress
from werkzeug.security import safe_join

blueprint = Blueprint("assets", __name__)
STATIC_FOLDER = Path(__file__).parent / "static"
FOLDERS = {"bootstrap": Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"}
"""Where the files of a name's first folder lie; what names no folder of these is our own."""
FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask) -> None:
    """Compress what is worth it, and give templates `asset(name)`.

    JSON stays as it is: compression would change the ETag that programs send back in If-Match.
    """
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html",
        "text/css",
        "text/csv",
        "text/javascript",
        "image/svg+xml",
        "application/manifest+json",
    ]
    Compress(app)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a static file, e.g. asset("app.css") or asset("bootstrap/bootstrap.min.css").

    In production files do not change while the process lives; in development they are looked at each time.
    """
    in_production = current_app.config["PATUH_ENV"] == "production"
    return _address(name, None if in_production else _changed_at(name), request.script_root)


@cache
def _address(name: str, _changed_at: int | None, _root: str) -> str:
    path = _path(name)
    assert path is not None, f"no static file {name}"
    return url_for("assets.serve", digest=_digest(path, path.stat().st_mtime_ns), name=name)


def _changed_at(name: str) -> int:
    folder, inside = _where(name)
    return os.stat(f"{folder}/{inside}").st_mtime_ns


@blueprint.get("/assets/<digest>/<path:name>")
def serve(digest: str, name: str) -> Response:
    """A static file.

    Under the name of an older version the browser gets the present one, but may not keep it.
    """
    path = _path(name)
    if path is None:
        abort(404)
    response = Response(path.read_bytes(), mimetype=guess_type(path.name)[0])
    current = digest == _digest(path, path.stat().st_mtime_ns)
    response.headers["Cache-Control"] = FOR_EVER if current else "no-cache"
    return response


def _where(name: str) -> tuple[Path, str]:
    """The folder of a file, and its name within the folder."""
    first, _, rest = name.partition("/")
    return (FOLDERS[first], rest) if first in FOLDERS else (STATIC_FOLDER, name)


def _path(name: str) -> Path | None:
    folder, inside = _where(name)
    path = safe_join(str(folder), inside)
    return Path(path) if path and Path(path).is_file() else None


@cache
def _digest(path: Path, _changed_at: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
