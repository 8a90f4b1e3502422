"""P7b: a photo of twelve megapixels is sent. The web process reads it; the job decodes it."""

from __future__ import annotations

import io
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.province import FIRST_INSPECTOR
from benchmarks.running import Run
from benchmarks.serving import OURS, Asking, Request, Server, hidden_fields, signed_in
from benchmarks.stores import Store

PHOTOS, SIDES = 10, (4000, 3000)
BARE = "benchmarks.bare.photo:app"
CASE = (
    "SELECT id, number FROM cases WHERE inspector_id = ? AND status <> 'draft' ORDER BY id LIMIT 1"
)


@dataclass(frozen=True)
class Form:
    """What is sent with a photo, and by whom."""

    fields: dict[str, str]
    cookie: str


def measure(run: Run) -> list[Table]:
    table = Table(
        "P7b A photo of 12 megapixels is sent: CPU per photo",
        ("store", "companies", "sent", "bare route", "ratio", "decoded once"),
    )
    photo, stores = twelve_megapixels(), list(run.all(run.sizes[:1]))
    programs: dict[tuple[Store | str, str], Callable[[int], float]] = {}
    for store in stores:
        ours, bare = run.server(store), run.server(store, BARE)
        form = form_for(ours, store)
        programs[store, OURS] = sends(run, ours, photo, form)
        programs[store, BARE] = sends(run, bare, photo, form)
    programs["", "decoded"] = lambda _turn: decoded(photo)
    figures = medians(run.rounds, programs)
    for store in stores:
        ours_cpu, bare_cpu = figures[store, OURS], figures[store, BARE]
        ratio, decoding = times(ours_cpu, bare_cpu), ms(figures["", "decoded"])
        table.rows.append(
            (store.kind, count(store.size), ms(ours_cpu), ms(bare_cpu), ratio, decoding)
        )
    table.notes.append(
        f"{len(photo) / 1e6:.1f} MB. The bare route reads, hashes and keeps the bytes, and looks at nothing."
        " Ours also reads the header in a child process, and writes a sealed event."
    )
    return [table]


def twelve_megapixels() -> bytes:
    """A photo of noise, as large as a phone makes it."""
    made = io.BytesIO()
    Image.effect_noise(SIDES, 40).convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def decoded(photo: bytes) -> float:
    """CPU seconds of decoding the photo whole, which the web process does not do."""
    begun = time.process_time()
    Image.open(io.BytesIO(photo)).load()
    return time.process_time() - begun


def form_for(server: Server, store: Store) -> Form:
    """The form of a case of the first inspector, filled in but for the photo."""
    cookie = signed_in(server, "inspector-0")
    id, number = store.raw.one(CASE, (FIRST_INSPECTOR,))
    page = server.ask(Request(f"/cases/{number}/files", headers={"Cookie": cookie}))
    token = hidden_fields(page.text)["csrf_token"]
    return Form({"csrf_token": token, "about": f"case:{id}", "class": "normal"}, cookie)


def sends(run: Run, server: Server, photo: bytes, form: Form) -> Callable[[int], float]:
    """A round: some photos are sent one by one. No two are the same: their last bytes differ."""
    number = run.some(PHOTOS)

    def go(_turn: int) -> float:
        before = server.store.count("evidence")
        with Asking(server) as asking:
            spent = sum(asking.ask(request_with(photo, form)).cpu for _ in range(number))
        left = server.store.count("evidence") - before
        assert left == (number if server.target == OURS else 0), f"{left} rows of evidence"
        return spent / number

    return go


def request_with(photo: bytes, form: Form) -> Request:
    """A photo as the page's script sends it."""
    fields = {**form.fields, "key": str(uuid.uuid4())}
    parts = [
        f'--patuh\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = '--patuh\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body = "".join((*parts, file)).encode() + photo + os.urandom(8) + b"\r\n--patuh--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=patuh", "Cookie": form.cookie}
    return Request("/evidence/send", "POST", kind, body, 201)
