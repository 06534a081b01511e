"""Dataset files: every mistake is told with its path, what is allowed and what was probably meant."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from reading import dataset_file, finding, only, read, records, text_file, workbook

from xlreport import sources
from xlreport.errors import SpecError
from xlreport.resources import schemas_folder


def complaint(folder: Path, document: object) -> str:
    text_file(folder / "dataset.json", document if isinstance(document, str) else json.dumps(document))
    with pytest.raises(SpecError) as error:
        sources.describe([folder])
    return str(error.value)


def resource(**more: object) -> dict[str, Any]:
    return {"resources": [{"name": "c", "path": "a.csv", **more}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text_file(tmp_path / "a.csv", "id,x\n1,2\n")
    text_file(tmp_path / "b.json", '[{"id": "1"}]')
    workbook(tmp_path / "c.xlsx", Data=[["id"], ["1"]])
    return tmp_path


def test_schema_is_a_schema_and_every_part_of_it_is_described() -> None:
    schema = json.loads((schemas_folder() / "dataset-file.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    described = [schema, *schema["$defs"].values()]
    described += [
        each for part in described for each in part.get("properties", {}).values() if "$ref" not in each
    ]
    assert all(each.get("title") and each.get("description") for each in described)


def test_everything_that_a_dataset_file_says(folder: Path) -> None:
    text_file(folder / "rates.csv", "date,currency,rate\n")
    dataset_file(
        folder,
        {"name": "c", "title": "Contracts", "path": "a.csv"},
        name="register",
        title="Register",
        description="Synthetic data.",
        licenses=[
            {"name": "CC-BY-4.0", "title": "Creative Commons", "path": "https://x.org/by"},
            {"name": "MIT"},
        ],
        sources=[{"title": "Ministry"}],
        schema="dataset",
        rates="rates.csv",
        regions="regions.csv",
    )
    described = sources.describe([folder])
    assert (described.name, described.title, described.schema) == ("register", "Register", "dataset")
    assert described.folder == str(folder)
    assert described.file == str(folder / "dataset.json")
    assert described.rates == {"path": "rates.csv"}
    assert described.regions == "regions.csv"
    assert described.notes == (
        "Synthetic data.",
        "Licence: Creative Commons (https://x.org/by).",
        "Licence: MIT.",
        "Source: Ministry.",
    )
    dataset = sources.open_dataset(described, {})
    assert (dataset.name, dataset.title, dataset.schema, dataset.rates) == (
        "register", "Register", "dataset", {"path": "rates.csv"},
    )  # fmt: skip
    assert dataset["c"].title == "Contracts"


def test_rates_object_is_passed_on(folder: Path) -> None:
    rates = {"path": "r.csv", "base": "USD", "inverted": ["GBP"]}
    dataset_file(folder, {"name": "c", "path": "a.csv"}, rates=rates)
    assert sources.describe([folder]).rates == rates


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"name": "x"}, "$: 'resources' is missing"),
        ({"resources": [], "titel": "x"}, "$: there is no 'titel' here; there are name, title"),
        ({"resources": [], "titel": "x"}, "did you mean 'title'?"),
        ({"resources": []}, "$.resources: nothing is given here."),
        ({"resources": {}}, "$.resources: {} is not an array."),
        ({"resources": [{"path": "a.csv"}]}, "$.resources[0]: 'name' is missing (name of the set"),
        ({"resources": [{"name": "c"}]}, "$.resources[0]: one of path or data must be given."),
        (resource(data=[]), "only one of path and data may be given, not path and data."),
        (resource(path=5), "$.resources[0].path: 5 is not a text or an array."),
        (resource(path="x.csv"), "$.resources[0].path: there is no file 'x.csv'"),
        (resource(path="a.cvs"), "there is no file 'a.cvs'; did you mean 'a.csv'?"),
        (resource(path="."), "'.' is a folder; name the files in it, such as ./*.json."),
        (resource(path="no/*.csv"), "there is no file 'no/*.csv'."),
        (resource(path="https://x.org/a.csv"), "is an address on the network; fetch the file"),
        (resource(path="dataset.json", format="cvs"), "'cvs' is not known; there are json, ndjson,"),
        (resource(path="dataset.json", format="cvs"), "did you mean 'csv'?"),
        (resource(encoding="latin1-1"), "$.resources[0].encoding: 'latin1-1' is no known encoding"),
        (resource(encoding="base64"), "'base64' is no known encoding"),
        (resource(path="c.xlsx", encoding="utf-8"), "a workbook has no character encoding"),
        (resource(dialect={"sheet": "x"}), "$.resources[0].dialect: 'sheet' is for xlsx files, not for csv."),
        (resource(path="b.json", dialect={"headerRow": 2}), "'headerRow' is for csv and xlsx files"),
        (resource(dialect={"headerRow": 0}), "0 is less than 1."),
        (resource(dialect={"headerRow": 2, "skipRows": 1}), "headerRow and skipRows may not both be given."),
        (resource(dialect={"delimiter": ";;"}), "';;' is more than one character."),
        (resource(dialect={"delimeter": ";"}), "did you mean 'delimiter'?"),
        (resource(dialect={"decimalChar": ",", "groupChar": ","}), "decimalChar and groupChar are both ','."),
        (resource(dialect={"dateFormat": "dd-mm-yyyy"}), "'dd-mm-yyyy' is no date format; one is %d-%m-%Y"),
        (resource(dialect={"dateFormat": "dd-mm-yyyy"}), "did you mean '%d-%m-%Y'?"),
        (resource(dialect={"dateFormat": "%d-%Q"}), "'%d-%Q' is no date format"),
        (resource(keepUnmapped=True), "'keepUnmapped' may only be given together with 'mapping'."),
        (resource(mapping={}), "$.resources[0].mapping: nothing is given here."),
        (resource(mapping={"id": {"form": "x"}}), "$.resources[0].mapping.id: there is no 'form' here"),
        (resource(mapping={"id": {"form": "x"}}), "one of from, constant, join or each must be given."),
        (resource(mapping={"id": {"from": "x", "constant": 1}}), "only one of from, constant, join"),
        (resource(mapping={"id": {"from": "x", "separator": "-"}}), "'separator' may only be given"),
        (resource(mapping={"id": {"each": "x"}}), "'each' may only be given together with 'mapping'."),
        (resource(mapping={"id": {"from": "x", "format": "yyyy"}}), "mapping.id.format: 'yyyy' is no date"),
        (resource(mapping={"a": "x", "a/b": "x"}), "mapping: a and a/b cannot both be filled."),
        (resource(mapping={"a/0/x": "x", "a/b": "x"}), "a/0/x and a/b cannot both be filled."),
        ({"resources": [{"name": "c", "path": "a.csv", "distinct": ["id"]}, {"name": "c", "path": "a.csv"}]},
         "$.resources[1].distinct: the entries of 'c' must all give the same fields."),
        ('{"resources": [}', "dataset.json is not JSON at line 1, column 16: a value was expected, not '}'."),
        ('{"resources": ', "dataset.json is not JSON at line 1, column 15: a value was expected."),
        ('{"name": "a", "name": "b"}', "'name' (duplicate-member)"),
        ("{" + '"a":{' * 200 + "}" * 201, "nested too deep"),
    ],
)  # fmt: skip
def test_mistake_is_told_in_a_sentence(folder: Path, document: object, said: str) -> None:
    assert said in complaint(folder, document)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    entries = [{"name": "c", "path": "x.csv"}, {"name": "d", "path": "y.csv"}, {"name": "e", "path": "a.csv"}]
    lines = complaint(folder, {"resources": entries}).splitlines()
    assert len(lines) == 2
    assert all("dataset.json: $.resources[" in line for line in lines)


def test_data_may_stand_in_the_dataset_file(tmp_path: Path) -> None:
    data = [{"id": "1", "v": 1}, {"id": "2"}]
    dataset_file(tmp_path, {"name": "a", "data": []}, {"name": "b", "data": data})
    dataset = read(tmp_path)
    assert records(dataset["a"]) == []
    assert records(dataset["b"]) == data
    text = '{"resources": [{"name": "a", "data": [{"v": 1.10}]}]}'
    assert str(records(only(read(text_file(tmp_path / "other.json", text))))[0]["v"]) == "1.10"


def test_paths_may_have_stars_and_lead_above_or_be_absolute(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    (inner / "deep").mkdir(parents=True)
    for name in ("in/b.csv", "in/a.csv", "in/deep/c.csv", "d.csv"):
        text_file(tmp_path / name, f"id\n{name}\n")
    paths = ["**/*.csv", "../d.csv", str(tmp_path / "d.csv")]
    dataset_file(inner, {"name": "x", "path": paths})
    resource = only(read(inner))
    assert [record["id"] for record in resource.records()] == [
        "in/a.csv",
        "in/b.csv",
        "in/deep/c.csv",
        "d.csv",
        "d.csv",
    ]
    assert [file for file, _ in resource.sources] == [
        "a.csv",
        "b.csv",
        "deep/c.csv",
        "../d.csv",
        str(tmp_path / "d.csv"),
    ]


def test_format_may_be_stated_where_the_ending_does_not_tell(tmp_path: Path) -> None:
    text_file(tmp_path / "a.txt", "id\tx\n1\t2\n")
    dataset_file(tmp_path, {"name": "x", "path": "a.txt", "format": "tsv"})
    assert records(only(read(tmp_path))) == [{"id": "1", "x": "2"}]


def test_pandas_words_of_the_standard_are_understood(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "id;open;day\n1;ja;31.03.2017\n")
    dialect = {"trueValues": ["ja"], "falseValues": ["nein"], "dateFormat": ["%d.%m.%Y"], "separator": ","}
    dataset_file(tmp_path, {"name": "x", "path": "a.csv", "dialect": dialect, "mediatype": "text/csv"})
    (part,) = sources.describe([tmp_path]).resources[0].parts
    assert part.notation.true_values == ("ja",)
    assert part.notation.false_values == ("nein",)
    assert part.notation.date_formats == ("%d.%m.%Y",)
    assert part.notation.separator == ","


def test_workbook_that_cannot_be_read_is_left_to_the_reader(tmp_path: Path) -> None:
    text_file(tmp_path / "a.xlsx", "no workbook")
    dataset_file(tmp_path, {"name": "x", "path": "a.xlsx", "dialect": {"sheet": "Data"}})
    assert finding(only(read(tmp_path)), "broken-workbook").table == "x"
