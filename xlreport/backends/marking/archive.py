"""Read the entries of a ZIP archive as they lie in the file, and write them again.

An entry that nobody changes is copied with its headers, its deflated bytes and whatever its writer put
behind them (data descriptors, extra fields, ZIP64 sizes): nothing of it is inflated or interpreted.
"""

import shutil
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from xlreport.backends.xlsx.deflate import crc32, deflater
from xlreport.errors import UsageError

__all__ = ["Entry", "Packed", "entries_of", "packed", "write_entries"]

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION: Final = 20
_DEFLATED: Final = 8
_NAME_IS_UTF_8: Final = 0x800
_ENCRYPTED: Final = 0x1
_FIRST_DAY: Final = 33
"""1 January 1980, the earliest day that the format knows."""
_IN_ZIP64: Final = 0xFFFFFFFF
_ZIP64: Final = 1
_OFFSET_AT: Final = 42
_MOST_BYTES: Final = 2**32 - 1
_MOST_ENTRIES: Final = 2**16 - 1
_PIECE: Final = 1 << 20
_IN_MEMORY: Final = 1 << 22
"""Deflated bytes of a changed part that are kept in memory; more go to a temporary file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an archive: where it lies, and its record in the directory at the end."""

    name: str
    record: bytes
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Packed:
    """The content of a changed or added part, deflated."""

    file: IO[bytes]
    crc: int
    deflated: int
    size: int


def packed(pieces: Iterable[bytes]) -> Packed:
    """Deflate the content of a part, given in pieces."""
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # it closes when nobody holds it any more
    squeeze, crc, size = deflater("speed"), 0, 0
    for piece in _even(pieces):
        crc = crc32(piece, crc)
        size += len(piece)
        file.write(squeeze.compress(piece))
    file.write(squeeze.flush())
    return Packed(file, crc, file.tell(), size)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Return the same content in pieces of the same size: what comes out of a deflater may depend on that."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        whole = len(rest) - len(rest) % _PIECE
        for start in range(0, whole, _PIECE):
            yield bytes(rest[start : start + _PIECE])
        del rest[:whole]
    yield bytes(rest)


def entries_of(archive: zipfile.ZipFile, name: str) -> list[Entry]:
    """Return the entries in the order of the directory; UsageError where ``name`` is no sound archive."""
    infos = archive.infolist()
    file, end = archive.fp, archive.start_dir
    if file is None or len({info.filename.casefold() for info in infos}) < len(infos):
        raise UsageError(_broken(name, "it holds two parts of the same name"))
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise UsageError(_broken(name, "parts of it are encrypted"))
    starts = sorted(info.header_offset for info in infos)
    stops = dict(zip(starts, [*starts[1:], end], strict=True))
    if len(stops) < len(infos) or any(stop > end for stop in stops.values()):
        raise UsageError(_broken(name, "its parts overlap"))
    file.seek(end)
    return [
        Entry(info.filename, _record(file), info.header_offset, stops[info.header_offset]) for info in infos
    ]


def _broken(name: str, reason: str) -> str:
    return f"{name} is not a sound package: {reason}; open it in Excel and save it again."


def _record(file: IO[bytes]) -> bytes:
    """Read one record of the directory."""
    head = file.read(_CENTRAL.size)
    lengths = _CENTRAL.unpack(head)[10:13]
    return head + file.read(sum(lengths))


def write_entries(
    source: IO[bytes],
    entries: Sequence[Entry],
    changed: Mapping[str, bytes | Packed | None],
    target: IO[bytes],
    comment: bytes,
) -> None:
    """Write an archive: the entries as they were, but those in ``changed`` with their new content.

    None takes a part out. Names that are no entry yet come at the end, in their order. UsageError where
    the archive would be larger than 4 GB.
    """
    records = []
    for entry in entries:
        start = target.tell()
        if entry.name not in changed:
            _copy(source, entry, target)
            records.append(_moved(entry.record, start))
        elif (content := changed[entry.name]) is not None:
            records.append(_written(target, _facts(entry.record), content))
    known = {entry.name for entry in entries}
    for name, content in changed.items():
        if name not in known and content is not None:
            records.append(_written(target, _new_facts(name), content))
    start = target.tell()
    target.writelines(records)
    count, size = len(records), target.tell() - start
    if target.tell() > _MOST_BYTES or count > _MOST_ENTRIES:
        message = "the workbook would have more than 4 GB, which Excel does not open."
        raise UsageError(message)
    target.write(_END.pack(b"PK\5\6", 0, 0, count, count, size, start, len(comment)) + comment)


def _copy(source: IO[bytes], entry: Entry, target: IO[bytes]) -> None:
    source.seek(entry.start)
    left = entry.stop - entry.start
    while left:
        piece = source.read(min(left, 1 << 20))
        if not piece:
            raise EOFError
        left -= target.write(piece)


def _moved(record: bytes, start: int) -> bytes:
    """Return a record of the directory that tells of another place."""
    fields = _CENTRAL.unpack_from(record)
    if fields[-1] != _IN_ZIP64:
        return record[:_OFFSET_AT] + struct.pack("<L", start) + record[_CENTRAL.size :]
    at = _CENTRAL.size + fields[10]
    end = at + fields[11]
    while at < end:
        kind, size = struct.unpack_from("<2H", record, at)
        if kind == _ZIP64:
            # sizes that do not fit into their own fields stand before the offset
            place = at + 4 + 8 * sum(field == _IN_ZIP64 for field in fields[8:10])
            return record[:place] + struct.pack("<Q", start) + record[place + 8 :]
        at += 4 + size
    raise UsageError(_broken("The workbook", "its directory is damaged"))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a changed part keeps of its entry."""

    name: bytes
    made_by: int = _VERSION
    flags: int = 0
    time: int = 0
    day: int = _FIRST_DAY
    internal: int = 0
    external: int = 0


def _facts(record: bytes) -> _Facts:
    fields = _CENTRAL.unpack_from(record)
    name = record[_CENTRAL.size :][: fields[10]]
    return _Facts(name, fields[1], fields[3] & _NAME_IS_UTF_8, fields[5], fields[6], fields[14], fields[15])


def _new_facts(name: str) -> _Facts:
    return _Facts(name.encode(), flags=0 if name.isascii() else _NAME_IS_UTF_8)


def _written(target: IO[bytes], facts: _Facts, content: bytes | Packed) -> bytes:
    """Write a part and return its record in the directory."""
    if isinstance(content, bytes):
        small = packed([content])
        with small.file:
            return _written(target, facts, small)
    start = target.tell()
    shared = (_VERSION, facts.flags, _DEFLATED, facts.time, facts.day)
    sizes = (content.crc, content.deflated, content.size, len(facts.name))
    if max(start, content.size, content.deflated) > _MOST_BYTES:
        message = "the workbook would have more than 4 GB, which Excel does not open."
        raise UsageError(message)
    target.write(_LOCAL.pack(b"PK\3\4", *shared, *sizes, 0) + facts.name)
    content.file.seek(0)
    shutil.copyfileobj(content.file, target)
    rest = (0, 0, 0, facts.internal, facts.external, start)
    return _CENTRAL.pack(b"PK\1\2", facts.made_by, *shared, *sizes, *rest) + facts.name
