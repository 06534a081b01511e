"""Rules over registers that others keep, with mistakes planted in them: those are found, and no others."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from registers import SHARED_DATA, dataset, schema_file
from witness_rules import judged

from xlreport import checks
from xlreport.registry import load_schema, resources_of
from xlreport.tables import Record, json_path

TENDERS = SHARED_DATA / "eu_ted_500" / "eu_procurement_500_sample_v1.1.json"
RELEASES = (SHARED_DATA / "ocds_real_examples", SHARED_DATA / "ocds_fictional")

NUMBER, TEXT = {"type": ["number", "null"]}, {"type": ["string", "null"]}
ID = {"type": ["string", "integer", "null"]}
DAY, MOMENT = {**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}


def items(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


VALUE = {"type": ["object", "null"], "properties": {"amount": NUMBER, "currency": TEXT}}
PERIOD = {"type": ["object", "null"], "properties": {"startDate": MOMENT, "endDate": MOMENT}}
TENDER = {
    "type": "object",
    "properties": {
        "value": VALUE,
        "tenderPeriod": PERIOD,
        "numberOfTenderers": NUMBER,
        "items": items(id=ID),
    },
}
OF_TENDERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "publication_date": DAY,
        "award_date": DAY,
        "lot_value_eur": NUMBER,
        "total_contract_value_eur": NUMBER,
        "number_of_offers": NUMBER,
        "lots_in_notice": NUMBER,
        "country_code": TEXT,
        "buyer_country": TEXT,
        "contract_type": TEXT,
        "framework_agreement": {"type": ["boolean", "null"]},
    },
    "x-rules": [
        {"id": "awarded-before-published", "order": ["award_date", "publication_date"]},
        {"id": "lot-in-contract", "sum": "lot_value_eur", "atMost": "total_contract_value_eur"},
        {"id": "some-offers", "between": "number_of_offers", "from": {"value": 1}, "to": {"value": 999}},
        {"id": "one-country", "same": ["country_code", "buyer_country"]},
        {"id": "known-type", "in": "contract_type", "values": ["S", "U", "W"]},
        {
            "id": "frameworks-have-lots",
            "when": {
                "properties": {"framework_agreement": {"const": True}},
                "required": ["framework_agreement"],
            },
            "exists": "lots_in_notice",
        },
    ],
}
OF_RELEASES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "date": MOMENT,
        "tender": TENDER,
        "awards": items(id=TEXT, date=MOMENT, value=VALUE, suppliers=items(name=TEXT)),
        "contracts": items(id=TEXT, awardID=TEXT, value=VALUE, period=PERIOD, dateSigned=MOMENT),
    },
    "x-rules": [
        {"id": "tender-in-order", "order": ["tender/tenderPeriod/startDate", "tender/tenderPeriod/endDate"]},
        {"id": "contracts-in-order", "order": ["contracts/*/period/startDate", "contracts/*/period/endDate"]},
        {"id": "award-ids-differ", "unique": "awards/*/id"},
        {"id": "award-is-there", "in": "contracts/*/awardID", "values": "awards/*/id"},
        {"id": "one-currency", "same": ["tender/value/currency", "awards/*/value/currency"]},
        {"id": "awarded-not-over", "sum": "awards/*/value/amount", "atMost": "tender/value/amount"},
        {"id": "awards-have-suppliers", "exists": "awards/*/suppliers/*/name"},
        {"id": "few-awards", "count": "awards/*", "atMost": {"value": 3}},
    ],
}


def nothing(_: str) -> None:
    """Read NaN, which is no JSON, as no value."""


def tenders() -> list[Record]:
    found: list[Record] = json.loads(
        TENDERS.read_text(encoding="utf-8"), parse_float=Decimal, parse_constant=nothing
    )
    return found


def releases() -> list[Record]:
    """Return the releases of all packages, those within records too."""
    found = []
    for path in sorted(file for folder in RELEASES for file in folder.rglob("*.json")):
        text = path.read_text(encoding="utf-8-sig")
        found += _within(json.loads(text, parse_float=Decimal) if text.strip() else None)
    return found


def _within(document: Any) -> Iterator[Record]:
    if isinstance(document, dict) and "ocid" in document and not document.keys() & {"releases", "records"}:
        yield document
    elif isinstance(document, dict | list):
        for inside in document.values() if isinstance(document, dict) else document:
            yield from _within(inside)


def wrong_places(folder: Path, schema: dict[str, Any], records: list[Record]) -> set[tuple[int, str, str]]:
    """Return record, rule and place of all that the rules find."""
    schemas = resources_of(load_schema(schema_file(folder, schema)), ["things"])
    found = checks.run(dataset(things=records), schemas)
    for outcome in found.outcomes:
        assert outcome.held + outcome.failed + sum(outcome.not_applicable.values()) == len(records)
    return {(each.record or 0, each.group, each.place.path) for each in found.findings}


def by_the_witness(schema: dict[str, Any], records: list[Record]) -> set[tuple[int, str, str]]:
    return {
        (at, rule["id"], json_path(path))
        for at, record in enumerate(records)
        for rule in schema["x-rules"]
        for path in judged(rule, record)[1]
    }


def sound(folder: Path, schema: dict[str, Any], records: list[Record]) -> list[Record]:
    """Return the records that obey the schema, as far as it is none of rules."""
    plain = {name: value for name, value in schema.items() if name != "x-rules"}
    schemas = resources_of(load_schema(schema_file(folder, plain)), ["things"])
    rejected = checks.run(dataset(things=records), schemas).rejected["things"]
    return [record for at, record in enumerate(records) if at not in rejected]


Spoil = Callable[[Record, random.Random], bool]
"""Breaks something in a record, if there is something to be broken."""


def late(record: Record, _: random.Random) -> bool:
    record["award_date"] = "2999-01-01"
    return True


def dear(record: Record, _: random.Random) -> bool:
    if record.get("total_contract_value_eur") is None:
        return False
    record["lot_value_eur"] = record["total_contract_value_eur"] + Decimal("0.01")
    return True


def moved(record: Record, _: random.Random) -> bool:
    record["buyer_country"] = record["country_code"].lower()
    return True


def twice(record: Record, chance: random.Random) -> bool:
    awards = record.get("awards") or []
    if not awards:
        return False
    awards.append(copy.deepcopy(chance.choice(awards)))
    return True


def lost(record: Record, _: random.Random) -> bool:
    contracts = record.get("contracts") or []
    if not contracts or not record.get("awards"):
        return False
    contracts[0]["awardID"] = "nowhere"
    return True


def spoilt(records: list[Record], *ways: Spoil) -> Iterator[Record]:
    """Yield the records, one in ten with a mistake more."""
    chance = random.Random(5)  # noqa: S311  # the same mistakes in every run
    for record in records:
        changed = copy.deepcopy(record)
        if chance.random() < 0.1:
            chance.choice(ways)(changed, chance)
        yield changed


@pytest.mark.skipif(not TENDERS.is_file(), reason="the tenders lie beside the checkout, or not at all")
def test_tenders_of_the_union(tmp_path: Path) -> None:
    records = sound(tmp_path, OF_TENDERS, tenders())
    assert len(records) == 500
    before = wrong_places(tmp_path, OF_TENDERS, records)
    assert before == by_the_witness(OF_TENDERS, records)
    planted = list(spoilt(records, late, dear, moved))
    after = wrong_places(tmp_path, OF_TENDERS, planted)
    assert after == by_the_witness(OF_TENDERS, planted)
    assert len(after - before) > 30


@pytest.mark.skipif(not RELEASES[0].is_dir(), reason="the releases lie beside the checkout, or not at all")
def test_releases_of_many_publishers(tmp_path: Path) -> None:
    everything = releases()
    assert wrong_places(tmp_path, OF_RELEASES, everything)  # what breaks the schema too: no judge stumbles
    records = sound(tmp_path, OF_RELEASES, everything)
    assert len(records) > 200
    before = wrong_places(tmp_path, OF_RELEASES, records)
    assert before == by_the_witness(OF_RELEASES, records)
    planted = list(spoilt(records, twice, lost))
    after = wrong_places(tmp_path, OF_RELEASES, planted)
    assert after == by_the_witness(OF_RELEASES, planted)
    assert len(after - before) >= 9
