"""Turn a batch of records into the map from every value in it to its cell.

It says what `Origin.place` says of each value, only quicker: what the values of a column share is found once.
"""

from collections.abc import Iterator
from typing import Any

from xlreport.tables import Batch, ChildSheet, Piece

__all__ = ["Path", "cells_of"]

Path = tuple[str | int, ...]
"""Of a value in its record: (milestones, 3, dueDate)."""
_DIGITS = "0123456789"


def cells_of(batch: Batch) -> Iterator[tuple[int, Path, str, str]]:
    """Iterate over every plain value of the records: position of its record, path, sheet and cell.

    The cell is empty where the records come from no sheet, or the value has no column of its own.
    """
    columns = _Columns(batch)
    pieces = batch.origin.pieces
    for position, record in enumerate(batch.records):
        there = pieces[position] if position < len(pieces) else ()
        for path in _paths_of_values(record):
            sheet, cell = columns.cell(position, path, there)
            yield position, path, sheet, cell


class _Columns:
    """The columns of a batch that are known so far."""

    def __init__(self, batch: Batch) -> None:
        self._origin = batch.origin
        self._of_main: dict[Path, str] = {}
        self._of_children: dict[tuple[int, Path], tuple[str, ChildSheet]] = {}

    def cell(self, position: int, path: Path, pieces: "tuple[Piece, ...] | Any") -> tuple[str, str]:
        """Return sheet and cell of a value, of whose record some ``pieces`` came from child sheets."""
        if pieces:
            own = [piece for piece in pieces if path[: len(piece.path)] == piece.path]
            if len(own) == 1 and own[0].created:
                return self._of_child(position, path, own[0])
            if own:
                place = self._origin.place(position, path)
                return place.sheet, place.cell
        letters = self._of_main.get(path)
        if letters is None:
            letters = self._of_main[path] = self._origin.place(position, path).cell.rstrip(_DIGITS)
        return self._origin.sheet, f"{letters}{self._origin.rows[position]}" if letters else ""

    def _of_child(self, position: int, path: Path, piece: Piece) -> tuple[str, str]:
        """Return the cell of a value in an item that has all of its values from one row."""
        key = id(piece.sheet), (*piece.source, *path[len(piece.path) :])
        known = self._of_children.get(key)
        if known is None:
            letters = self._origin.place(position, path).cell.rstrip(_DIGITS)
            known = self._of_children[key] = letters, piece.sheet  # which stays alive, and so its identity
        letters, sheet = known
        return sheet.sheet, f"{letters}{piece.row}" if letters else ""


def _paths_of_values(node: Any, path: Path = ()) -> Iterator[Path]:  # any JSON value
    """Iterate over the paths of what is no list or object itself."""
    members: Iterator[tuple[str | int, Any]] = iter(
        node.items() if isinstance(node, dict) else enumerate(node)
    )
    for step, value in members:
        if isinstance(value, dict | list):
            yield from _paths_of_values(value, (*path, step))
        else:
            yield (*path, step)
