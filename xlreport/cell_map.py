"""Turn a batch of records into the map from every value in it to its cell.

It says what `Origin.place` says of each value, only quicker: what the values of a column share is found once.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from xlreport.tables import Batch, Piece

__all__ = ["Path", "cells_of"]

Path = tuple[str | int, ...]
"""Of a value in its record: (milestones, 3, dueDate)."""
Cell = tuple[int, Path, str, str]
_DIGITS: Final = "0123456789"


def cells_of(batch: Batch) -> Iterator[Cell]:
    """Iterate over every plain value of the records: position of its record, path, sheet and cell.

    The cell is empty where the records come from no sheet, or the value has no column of its own.
    """
    columns = _Columns(batch)
    pieces = batch.origin.pieces
    for position, record in enumerate(batch.records):
        there = pieces[position] if position < len(pieces) else ()
        yield from columns.cells(position, record, there)


class _Columns:
    """The columns of a batch that are known so far."""

    def __init__(self, batch: Batch) -> None:
        self._origin = batch.origin
        self._of_main: dict[Path, str] = {}
        self._of_children: dict[tuple[int, Path], dict[Path, str]] = {}
        """By sheet and the path of an item there: path in the item -> letters of its column."""

    def cells(self, position: int, record: Any, pieces: Sequence[Piece]) -> Iterator[Cell]:
        """Iterate over the values of a record, some ``pieces`` of which came from child sheets."""
        by_path: dict[Path, Piece | None] = {}
        for piece in pieces:  # None where several have to be asked
            by_path[piece.path] = None if piece.path in by_path or not piece.created else piece
        if () in by_path:
            return self._one_by_one(position, record, ())
        return self._inside(position, record, (), by_path)

    def _inside(
        self, position: int, node: Any, path: Path, by_path: dict[Path, Piece | None]
    ) -> Iterator[Cell]:
        """Iterate over the values of the main sheet in a node, and over those of child sheets further in."""
        sheet, row = self._origin.sheet, self._origin.rows[position]
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            there = (*path, step)
            if isinstance(value, dict | list):
                if there in by_path:
                    piece = by_path[there]
                    if piece is None:
                        yield from self._one_by_one(position, value, there)
                    else:
                        yield from self._of_child(position, value, there, piece, by_path)
                else:
                    yield from self._inside(position, value, there, by_path)
                continue
            letters = self._of_main.get(there)
            if letters is None:
                letters = self._of_main[there] = self._letters(position, there)
            yield position, there, sheet, f"{letters}{row}" if letters else ""

    def _of_child(
        self, position: int, item: Any, path: Path, piece: Piece, by_path: dict[Path, Piece | None]
    ) -> Iterator[Cell]:
        """Iterate over the values of an item that has all of its own from one row of a child sheet."""
        known = self._of_children.setdefault((id(piece.sheet), piece.source), {})
        sheet, row, depth = piece.sheet.sheet, piece.row, len(path)
        for there in _paths_of_values(item, path, by_path):
            if len(there) > depth and there in by_path:
                inner = by_path[there]
                value = _at(item, there[depth:])
                if inner is None:
                    yield from self._one_by_one(position, value, there)
                else:
                    yield from self._of_child(position, value, there, inner, by_path)
                continue
            inside = there[depth:]
            letters = known.get(inside)
            if letters is None:
                letters = known[inside] = self._letters(position, there)
            yield position, there, sheet, f"{letters}{row}" if letters else ""

    def _one_by_one(self, position: int, node: Any, path: Path) -> Iterator[Cell]:
        for there in _paths_of_values(node, path, {}):
            place = self._origin.place(position, there)
            yield position, there, place.sheet, place.cell

    def _letters(self, position: int, path: Path) -> str:
        return self._origin.place(position, path).cell.rstrip(_DIGITS)


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


def _paths_of_values(node: Any, path: Path, ends: dict[Path, Any]) -> Iterator[Path]:
    """Iterate over the paths of what is no list or object itself, and over those that are ``ends``."""
    for step, value in node.items() if isinstance(node, dict) else enumerate(node):
        there = (*path, step)
        if isinstance(value, dict | list) and there not in ends:
            yield from _paths_of_values(value, there, ends)
        else:
            yield there
