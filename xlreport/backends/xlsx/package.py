"""Turn the parts of a workbook into its package, a ZIP archive."""

import functools
from collections.abc import Iterable, Iterator
from typing import IO, Final

from xlreport.backends.xlsx.archive import write_archive
from xlreport.backends.xlsx.deflate import deflater
from xlreport.errors import UsageError
from xlreport.files import Compression

__all__ = ["MOST_BYTES", "write_package"]

_WAY_OUT: Final = "leave out columns or split the report by a key."
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MOST_BYTES: Final = 2**31 - 1
"""Beyond that a part needs ZIP64 for some programs, which makes Excel offer to repair the file."""


def write_package(
    file: IO[bytes],
    parts: Iterable[tuple[str, Iterable[str] | bytes]],
    *,
    compression: Compression = "speed",
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write ``parts`` (name, and XML in pieces or the bytes of a picture) into ``file`` as they come.

    UsageError for a part of more than ``most_bytes``, or a package of 4 GB. Times are fixed and no system
    is named, so that equal parts give equal bytes.
    """
    encoded = ((name, _encoded(name, pieces, most_bytes)) for name, pieces in parts)
    try:
        write_archive(file, encoded, functools.partial(deflater, compression))
    except OverflowError as error:
        message = "the workbook would have more than 4 GB, which Excel does not open; " + _WAY_OUT
        raise UsageError(message) from error


def _encoded(name: str, pieces: Iterable[str] | bytes, most_bytes: int) -> Iterator[bytes]:
    if isinstance(pieces, bytes):
        yield pieces
        return
    size = len(_DECLARATION)
    yield _DECLARATION
    for piece in pieces:
        content = piece.encode()
        size += len(content)
        if size > most_bytes:
            message = (
                f"{name} would have more than {most_bytes:,} bytes, which Excel does not open; {_WAY_OUT}"
            )
            raise UsageError(message)
        yield content
