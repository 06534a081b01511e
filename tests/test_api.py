"""The functions of the package: whichever door the data comes in by, the outcome is the same."""

import csv
import datetime as dt
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from registers import contract, dataset, partner

import xlreport
from xlreport.findings import Finding
from xlreport.plan import WorkbookPlan
from xlreport.sample import write_sample
from xlreport.tables import Dataset

CONTRACTS = [
    contract(id="C-1", value={"amount": Decimal("1000.10"), "currency": "USD"}),
    contract(id="C-2", signedDate="2016-05-01", productGroup="NA"),
    contract(id="C-3", customerId="P-2", value={"amount": Decimal("0.30"), "currency": "USD"}),
]
PARTNERS = [partner(), partner(id="P-2", name="Harbour Board", countryCode="DE")]
WRONG = [*CONTRACTS, contract(id="C-4", status="activ"), contract(id="C-5", customerId="P-9")]
REGISTERS = {"contracts": CONTRACTS, "partners": PARTNERS}

Records = Mapping[str, list[dict[str, Any]]]


# --- doors ------------------------------------------------------------------------------------------


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as a row of a table: a column for each value, its path the heading."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        nested = flat(value) if isinstance(value, dict) else {"": value}
        row |= {f"{name}/{inner}".rstrip("/"): each for inner, each in nested.items()}
    return row


def headings(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def as_json(folder: Path, registers: Records) -> Path:
    path = folder / "registers.json"
    path.write_text(json.dumps(registers, default=float), encoding="utf-8")
    return path


def as_folder(folder: Path, registers: Records) -> Path:
    for name, records in registers.items():
        text = "".join(json.dumps(record, default=float) + "\n" for record in records)
        (folder / f"{name}.ndjson").write_text(text, encoding="utf-8")
    return folder


def as_csv_files(folder: Path, registers: Records) -> list[Path]:
    paths = []
    for name, records in registers.items():
        rows = [flat(record) for record in records]
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headings(rows))
            writer.writeheader()
            writer.writerows(rows)
    return paths


def as_workbook(folder: Path, registers: Records) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, records in registers.items():
        rows = [flat(record) for record in records]
        sheet = book.create_sheet(name)
        sheet.append(headings(rows))
        for row in rows:
            sheet.append([row.get(heading) for heading in headings(rows)])
    book.save(folder / "registers.xlsx")
    return folder / "registers.xlsx"


def as_dataset_file(folder: Path, registers: Records) -> Path:
    as_folder(folder, registers)
    resources = [{"name": name, "path": f"{name}.ndjson"} for name in registers]
    path = folder / "dataset.json"
    path.write_text(json.dumps({"name": "registers", "resources": resources}), encoding="utf-8")
    return path


def as_dataset(_: Path, registers: Records) -> Dataset:
    return dataset(**registers)


def as_frames(_: Path, registers: Records) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame([flat(record) for record in records]) for name, records in registers.items()}


def as_nested_frames(_: Path, registers: Records) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(records, dtype=object) for name, records in registers.items()}


DOORS = (
    as_json,
    as_folder,
    as_csv_files,
    as_workbook,
    as_dataset_file,
    as_dataset,
    as_frames,
    as_nested_frames,
)
Door = Callable[[Path, Records], Any]


def essence(finding: Finding) -> tuple[Any, ...]:
    """Return what does not depend on where the data came from."""
    return finding.code, finding.severity, finding.table, finding.record, finding.key, finding.value


def sheets(plan: WorkbookPlan) -> dict[str, list[Any]]:
    """Return the values of every sheet that does not name the files."""
    return {
        sheet.name: [list(block.rows()) for block in sheet.blocks]
        for sheet in plan.sheets
        if sheet.name not in ("Definitions", "Contents")
    }


@pytest.mark.parametrize("door", DOORS)
def test_every_door_gives_the_same_findings(door: Door, tmp_path: Path) -> None:
    found = xlreport.check(door(tmp_path, {"contracts": WRONG, "partners": PARTNERS}))

    assert [essence(finding) for finding in found] == [
        ("unknown-value", "error", "contracts", 3, "C-4", "activ"),
        ("missing-reference", "error", "contracts", 4, "C-5", "P-9"),
    ]


@pytest.mark.parametrize("door", DOORS)
def test_every_door_gives_the_same_workbook(door: Door, tmp_path: Path) -> None:
    plan = xlreport.plan("annual-results", door(tmp_path, REGISTERS), period="2017")
    wanted = xlreport.plan("annual-results", as_dataset(tmp_path, REGISTERS), period="2017")

    assert sheets(plan) == sheets(wanted)
    assert plan.as_of == wanted.as_of
    assert ("In 2017, contracts worth $1,000 were signed with customers from 2 countries.",) in [
        row for block in plan.sheet("Statement").blocks for row in block.rows()
    ]


@pytest.mark.parametrize("door", DOORS)
def test_what_was_read_can_be_handed_on(door: Door, tmp_path: Path) -> None:
    data = door(tmp_path, {"contracts": WRONG, "partners": PARTNERS})
    opened = xlreport.read(data)

    assert opened.names == ("contracts", "partners")
    assert [essence(each) for each in xlreport.check(opened)] == [
        essence(each) for each in xlreport.check(data)
    ]


def test_paths_may_be_texts_and_lists(tmp_path: Path) -> None:
    paths = as_csv_files(tmp_path, REGISTERS)

    for data in (paths, tuple(paths), [str(path) for path in paths]):
        assert len(xlreport.check(data)) == 0
    assert xlreport.read(str(paths[0])).names == ("contracts",)


def test_headings_may_be_titles_of_the_schema_in_frames_as_in_files(tmp_path: Path) -> None:
    row = {"Id": "C-1", "Customer": "P-1", "Signed": "2017-03-01", "Status": "active", "Amount": 5}
    frame = pd.DataFrame([row | {"Currency": "USD"}])
    frame.to_csv(tmp_path / "contracts.csv", index=False)

    from_frame = xlreport.read({"contracts": frame})
    from_file = xlreport.read(tmp_path / "contracts.csv")

    assert list(from_frame["contracts"].records()) == list(from_file["contracts"].records())
    assert next(from_frame["contracts"].records())["value"] == {"amount": 5, "currency": "USD"}


def test_a_dataset_that_was_read_keeps_its_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
    schema |= {"properties": {"size": {"type": "integer", "maximum": 3}}}
    (tmp_path / "things.schema.json").write_text(json.dumps(schema))
    (tmp_path / "things.csv").write_text("size\n4\n")
    described = {"name": "n", "schema": "things.schema.json"}
    described |= {"resources": [{"name": "things", "path": "things.csv"}]}
    (tmp_path / "dataset.json").write_text(json.dumps(described))

    by_file = xlreport.read(tmp_path)
    by_argument = xlreport.read(tmp_path / "things.csv", schema=tmp_path / "things.schema.json")
    monkeypatch.chdir(tmp_path.parent)

    assert [finding.code for finding in xlreport.check(by_file)] == ["too-large"]
    assert [finding.code for finding in xlreport.check(by_argument)] == ["too-large"]


# --- wrong calls ------------------------------------------------------------------------------------


def test_a_misspelt_parameter_is_named_with_the_nearest() -> None:
    with pytest.raises(xlreport.SpecError, match=r"no parameter 'perod'.*did you mean 'period'\?"):
        xlreport.plan("annual-results", dataset(**REGISTERS), perod="2017")


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"base_currency": "dollar"}, "'dollar' is not of the right form"),
        ({"top_n": 0}, "0 is too small; the least is 1"),
        ({"top_n": "ten"}, "'ten' should be a whole number"),
        ({"history": 31}, "31 is too large; the most is 30"),
        ({"rate_policy": "ficksed"}, "did you mean 'fixed'"),
        ({"rate_policy": "fixed"}, "needs fixedRateDate"),
        ({"fixed_rate_date": "2017-13-01"}, "'2017-13-01'"),
        ({"organisation": 5}, "5 should be a text"),
    ],
)
def test_a_parameter_of_a_wrong_value_is_said_in_a_sentence(
    parameters: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(xlreport.SpecError) as caught:
        xlreport.plan("annual-results", dataset(**REGISTERS), **parameters)
    assert sentence in str(caught.value)


def test_a_date_may_be_a_date() -> None:
    for day in (dt.date(2017, 12, 1), "2017-12-01"):
        plan = xlreport.plan(
            "annual-results", dataset(**REGISTERS), rate_policy="fixed", fixed_rate_date=day, period="2017"
        )
        assert plan.title == "Annual results 2017"


@pytest.mark.parametrize("data", [pd.DataFrame({"id": ["C-1"]}), None, 5, {"contracts.csv"}])
def test_data_of_a_wrong_type_is_refused_with_what_may_be_given(data: Any) -> None:
    with pytest.raises(xlreport.UsageError, match="give a path, several paths, a Dataset, or DataFrames"):
        xlreport.check(data)


def test_errors_are_raised_with_every_finding(tmp_path: Path) -> None:
    with pytest.raises(
        xlreport.FindingsError, match="The data has 2 errors, so nothing was written"
    ) as caught:
        xlreport.build(
            "annual-results", dataset(contracts=WRONG, partners=PARTNERS), tmp_path / "report.xlsx"
        )

    assert [finding.code for finding in caught.value.findings] == ["unknown-value", "missing-reference"]
    assert list(tmp_path.iterdir()) == []


def test_records_set_aside_are_counted(tmp_path: Path) -> None:
    delivery = xlreport.build(
        "annual-results",
        dataset(contracts=WRONG, partners=PARTNERS),
        tmp_path / "report.xlsx",
        set_aside=True,
        period="2017",
    )

    assert delivery.quality.read == {"contracts": 5, "partners": 2}
    assert delivery.quality.set_aside == {"contracts": 2}
    assert len(delivery.findings) == 2
    assert delivery.path.read_bytes()[:2] == b"PK"
    assert delivery.statement[0].startswith("In 2017, contracts worth $1,000 were signed")


def test_a_workbook_is_written_under_its_own_ending_only(tmp_path: Path) -> None:
    plan = xlreport.plan("contract-register", dataset(**REGISTERS))

    for name in ("report.xlsm", "report.csv", "report"):
        with pytest.raises(xlreport.UsageError, match=r"ends in \.xlsx; give .*report\.xlsx"):
            xlreport.write(plan, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    assert xlreport.write(plan, str(tmp_path / "report.XLSX")) == tmp_path / "report.XLSX"


def cells_of(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_workbook_for_size_is_smaller_and_has_the_same_cells(tmp_path: Path) -> None:
    write_sample(tmp_path / "sample", contracts=2_000)
    paths = {}
    for compression in ("speed", "size"):
        paths[compression] = tmp_path / f"{compression}.xlsx"
        xlreport.build("contract-register", tmp_path / "sample", paths[compression], compression=compression)

    assert paths["size"].stat().st_size < 0.95 * paths["speed"].stat().st_size
    assert cells_of(paths["size"]) == cells_of(paths["speed"])


def test_another_compression_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(xlreport.UsageError, match="compression is 'tiny'; give one of speed, size"):
        xlreport.build("contract-register", tmp_path / "none", tmp_path / "x.xlsx", compression="tiny")  # type: ignore[arg-type]


@pytest.mark.parametrize("reads", ["registers.xlsx", "contracts.csv", "dataset.json", "rates.csv"])
def test_a_file_that_is_read_is_not_written_over(
    reads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it goes by another name: Excel's own files are the ones that this can happen to."""
    write_sample(tmp_path, contracts=2)
    as_workbook(tmp_path, REGISTERS)
    as_csv_files(tmp_path, REGISTERS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    data = {"registers.xlsx": "registers.xlsx", "contracts.csv": ["contracts.csv", "partners.csv"]}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.xlsx").symlink_to(tmp_path / reads)

    with pytest.raises(xlreport.UsageError, match=r"other\.xlsx is among the files that are read"):
        xlreport.build("contract-register", data.get(reads, "dataset.json"), "other.xlsx")

    assert {
        path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "other.xlsx"
    } == before


# --- DataFrames -------------------------------------------------------------------------------------


def test_a_resource_becomes_a_frame_and_a_frame_a_resource() -> None:
    records = [
        contract(
            id="01",
            productGroup="NA",
            value={"amount": Decimal("0.10"), "currency": "USD"},
            milestones=[{"id": "M1", "dueDate": "2017-05-01"}],
        ),
        contract(id="2", title=""),
        contract(id="3", value={"amount": Decimal("12345678901234567890.12"), "currency": "EUR"}),
    ]
    first = xlreport.read(dataset(contracts=records, partners=[partner(countryCode="NA")]))

    frame = xlreport.to_pandas(first, "contracts")
    back = xlreport.read({"contracts": frame, "partners": xlreport.to_pandas(first, "partners")})

    assert frame["id"].tolist() == ["01", "2", "3"]
    assert frame["value"][2]["amount"] == Decimal("12345678901234567890.12")
    assert frame["milestones"].tolist() == [[{"id": "M1", "dueDate": "2017-05-01"}], None, None]
    assert xlreport.to_pandas(first, "partners")["countryCode"].tolist() == ["NA"]
    assert list(back["contracts"].records()) == [
        {name: value for name, value in record.items() if value != ""} for record in records
    ]
    assert [essence(finding) for finding in xlreport.check(back)] == [
        essence(finding) for finding in xlreport.check(first)
    ]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda text: text == text.strip()
)
scalars = texts | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=2)
values = scalars | st.lists(scalars, min_size=1, max_size=3) | st.dictionaries(texts, scalars, min_size=1)


@given(st.lists(st.fixed_dictionaries({"id": texts}, optional={"a": values, "b": values}), min_size=1))
def test_a_frame_and_back_is_the_same_for_all_values(records: list[dict[str, Any]]) -> None:
    back = xlreport.read({"things": xlreport.to_pandas(dataset(things=records), "things")})

    assert list(back["things"].records()) == records


def test_an_unknown_resource_is_named_with_the_nearest() -> None:
    with pytest.raises(xlreport.UsageError, match=r"no resource 'contract'; it has contracts.*did you mean"):
        xlreport.to_pandas(dataset(**REGISTERS), "contract")


def test_without_pandas_the_sentence_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "import xlreport; data = xlreport.read('-')\n"
        "try: xlreport.to_pandas(data, 'records')\n"
        "except xlreport.MachineError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="id\n1\n", capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "DataFrames need pandas, which is not installed: pip install 'xlreport[pandas]'.\n"
    )


# --- the names --------------------------------------------------------------------------------------


def test_all_names_what_is_public() -> None:
    submodules = {module.name for module in pkgutil.iter_modules(xlreport.__path__)}
    public = {name for name in vars(xlreport) if not name.startswith("_")} - submodules

    assert public | {"__version__"} | {"plan"} == set(xlreport.__all__)
    assert sorted(set(xlreport.__all__)) == sorted(xlreport.__all__)


def test_every_public_function_is_documented_and_stays_one() -> None:
    """A module of the package has the name of a function; being loaded, it must not take its place."""
    xlreport.plan("contract-register", dataset(**REGISTERS))

    for name in ("build", "check", "plan", "read", "to_pandas", "write"):
        function = getattr(xlreport, name)
        assert inspect.isfunction(function), name
        assert inspect.getdoc(function), name


@pytest.mark.parametrize(
    ("name", "content"), [("things.json", "[]"), ("things.ndjson", ""), ("things.ndjson", "\n")]
)
def test_a_register_without_records_is_built_with_a_warning(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    findings = xlreport.check(tmp_path / name)
    assert [(finding.code, finding.severity) for finding in findings] == [("empty-file", "warning")]
    delivery = xlreport.build("contract-register", tmp_path / name, tmp_path / "book.xlsx")
    assert delivery.path.exists()


def test_what_cannot_be_read_is_not_to_be_set_aside(tmp_path: Path) -> None:
    (tmp_path / "things.json").write_text("", encoding="utf-8")
    for set_aside in (True, False):
        with pytest.raises(xlreport.FindingsError, match="Nothing could be read of things") as refused:
            xlreport.build(
                "contract-register", tmp_path / "things.json", tmp_path / "x.xlsx", set_aside=set_aside
            )
        assert "--set-aside" not in str(refused.value)
