"""Small registers for the tests: records that are right, and datasets made of records."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlreport import checks
from xlreport.registry import load_schema, resources_of
from xlreport.tables import Batch, Dataset, Origin, Record, Resource

SHARED_DATA = Path(__file__).parents[1] / "../shared/data"
"""Real data that may lie beside the checkout."""


def contract(**changes: object) -> Record:
    """Return a contract that obeys the schema, with some members changed; None takes a member away."""
    record: dict[str, object] = {
        "id": "C-1",
        "customerId": "P-1",
        "signedDate": "2017-03-01",
        "status": "active",
        "value": {"amount": Decimal("1000.50"), "currency": "USD"},
        **changes,
    }
    return {name: value for name, value in record.items() if value is not None}


def partner(**changes: object) -> Record:
    """Return a partner that obeys the schema, with some members changed."""
    return {"id": "P-1", "name": "Ministry of Ports", "countryCode": "NA", **changes}


def resource(name: str, records: list[Record], *, batch: int = 1000, **origin: object) -> Resource:
    """Return a resource whose records come in batches, as from ``name.json`` unless ``origin`` differs."""

    def batches() -> Iterator[Batch]:
        for start in range(0, len(records), batch):
            part = records[start : start + batch]
            rows = range(start + 1, start + 1 + len(part))
            yield Batch(part, replace(Origin(f"{name}.json", "json", rows=rows), **origin))

    return Resource(name, batches)


def dataset(**resources: list[Record]) -> Dataset:
    """Return a dataset of lists of records by name."""
    return Dataset(tuple(resource(name, records) for name, records in resources.items()))


def checked(*, engine: str = checks.DEFAULT_ENGINE, **resources: list[Record]) -> checks.Checked:
    """Return the outcome of checking contracts and partners against the shipped schema."""
    register = dataset(**{"partners": [partner()], **resources})
    return checks.run(register, resources_of(load_schema("dataset")), engine=engine)


def schema_file(folder: Path, schema: Mapping[str, Any], name: str = "thing.schema.json") -> Path:
    """Write ``schema`` into ``folder`` and return its path."""
    path = folder / name
    path.write_text(json.dumps(schema), encoding="utf-8")
    return path


def things(
    folder: Path, schema: Mapping[str, Any], *records: Record, engine: str = checks.DEFAULT_ENGINE
) -> checks.Checked:
    """Return the outcome of checking ``records`` as ``things`` against the schema of one record."""
    schemas = resources_of(load_schema(schema_file(folder, schema)), ["things"])
    return checks.run(dataset(things=list(records)), schemas, engine=engine)
