"""Pictures for tests, made here: a PNG of any pixels, and the smallest JPEG that says how large it is."""

import struct
import zlib
from collections.abc import Callable

Pixel = tuple[int, int, int]


def png(width: int, height: int, pixel: Callable[[int, int], Pixel] = lambda _x, _y: (29, 75, 60)) -> bytes:
    """Return a PNG whose pixel at (x, y) is what ``pixel`` gives for it."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in pixel(x, y)) for y in range(height)
    )
    header = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        png_part(kind, content)
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


def png_part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def jpeg(width: int, height: int, *remarks: bytes) -> bytes:
    """Return what has the form of a JPEG, with remarks as a camera leaves them; it has no picture to show."""
    parts = [(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), *((0xFE, remark) for remark in remarks)]
    parts += [(0xC0, struct.pack(">B2HB", 8, height, width, 1) + b"\1\x11\0"), (0xDA, b"\1\1\0\0\x3f\0")]
    marked = b"".join(struct.pack(">2BH", 0xFF, kind, len(body) + 2) + body for kind, body in parts)
    return b"\xff\xd8" + marked + b"\x2a\xff\xd9"


def wordmark(x: int, y: int) -> Pixel:
    """Draw, on 440 x 120 pixels, a disc with three rising bars in it, and a line of blocks beside it."""
    green, sand, white = (29, 75, 60), (196, 98, 45), (255, 255, 255)
    in_disc = (x - 60) ** 2 + (y - 60) ** 2 < 54**2
    for left, top in ((32, 68), (54, 50), (76, 32)):
        if left <= x < left + 14 and top <= y < 92:
            return white if in_disc else green
    if in_disc:
        return green
    if 140 <= x < 420 and 34 <= y < 62 and (x - 140) % 40 < 30:
        return green
    return sand if 140 <= x < 340 and 78 <= y < 88 else white
