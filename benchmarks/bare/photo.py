"""The bare program of P7b: one Flask route that reads a photo, hashes it and makes it durable."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, request

app = Flask(__name__)
FOLDER = Path(urlsplit(os.environ["PATUH_FILES"]).path)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/evidence/send")
def send() -> Response:
    content = request.files["file"].read()
    FOLDER.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=FOLDER)
    with open(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, FOLDER / f"bare-{sha256(content).hexdigest()}")
    return Response(status=201)
