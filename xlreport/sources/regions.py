"""Turn the regions table (CSV) into `Regions`.

Columns: code, name, region, subregion, grouping, aliases (separated by semicolons). A row without a
code is a body that belongs to no country.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlreport.analysis.regions import Country, Regions, folded
from xlreport.sources.lookup_csv import LookupRow, read_lookup_csv, refuse
from xlreport.text import shown

__all__ = ["read_regions"]

_COLUMNS = ("code", "name", "region", "subregion", "grouping", "aliases")
_CODE = re.compile(r"([A-Z]{2})?")


def read_regions(path: str | Path) -> Regions:
    """Read the regions table at ``path``; SpecError names the file, line and column of every mistake."""
    table = read_lookup_csv(Path(path), _COLUMNS, only=True)
    problems = [*_bad_cells(table.rows), *_repeated_codes(table.rows), *_ambiguous_names(table.rows)]
    if problems:
        refuse(table.file, problems)
    return Regions(tuple(_country(row) for row in table.rows), table.file, table.sha256)


def _country(row: LookupRow) -> Country:
    code, name, region, subregion, grouping, _ = (row.values[column] for column in _COLUMNS)
    return Country(code, name, region, subregion, grouping, tuple(_aliases(row)))


def _aliases(row: LookupRow) -> Iterator[str]:
    return (alias.strip() for alias in row.values["aliases"].split(";") if alias.strip())


def _bad_cells(rows: Sequence[LookupRow]) -> Iterator[str]:
    for row in rows:
        code = shown(row.values["code"])
        if not _CODE.fullmatch(row.values["code"]):
            where = f":{row.line} code"
            yield f"{where}: {code} is not a country code; write two capital letters, or none for no country."
        for column in ("name", "region", "subregion", "grouping"):
            if not row.values[column]:
                yield f":{row.line} {column}: the cell is empty; every row needs a {column}."


def _repeated_codes(rows: Sequence[LookupRow]) -> Iterator[str]:
    lines: dict[str, int] = {}
    for row in rows:
        code = row.values["code"]
        first = lines.setdefault(code, row.line)
        if code and first != row.line:
            yield f":{row.line} code: '{code}' is on line {first} too; keep one of the two."


def _ambiguous_names(rows: Sequence[LookupRow]) -> Iterator[str]:
    lines: dict[str, int] = {}
    for row in rows:
        for column, name in (("name", row.values["name"]), *(("aliases", alias) for alias in _aliases(row))):
            first = lines.setdefault(folded(name), row.line)
            if first != row.line:
                meant = f"{shown(name)} means the country on line {first} too"
                yield f":{row.line} {column}: {meant}; a name may mean one only."
