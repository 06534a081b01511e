"""Turn a file from outside into what speaks against reading it, before any reader sees it.

`look` is the one door: whoever opens a file that the user named calls it first. Everything is counted as it
is unpacked, in bounded memory, and nothing that a file says about its own size is believed. Errors mean
that the file is not to be read; notes say what a workbook carries that is never run, fetched or opened.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Listed, Name, Numeral, Sentence
from xlreport.uploads.archive import entries_of
from xlreport.uploads.carried import KINDS, Cargo, Kind
from xlreport.uploads.limits import UNTRUSTED, USUAL, Carried, Limits, limits_from, size_in_words
from xlreport.uploads.markup import Watch, check_depth_by_parsing, is_markup
from xlreport.uploads.problems import DamagedError, Refusal, RefusedError, over_limit
from xlreport.uploads.unpacking import Meter, pieces

__all__ = ["UNTRUSTED", "USUAL", "Carried", "Limits", "limits_from", "look", "too_many"]

_PACKAGE: Final = b"PK"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_LINES: Final = ("csv", "ndjson")
_CHUNK: Final = 1 << 20
_REMEMBERED: Final = 256
_STORAGE: Final = "_VBA_PROJECT_CUR".encode("utf-16-le")
"""Name of the storage of an .xls file that holds its macros."""
_MOST_PARTS: Final = 3


def look(path: Path, file: str, form: str, limits: Limits = USUAL) -> tuple[Finding, ...]:
    """Return what speaks against reading a file, errors first, and what it carries.

    ``file`` is its name as the user gave it, ``form`` one of json, ndjson, csv, parquet and xlsx, which
    stands for every kind of workbook. OSError where the file cannot be opened. The answer for a file that
    has not changed is remembered.
    """
    known = path.stat()
    return _looked(path, file, form, limits, (known.st_size, known.st_mtime_ns, known.st_ino))


@functools.lru_cache(_REMEMBERED)
def _looked(
    path: Path, file: str, form: str, limits: Limits, _version: tuple[int, int, int]
) -> tuple[Finding, ...]:
    try:
        return tuple(_seen(path, file, form, limits))
    except RefusedError as stop:
        return (_finding(stop.refusal, file),)
    except DamagedError as damage:
        return (_damaged(damage.reason, file),)


def _seen(path: Path, file: str, form: str, limits: Limits) -> Iterator[Finding]:
    with path.open("rb") as opened:
        size = opened.seek(0, 2)
        if size > limits.file:
            raise _too_large(file, size, limits)
        opened.seek(0)
        if form in _LINES:
            _check_lines(opened, file, limits)
        elif form == "xlsx":
            cargo = _cargo(opened, file, limits)
            found = [_carried(kind, cargo, file, limits) for kind in KINDS if kind.code in cargo.seen]
            yield from sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)


def _too_large(file: str, size: int, limits: Limits) -> RefusedError:
    message = Sentence(
        "{file} is {size} large; at most {limit} is read.",
        file=Name(file),
        size=size_in_words(size),
        limit=size_in_words(limits.file),
    )
    return over_limit(message, f"file={size}", value=size)


def _check_lines(opened: BinaryIO, file: str, limits: Limits) -> None:
    """Refuse a file with a line that would have to be held in memory and is longer than the limit."""
    length, line = 0, 1
    while chunk := opened.read(_CHUNK):
        first = chunk.find(b"\n")
        length += len(chunk) if first < 0 else first
        if length > limits.line:
            message = Sentence(
                "{file}: its line {line} is longer than {limit}.",
                file=Name(file),
                line=Numeral(line),
                limit=size_in_words(limits.line),
            )
            raise over_limit(message, f"line={length * 2}", value=length)
        if first >= 0:
            line += chunk.count(b"\n")
            length = len(chunk) - chunk.rfind(b"\n") - 1


def _cargo(opened: BinaryIO, file: str, limits: Limits) -> Cargo:
    """Go through a workbook; raise RefusedError or DamagedError where it is not to be read."""
    cargo = Cargo()
    head = opened.read(4)
    if head.startswith(_COMPOUND):
        if _holds(opened, _STORAGE):
            cargo.see_name("xl/vbaProject.bin")
    elif head.startswith(_PACKAGE):  # what is neither, the reader of workbooks will say
        _go_through(opened, file, limits, cargo)
    return cargo


def _holds(opened: BinaryIO, words: bytes) -> bool:
    tail = b""
    while chunk := opened.read(_CHUNK):
        if words in tail + chunk:
            return True
        tail = chunk[-len(words) :]
    return False


def _go_through(package: BinaryIO, file: str, limits: Limits, cargo: Cargo) -> None:
    entries = entries_of(package, file, limits)
    meter = Meter(file, limits)
    meter.announced(entries)
    for entry in entries:
        cargo.see_name(entry.name)
        watch = Watch(file, entry.name, limits.depth) if is_markup(entry.name) else None
        for piece in pieces(package, entry, meter):
            cargo.see_text(entry.name, piece)
            if watch:
                watch.see(piece)
        if watch:
            watch.end()
        if watch and watch.ambiguous:
            again = pieces(package, entry, Meter(file, limits))
            check_depth_by_parsing(again, file, entry.name, limits.depth)


def _carried(kind: Kind, cargo: Cargo, file: str, limits: Limits) -> Finding:
    parts = Listed(map(Name, cargo.parts(kind.code)), most=_MOST_PARTS)
    message = Sentence(kind.message.template, file=Name(file), parts=parts)
    if getattr(limits, kind.limit) == "refuse":
        hint = Sentence("If you trust the file, add --limit {option}.", option=f"{kind.limit}=note")
        return _finding(Refusal("unsafe-file", message, hint, parts), file)
    return Finding(
        kind.code,
        Severity.INFO,
        message,
        kind.hint,
        place=Place(file=file),
        value=parts,
        group=kind.code,
    )


def _finding(refusal: Refusal, file: str) -> Finding:
    return Finding(
        refusal.code,
        Severity.ERROR,
        refusal.message,
        refusal.hint,
        place=Place(file=file),
        value=refusal.value,
        expected=refusal.expected,
    )


def _damaged(reason: Sentence, file: str) -> Finding:
    return Finding(
        "broken-workbook",
        Severity.ERROR,
        Sentence("{file} cannot be read as a workbook: {reason}.", file=Name(file), reason=reason),
        Sentence("It may have been cut short: open it in Excel and save it again."),
        place=Place(file=file),
    )


def too_many(file: str, what: str, count: int, limits: Limits) -> Finding | None:
    """Return the refusal of a file that has more ``columns`` or ``values`` than allowed."""
    limit = getattr(limits, what)
    if count <= limit:
        return None
    number = {"count": Numeral(count), "limit": Numeral(limit)}
    message = (
        Sentence("{file} has {count} columns; at most {limit} are read.", file=Name(file), **number)
        if what == "columns"
        else Sentence(
            "{file} says that it holds {count} values; at most {limit} are read.", file=Name(file), **number
        )
    )
    return _finding(over_limit(message, f"{what}={count}", value=count).refusal, file)
