"""A signing service over HTTP, of the kind that Indonesian offices run in their own network for BSrE.

`POST /api/sign/pdf` (multipart, Basic auth) with the PDF, the signer's NIK and passphrase; the answer is the
signed PDF, or an id for `GET /api/sign/download/{id}`. The passphrase goes there and nowhere else: it is kept
in no variable that outlives the call, no log, no event, no session.
"""

from __future__ import annotations

import json
import re
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from werkzeug.datastructures import Authorization

from compliance.core.errors import Invalid, Refusal
from compliance.core.parsing import clean_line
from compliance.core.text import Text, say
from compliance.files.rules import LARGEST_UPLOAD

_MOST_SECONDS = 30
_SILENT_FOR = 10
_LONGEST_REASON, _PIECE = 200, 64 * 1024
_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_NIK = re.compile(r"[0-9]{16}")
_WRONG_PASSPHRASE = 2031
"""The service's own number for a passphrase that does not fit."""
log = structlog.get_logger()


class SigningFailed(Refusal):
    """The service did not sign; the letter is as it was."""

    status = 502


_AWAY = say("Layanan tanda tangan tidak menjawab. Surat tidak berubah; coba lagi nanti.")
_NOT_OURS = say(
    "Layanan tanda tangan menolak akun Patuh. Surat tidak berubah; minta admin memeriksa setelannya."
)
_NO_PDF = say("Jawaban layanan tanda tangan bukan PDF. Surat tidak berubah.")
_TOO_LARGE = say("Jawaban layanan tanda tangan lebih besar dari 15 MB. Surat tidak berubah.")


@dataclass(frozen=True)
class SigningRequest:
    """Who signs and how. `nik` and `passphrase` are the signer's own and stand in no text of this object."""

    nik: str = field(repr=False)
    passphrase: str = field(repr=False)
    visible: bool = False
    reason: str | None = None
    place: str | None = None

    def problems(self) -> dict[str, Text]:
        """What makes no sense, by field."""
        problems = {}
        if not _NIK.fullmatch(self.nik):
            problems["nik"] = say("NIK terdiri dari 16 angka.")
        if not self.passphrase or len(self.passphrase) > 200:
            problems["passphrase"] = say("Isi passphrase tanda tangan elektronik.")
        return problems


@dataclass(frozen=True)
class RemoteSigner:
    """Where the service is, and Patuh's account there."""

    address: str
    user: str
    password: str = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


def signing_service() -> RemoteSigner | None:
    """The service of this installation (`PATUH_SIGNING_URL`); None without one."""
    written = str(current_app.config.get("PATUH_SIGNING_URL") or "")
    if not written:
        return None
    parts = urlsplit(written)
    place = parts.netloc.rpartition("@")[2]
    return RemoteSigner(
        address=f"{parts.scheme}://{place}{parts.path.rstrip('/')}",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def sign_remotely(content: bytes, asked: SigningRequest, *, service: RemoteSigner) -> bytes:
    """The PDF as the service signed it. Slow: not to be called in a transaction.

    Raises Invalid for a NIK or passphrase that cannot be right or that the service refuses, SigningFailed for
    all else.
    """
    if problems := asked.problems():
        raise Invalid(problems)
    until = time.monotonic() + _MOST_SECONDS
    body, kind = _form(content, asked)
    status, answer = _ask(service, "POST", "/api/sign/pdf", until=until, body=body, kind=kind)
    if status >= 400:
        raise _refusal(status, answer, asked)
    if not answer.startswith(b"%PDF-"):
        status, answer = _download(answer, service=service, until=until)
    if status >= 400 or not answer.startswith(b"%PDF-"):
        raise _failed(_NO_PDF, status=status)
    return answer


def _form(content: bytes, asked: SigningRequest) -> tuple[bytes, str]:
    """The request as multipart/form-data, and its Content-Type."""
    fields = {
        "nik": asked.nik,
        "passphrase": asked.passphrase,
        "tampilan": "visible" if asked.visible else "invisible",
        "reason": clean_line(asked.reason),
        "location": clean_line(asked.place),
    }
    if asked.visible:
        fields |= {
            "image": "false",
            "page": "1",
            "xAxis": "60",
            "yAxis": "60",
            "width": "160",
            "height": "60",
        }
    mark = f"patuh-{secrets.token_hex(16)}"
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [
        f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items() if value
    ]
    file = f'{head}"file"; filename="surat.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
    body = b"".join([*parts, file, content, f"\r\n--{mark}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={mark}"


def _download(answer: bytes, *, service: RemoteSigner, until: float) -> tuple[int, bytes]:
    """What the service signed, by the id that it answered."""
    id = str(_said(answer).get("id") or _said(answer).get("id_dokumen") or "")
    if not _ID.fullmatch(id) or not id.strip("."):
        raise _failed(_NO_PDF, status=200)
    return _ask(service, "GET", f"/api/sign/download/{id}", until=until)


def _ask(
    service: RemoteSigner,
    method: str,
    path: str,
    *,
    until: float,
    body: bytes | None = None,
    kind: str | None = None,
) -> tuple[int, bytes]:
    """One request to the service; no redirect is followed, no proxy asked. Raises SigningFailed."""
    parts = urlsplit(service.address)
    account = Authorization("basic", {"username": service.user, "password": service.password})
    headers = {"Authorization": account.to_header()} | ({"Content-Type": kind} if kind else {})
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request(method, f"{parts.path}{path}", body=body, headers=headers)
        response = connection.getresponse()
        return response.status, _read(response, until=until)
    except (OSError, HTTPException) as failure:
        log.warning("signing service away", host=service.host, error=type(failure).__name__)
        raise SigningFailed(_AWAY) from None
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=_SILENT_FOR, context=context)
    return HTTPConnection(host, port, timeout=_SILENT_FOR)


def _read(response: HTTPResponse, *, until: float) -> bytes:
    """The whole answer, unless it takes too long or is too large. Raises SigningFailed, OSError."""
    parts, size = [], 0
    while part := response.read1(_PIECE):
        size += len(part)
        if size > LARGEST_UPLOAD:
            raise _failed(_TOO_LARGE, status=response.status)
        if time.monotonic() > until:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)


def _refusal(status: int, answer: bytes, asked: SigningRequest) -> Refusal:
    """Why the service refused, as far as it says so and repeats no secret."""
    if status in (401, 403):
        return _failed(_NOT_OURS, status=status)
    if status >= 500:
        return _failed(_AWAY, status=status)
    said = _said(answer)
    reason = clean_line(str(said.get("error") or said.get("message") or "")) or ""
    if said.get("status_code") == _WRONG_PASSPHRASE or "passphrase" in reason.casefold():
        return Invalid(
            {"passphrase": say("Passphrase tidak cocok dengan NIK ini. Surat tidak berubah.")}
        )
    if not reason or asked.passphrase in reason or asked.nik in reason:
        sentence = say(
            "Layanan tanda tangan menolak (HTTP {status}). Surat tidak berubah.", status=status
        )
    else:
        short = reason[:_LONGEST_REASON]
        sentence = say("Layanan tanda tangan menolak: {reason}. Surat tidak berubah.", reason=short)
    return _failed(sentence, status=status)


def _said(answer: bytes) -> Mapping[str, Any]:
    """What a JSON answer says; nothing when it is none."""
    try:
        said = json.loads(answer)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _failed(reason: Text, *, status: int) -> SigningFailed:
    log.warning("signing service refused", status=status)
    return SigningFailed(reason)
