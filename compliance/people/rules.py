"""Names the browser of a sign-in in a few words, so that its user recognises it in a list."""

from __future__ import annotations

from compliance.core.text import Text, say

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
