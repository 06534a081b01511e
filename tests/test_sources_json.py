"""JSON and NDJSON: exact numbers, shapes of files, and what is said about broken ones."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import codes, dataset_file, finding, findings, only, places, read, records, text_file

from xlreport.findings import Severity
from xlreport.sources.exact_json import BrokenJsonError, TooDeepError, decode
from xlreport.sources.items import BATCH_RECORDS, Json


def test_decimals_keep_every_digit(tmp_path: Path) -> None:
    path = text_file(
        tmp_path / "contracts.json", '[{"a": 1.10, "b": 9007199254740993.01, "c": 12345678901234567890123}]'
    )
    assert records(only(read(path))) == [
        {"a": Decimal("1.10"), "b": Decimal("9007199254740993.01"), "c": 12345678901234567890123}
    ]


def test_array_object_of_arrays_and_single_record(tmp_path: Path) -> None:
    array = text_file(tmp_path / "Contracts.json", '[{"id": "1"}, {"id": "2"}]')
    several = text_file(
        tmp_path / "register.json", '{"contracts": [{"id": "1"}], "partners": [], "note": []}'
    )
    package = text_file(
        tmp_path / "package.json", '{"version": "1", "tags": ["x"], "releases": [{"id": "1"}]}'
    )
    record = text_file(tmp_path / "release.json", '{"id": "1", "contracts": [{"id": "2"}]}')
    assert read(array).names == ("contracts",)
    assert read(several).names == ("contracts", "partners", "note")
    assert read(package).names == ("releases",)
    assert records(only(read(record))) == [{"id": "1", "contracts": [{"id": "2"}]}]


def test_arrays_of_the_same_name_over_files_are_one_resource(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    folder.mkdir()
    text_file(folder / "a.json", '{"releases": [{"id": "1"}]}')
    text_file(folder / "b.json", '{"releases": [{"id": "2"}, {"id": "3"}]}')
    text_file(folder / "c.json", '{"id": "4"}')
    resource = only(read(folder))
    assert resource.name == "releases"
    assert [record["id"] for record in resource.records()] == ["1", "2", "3", "4"]
    assert [Path(file).name for file, _ in resource.sources] == ["a.json", "b.json", "c.json"]


def test_place_is_the_position_in_the_array_or_the_line(tmp_path: Path) -> None:
    array = text_file(tmp_path / "a.json", '[{"id": "1"}, {"id": "2", "value": {"amount": 3}}]')
    lines = text_file(tmp_path / "b.ndjson", '{"id": "1"}\n\n{"id": "2"}\n')
    assert places(only(read(array)), "value", "amount")[1] == f"{array}:2 $.value.amount"
    assert places(only(read(lines)), "id") == [f"{lines}:1 $.id", f"{lines}:3 $.id"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[\n {"id": 1,\n  "b" 2}]',
            "line 3, column 7: a colon was expected after the member's name, not '2}]'",
        ),
        ('[{"id": 1}\n {"id": 2}]', "line 2, column 2: a comma or a closing bracket was expected"),
        ('[{"id": tru}]', "line 1, column 9: a value was expected, not 'tru}]'"),
        ("[{id: 1}]", "a member's name in double quotes was expected"),
        ('[{"id": "a\nb"}]', "a line break or another control character stands inside a text"),
        ('[{"id": "a\\x"}]', "the backslash here begins no escape that JSON knows"),
        ("[1] [2]", "the document was expected to end here, but more follows: '[2]'"),
    ],
)
def test_broken_json_says_where_and_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    resource = only(read(text_file(tmp_path / "contracts.json", text)))
    broken = finding(resource, "broken-json")
    assert said in broken.message
    assert broken.severity is Severity.ERROR
    assert broken.record is None
    assert records(resource) == []


@pytest.mark.parametrize("text", ['[{"id": 1}, {"id"', '[{"id": 1}', '[{"id": "abc', "["])
def test_truncated_json_says_that_the_file_ends_too_early(tmp_path: Path, text: str) -> None:
    broken = finding(only(read(text_file(tmp_path / "contracts.json", text))), "broken-json")
    assert "contracts.json ends before its JSON does, at line 1" in broken.message
    assert "cut short" in broken.hint


def test_error_inside_an_element_has_its_line_in_the_file(tmp_path: Path) -> None:
    text = '[\n{"id": "1"},\n{"id": "2",\n "name": "a\\qb"}\n]'
    resource = only(read(text_file(tmp_path / "contracts.json", text)))
    assert finding(resource, "broken-json").place.row == 4


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["contracts.json", "contracts.ndjson"])
def test_empty_file_is_said_to_be_empty(tmp_path: Path, name: str, content: bytes) -> None:
    assert codes(only(read(text_file(tmp_path / name, content)))) == ["empty-file"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["partners.json", "partners.ndjson"])
def test_byte_order_marks_are_understood(tmp_path: Path, name: str, encoding: str) -> None:
    content = '{"id": "1", "name": "Łódź"}'.encode(encoding)
    resource = only(read(text_file(tmp_path / name, content)))
    assert records(resource) == [{"id": "1", "name": "Łódź"}]


def test_wrong_encoding_says_which_byte_and_which_encoding_fits(tmp_path: Path) -> None:
    path = text_file(tmp_path / "partners.json", '[{"id": "1"},\n {"name": "Peña"}]'.encode("latin-1"))
    wrong = finding(only(read(path)), "wrong-encoding")
    assert "byte 0xf1 at position 27 (line 2)" in wrong.message
    assert '"encoding": "latin-1" fits' in wrong.hint
    dataset_file(tmp_path, {"name": "partners", "path": "partners.json", "encoding": "latin-1"})
    assert records(only(read(tmp_path)))[1] == {"name": "Peña"}


def test_encoding_of_windows_is_told_from_latin_1(tmp_path: Path) -> None:
    path = text_file(tmp_path / "partners.json", '[{"name": "„Peña“"}]'.encode("cp1252"))
    assert '"encoding": "windows-1252"' in finding(only(read(path)), "wrong-encoding").hint


def test_not_a_number_is_missing_with_a_warning_at_its_place(tmp_path: Path) -> None:
    text = '{"meta": NaN, "contracts": [{"v": 1.5}, {"v": NaN, "w": {"x": -Infinity}, "l": [1, NaN, 2]}]}'
    dataset = read(text_file(tmp_path / "register.json", text))
    resource = dataset["contracts"]
    assert records(resource) == [{"v": Decimal("1.5")}, {"w": {}, "l": [1, 2]}]
    found = findings(resource)
    assert [
        (each.code, each.severity, each.record, each.place.row, each.place.path, each.value) for each in found
    ] == [
        ("not-a-number", Severity.WARNING, 1, 2, "$.v", "NaN"),
        ("not-a-number", Severity.WARNING, 1, 2, "$.w.x", "-Infinity"),
        ("not-a-number", Severity.WARNING, 1, 2, "$.l[1]", "NaN"),
    ]


@pytest.mark.parametrize("number", ["1e999", "1e99999999999999999999", "1.5e-400", "9" * 5000])
def test_number_that_no_worksheet_holds_is_an_error(tmp_path: Path, number: str) -> None:
    resource = only(read(text_file(tmp_path / "contracts.json", f'[{{"id": "1", "v": {number}}}]')))
    assert records(resource) == [{"id": "1"}]
    assert finding(resource, "number-out-of-range").severity is Severity.ERROR


def test_member_given_twice_is_a_warning_and_the_last_counts(tmp_path: Path) -> None:
    text = '{"id": "1", "value": {"amount": 1, "amount": 2}}\n{"id": "2", "note": "no \\": twice"}\n'
    resource = only(read(text_file(tmp_path / "contracts.ndjson", text)))
    assert records(resource)[0] == {"id": "1", "value": {"amount": 2}}
    twice = finding(resource, "duplicate-member")
    assert (twice.record, twice.value, twice.place.path) == (0, "amount", "$.value")


@pytest.mark.parametrize("text", ['{"a" :1,"a":2}', '{"a":1,"a"\t:2}', '{"a" : 1.50 , "a" : 2}'])
def test_blanks_before_a_colon_hide_no_member_given_twice(text: str, tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "contracts.ndjson", text)))
    assert finding(resource, "duplicate-member").value == "a"
    assert records(resource) == [{"a": 2}]


def test_array_given_twice_is_told(tmp_path: Path) -> None:
    dataset = read(text_file(tmp_path / "a.json", '{"contracts": [{"id": "1"}], "contracts": [{"id": "2"}]}'))
    assert records(dataset["contracts"]) == [{"id": "2"}]
    twice = finding(dataset["contracts"], "duplicate-member")
    assert (twice.value, twice.record, twice.place.path) == ("contracts", None, "$")


def test_flaws_of_a_single_record_are_told_once(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "a.json", '{"id": "1", "id": "2", "x": {"v": NaN}}')))
    assert records(resource) == [{"id": "2", "x": {}}]
    assert [(each.code, each.record, each.place.path) for each in findings(resource)] == [
        ("duplicate-member", 0, "$"),
        ("not-a-number", 0, "$.x.v"),
    ]


def test_colons_after_blanks_and_in_texts_are_no_second_member(tmp_path: Path) -> None:
    text = r'{"contracts" : [{"id" : "1", "note": "say \"x\": y", "more" : {"k\u0022:": "\" : "}}]}'
    dataset = read(text_file(tmp_path / "a.json", text))
    assert records(dataset["contracts"]) == [{"id": "1", "note": 'say "x": y', "more": {'k":': '" : '}}]
    assert codes(dataset["contracts"]) == []


def test_member_called_as_the_resource_is_its_array(tmp_path: Path) -> None:
    text_file(tmp_path / "a.json", '{"id": "x", "contracts": [{"id": "1"}], "my.partners": [{"id": "2"}]}')
    dialect = {"pointer": "my.partners"}
    entries = [{"name": "contracts", "path": "a.json"}, {"name": "p", "path": "a.json", "dialect": dialect}]
    dataset_file(tmp_path, *entries, {"name": "register", "path": "a.json"})
    dataset = read(tmp_path)
    assert [len(records(each)) for each in dataset.resources] == [1, 1, 1]
    assert records(dataset["p"]) == [{"id": "2"}]
    assert "my.partners" in records(dataset["register"])[0]


def test_lone_surrogate_is_an_error_and_the_text_can_be_written(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "contracts.json", r'[{"id": "1", "name": "a\ud800b"}]')))
    (record,) = records(resource)
    assert record["name"].encode() == "a\ufffdb".encode()
    assert finding(resource, "lone-surrogate").record == 0


@pytest.mark.parametrize(("levels", "read_whole"), [(99, True), (100, False), (500, False), (100_000, False)])
@pytest.mark.parametrize("name", ["contracts.json", "contracts.ndjson"])
def test_depth_is_capped(tmp_path: Path, name: str, levels: int, read_whole: bool) -> None:  # noqa: FBT001  # a case
    deep = '{"id": "1", "x": ' + "[" * levels + "]" * levels + "}"
    resource = only(read(text_file(tmp_path / name, deep)))
    assert codes(resource) == ([] if read_whole else ["too-deep"])
    assert len(records(resource)) == read_whole


def test_broken_line_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    lines = b'{"id": "1"}\n{"id": \n[1]\n{"id": "Pe\xf1a"}\n{"id": "5"}\n'
    resource = only(read(text_file(tmp_path / "contracts.ndjson", lines)))
    assert [record["id"] for record in resource.records()] == ["1", "5"]
    assert [(each.code, each.place.row, each.record) for each in findings(resource)] == [
        ("broken-json", 2, None),
        ("not-a-record", 3, None),
        ("wrong-encoding", 4, None),
    ]


def test_lines_in_a_file_called_json_are_read_as_lines(tmp_path: Path) -> None:
    resource = only(read(text_file(tmp_path / "contracts.json", '{"id": "1"}\n{"id": "2"}\n')))
    assert len(records(resource)) == 2


@pytest.mark.parametrize("text", ["5", '"text"', "[1, null]"])
def test_what_is_no_object_is_no_record(tmp_path: Path, text: str) -> None:
    resource = only(read(text_file(tmp_path / "contracts.json", text)))
    assert set(codes(resource)) == {"not-a-record"}


def test_pointer_that_leads_nowhere_names_what_is_there(tmp_path: Path) -> None:
    text_file(tmp_path / "a.json", '{"result": {"items": [{"id": "1"}]}}')
    dataset_file(
        tmp_path,
        {"name": "right", "path": "a.json", "dialect": {"pointer": "result/items"}},
        {"name": "wrong", "path": "a.json", "dialect": {"pointer": "$.result.item"}},
    )
    dataset = read(tmp_path)
    assert records(dataset["right"]) == [{"id": "1"}]
    missing = finding(dataset["wrong"], "missing-array")
    assert "nothing at $.result.item; there it holds items." in missing.message
    assert missing.hint.startswith("Did you mean 'items'?")


def test_batches_are_small_and_read_anew_each_time(tmp_path: Path) -> None:
    path = text_file(tmp_path / "contracts.ndjson", "".join(f'{{"id": "{row}"}}\n' for row in range(2500)))
    resource = only(read(path))
    for _ in range(2):
        batches = list(resource.batches())
        assert [len(batch.records) for batch in batches] == [BATCH_RECORDS, BATCH_RECORDS, 500]
        assert [batch.origin.rows[0] for batch in batches] == [1, 1001, 2001]
        assert batches[2].records[-1] == {"id": "2499"}


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, places=3, min_value=-(10**20), max_value=10**20)
    | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=12,
)


def as_json(value: Json) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case list():
            return f"[{', '.join(map(as_json, value))}]"
        case dict():
            return (
                "{" + ", ".join(f"{json.dumps(name)} : {as_json(item)}" for name, item in value.items()) + "}"
            )
    return json.dumps(value)


@given(JSON_VALUES)
def test_whatever_is_json_is_read_without_loss(value: Json) -> None:
    read_value, flaws = decode(as_json(value).encode())
    assert read_value == value
    assert flaws == ()
    assert as_json(read_value) == as_json(value)  # the digits too: 1.500 is not 1.5


def is_read(content: bytes) -> bool:
    try:
        decode(content)
    except (BrokenJsonError, TooDeepError, UnicodeDecodeError):
        return False
    return True


def is_json(content: bytes) -> bool:
    try:
        json.loads(content.decode())
    except ValueError:
        return False
    return True


@given(
    st.binary(max_size=30)
    | st.text(alphabet='[]{}",:0123456789.eE+-truefalsn \\', max_size=12).map(str.encode)
)
def test_any_bytes_are_read_if_they_are_json_and_else_refused(content: bytes) -> None:
    assert is_read(content) == is_json(content)
