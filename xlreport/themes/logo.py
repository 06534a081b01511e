"""Turn a PNG or JPEG file into an Image: its size read, its bytes freed of what is no picture.

A picture file can name its maker, a place and a time; what goes into a workbook is the picture alone, so
that nothing is told by accident and the same picture gives the same bytes.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xlreport.styles import Image

__all__ = ["MOST_BYTES", "MOST_PIXELS", "read_image"]

MOST_BYTES: Final = 1_000_000
MOST_PIXELS: Final = 4_000
"""On either side."""
_LEAST_PIXELS: Final = 8
_MOST_SHAPE: Final = 12
"""How many times as long as the other a side may be."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS: Final = frozenset(
    (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP")
)
_JPEG: Final = b"\xff\xd8\xff"
_JPEG_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))
"""Markers of the frames that every program shows: baseline, extended, progressive."""
_JPEG_DROPPED: Final = frozenset((0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE))
"""Markers of remarks and of what cameras and programs note; kept are JFIF, colour profiles and Adobe's."""
_JPEG_SCAN: Final = 0xDA
_JPEG_END: Final = b"\xff\xd9"


def read_image(path: Path) -> Image:
    """Return the picture in a file; ValueError says in a sentence what is wrong with it.

    OSError where it cannot be read.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        message = f"it has {size:,} bytes; a logo has at most {MOST_BYTES:,}. Save it smaller."
        raise ValueError(message)
    content = path.read_bytes()
    try:
        image = _image(content)
    except (struct.error, IndexError):
        image = None
    if image is None:
        message = "it is not a PNG or JPEG picture, or it is damaged. Save it as PNG."
        raise ValueError(message)
    _check_size(image)
    return image


def _image(content: bytes) -> Image | None:
    if content.startswith(_PNG):
        return _png(content)
    return _jpeg(content) if content.startswith(_JPEG) else None


def _check_size(image: Image) -> None:
    short, long = sorted((image.width, image.height))
    size = f"it has {image.width:,} x {image.height:,} pixels"
    if long > MOST_PIXELS or short < _LEAST_PIXELS:
        message = (
            f"{size}; a logo has {_LEAST_PIXELS} to {MOST_PIXELS:,} on either side. Save it in another size."
        )
        raise ValueError(message)
    if long > short * _MOST_SHAPE:
        message = f"{size}; a logo is at most {_MOST_SHAPE} times as long as it is high. Cut it to shape."
        raise ValueError(message)


def _png(content: bytes) -> Image | None:
    parts = list(_png_parts(content))
    kinds = [kind for kind, _ in parts]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds:
        return None
    width, height = struct.unpack(">2L", parts[0][1][8:16])
    kept = [part for kind, part in parts if kind in _PNG_PARTS]
    return Image(_PNG + b"".join(kept), "png", width, height)


def _png_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and bytes of each part up to the end, or to the first that is damaged."""
    place = len(_PNG)
    while place < len(content):
        (length,) = struct.unpack_from(">L", content, place)
        part = content[place : place + length + 12]
        (sum_,) = struct.unpack(">L", part[-4:])
        if len(part) < length + 12 or zlib.crc32(part[4:-4]) != sum_:
            return
        yield part[4:8], part
        if part[4:8] == b"IEND":
            return
        place += len(part)


def _jpeg(content: bytes) -> Image | None:
    """Return a JPEG picture without its remarks; what follows the first scan is kept as it is."""
    end = content.rfind(_JPEG_END)
    kept, place, size = [content[:2]], 2, None
    while content[place] == 0xFF:  # noqa: PLR2004  # with it every marker begins
        marker = content[place + 1]
        (length,) = struct.unpack_from(">H", content, place + 2)
        if marker in _JPEG_FRAMES:
            size = struct.unpack_from(">2H", content, place + 5)
        if marker == _JPEG_SCAN:
            break
        if marker not in _JPEG_DROPPED:
            kept.append(content[place : place + 2 + length])
        place += 2 + length
    else:
        return None
    if size is None or end < place:
        return None
    height, width = size
    return Image(b"".join([*kept, content[place : end + 2]]), "jpeg", width, height)
