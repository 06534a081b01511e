"""The sample gives the public totals at any size, holds against the schemas, and is the same for a seed.

The figures are worked out here from the written files in plain Python, apart from the analysis.
"""

import csv
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from xlreport.errors import MachineError, UsageError
from xlreport.pipeline import check, open_register
from xlreport.resources import schemas_folder, workbooks_folder
from xlreport.sample import write_sample
from xlreport.sample.names import works_name
from xlreport.sources.regions import read_regions

CLOSED = ("completed", "cancelled", "terminated", "lapsed")
FILES = ["dataset.json", "contracts.ndjson", "partners.csv", "rates.csv", "README.txt"]
YEARS = range(2012, 2018)

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """A written sample, read back with nothing but the standard library."""

    folder: Path

    @cached_property
    def contracts(self) -> list[Record]:
        with (self.folder / "contracts.ndjson").open(encoding="utf-8") as file:
            return [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in file]

    @cached_property
    def partners(self) -> dict[str, dict[str, str]]:
        with (self.folder / "partners.csv").open(encoding="utf-8", newline="") as file:
            return {row["id"]: row for row in csv.DictReader(file)}

    @cached_property
    def rates(self) -> dict[str, list[dict[str, str]]]:
        """Rows of the rates file by the currency that is not USD, the earliest first."""
        found: dict[str, list[dict[str, str]]] = {}
        with (self.folder / "rates.csv").open(encoding="utf-8", newline="") as file:
            for row in sorted(csv.DictReader(file), key=lambda row: row["date"]):
                found.setdefault(row["to"] if row["from"] == "USD" else row["from"], []).append(row)
        return found

    def usd(self, value: Record, on: str) -> Decimal:
        """Convert at the latest rate on or before the day."""
        amount: Decimal = value["amount"]
        if value["currency"] == "USD":
            return amount
        row = next(row for row in reversed(self.rates[value["currency"]]) if row["date"] <= on)
        return amount / Decimal(row["rate"]) if row["from"] == "USD" else amount * Decimal(row["rate"])

    def firm(self, year: int) -> list[Record]:
        """Contracts signed in the year, without frameworks and without those cancelled by its end."""
        return [
            contract
            for contract in self.contracts
            if contract["signedDate"].startswith(str(year))
            and contract["agreementType"] != "framework"
            and not (contract["status"] == "cancelled" and contract["statusDate"] <= f"{year}-12-31")
        ]

    def signed(self, year: int) -> Decimal:
        return sum((self.usd(at_signing(one), one["signedDate"]) for one in self.firm(year)), Decimal(0))

    def customers(self, *years: int) -> set[str]:
        return {contract["customerId"] for year in years for contract in self.firm(year)}

    def countries(self, year: int) -> set[str]:
        return {self.partners[customer]["countryCode"] for customer in self.customers(year)}

    def active(self, year: int) -> list[Record]:
        """Contracts signed by the year's end and not closed before its start."""
        return [
            contract
            for contract in self.contracts
            if contract["signedDate"] <= f"{year}-12-31"
            and not (contract["status"] in CLOSED and contract["statusDate"] < f"{year}-01-01")
        ]


def at_signing(contract: Record) -> Record:
    amendments = contract.get("amendments")
    value: Record = amendments[0]["valueBefore"] if amendments else contract["value"]
    return value


def enterprises(contracts: Iterable[Record]) -> set[str]:
    return {
        one["partnerId"]
        for contract in contracts
        for one in contract.get("contributors", [])
        if one["role"] in {"contributor", "supplier"}
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    assert [path.name for path in write_sample(folder)] == FILES
    return Sample(folder)


def written(folder: Path, contracts: int, seed: int = 2017) -> Sample:
    write_sample(folder, contracts=contracts, seed=seed)
    return Sample(folder)


# --- the totals of 2017 -------------------------------------------------------------------------------


def check_headline(sample: Sample) -> None:
    assert abs(sample.signed(2017) - 15_000_000_000) <= 45_000_000
    assert len(sample.countries(2017)) == 53
    assert 7_500 < len(enterprises(sample.active(2017))) < 7_600


def test_the_default_gives_the_public_totals(sample: Sample) -> None:
    check_headline(sample)
    assert len(sample.contracts) == 2_400
    assert 400 < len(sample.firm(2017)) < 480
    assert sample.signed(2017) % 1_000 != 0


@pytest.mark.parametrize(("contracts", "seed"), [(300, 2017), (301, 5), (777, 0), (2_500, 3)])
def test_other_sizes_and_seeds_give_them_too(tmp_path: Path, contracts: int, seed: int) -> None:
    sample = written(tmp_path, contracts, seed)
    assert len(sample.contracts) == contracts
    check_headline(sample)


def test_enterprises_are_the_same_by_the_end_of_the_period_as_by_status(sample: Sample) -> None:
    by_either = [
        contract
        for contract in sample.contracts
        if contract["status"] not in CLOSED
        or max(contract["statusDate"], contract["period"]["endDate"]) >= "2017-01-01"
    ]
    assert enterprises(by_either) == enterprises(sample.active(2017))


def test_the_years_before_are_of_that_order_and_all_differ(sample: Sample) -> None:
    totals = [sample.signed(year) for year in YEARS]
    assert all(12_000_000_000 < total < 15_700_000_000 for total in totals)
    assert len({round(total, -8) for total in totals}) == len(totals)


# --- what the statement speaks of ---------------------------------------------------------------------


def test_there_are_new_returning_retained_and_lapsed_customers(sample: Sample) -> None:
    now, recent = sample.customers(2017), sample.customers(2014, 2015, 2016)
    before = sample.customers(2012, 2013) | recent
    new, returning = now - before, (now & before) - recent
    assert len(new) > 20
    assert len(returning) > 5
    assert len(now & recent) > 80
    assert len(recent - now) > 20
    conversions = [one for one in new | returning if sample.partners[one]["formerSuppliers"]]
    assert len(conversions) > 10


def test_new_customers_are_in_asia_pacific_and_the_middle_east(sample: Sample) -> None:
    regions = read_regions(workbooks_folder() / "regions.csv")
    new = sample.customers(2017) - sample.customers(*range(2012, 2017))
    countries = [regions.of_code(sample.partners[one]["countryCode"]) for one in new]
    groupings = {country.grouping for country in countries if country}
    assert {"Asia-Pacific", "Middle East"} <= groupings


def forms(sample: Sample, *years: int) -> set[tuple[str, str]]:
    return {
        (sample.partners[contract["customerId"]]["countryCode"], contract["cooperationForm"])
        for year in years
        for contract in sample.firm(year)
    }


@pytest.mark.parametrize("contracts", [300, 2_400])
def test_forms_of_cooperation_are_used_for_the_first_time(tmp_path: Path, contracts: int) -> None:
    sample = written(tmp_path, contracts)
    before, now = forms(sample, *range(2012, 2017)), forms(sample, 2017)
    assert {"jointDevelopment", "lease"} <= {form for _, form in now} - {form for _, form in before}
    traditional = {country for country, _ in forms(sample, 2014, 2015, 2016)}
    assert {("IN", "jointDevelopment"), ("VN", "lease"), ("EG", "jointVenture")} <= {
        pair for pair in now - before if pair[0] in traditional
    }


def test_the_register_has_contracts_of_every_kind_and_fate(sample: Sample) -> None:
    assert {contract["status"] for contract in sample.contracts} == {*CLOSED, "active", "pending"}
    assert {contract["agreementType"] for contract in sample.contracts} == {
        "commercial",
        "framework",
        "intergovernmental",
        "supplement",
    }
    assert {"USD", "EUR", "INR", "KWD", "VND"} <= {one["value"]["currency"] for one in sample.contracts}
    assert "NA" in {partner["countryCode"] for partner in sample.partners.values()}
    cancelled_at_once = [
        one
        for one in sample.contracts
        if one["status"] == "cancelled" and one["statusDate"][:4] == one["signedDate"][:4]
    ]
    assert len(cancelled_at_once) > 5


def test_calls_off_and_supplements_follow_their_parents(sample: Sample) -> None:
    seen: dict[str, Record] = {}
    kinds = set()
    for contract in sample.contracts:
        if parent := contract.get("parentContractId"):
            assert seen[parent]["customerId"] == contract["customerId"]
            kinds.add((seen[parent]["agreementType"], contract["agreementType"]))
        seen[contract["id"]] = contract
    assert ("framework", "commercial") in kinds
    assert "supplement" in {kind for _, kind in kinds}


def test_milestones_are_met_on_time_and_late_and_overdue(sample: Sample) -> None:
    milestones = [
        (one, contract["status"]) for contract in sample.contracts for one in contract.get("milestones", [])
    ]
    met = [one for one, _ in milestones if "dateMet" in one]
    late = [one for one in met if one["dateMet"] > one["dueDate"]]
    assert 0.05 < len(late) / len(met) < 0.4
    overdue = [
        one
        for one, status in milestones
        if status == "active" and "dateMet" not in one and one["dueDate"] <= "2017-12-31"
    ]
    assert len(overdue) > 20
    assert {one["type"] for one, _ in milestones} == {"delivery", "payment"}


def test_nothing_happens_after_the_day_of_the_register(sample: Sample) -> None:
    for contract in sample.contracts:
        days = [contract["signedDate"], contract["statusDate"], contract.get("inForceDate", "")]
        days += [
            one["date"] for part in ("deliveries", "payments", "amendments") for one in contract.get(part, [])
        ]
        days += [one.get("dateMet", "") for one in contract.get("milestones", [])]
        assert max(days) <= "2017-12-31", contract["id"]


def test_amendments_lead_from_one_value_to_the_next(sample: Sample) -> None:
    amended = [contract for contract in sample.contracts if "amendments" in contract]
    assert len(amended) > 50
    for contract in amended:
        changes = contract["amendments"]
        assert [one["date"] for one in changes] == sorted({one["date"] for one in changes})
        assert changes[0]["date"] >= contract["signedDate"]
        assert [one["valueBefore"] for one in changes[1:]] == [one["valueAfter"] for one in changes[:-1]]
        assert changes[-1]["valueAfter"] == contract["value"]


def test_completed_contracts_are_delivered_and_paid_in_full(sample: Sample) -> None:
    completed = [one for one in sample.contracts if one["status"] == "completed" and "items" in one]
    assert len(completed) > 500
    for contract in completed:
        for part in ("deliveries", "payments"):
            assert sum(one["value"]["amount"] for one in contract[part]) == contract["value"]["amount"]


def test_crews_are_of_five_to_sixty_and_no_one_is_in_one_twice(sample: Sample) -> None:
    for contract in sample.contracts:
        crew = [one["partnerId"] for one in contract.get("contributors", [])]
        assert len(set(crew)) == len(crew)
        works = enterprises([contract])
        assert 5 <= len(works) <= 60 or contract["agreementType"] == "framework"


# --- the files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("contracts", [1, 2, 10, 60, 300, 2_400])
def test_the_checks_find_nothing(tmp_path: Path, contracts: int) -> None:
    write_sample(tmp_path, contracts=contracts)
    checked = check(open_register(tmp_path / "dataset.json"))
    assert [finding.message for finding in checked.findings] == []
    assert len(checked.tables["contracts"]) == contracts


def test_every_contract_holds_against_the_schema(sample: Sample) -> None:
    schema = json.loads((schemas_folder() / "contract.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    with (sample.folder / "contracts.ndjson").open(encoding="utf-8") as file:
        problems = [error.message for line in file for error in validator.iter_errors(json.loads(line))]
    assert problems == []


def test_the_dataset_file_holds_against_its_schema_and_says_that_the_data_is_synthetic(
    sample: Sample,
) -> None:
    dataset = json.loads((sample.folder / "dataset.json").read_text(encoding="utf-8"))
    schema = json.loads((schemas_folder() / "dataset-file.schema.json").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(dataset)] == []
    assert "SYNTHETIC" in dataset["description"]
    assert (sample.folder / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA")
    assert (sample.folder / dataset["rates"]).is_file()


def test_the_headings_of_the_partners_are_paths_of_the_schema(sample: Sample) -> None:
    schema = json.loads((schemas_folder() / "partner.schema.json").read_text(encoding="utf-8"))
    first = next(iter(sample.partners.values()))
    assert {heading.partition("/")[0] for heading in first} == set(schema["properties"])


def test_rates_reach_from_before_the_first_contract_to_after_the_last(sample: Sample) -> None:
    ways = {(rows[0]["from"], rows[0]["to"]) for rows in sample.rates.values()}
    assert {("EUR", "USD"), ("USD", "INR")} <= ways
    for rows in sample.rates.values():
        assert (rows[0]["date"], rows[-1]["date"], len(rows)) == ("2011-12-31", "2018-01-31", 74)


def test_names_differ_and_two_of_them_are_traps(sample: Sample) -> None:
    names = [partner["name"] for partner in sample.partners.values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if name[0] in "=+-@"] == ["=Quadrant Tooling", "@lto Logistics"]
    scripts = {unicodedata.name(letter).split()[0] for letter in "".join(names) if letter.isalpha()}
    assert scripts == {"LATIN", "CYRILLIC", "ARABIC"}
    assert all(any(mark in name for name in names) for mark in ("&", '"', "'", "ý"))


@pytest.mark.parametrize("country", ["CZ", "BG", "EG", "NA"])
def test_enterprises_of_one_country_never_share_a_name(country: str) -> None:
    names = [works_name(number, country) for number in range(9_000)]
    assert len(set(names)) == len(names)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        write_sample(tmp_path / name, contracts=60, seed=seed)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert digests(tmp_path / "one")["contracts.ndjson"] != digests(tmp_path / "three")["contracts.ndjson"]


def test_the_bytes_are_the_same_on_every_machine(tmp_path: Path) -> None:
    write_sample(tmp_path, contracts=60, seed=5)
    found = digests(tmp_path)
    assert {name: found[name][:12] for name in ("contracts.ndjson", "partners.csv", "rates.csv")} == {
        "contracts.ndjson": "b09b727239f8",
        "partners.csv": "5f652d73fe7a",
        "rates.csv": "8e08c16a797c",
    }
    assert not [path.name for path in tmp_path.iterdir() if b"\r" in path.read_bytes()]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_sample(tmp_path, contracts=2_050, progress=lambda written, wanted: told.append((written, wanted)))
    assert told == [(1_000, 2_050), (2_000, 2_050), (2_050, 2_050)]


def test_no_contracts_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="A sample of 0 contracts cannot be made; ask for 1 or more"):
        write_sample(tmp_path, contracts=0)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(MachineError, match=r"taken.*cannot be written here"):
        write_sample(tmp_path / "taken")
