"""Whole batches are screened by the rules of our schemas; only records that may break one are looked at."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from registers import resource
from test_checks_lane import opened

from xlreport import checks
from xlreport.checks.rulebook import RuleBook
from xlreport.registry import load_schema, resources_of
from xlreport.sample import write_sample
from xlreport.tables import Dataset, Record

SCHEMAS = resources_of(load_schema("dataset"), ["contracts"])


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return 300 contracts of the sample, with something of everything."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, contracts=300)
    return (folder / "contracts.ndjson").read_bytes().splitlines()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the records that are judged one by one, by their id."""
    found: Counter[str] = Counter()
    problems = RuleBook.problems

    def counting(self: RuleBook, record: Record, *others: object) -> object:
        found[record["id"]] += 1
        return problems(self, record, *others)  # type: ignore[arg-type]  # passed on as they are

    monkeypatch.setattr(RuleBook, "problems", counting)
    return found


def late(line: bytes) -> bytes:
    """Return a contract with its last day before its first."""
    record = json.loads(line, parse_float=Decimal)
    return line.replace(record["period"]["endDate"].encode(), b"1999-01-01")


def test_no_clean_record_is_looked_at(lines: list[bytes], judged: Counter[str], tmp_path: Path) -> None:
    contracts = opened(tmp_path, [b"\n".join(lines)])
    outcomes = [
        checks.run(Dataset((register,)), SCHEMAS).outcomes
        for register in (contracts, replace(contracts, texts=None))
    ]
    assert outcomes[0] == outcomes[1]
    assert all(each.held + sum(each.not_applicable.values()) == len(lines) for each in outcomes[0])
    assert min(each.held for each in outcomes[0]) > 0
    assert judged == {}


def test_only_records_that_may_break_a_rule_are_looked_at(
    lines: list[bytes], judged: Counter[str], tmp_path: Path
) -> None:
    spoilt = {7, 123, 299}
    texts = [late(line) if at in spoilt else line for at, line in enumerate(lines)]
    found = checks.run(Dataset((opened(tmp_path, [b"\n".join(texts)]),)), SCHEMAS)
    assert {finding.record for finding in found.findings if finding.code == "out-of-order"} == spoilt
    assert len(judged) == len(spoilt)


def test_records_with_errors_are_looked_at_and_the_others_are_not(
    lines: list[bytes], judged: Counter[str]
) -> None:
    records = [json.loads(line, parse_float=Decimal) for line in lines]
    records[5]["status"] = "unknown"
    checks.run(Dataset((resource("contracts", records),)), SCHEMAS)
    assert list(judged) == [records[5]["id"]]
