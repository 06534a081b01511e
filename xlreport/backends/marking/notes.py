"""The notes of a worksheet: ours come behind those of other people.

They are known by their author, and, since LibreOffice forgets who wrote a note, by how they begin.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.backends.marking.surgery import Edit, Element, edited, filled_with, parsed, prefixed, text_of
from xlreport.cells import cell_name, column_number
from xlreport.findings import Severity
from xlreport.marks import AUTHOR, Mark

__all__ = ["EMPTY_NOTES", "NOTES_TYPE", "Notes"]

NOTES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
EMPTY_NOTES: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors></authors><commentList></commentList></comments>"
)
_ADDRESS: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]+)")
_BEGINNING: Final = f"{AUTHOR} · "
_TAGS: Final = re.compile(rb"<[^>]*>")
_LOOK: Final = '<rPr>{}<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'


@dataclass(frozen=True, slots=True)
class _Places:
    authors: Element
    notes: Element


class Notes:
    """A part with the notes of one worksheet."""

    def __init__(self, content: bytes, part: str) -> None:
        """Read the part."""
        self.content = content
        self._part = part

    def _root(self) -> Element:
        return parsed(self.content, self._part, depth=2)

    def _authors(self) -> list[str]:
        authors = self._root().child("authors")
        return [
            self.content[each.opened : each.closing].decode("utf-8", "replace").strip()
            for each in (authors.children if authors else [])
        ]

    def _all(self) -> list[Element]:
        notes = self._root().child("commentList")
        return notes.children if notes else []

    def is_empty(self) -> bool:
        """Tell whether there is no note."""
        return not self._all()

    def cells(self) -> set[tuple[int, int]]:
        """Return the 1-based row and column of each note."""
        return {_cell(note) for note in self._all()}

    def remove_ours(self) -> set[tuple[int, int]]:
        """Take out our notes, and return where they were."""
        authors = self._authors()
        ours = [note for note in self._all() if _author(note, authors) == AUTHOR or self._begins(note)]
        edits: list[Edit] = [(note.start, note.stop, b"") for note in ours]
        root = self._root()
        element = root.child("authors")
        if ours and element is not None and authors[-1:] == [AUTHOR]:
            last = element.children[-1]
            edits.append((last.start, last.stop, b""))
        self.content = edited(self.content, edits)
        return {_cell(note) for note in ours}

    def _begins(self, note: Element) -> bool:
        text = _TAGS.sub(b"", self.content[note.opened : note.closing])
        return text.lstrip().startswith(_BEGINNING.encode())

    def add(self, marks: Sequence[Mark], headings: Mapping[Severity, str]) -> None:
        """Add a note for each mark."""
        root = self._root()
        authors, notes = root.child("authors"), root.child("commentList")
        if authors is None or notes is None:
            self.content = EMPTY_NOTES
            self.add(marks, headings)
            return
        tag = root.tag_in(self.content)
        number = len(authors.children)
        author = prefixed(b"<author>" + text_of(AUTHOR) + b"</author>", tag)
        markup = b"".join(_note(mark, number, headings[mark.severity]) for mark in marks)
        self.content = edited(
            self.content,
            [
                *filled_with(self.content, authors, author),
                *filled_with(self.content, notes, prefixed(markup, tag)),
            ],
        )


def _author(note: Element, authors: Sequence[str]) -> str:
    number = note.attributes.get("authorId", "")
    return authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""


def _cell(note: Element) -> tuple[int, int]:
    address = _ADDRESS.match(note.attributes.get("ref", ""))
    return (int(address[2]), column_number(address[1])) if address else (0, 0)


def _note(mark: Mark, author: int, heading: str) -> bytes:
    place = cell_name(mark.row, mark.column)
    runs = _run(f"{_BEGINNING}{heading}\n", "<b/>") + _run(mark.text, "")
    return f'<comment ref="{place}" authorId="{author}"><text>'.encode() + runs + b"</text></comment>"


def _run(text: str, bold: str) -> bytes:
    look = _LOOK.format(bold).encode()
    return b"<r>" + look + b'<t xml:space="preserve">' + text_of(text) + b"</t></r>"
