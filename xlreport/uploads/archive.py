"""Turn the directory of a ZIP package into its parts, none of which hides, overlaps or pretends.

The directory at the end of the package and the header before each part say the same things twice, and
hostile packages make them differ. Both are read here, and nothing is unpacked.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from xlreport.language import key
from xlreport.sentences import Name, Numeral, Sentence
from xlreport.uploads.limits import Limits, size_in_words
from xlreport.uploads.problems import DamagedError, over_limit, unsafe

__all__ = ["DEFLATED", "STORED", "Entry", "entries_of"]

STORED: Final = 0
DEFLATED: Final = 8

_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LONGEST_COMMENT: Final = 0xFFFF
_LOCATOR: Final = struct.Struct("<4sLQL")
_LOCATOR_MARK: Final = b"PK\x06\x07"
_LONG_END: Final = struct.Struct("<4sQ2H2L4Q")
_LONG_END_MARK: Final = b"PK\x06\x06"
_LISTED: Final = struct.Struct("<4s6H3L5H2L")
_LISTED_MARK: Final = b"PK\x01\x02"
_HEADER: Final = struct.Struct("<4s5H3L2H")
_HEADER_MARK: Final = b"PK\x03\x04"
_LONG: Final = 0xFFFFFFFF
"""Stands for a number that is too long for four bytes and follows in eight."""
_SHORT: Final = 0xFFFF
_LONG_NUMBERS: Final = 1
"""Marks the further field of an entry that holds its long numbers."""
_ENCRYPTED: Final = 0x2041
"""Flags of parts, or of a directory, that are encrypted in any of three ways."""
_DESCRIBED_AFTER: Final = 0x8
_DESCRIPTION: Final = 24
"""Most bytes that may follow a part to say its size."""
_UTF8: Final = 0x800
_BLANKS: Final = b"\0\t\n\r "
_NO_STEPS: Final = frozenset({"", ".", ".."})
_NOT_IN_NAMES: Final = frozenset('\\:*?"<>|')
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a package, as the directory describes it."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    """Bytes that it takes up."""
    unpacked: int
    """Bytes that it says it unpacks to."""
    header: int
    """Where in the package its header begins."""
    start: int = 0
    """Where its bytes begin."""

    @property
    def end(self) -> int:
        """Where its bytes end."""
        return self.start + self.packed


@dataclass(frozen=True, slots=True)
class _Directory:
    """Where the directory of a package lies."""

    count: int
    start: int
    end: int
    """Where it says that it ends."""
    followed_at: int
    """Where it ends: there begin the records that follow it."""
    package_end: int


def entries_of(package: BinaryIO, file: str, limits: Limits) -> list[Entry]:
    """Return the parts of a package in the order of their places; ``file`` is its name.

    RefusedError where there are too many, or where the package is not plain; DamagedError where its
    directory cannot be read.
    """
    size = package.seek(0, 2)
    directory = _directory(package, size)
    if directory.count > limits.parts:
        message = Sentence(
            "{file} is made of {count} parts; at most {limit} are read.",
            file=Name(file),
            count=Numeral(directory.count),
            limit=Numeral(limits.parts),
        )
        raise over_limit(message, f"parts={directory.count}", value=directory.count)
    entries = sorted(_listed(package, directory), key=lambda entry: entry.header)
    _check_names(entries, file)
    entries = [_with_place(package, entry, file) for entry in entries]
    _check_places(package, entries, directory, size, file)
    return entries


def _directory(package: BinaryIO, size: int) -> _Directory:
    tail_start = max(size - _LONGEST_COMMENT - _END.size, 0)
    package.seek(tail_start)
    tail = package.read()
    place = _place_of_end(tail)
    if place < 0:
        raise DamagedError(Sentence("its end is missing"))
    _, disk, _, _, count, length, start, comment = _END.unpack_from(tail, place)
    followed_at = tail_start + place
    package_end = followed_at + _END.size + comment
    if _SHORT in (disk, count) or _LONG in (length, start):
        package.seek(max(followed_at - _LOCATOR.size, 0))
        mark, _, long_end, _ = _LOCATOR.unpack(_exactly(package, _LOCATOR.size))
        if mark == _LOCATOR_MARK:
            package.seek(min(long_end, size))
            mark, *_, count, length, start = _LONG_END.unpack(_exactly(package, _LONG_END.size))
            followed_at = long_end
            if mark != _LONG_END_MARK:
                raise _damaged_directory()
    return _Directory(count, start, start + length, followed_at, package_end)


def _place_of_end(tail: bytes) -> int:
    """Return where the record at the end of a package begins in its last bytes, or -1."""
    place = tail.rfind(_END_MARK)
    while place >= 0:
        if place + _END.size <= len(tail):
            comment = _END.unpack_from(tail, place)[-1]
            if place + _END.size + comment <= len(tail):
                return place
        place = tail.rfind(_END_MARK, 0, place)
    return place


def _exactly(package: BinaryIO, length: int) -> bytes:
    found = package.read(length)
    if len(found) < length:
        raise _damaged_directory()
    return found


def _damaged_directory() -> DamagedError:
    return DamagedError(Sentence("the list of its parts is damaged"))


def _listed(package: BinaryIO, directory: _Directory) -> Iterator[Entry]:
    shift = directory.followed_at - directory.end
    """Bytes before the package: places in it count from after them."""
    if shift < 0:
        raise _damaged_directory()
    package.seek(directory.start + shift)
    for _ in range(directory.count):
        fixed = _LISTED.unpack(_exactly(package, _LISTED.size))
        mark, _, _, flags, method, _, _, crc, packed, unpacked, *lengths, _, _, _, header = fixed
        if mark != _LISTED_MARK:
            raise _damaged_directory()
        name, more, _comment = (_exactly(package, length) for length in lengths)
        unpacked, packed, header = _long_numbers(more, (unpacked, packed, header))
        yield Entry(_text(name, flags), name, flags, method, crc, packed, unpacked, header + shift)
    if package.tell() != directory.followed_at:
        raise _damaged_directory()


def _long_numbers(more: bytes, short: tuple[int, int, int]) -> list[int]:
    """Return the numbers, those that are too long for four bytes from the further fields of the entry."""
    numbers = iter(_eights(more))
    try:
        return [next(numbers) if number == _LONG else number for number in short]
    except StopIteration:
        raise _damaged_directory() from None


def _eights(more: bytes) -> list[int]:
    while len(more) >= 4:  # noqa: PLR2004  # two bytes for the kind, two for the length
        kind, length = struct.unpack_from("<2H", more)
        content, more = more[4 : 4 + length], more[4 + length :]
        if kind == _LONG_NUMBERS:
            return [number for (number,) in struct.iter_unpack("<Q", content[: len(content) // 8 * 8])]
    return []


def _text(name: bytes, flags: int) -> str:
    return name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")


def _check_names(entries: Sequence[Entry], file: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        problem = _problem(entry, seen)
        if problem:
            raise unsafe(Sentence(problem, **_words(entry, file)), value=entry.name)
        seen.add(entry.name.casefold())


def _problem(entry: Entry, seen: set[str]) -> str:
    """Return the template of what is wrong with how a part is listed, or an empty string."""
    steps = entry.name.rstrip("/").split("/")
    if (
        not entry.name.isprintable()
        or not _NO_STEPS.isdisjoint(steps)
        or not _NOT_IN_NAMES.isdisjoint(entry.name)
    ):
        return key("{file} has a part called {part}, which is no name for one.")
    if entry.name.casefold() in seen:
        return key("{file} has two parts called {part}.")
    if entry.flags & _ENCRYPTED:
        return key("{file}: its part {part} is encrypted.")
    if entry.method not in (STORED, DEFLATED):
        return key("{file}: its part {part} is packed in a way that workbooks are not (method {method}).")
    return ""


def _words(entry: Entry, file: str) -> dict[str, object]:
    return {"file": Name(file), "part": _shown(entry), "method": Numeral(entry.method)}


def _shown(entry: Entry) -> Name:
    text = entry.name if entry.name.isprintable() else entry.name.encode("unicode_escape").decode()
    return Name(text if len(text) <= 60 else f"{text[:59]}…")  # noqa: PLR2004  # as much as a sentence bears


def _with_place(package: BinaryIO, entry: Entry, file: str) -> Entry:
    """Return the entry with the place of its bytes; its own header must say what the directory says."""
    package.seek(entry.header)
    fixed = package.read(_HEADER.size)
    if len(fixed) < _HEADER.size or not fixed.startswith(_HEADER_MARK):
        raise DamagedError(Sentence("its part {part} is damaged", part=_shown(entry)))
    _, _, flags, method, _, _, crc, packed, unpacked, name_length, more_length = _HEADER.unpack(fixed)
    name = package.read(name_length)
    said = {(packed, entry.packed), (unpacked, entry.unpacked), (crc, entry.crc)}
    if flags & _DESCRIBED_AFTER:  # a header that was written before the part may hold zeros
        said = {(here, there) for here, there in said if here}
    different = any(here not in (there, _LONG) for here, there in said)
    if different or name != entry.raw_name or method != entry.method or flags & _ENCRYPTED:
        raise unsafe(
            Sentence(
                "{file}: its part {part} is not what the list of its parts says.",
                file=Name(file),
                part=_shown(entry),
            ),
            value=entry.name,
        )
    return replace(entry, start=entry.header + _HEADER.size + name_length + more_length)


def _check_places(
    package: BinaryIO, entries: Sequence[Entry], directory: _Directory, size: int, file: str
) -> None:
    """Refuse parts that share bytes, and bytes that belong to no part."""
    listed_at = directory.followed_at - (directory.end - directory.start)
    hidden = _not_blank(package, directory.package_end, size)
    done = 0
    before: Entry | None = None
    for entry in entries:
        if before and entry.header < done:
            raise _overlapping(before, entry, file)
        slack = _DESCRIPTION if before and before.flags & _DESCRIBED_AFTER else 0
        if entry.header - done > slack:
            hidden += _not_blank(package, done, entry.header)
        before, done = entry, entry.end
    if done > listed_at:
        raise DamagedError(Sentence("its part {part} is damaged", part=_shown(entries[-1])))
    slack = _DESCRIPTION if before and before.flags & _DESCRIBED_AFTER else 0
    if listed_at - done > slack:
        hidden += _not_blank(package, done, listed_at)
    if hidden:
        message = Sentence(
            "{file} holds {size} that belong to no part of the workbook.",
            file=Name(file),
            size=size_in_words(hidden),
        )
        raise unsafe(message, value=hidden)


def _overlapping(one: Entry, other: Entry, file: str) -> Exception:
    message = Sentence(
        "{file}: its parts {part} and {other} are made of the same bytes.",
        file=Name(file),
        part=_shown(one),
        other=_shown(other),
    )
    return unsafe(message, value=other.name)


def _not_blank(package: BinaryIO, start: int, end: int) -> int:
    """Count the bytes between two places, or return 0 where all of them are blank."""
    package.seek(start)
    left = end - start
    while left > 0:
        chunk = package.read(min(_CHUNK, left))
        if chunk.strip(_BLANKS):
            return end - start
        left -= len(chunk) or left
    return 0
