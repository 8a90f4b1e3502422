"""What time does to the store: a backup every night, where a folder is set for it."""

from __future__ import annotations

from compliance.policy import system_only
from compliance.store.backing_up import back_up_as_set


class BrokenFiles(Exception):
    """The backup is complete, and files that it should hold are changed or gone."""


@system_only
def back_up_at_night() -> dict[str, int]:
    """Back up into the folder of the setting. Raises CannotMove, OSError, BrokenFiles."""
    made = back_up_as_set()
    if made is None:
        return {}
    if made.manifest.broken:
        raise BrokenFiles(", ".join(made.manifest.broken[:5]))
    return {
        "backups": 1,
        "files_backed_up": made.manifest.files,
        "backups_removed": made.removed,
    }
