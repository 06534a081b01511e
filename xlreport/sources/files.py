"""Turn files into bytes and text: their hash, their encoding, and where it is wrong."""

import codecs
import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from xlreport.errors import MachineError
from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Name, Numeral, Sentence
from xlreport.sources.description import Part
from xlreport.sources.items import UnreadableError

__all__ = ["cannot_read", "digest", "encoding_of", "opened", "undecodable", "utf8_bytes", "utf8_lines"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does, so it is asked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK: Final = 1 << 20
_NOT_C1: Final = bytes(range(0x80)) + bytes(range(0xA0, 0x100))
"""All bytes but 0x80 to 0x9F, which are letters in Windows-1252 and control characters in Latin-1."""
_FREE_IN_CP1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")


def digest(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cannot_read(file: str, error: OSError) -> MachineError:
    """Return the error that says in one sentence why the machine does not give a file, and what to do."""
    reason = (error.strerror or str(error)).lower()
    return MachineError(
        f"{file} cannot be read: {reason}; close it where it is open, or see who may read it."
    )


def encoding_of(part: Part) -> str:
    """Return the declared encoding, or what the byte order mark says, or UTF-8."""
    if part.encoding:
        name = codecs.lookup(part.encoding).name
        return "utf-8-sig" if name == "utf-8" else name
    with part.path.open("rb") as file:
        return encoding_by_mark(file.read(4)) or "utf-8"


def encoding_by_mark(head: bytes) -> str:
    """Return the encoding that the byte order mark at the start of ``head`` names, or an empty string."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")


@contextlib.contextmanager
def opened(part: Part) -> Iterator[TextIO]:
    """Open a text file with line ends as they are; raise UnreadableError where it cannot be decoded."""
    encoding = encoding_of(part)
    with part.path.open(encoding=encoding, newline="") as file:
        try:
            yield file
        except UnicodeDecodeError as error:
            raise UnreadableError(undecodable(part, encoding)) from error


def utf8_bytes(part: Part) -> bytes:
    """Return the text as UTF-8 without a byte order mark; UnreadableError where it cannot be decoded."""
    encoding = encoding_of(part)
    content = part.path.read_bytes()
    try:
        if encoding in ("utf-8", "utf-8-sig"):
            content = content.removeprefix(codecs.BOM_UTF8)
            content.isascii() or content.decode()
            return content
        return content.decode(encoding).encode()
    except UnicodeError as error:
        raise UnreadableError(undecodable(part, encoding)) from error


def utf8_lines(part: Part) -> Iterator[bytes]:
    """Iterate over the lines of a text file in UTF-8, without a byte order mark.

    Lines of a UTF-8 file come as they are, decodable or not. Raise UnreadableError where a file of another
    encoding cannot be decoded.
    """
    if encoding_of(part) in ("utf-8", "utf-8-sig"):
        with part.path.open("rb") as file:
            first = file.readline()
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from file
    else:
        with opened(part) as text:
            for line in text:
                yield line.encode("utf-8", "surrogatepass")


def undecodable(part: Part, encoding: str) -> Finding:
    """Return the finding that says which byte of the file is not ``encoding``, and which encoding fits."""
    line, offset, byte = _first_wrong_byte(part.path, encoding)
    stated = "UTF-8" if encoding.startswith("utf-8") else encoding
    return Finding(
        code="wrong-encoding",
        severity=Severity.ERROR,
        message=Sentence(
            "{file} is not {encoding} text: byte {byte} at position {position} (line {line}).",
            file=Name(part.file),
            encoding=Name(stated),
            byte=Name(f"{byte:#04x}"),
            position=Numeral(offset),
            line=Numeral(line),
        ),
        hint=Sentence(
            'State the encoding in the dataset file; "encoding": "{encoding}" fits.',
            encoding=Name(_encoding_that_fits(part.path)),
        ),
        place=Place(file=part.file, row=line),
        expected=Name(stated),
    )


def _first_wrong_byte(path: Path, encoding: str) -> tuple[int, int, int]:
    """Return the 1-based line, the 0-based offset and the value of the first byte that cannot be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, offset, last = 0, 0, b"\0"
    with path.open("rb") as file:
        for line, last in enumerate(file, 1):  # both are wanted after the loop
            try:
                decoder.decode(last)
            except UnicodeDecodeError as error:
                return line, offset + error.start, error.object[error.start]
            offset += len(last)
    return line, max(offset - 1, 0), last[-1]


def _encoding_that_fits(path: Path) -> str:
    special: set[int] = set()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            special.update(chunk.translate(None, _NOT_C1))
    return "windows-1252" if special and not special & _FREE_IN_CP1252 else "latin-1"
