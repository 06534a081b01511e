"""Read the files of a register and check its records."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = [
    "Errors",
    "check",
    "partner_records",
    "read_contracts",
    "read_partners",
    "read_rates",
    "read_regions",
]

Errors = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]
"""A record -> the path and the message of everything that is wrong with it."""


def read_contracts(folder: Path) -> list[dict[str, Any]]:
    with (folder / "contracts.ndjson").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_partners(folder: Path) -> pd.DataFrame:
    # NA is Namibia.
    return pd.read_csv(folder / "partners.csv", dtype=str, keep_default_na=False, na_values=[""])


def read_rates(folder: Path) -> pd.DataFrame:
    """Return each quotation by currency and date, as it is quoted and in dollars for one unit."""
    rates = pd.read_csv(folder / "rates.csv", parse_dates=["date"])
    rates["inDollars"] = rates["to"] == "USD"
    rates["currency"] = rates["from"].where(rates["inDollars"], rates["to"])
    rates["dollars"] = rates["rate"].where(rates["inDollars"], 1 / rates["rate"])
    return rates.sort_values("date")[["currency", "date", "rate", "inDollars", "dollars"]]


def read_regions(folder: Path) -> pd.DataFrame:
    regions = pd.read_csv(folder / "regions.csv", dtype=str, keep_default_na=False, na_values=[""])
    return regions[["code", "name", "grouping", "subregion"]].rename(
        columns={"code": "countryCode", "name": "country", "grouping": "region"}
    )


def check(name: str, records: Iterable[dict[str, Any]], errors: Errors) -> None:
    """Hold every record against its schema and look for ids that stand twice."""
    seen: set[str] = set()
    found = []
    for record in records:
        found += [f"{name} {record.get('id')}: {path}: {message}" for path, message in errors(record)]
        if record.get("id") in seen:
            found.append(f"{name} {record['id']}: the id stands twice")
        seen.add(record.get("id", ""))
    if found:
        message = f"{len(found)} errors in {name}, such as\n" + "\n".join(found[:10])
        raise ValueError(message)


def partner_records(partners: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the partners as their schema describes them: lists for what semicolons separate."""
    for row in partners.to_dict("records"):
        record = {name: value for name, value in row.items() if isinstance(value, str)}
        for name in ("aliases", "roles", "formerSuppliers"):
            if name in record:
                record[name] = [part.strip() for part in record[name].split(";")]
        identifier = {part: record.pop(f"identifier/{part}", None) for part in ("scheme", "id")}
        yield record | {"identifier": identifier}
