"""Unpack a part of a package bit by bit, and count what really comes out."""

import importlib
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import BinaryIO, Final

from xlreport.sentences import Name, Numeral, Sentence
from xlreport.uploads.archive import STORED, Entry
from xlreport.uploads.limits import Limits, size_in_words
from xlreport.uploads.problems import DamagedError, over_limit, unsafe

__all__ = ["Meter", "pieces"]

_RAW: Final = -15
"""Deflated bytes without a header of their own."""
_FED: Final = 1 << 15
_PIECE: Final = 1 << 20
"""Most bytes in memory at a time, packed and unpacked."""
_RATIO_COUNTS_FROM: Final = 16 << 20
"""Bytes below which a part is small whatever it was packed from."""


def _quickest() -> ModuleType:
    try:
        return importlib.import_module("isal.isal_zlib")
    except ImportError:
        return zlib


_QUICK: Final = _quickest()
_ERRORS: Final = (zlib.error, getattr(_QUICK, "error", zlib.error), getattr(_QUICK, "IsalError", zlib.error))


class Meter:
    """Holds the sizes that parts say against the limits, and what comes out of them against that."""

    def __init__(self, file: str, limits: Limits) -> None:
        """Name the file and its limits."""
        self.file = file
        self.limits = limits

    def announced(self, entries: list[Entry]) -> None:
        """Refuse a file whose parts say themselves that they are too large."""
        for entry in entries:
            if entry.unpacked > self.limits.part:
                raise self._part_too_large(entry, entry.unpacked)
            ratio = -(-entry.unpacked // max(entry.packed, 1))
            if entry.unpacked > _RATIO_COUNTS_FROM and ratio > self.limits.ratio:
                raise self._packed_too_small(entry, ratio)
        total = sum(entry.unpacked for entry in entries)
        if total > self.limits.unpacked:
            raise self._too_large(total)

    def count(self, entry: Entry, done: int) -> None:
        """Refuse a part of which ``done`` bytes have come out, where that is more than it says."""
        if done > entry.unpacked:
            message = Sentence(
                "{file}: its part {part} unpacks to more than the {size} that it says.",
                file=Name(self.file),
                part=Name(entry.name),
                size=size_in_words(entry.unpacked),
            )
            raise unsafe(message, value=entry.name)

    def _packed_too_small(self, entry: Entry, ratio: int) -> Exception:
        message = Sentence(
            "{file}: its part {part} unpacks to {ratio} times its size; at most {limit} times is read.",
            file=Name(self.file),
            part=Name(entry.name),
            ratio=Numeral(ratio),
            limit=Numeral(self.limits.ratio),
        )
        return over_limit(message, f"ratio={ratio}", value=ratio)

    def _part_too_large(self, entry: Entry, size: int) -> Exception:
        message = Sentence(
            "{file}: its part {part} unpacks to {size}; at most {limit} is read.",
            file=Name(self.file),
            part=Name(entry.name),
            size=size_in_words(size),
            limit=size_in_words(self.limits.part),
        )
        return over_limit(message, f"part={size}", value=size)

    def _too_large(self, size: int) -> Exception:
        message = Sentence(
            "{file} unpacks to {size}; at most {limit} is read.",
            file=Name(self.file),
            size=size_in_words(size),
            limit=size_in_words(self.limits.unpacked),
        )
        return over_limit(message, f"unpacked={size}", value=size)


def pieces(package: BinaryIO, entry: Entry, meter: Meter) -> Iterator[bytes]:
    """Iterate over the unpacked bytes of a part, at most a megabyte at a time.

    RefusedError where they are more than the part says of itself, DamagedError where they are not
    what was packed.
    """
    crc = done = 0
    for piece in _stored(package, entry) if entry.method == STORED else _inflated(package, entry):
        done += len(piece)
        meter.count(entry, done)
        crc = _QUICK.crc32(piece, crc)
        yield piece
    if done != entry.unpacked or crc != entry.crc:
        raise _damaged(entry)


def _stored(package: BinaryIO, entry: Entry) -> Iterator[bytes]:
    package.seek(entry.start)
    left = entry.packed
    while left:
        piece = package.read(min(_PIECE, left))
        if not piece:
            raise _damaged(entry)
        left -= len(piece)
        yield piece


def _inflated(package: BinaryIO, entry: Entry) -> Iterator[bytes]:
    inflater = _QUICK.decompressobj(_RAW)
    place, end = entry.start, entry.end
    while place < end and not inflater.eof:
        package.seek(place)  # whoever takes the pieces may read elsewhere in between
        fed = package.read(min(_FED, end - place))
        place += len(fed)
        more = True
        while more:
            try:
                piece = inflater.decompress(fed, _PIECE)
            except _ERRORS as error:
                raise _damaged(entry) from error
            fed = inflater.unconsumed_tail
            more = bool(fed) or len(piece) == _PIECE  # a full piece may have left some behind
            if piece:
                yield piece
    if not inflater.eof or inflater.unused_data or place < end:
        raise _damaged(entry)


def _damaged(entry: Entry) -> DamagedError:
    return DamagedError(Sentence("its part {part} is damaged", part=Name(entry.name)))
