"""Turn a file of exchange rates (CSV) into a `RateTable`.

Our own format has the columns date, from, to and rate: one unit of ``from`` is ``rate`` units of ``to``
on that date. One currency, the base, is on one side of every row.

Any other file is described by the ``rates`` object of the dataset file::

    {"path": "annual.csv", "base": "USD",
     "columns": {"date": "Date", "currency": "Country", "rate": "Exchange rate"},
     "currencies": {"Australia": "AUD", "Euro": "EUR"},
     "quotation": {"default": "units-per-base", "base-per-unit": ["AUD", "EUR"]}}

``currencies`` gives the code for each name that the file uses; a name that is a code stands for itself.
``quotation`` says which way the rates are quoted, and which currencies are quoted the other way round.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlreport.analysis.rates import Quotation, Rate, RateTable, rate_problems, rate_table
from xlreport.errors import SpecError
from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Counted, Name, Sentence, guess, one_after_the_other
from xlreport.sources.lookup_csv import LookupRow, LookupTable, read_lookup_csv, refuse
from xlreport.text import did_you_mean, listing, shown

__all__ = ["read_rates"]

_CODE = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_OWN_COLUMNS = ("date", "from", "to", "rate")
_MAPPED_COLUMNS = ("date", "currency", "rate")


@dataclass(frozen=True, slots=True)
class _Format:
    """How a file of rates is laid out, from the ``rates`` object of the dataset file."""

    path: str
    delimiter: str = ","
    base: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our name (date, currency, rate) -> heading in the file; empty for our own format."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    default: Quotation = Quotation.UNITS_PER_BASE
    exceptions: Mapping[str, Quotation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the rows of a file gave: rates with their lines, mistakes, and findings."""

    rates: list[Rate] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, line: int, rate: Rate) -> None:
        """Keep a rate and the line that it stands on."""
        self.rates.append(rate)
        self.lines.append(line)


def read_rates(spec: str | Path | Mapping[str, Any], folder: str | Path = "") -> RateTable:
    """Read exchange rates from a path, or as the ``rates`` object of a dataset file describes them.

    A relative path is looked up in ``folder``. SpecError names every mistake in the object or the file;
    names that no currency is known for, and lines without a rate, become findings of the table.
    """
    layout = _format(spec if isinstance(spec, Mapping) else {"path": str(spec)})
    path = Path(folder) / layout.path
    if layout.columns:
        headings = tuple(layout.columns.values())
        table = read_lookup_csv(path, headings, only=False, delimiter=layout.delimiter)
        return _finished(table, layout.base, _mapped_rows(table, layout))
    table = read_lookup_csv(path, _OWN_COLUMNS, only=True, delimiter=layout.delimiter)
    base = _base(table)
    return _finished(table, base, _own_rows(table, base))


def _finished(table: LookupTable, base: str, found: _Lines) -> RateTable:
    problems = found.problems or [
        f":{found.lines[position]}: {sentence}" for position, sentence in rate_problems(base, found.rates)
    ]
    if problems:
        refuse(table.file, problems)
    rates = rate_table(base, found.rates, source=table.file, sha256=table.sha256)
    return replace(rates, findings=tuple(found.findings))


# --- our own format ---------------------------------------------------------------------------------


def _base(table: LookupTable) -> str:
    """Return the currency that is on one side of every row."""
    pairs = [(row.values["to"], row.values["from"]) for row in table.rows]
    common = [code for code in (pairs[0] if pairs else ()) if all(code in pair for pair in pairs)]
    if not common:
        what = "no currency is in every row" if pairs else "there are no rates"
        refuse(table.file, [f": {what}; give rates against one base currency, such as USD."])
    return common[0]


def _own_rows(table: LookupTable, base: str) -> _Lines:
    found = _Lines()
    for row in table.rows:
        problems = [
            *_bad_date(row, "date"),
            *_bad_code(row, "from"),
            *_bad_code(row, "to"),
            *_bad_number(row, "rate"),
        ]
        found.problems.extend(problems)
        if not problems:
            inverse = row.values["from"] == base
            currency = row.values["to" if inverse else "from"]
            quotation = Quotation.UNITS_PER_BASE if inverse else Quotation.BASE_PER_UNIT
            date, rate = dt.date.fromisoformat(row.values["date"]), Decimal(row.values["rate"])
            found.add(row.line, Rate(currency, date, rate, quotation))
    return found


# --- other formats ----------------------------------------------------------------------------------


def _mapped_rows(table: LookupTable, layout: _Format) -> _Lines:
    found = _Lines()
    unknown: list[tuple[int, str]] = []
    empty: list[tuple[int, str]] = []
    for row in table.rows:
        date, name, rate = (row.values[layout.columns[column]] for column in _MAPPED_COLUMNS)
        currency = layout.currencies.get(name) or (name if _CODE.fullmatch(name) else "")
        if not currency:
            unknown.append((row.line, name))
        elif not rate:
            empty.append((row.line, currency))
        elif problems := _bad_mapped(row, layout, currency):
            found.problems.extend(problems)
        elif currency != layout.base:
            quotation = layout.exceptions.get(currency, layout.default)
            found.add(row.line, Rate(currency, dt.date.fromisoformat(date), Decimal(rate), quotation))
    found.findings.extend(_unknown_names(table.file, layout, unknown))
    found.findings.extend(_empty_rates(table.file, layout, empty))
    return found


def _bad_mapped(row: LookupRow, layout: _Format, currency: str) -> list[str]:
    problems = [*_bad_date(row, layout.columns["date"]), *_bad_number(row, layout.columns["rate"])]
    rate = row.values[layout.columns["rate"]]
    if not problems and currency == layout.base and Decimal(rate) != 1:
        problems.append(f":{row.line} {layout.columns['rate']}: {rate} is the rate of {currency} to itself.")
    return problems


def _unknown_names(file: str, layout: _Format, rows: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    for name, line, count in _first_lines(rows):
        yield Finding(
            "rates-unknown-currency",
            Severity.WARNING,
            Sentence(
                "No currency is known for {name} ({lines}).",
                name=Name(shown(name)),
                lines=Counted(count, "line"),
            ),
            one_after_the_other(
                guess(name, layout.currencies),
                Sentence("Give its code under 'currencies' of the rates in the dataset file."),
            ),
            place=Place(file, row=line, column=layout.columns["currency"]),
            value=name,
        )


def _empty_rates(file: str, layout: _Format, rows: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    for currency, line, count in _first_lines(rows):
        yield Finding(
            "rates-empty",
            Severity.INFO,
            Sentence(
                "There is no rate in {lines} of {currency}.",
                lines=Counted(count, "line"),
                currency=Name(currency),
            ),
            Sentence("The rate before is used for those days, as long as it is recent enough."),
            place=Place(file, row=line, column=layout.columns["rate"]),
            value=currency,
        )


def _first_lines(rows: Sequence[tuple[int, str]]) -> Iterator[tuple[str, int, int]]:
    """Yield each name with the line that it is first on and the number of lines that it is on."""
    counts = Counter(name for _, name in rows)
    first = {name: line for line, name in reversed(rows)}
    return ((name, first[name], count) for name, count in counts.items())


# --- cells ------------------------------------------------------------------------------------------


def _bad_date(row: LookupRow, column: str) -> Iterator[str]:
    value = row.values[column]
    try:
        right = bool(_DATE.fullmatch(value)) and bool(dt.date.fromisoformat(value))
    except ValueError:
        right = False
    if not right:
        yield f":{row.line} {column}: {shown(value)} is not a date; write year-month-day, such as 2017-01-31."


def _bad_code(row: LookupRow, column: str) -> Iterator[str]:
    code = row.values[column]
    if not _CODE.fullmatch(code):
        yield f":{row.line} {column}: {shown(code)} is not a currency code; write three capital letters."


def _bad_number(row: LookupRow, column: str) -> Iterator[str]:
    value = row.values[column]
    if not _NUMBER.fullmatch(value):
        yield f":{row.line} {column}: {shown(value)} is not a rate: a number above zero, such as 1.1297."


# --- the `rates` object -----------------------------------------------------------------------------


def _format(spec: Mapping[str, Any]) -> _Format:
    known = ("path", "dialect", "base", "columns", "currencies", "quotation")
    problems = [*_unknown_members(spec, known, "rates"), *_wrong_members(spec)]
    if not problems and "columns" in spec:
        problems = [*_wrong_columns(spec), *_wrong_quotation(spec.get("quotation", {}))]
    elif not problems:
        problems = [
            f"rates: '{name}' is of no use without 'columns'; leave it out, or describe the file's columns."
            for name in ("base", "currencies", "quotation")
            if name in spec
        ]
    if problems:
        raise SpecError("\n".join(problems))
    quotation = spec.get("quotation", {})
    return _Format(
        spec["path"],
        spec.get("dialect", {}).get("delimiter", ","),
        spec.get("base", ""),
        spec.get("columns", {}),
        spec.get("currencies", {}),
        Quotation(quotation.get("default", Quotation.UNITS_PER_BASE)),
        {code: way for way in Quotation for code in quotation.get(way, ())},
    )


def _unknown_members(given: Mapping[str, Any], known: Sequence[str], where: str) -> Iterator[str]:
    for name in given:
        if name not in known:
            guess = did_you_mean(name, known) or "."
            yield f"{where}: '{name}' is not known; there are: {listing(known)}{guess}"


def _wrong_members(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, value in spec.items():
        kind = str if name in {"path", "base"} else dict
        if not isinstance(value, kind):
            yield f"rates/{name}: {shown(value)} is not {'text' if kind is str else 'an object'}."
    if not spec.get("path"):
        yield "rates: there is no 'path'; name the CSV file with the rates."
    for name in ("columns", "currencies", "dialect"):
        members = spec.get(name)
        for key, value in members.items() if isinstance(members, dict) else ():
            if not isinstance(value, str):
                yield f"rates/{name}/{key}: {shown(value)} is not text."
            elif key == "delimiter" and len(value) != 1:
                yield f"rates/dialect/delimiter: {shown(value)} is not one character, such as ';'."
            elif name == "dialect" and key != "delimiter":
                yield f"rates/dialect: '{key}' is not known; there is: delimiter."


def _wrong_columns(spec: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown_members(spec["columns"], _MAPPED_COLUMNS, "rates/columns")
    for name in _MAPPED_COLUMNS:
        if name not in spec["columns"]:
            yield f"rates/columns: there is no '{name}'; name the heading of the file's {name} column."
    if "base" not in spec:
        yield "rates: there is no 'base'; name the currency that all rates are against, such as USD."
    elif not _CODE.fullmatch(spec["base"]):
        yield f"rates/base: {shown(spec['base'])} is not a currency code: three capital letters, such as USD."
    for name, code in spec.get("currencies", {}).items():
        if not _CODE.fullmatch(code):
            yield f"rates/currencies/{name}: {shown(code)} is not a currency code: three capital letters."


def _wrong_quotation(quotation: Mapping[str, Any]) -> Iterator[str]:
    ways = [way.value for way in Quotation]
    yield from _unknown_members(quotation, ["default", *ways], "rates/quotation")
    default = quotation.get("default", ways[0])
    if default not in ways:
        yield f"rates/quotation/default: {shown(default)} is not known; write {listing(ways, 'or')}."
    listed = [code for way in ways for code in _codes(quotation, way)]
    for way in ways:
        if not isinstance(quotation.get(way, []), list):
            yield f"rates/quotation/{way}: {shown(quotation[way])} is not a list of currency codes."
    for code, count in Counter(listed).items():
        if count > 1 or not _CODE.fullmatch(code):
            yield f"rates/quotation: {shown(code)} is not a currency code, or is there twice."


def _codes(quotation: Mapping[str, Any], way: str) -> list[str]:
    codes = quotation.get(way, [])
    return [str(code) for code in codes] if isinstance(codes, list) else []
