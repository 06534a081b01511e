"""The row of headings of a table, and the findings about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.cells import cell_name, column_letter
from xlreport.findings import Finding, Place, Severity
from xlreport.sources.values import in_words
from xlreport.tables import Field
from xlreport.text import did_you_mean, listing, plural, shown

__all__ = [
    "HeadingRow",
    "ambiguous_heading",
    "heading_text",
    "loose_headings",
    "missing_column",
    "missing_field",
    "nameless_column",
    "second_column",
    "unknown_column",
    "unmapped_columns",
]

_HEADINGS_HINT: Final = 'If the headings stand in another row, state it in the dataset file: "headerRow": 5.'


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
        letter = column_letter(number)
        return f"{shown(text)} (column {letter})" if text else f"column {letter}"


def unknown_column(row: HeadingRow, position: int, known: Iterable[str]) -> Finding:
    """Return the finding about a heading that no field of the schema answers to."""
    text = row.texts[position]
    guess = did_you_mean(text, known)
    return Finding(
        code="unknown-column",
        severity=Severity.WARNING,
        message=f"No field is called {row.name(position)}; the column is left out{guess or '.'}",
        hint="Give the column the name of a field, or map it in the dataset file.",
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
        message=f"{row.name(position)} is the title of {listing(paths)}; the column is left out.",
        hint="Use the path of the field that is meant as the heading.",
        place=row.place(position),
        value=text,
        expected=listing(paths, "or"),
        group=text,
    )


def loose_headings(row: HeadingRow, paths: Mapping[int, str]) -> Finding:
    """Return the finding about headings that are no names of fields as they stand, but can only mean one."""
    said = listing(f"{row.name(position)} as {path}" for position, path in paths.items())
    return Finding(
        code="loose-heading",
        severity=Severity.INFO,
        message=f"{plural(len(paths), 'heading')} not written as in the schema: read {said}.",
        hint="Write the title or the path of the field, so that nobody has to guess.",
        place=row.place(min(paths)),
        value=len(paths),
    )


def second_column(row: HeadingRow, position: int, path: str) -> Finding:
    """Return the finding about a column whose place in the record another column fills."""
    return Finding(
        code="duplicate-column",
        severity=Severity.ERROR,
        message=f"{row.name(position)} and a column before it both fill {path}; this one is left out.",
        hint="Rename or remove one of the two.",
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
        message=f"There is no column {shown(name)} to fill {path}{_instead(name, texts)}",
        hint=f"Correct the mapping in the dataset file. {_HEADINGS_HINT}",
        place=row.place(),
        expected=name,
        group=path,
    )


def missing_field(row: HeadingRow, field: Field, spare: Sequence[str]) -> Finding:
    """Return the finding about a field that every record must have and that no column fills."""
    guess = did_you_mean(field.title, spare) or did_you_mean(field.path, spare) or "."
    return Finding(
        code="missing-column",
        severity=Severity.ERROR,
        message=f"There is no column {shown(field.title)} ({field.path}), which every record needs{guess}",
        hint=f"Add the column, or map another one to the field in the dataset file. {_HEADINGS_HINT}",
        place=row.place(),
        expected=field.title,
        group=field.path,
    )


def _instead(name: str, known: Sequence[str]) -> str:
    return did_you_mean(name, known) or f"; there are {listing(map(shown, known))}."


def unmapped_columns(row: HeadingRow, positions: Sequence[int]) -> Finding:
    """Return the finding that counts the columns which the mapping does not use."""
    names = listing(row.name(position) for position in positions)
    return Finding(
        code="unmapped-columns",
        severity=Severity.INFO,
        message=f"The mapping does not use {plural(len(positions), 'column')}: {names}.",
        hint='To keep such columns under their own names, state "keepUnmapped": true.',
        place=row.place(),
        value=len(positions),
    )


def nameless_column(row: HeadingRow, position: int, values: int) -> Finding:
    """Return the finding about a column without a heading; ``values`` counts its cells that are not empty."""
    where = row.name(position)
    if values:
        message = (
            f"{where[:1].upper()}{where[1:]} has no heading but {plural(values, 'value')}; it is left out."
        )
        severity, hint = Severity.WARNING, f"Give the column a heading, or empty it. {_HEADINGS_HINT}"
    else:
        message, severity, hint = (
            f"{where[:1].upper()}{where[1:]} is empty and has no heading.",
            Severity.INFO,
            "",
        )
    return Finding("nameless-column", severity, message, hint, place=row.place(position), value=values)
