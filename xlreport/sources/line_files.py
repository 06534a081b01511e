"""Turn NDJSON files into batches of lines that nobody has decoded yet."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xlreport.sources.description import Part
from xlreport.sources.files import encoding_of, utf8_lines
from xlreport.sources.guard import refusal
from xlreport.sources.items import BATCH_RECORDS, in_batches
from xlreport.sources.json_files import line_item, ndjson_items
from xlreport.tables import Batch, Lines, Origin

__all__ = ["is_left_as_text", "line_batches"]


def is_left_as_text(part: Part) -> bool:
    """Tell whether the lines of a part are records as they stand: NDJSON, with nothing to change in it."""
    return part.format == "ndjson" and part.mapping is None and not part.notation.missing


def line_batches(part: Part, name: str, origin: Origin) -> Iterator[Batch | Lines]:
    """Iterate over the lines of such a part; decoded, they are the very batches that `in_batches` makes."""
    rows: list[int] = []
    lines: list[bytes] = []
    full = False
    if not refusal(part) and encoding_of(part) in ("utf-8", "utf-8-sig"):
        for row, line in enumerate(utf8_lines(part), 1):
            if not line.strip():
                continue
            rows.append(row)
            lines.append(line)
            if len(lines) == BATCH_RECORDS:
                full = True
                yield _batch(part, name, origin, rows, lines)
                rows, lines = [], []
    if lines:
        yield _batch(part, name, origin, rows, lines)
    elif not full:
        yield from in_batches(ndjson_items(part), name, origin, plain=True)


def _batch(part: Part, name: str, origin: Origin, rows: list[int], lines: list[bytes]) -> Lines:
    decoded = functools.partial(_decoded, part, name, origin, rows, lines)
    return Lines(lines, replace(origin, rows=rows), decoded)


def _decoded(
    part: Part, name: str, origin: Origin, rows: Sequence[int], lines: Sequence[bytes]
) -> Iterator[Batch]:
    items = (line_item(part, row, line) for row, line in zip(rows, lines, strict=True))
    return in_batches(items, name, origin, plain=True)
