"""Turn named parts into a ZIP archive whose bytes depend on the parts alone.

The parts are deflated and written as they come; the sizes in front of each are filled in when it is
through. No time, system or right is recorded. ZIP64 is not written: Excel offers to repair such files.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Final

from xlreport.backends.xlsx.deflate import Deflater, crc32

__all__ = ["MOST_BYTES", "write_archive"]

MOST_BYTES: Final = 2**32 - 1
"""The largest archive without ZIP64."""

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION: Final = 20
"""Of the format: 2.0, the first that deflates."""
_NAME_IS_UTF_8: Final = 0x800
_DEFLATED: Final = 8
_NO_TIME: Final = 0
_FIRST_DAY: Final = 33
"""1 January 1980, the earliest day that the format knows."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the directory at the end says of a part."""

    name: bytes
    offset: int
    crc: int = 0
    deflated: int = 0
    size: int = 0

    @property
    def facts(self) -> tuple[int, ...]:
        """The fields that the header in front of the part and the directory share, name's length last."""
        flags = 0 if self.name.isascii() else _NAME_IS_UTF_8
        header = (_VERSION, flags, _DEFLATED, _NO_TIME, _FIRST_DAY)
        return (*header, self.crc, self.deflated, self.size, len(self.name))


def write_archive(
    file: IO[bytes], parts: Iterable[tuple[str, Iterable[bytes]]], deflater: Callable[[], Deflater]
) -> None:
    """Write ``parts`` (name, content in pieces) into ``file``, which is empty and can seek.

    OverflowError where the archive would be larger than `MOST_BYTES`.
    """
    entries = [_written(file, name, pieces, deflater()) for name, pieces in parts]
    start = file.tell()
    for entry in entries:
        file.write(_CENTRAL.pack(b"PK\1\2", _VERSION, *entry.facts, 0, 0, 0, 0, 0, entry.offset) + entry.name)
    count, size = len(entries), file.tell() - start
    file.write(_END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0))


def _written(file: IO[bytes], name: str, pieces: Iterable[bytes], deflater: Deflater) -> _Entry:
    """Write one part: a header with empty sizes, the content, then the header once more with its sizes."""
    entry = _Entry(name.encode(), file.tell())
    file.write(_header(entry))
    crc = deflated = size = 0
    for piece in pieces:
        crc = crc32(piece, crc)
        size += len(piece)
        deflated += file.write(deflater.compress(piece))
    deflated += file.write(deflater.flush())
    end = file.tell()
    if max(end, size) > MOST_BYTES:
        raise OverflowError
    entry = _Entry(entry.name, entry.offset, crc, deflated, size)
    file.seek(entry.offset)
    file.write(_header(entry))
    file.seek(end)
    return entry


def _header(entry: _Entry) -> bytes:
    return _LOCAL.pack(b"PK\3\4", *entry.facts, 0) + entry.name
