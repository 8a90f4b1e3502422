"""The clean copy of a photo: written anew in a child process (core/child), upright, without a header."""

from __future__ import annotations

import io
import tempfile

from compliance.core.child import FailedInChild, in_child
from compliance.files.rules import HEIC

LONGEST_SIDE, SMALL_SIDE = 2560, 320
"""Pixels of the copy that is shown and shared, and of the small one in lists."""
_QUALITY, _SMALL_QUALITY = 85, 75
_MOST_SECONDS = 60
_MOST_MEMORY = 1024 * 1024 * 1024


class UnreadablePicture(Exception):
    """The picture cannot be decoded."""


def clean_copies(content: bytes, kind: str) -> tuple[bytes, bytes]:
    """The clean copy and the small one of a photo, both JPEG.

    Raises UnreadablePicture, TookTooMuch when it wants too much memory or time, OSError.
    """
    import pillow_heif

    if kind == HEIC:
        pillow_heif.register_heif_opener()
    with tempfile.TemporaryFile() as file:

        def make() -> list[int]:
            copies = _copies(content)
            for copy in copies:
                file.write(copy)
            file.flush()
            return [len(copy) for copy in copies]

        try:
            lengths = in_child(
                make, seconds=_MOST_SECONDS, memory=_MOST_MEMORY, keep=frozenset({file.fileno()})
            )
        except FailedInChild as failure:
            raise UnreadablePicture(str(failure)) from None
        file.seek(0)
        return file.read(lengths[0]), file.read(lengths[1])


def _copies(content: bytes) -> list[bytes]:
    import PIL.Image
    import PIL.ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = None  # files/examining has its own, lower limit
    with PIL.Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF")) as picture:
        picture.draft(
            "RGB", (LONGEST_SIDE, LONGEST_SIDE)
        )  # a large JPEG is decoded smaller at once
        upright = PIL.ImageOps.exif_transpose(picture).convert("RGB")
    copies = []
    for side, quality in ((LONGEST_SIDE, _QUALITY), (SMALL_SIDE, _SMALL_QUALITY)):
        upright.thumbnail((side, side))
        made = io.BytesIO()
        upright.save(made, "JPEG", quality=quality, optimize=side == SMALL_SIDE)
        copies.append(made.getvalue())
    return copies
