"""What the doctor finds, and how bad it is: facts in, observations out, one line each, for operators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

WELL, WARNING, BAD = "well", "warning", "bad"
EXIT_CODE_OF = {WELL: 0, WARNING: 1, BAD: 2}
"""As monitors read them. A state is worse than those before it."""
CLOCKS_AGREE = timedelta(seconds=2)
CLOCKS_DIFFER_BADLY = timedelta(seconds=30)
DISK_WANTED, DISK_NEEDED = 5_000_000_000, 500_000_000
"""Bytes that should be free on a disk, and without which it is soon full."""
CERTIFICATE_ENDS_SOON = timedelta(days=14)
SECRET_LENGTH, SECRET_LETTERS = 32, 12
NAMED = 5
"""So many of a kind are named; the others are counted."""


@dataclass(frozen=True)
class Observation:
    """One thing that was looked at: how it is, what was seen, and what to do."""

    name: str
    state: str
    says: str
    do: str = ""


def worst(findings: Iterable[Observation]) -> str:
    """The state of the whole installation."""
    return max(
        (each.state for each in findings), key=lambda state: EXIT_CODE_OF[state], default=WELL
    )


def some_of(names: Iterable[str]) -> str:
    """A few names, and how many more there are."""
    listed = list(names)
    more = len(listed) - NAMED
    return ", ".join(listed[:NAMED]) + (f" and {more} more" if more > 0 else "")


def clock_finding(name: str, ahead: timedelta) -> Observation:
    """Two clocks, of which one is so far ahead of the other."""
    apart = abs(ahead)
    if apart <= CLOCKS_AGREE:
        return Observation(name, WELL, "the clocks agree")
    return Observation(
        name,
        BAD if apart > CLOCKS_DIFFER_BADLY else WARNING,
        f"the clocks differ by {apart.total_seconds():.0f} seconds",
        "let both machines keep time by NTP (timedatectl set-ntp true)",
    )


def room_finding(place: str, free: int, total: int) -> Observation:
    """A disk on which something of Patuh lies."""
    says = f"{place}: {free / 1e9:.1f} GB of {total / 1e9:.1f} GB free"
    do = "make room, or move the folder to a larger disk"
    if free < DISK_NEEDED:
        return Observation("disk", BAD, says, do)
    if free < min(DISK_WANTED, total // 10):
        return Observation("disk", WARNING, says, do)
    return Observation("disk", WELL, says)


def secret_finding(secret: str, *, given: bool, production: bool) -> Observation:
    """The key that signs sessions and mailed links."""
    do = "set SECRET_KEY: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not given:
        state = BAD if production else WELL
        return Observation(
            "secret", state, "made by itself, for this machine alone", do if production else ""
        )
    if len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_LETTERS:
        return Observation(
            "secret", BAD if production else WARNING, "SECRET_KEY can be guessed", do
        )
    return Observation("secret", WELL, "SECRET_KEY is long and mixed")


def certificate_finding(host: str, left: timedelta) -> Observation:
    """The certificate that browsers see; `left` is how long it holds."""
    says = f"the certificate of {host} holds for {left.days} more days"
    if left < CERTIFICATE_ENDS_SOON:
        do = "renew it, and look why it did not renew itself"
        return Observation("tls", WARNING if left > timedelta() else BAD, says, do)
    return Observation("tls", WELL, says)


def address_findings(url: str, *, proxies: int, production: bool) -> list[Observation]:
    """The address that people open, and whether the requests of a proxy are read as it means them."""
    if not production:
        return [Observation("address", WELL, f"{url} (development)")]
    local = any(place in url for place in ("://127.", "://localhost", "://[::1]"))
    found = []
    if local or not url.startswith("https://"):
        why = "opens on this machine alone" if local else "is not encrypted"
        do = "set PATUH_BASE_URL to the https address that people open: it goes into every mail"
        found.append(Observation("address", BAD, f"{url} {why}", do))
    else:
        found.append(Observation("address", WELL, url))
    if proxies == 0:
        do = "set PATUH_PROXIES=1 behind nginx, or every visitor seems to come from the proxy"
        found.append(Observation("proxy", WARNING, "no proxy is said to stand in front", do))
    else:
        found.append(
            Observation("proxy", WELL, f"X-Forwarded headers of {proxies} in front are read")
        )
    return found
