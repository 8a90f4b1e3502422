"""A signing service on this machine, with the documented calls. It really signs, by the tests' authority."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.letters.signing.papers import head, sign

NIK, PASSPHRASE = "5371010101800001", "kata-kunci-rosa-99"
USER, PASSWORD = "patuh", "akun@layanan"


@dataclass
class StandIn:
    """The service. `answers` is what it does: pdf, id, slow, or one of STRANGE."""

    port: int = 0
    answers: str = "pdf"
    asked: list[dict[str, str]] = field(default_factory=list)
    signed: dict[str, bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://{USER}:akun%40layanan@127.0.0.1:{self.port}/esign"

    def __call__(self, environ: dict[str, object], start: object) -> object:
        return self.answer(Request(environ))(environ, start)  # type: ignore[arg-type]

    def answer(self, request: Request) -> Response:
        account = request.authorization
        if account is None or (account.username, account.password) != (USER, PASSWORD):
            return Response("no", 401)
        id = request.path.rpartition("/")[2]
        if request.path.startswith("/esign/api/sign/download/") and id in self.signed:
            return Response(self.signed[id], mimetype="application/pdf")
        if (request.method, request.path) != ("POST", "/esign/api/sign/pdf"):
            return Response("no", 404)
        self.asked.append(request.form.to_dict())
        return self.sign(request)

    def sign(self, request: Request) -> Response:
        form = request.form
        if self.answers in STRANGE:
            status, body = STRANGE[self.answers]
            return Response(body, status)
        if self.answers == "slow":
            time.sleep(1)
        if (form["nik"], form["passphrase"]) != (NIK, PASSPHRASE):
            said = {"status_code": 2031, "error": "Passphrase anda salah"}
            return Response(json.dumps(said), 400, mimetype="application/json")
        content = request.files["file"].read()
        made = sign(content, head(), visible=form["tampilan"] == "visible")
        if self.answers == "id":
            self.signed["surat-1"] = made
            return Response(json.dumps({"id": "surat-1"}), mimetype="application/json")
        return Response(made, mimetype="application/pdf")


STRANGE: dict[str, tuple[int, bytes]] = {
    "web": (200, b"<html>welcome</html>"),
    "broken": (500, b"Traceback"),
    "other": (
        400,
        json.dumps({"status_code": 2011, "error": "Sertifikat sudah berakhir"}).encode(),
    ),
    "echo": (400, json.dumps({"error": f"nik {NIK} pp {PASSPHRASE}"}).encode()),
    "bad id": (200, json.dumps({"id": "../../admin"}).encode()),
    "huge": (200, b"%PDF-" + b"x" * (16 * 1024 * 1024)),
    "moved": (302, b""),
}


@contextmanager
def running() -> Iterator[StandIn]:
    """The service, for as long as the block takes."""
    service = StandIn()
    server = make_server("127.0.0.1", 0, service, threaded=True)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
