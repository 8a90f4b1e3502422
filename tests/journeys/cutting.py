"""A weak network between a browser and a server: connections that are cut, on purpose or by chance."""

from __future__ import annotations

import random
import socket
import struct
import threading
from contextlib import suppress

SENDING = b"POST /evidence/send "
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: a closed connection is gone as when the signal is, without a farewell."""


class WeakNetwork:
    """Passes bytes on to a server at `port`. `chance` says how many of the photos are cut off: "before" the
    server has all of one, or "after", so that its answer is lost. `always` is the fate of all.
    """

    def __init__(self, port: int, *, seed: int, chance: float) -> None:
        self.server, self.chance = port, chance
        self.cuts = {"before": 0, "after": 0}
        self.always: str | None = None
        self._random, self._lock = random.Random(seed), threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                browser, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        with suppress(OSError), browser, socket.create_connection(("127.0.0.1", self.server)) as up:
            first = browser.recv(65536)
            fate = self._fate(first)
            sends = threading.Thread(
                target=self._send, args=(browser, up, first, fate), daemon=True
            )
            sends.start()
            self._answer(browser, up, fate)

    def _fate(self, first: bytes) -> str:
        if not first.startswith(SENDING):
            return "passes"
        with self._lock:
            cut = self._random.random() < self.chance
            fate = self.always or (self._random.choice(("before", "after")) if cut else "passes")
            if fate in self.cuts:
                self.cuts[fate] += 1
        return fate

    def _send(self, browser: socket.socket, up: socket.socket, first: bytes, fate: str) -> None:
        with suppress(OSError):
            up.sendall(first[: len(first) // 2] if fate == "before" else first)
            if fate == "before":
                for end in (up, browser):
                    _cut(end)
                return
            while more := browser.recv(65536):
                up.sendall(more)

    def _answer(self, browser: socket.socket, up: socket.socket, fate: str) -> None:
        while more := up.recv(65536):
            if fate == "after":
                _cut(browser)
                return
            browser.sendall(more)


def _cut(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    end.shutdown(socket.SHUT_RDWR)
    end.close()
