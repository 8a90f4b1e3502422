"""About sign-ins: when a session ends, why it has ended, and its browser in a few words, so that its user
recognises it in a list.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from compliance.core.text import Text, say


def session_end(
    *, began_at: datetime, used_at: datetime, idle_hours: int, most_days: int
) -> datetime:
    """When a session ends that was used last at `used_at`: after so many hours without use, and after so many
    days whatever happens.
    """
    return min(used_at + timedelta(hours=idle_hours), began_at + timedelta(days=most_days))


def why_expired(*, began_at: datetime, used_at: datetime, ended_at: datetime) -> Text:
    """Why a session is over that nobody ended, by the limits that it had."""
    days, rest = divmod(ended_at - began_at, timedelta(days=1))
    if days and not rest:  # only the limit in days ends on the instant of the sign-in
        return say("Sesi berakhir karena sudah {count} hari sejak Anda masuk.", count=days)
    hours = max(1, round((ended_at - used_at) / timedelta(hours=1)))
    return say("Sesi berakhir karena {count} jam tidak dipakai.", count=hours)


def is_unused(*, last_used_at: datetime | None, now: datetime, most_days: int) -> bool:
    """Whether an account was not signed in to for too long. One that never was is not: it waits for its
    owner. `most_days` 0 means that no account is locked.
    """
    if last_used_at is None or most_days == 0:
        return False
    return now - last_used_at > timedelta(days=most_days)


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> Text:
    """The browser and the system behind a User-Agent header; what names itself otherwise stays nameless."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if browser and system:
        return say("{browser} di {system}", browser=browser, system=system)
    return (
        say("Peramban lain")
        if not (browser or system)
        else Text("{words}", {"words": browser or system})
    )
