"""The row of headings of a table, and the findings about it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.cells import cell_name, column_letter
from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Counted, Listed, Name, Sentence, guess, one_after_the_other
from xlreport.sources.values import in_words
from xlreport.tables import Field
from xlreport.text import shown

__all__ = [
    "HeadingRow",
    "ambiguous_heading",
    "heading_text",
    "loose_headings",
    "missing_column",
    "missing_field",
    "nameless_columns",
    "second_column",
    "stray_blanks",
    "unknown_column",
    "unmapped_columns",
]

_BLANKS: Final = re.compile(r"^\s|\s$|[^\S\n\r]{2}|\u00a0")
"""Blanks around a text or several between its words; a line break in a heading is only how it is set."""
_HEADINGS_HINT: Final = Sentence(
    'If the headings stand in another row, state it in the dataset file, such as "headerRow": 5.'
)


def heading_text(cell: object) -> str:
    """Return a heading as one line of text; empty where there is none."""
    return "" if cell is None else " ".join(in_words(cell).split())


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The headings of a table, and where they stand."""

    texts: tuple[str, ...]
    """One for each column; empty where a column has none."""
    file: str
    row: int = 0
    """1-based; 0 where headings stand in no row (a DataFrame)."""
    sheet: str = ""
    first_column: int = 1
    """1-based number of the first column."""

    def column(self, position: int) -> tuple[int, str]:
        """Return number and heading of the column at the 0-based ``position``."""
        return self.first_column + position, self.texts[position] if position < len(self.texts) else ""

    def place(self, position: int | None = None, row: int = 0) -> Place:
        """Return the place of the row, or of its cell in the column at ``position``; 0 is the heading row."""
        row = row or self.row
        if position is None:
            return Place(self.file, self.sheet, row or None)
        number, text = self.column(position)
        return Place(
            self.file, self.sheet, row or None, text, cell_name(row, number) if self.sheet and row else ""
        )

    def name(self, position: int) -> str:
        """Return what a sentence calls the column: ``'Amount' (column C)``."""
        number, text = self.column(position)
        letter = Name(column_letter(number))
        if text:
            return Sentence("{heading} (column {letter})", heading=Name(shown(text)), letter=letter)
        return Sentence("column {letter}", letter=letter)


def unknown_column(row: HeadingRow, position: int, known: Iterable[str]) -> Finding:
    """Return the finding about a heading that no field of the schema answers to."""
    text = row.texts[position]
    return Finding(
        code="unknown-column",
        severity=Severity.WARNING,
        message=Sentence("No field is called {column}; the column is left out.", column=row.name(position)),
        hint=one_after_the_other(
            guess(text, known),
            Sentence("Give the column the name of a field, or map it in the dataset file."),
        ),
        place=row.place(position),
        value=text,
        group=text,
    )


def ambiguous_heading(row: HeadingRow, position: int, paths: Sequence[str]) -> Finding:
    """Return the finding about a heading that is the title of several fields."""
    text = row.texts[position]
    return Finding(
        code="ambiguous-heading",
        severity=Severity.ERROR,
        message=Sentence(
            "{column} is the title of {fields}; the column is left out.",
            column=row.name(position),
            fields=Listed(map(Name, paths)),
        ),
        hint=Sentence("Use the path of the field that is meant as the heading."),
        place=row.place(position),
        value=text,
        expected=Listed(map(Name, paths), "or"),
        group=text,
    )


def loose_headings(row: HeadingRow, titles: Mapping[int, str]) -> Finding:
    """Return the finding about headings that are no names of fields as they stand, but can only mean one."""
    read = [
        Sentence("{column} as {title}", column=row.name(position), title=Name(title))
        for position, title in titles.items()
    ]
    return Finding(
        code="loose-heading",
        severity=Severity.INFO,
        message=Sentence(
            "{headings} not written as in the schema: read {read}.",
            headings=Counted(len(titles), "heading"),
            read=Listed(read),
        ),
        hint=Sentence("Write the title or the path of the field, so that nobody has to guess."),
        place=row.place(min(titles)),
        value=len(titles),
    )


def stray_blanks(row: HeadingRow, rows: Sequence[Sequence[object]]) -> Finding | None:
    """Return the finding about headings with blanks that nobody sees, if any of their ``rows`` has such."""
    found = sorted(
        {
            position
            for cells in rows
            for position, cell in enumerate(cells)
            if isinstance(cell, str) and cell.strip() and _BLANKS.search(cell)
        }
    )
    if not found:
        return None
    return Finding(
        code="loose-heading",
        severity=Severity.INFO,
        message=Sentence(
            "Blanks too many in a heading do not count: {headings}.", headings=Listed(map(row.name, found))
        ),
        hint=Sentence("Take the blanks out: to other programs they make the heading another one."),
        place=row.place(found[0]),
        value=len(found),
    )


def second_column(row: HeadingRow, position: int, path: str) -> Finding:
    """Return the finding about a column whose place in the record another column fills."""
    return Finding(
        code="duplicate-column",
        severity=Severity.ERROR,
        message=Sentence(
            "{column} and a column before it both fill {field}; this one is left out.",
            column=row.name(position),
            field=Name(path),
        ),
        hint=Sentence("Rename or remove one of the two."),
        place=row.place(position),
        value=row.texts[position],
        group=path,
    )


def missing_column(row: HeadingRow, name: str, path: str) -> Finding:
    """Return the finding about a column that the mapping names and the file does not have."""
    texts = [text for text in row.texts if text]
    return Finding(
        code="missing-column",
        severity=Severity.ERROR,
        message=Sentence(
            "There is no column {name} to fill {field}; there are {headings}.",
            name=Name(shown(name)),
            field=Name(path),
            headings=Listed(Name(shown(text)) for text in texts),
        ),
        hint=one_after_the_other(
            guess(name, texts), Sentence("Correct the mapping in the dataset file."), _HEADINGS_HINT
        ),
        place=row.place(),
        expected=name,
        group=path,
    )


def missing_field(row: HeadingRow, field: Field, spare: Sequence[str]) -> Finding:
    """Return the finding about a field that every record must have and that no column fills."""
    return Finding(
        code="missing-column",
        severity=Severity.ERROR,
        message=Sentence(
            "There is no column {name} ({field}), which every record needs.",
            name=Name(shown(field.title)),
            field=Name(field.path),
        ),
        hint=one_after_the_other(
            guess(field.title, spare) or guess(field.path, spare),
            Sentence("Add the column, or map another one to the field in the dataset file."),
            _HEADINGS_HINT,
        ),
        place=row.place(),
        expected=field.title,
        group=field.path,
    )


def unmapped_columns(row: HeadingRow, positions: Sequence[int]) -> Finding:
    """Return the finding that counts the columns which the mapping does not use."""
    return Finding(
        code="unmapped-columns",
        severity=Severity.INFO,
        message=Sentence(
            "The mapping does not use {columns}: {names}.",
            columns=Counted(len(positions), "column"),
            names=Listed(row.name(position) for position in positions),
        ),
        hint=Sentence('To keep such columns under their own names, state "keepUnmapped": true.'),
        place=row.place(),
        value=len(positions),
    )


def nameless_columns(row: HeadingRow, values: Mapping[int, int]) -> list[Finding]:
    """Return the findings about columns without a heading; ``values`` counts their cells that hold any."""
    empty = [position for position, count in values.items() if not count]
    filled = [_values_without_heading(row, position, count) for position, count in values.items() if count]
    return [*filled, _empty_columns(row, empty)] if empty else filled


def _empty_columns(row: HeadingRow, positions: Sequence[int]) -> Finding:
    letters = [Name(column_letter(row.column(position)[0])) for position in positions]
    if len(letters) == 1:
        message = Sentence("Column {letter} is empty and has no heading.", letter=letters[0])
    else:
        message = Sentence("Columns {letters} are empty and have no headings.", letters=Listed(letters))
    return Finding("nameless-column", Severity.INFO, message, place=row.place(positions[0]), value=0)


def _values_without_heading(row: HeadingRow, position: int, values: int) -> Finding:
    message = Sentence(
        "Column {letter} has no heading but {values}; it is left out.",
        letter=Name(column_letter(row.column(position)[0])),
        values=Counted(values, "value"),
    )
    hint = one_after_the_other(Sentence("Give the column a heading, or empty it."), _HEADINGS_HINT)
    place = row.place(position)
    return Finding("nameless-column", Severity.WARNING, message, hint, place=place, value=values)
