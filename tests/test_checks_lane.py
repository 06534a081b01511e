"""Clean lines take the lane; what comes of any lines is what the other lane makes of them."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import contract, partner, resource, schema_file

from xlreport import checks, sources
from xlreport.checks.shapes import shape_of
from xlreport.registry import ResourceSchema, load_schema, resources_of
from xlreport.tables import Batch, Dataset, Lines, Record, Resource, Table, Wanted

SCHEMAS = resources_of(load_schema("dataset"))
WANTED = Wanted(
    frozenset({"contracts", "contracts/contributors"}),
    {"contracts": frozenset({"value/amount", "inForceDate"}), "contracts/contributors": None}.get,
)


def value(amount: object, currency: str = "USD") -> Record:
    return {"amount": Decimal(str(amount)), "currency": currency}


FULL = contract(
    number="7/2017",
    title="Bergung – Ölhafen",
    agreementType="commercial",
    inForceDate="2017-04-01",
    period={"startDate": "2017-04-01"},
    items=[{"id": "1", "quantity": 5, "unit": {"name": "piece"}}, {"id": "2", "unit": {}}],
    milestones=[
        {"id": "M1", "dueDate": "2017-05-01", "status": "met", "value": value("12.5")},
        {"id": "M2", "type": "payment"},
    ],
    deliveries=[],
    payments=[{"id": "P1", "date": "2018-01-02", "value": value("-3.125")}],
    contributors=[
        {"partnerId": "P-1", "role": "supplier", "value": value(7)},
        {"partnerId": "P-9", "role": "agent"},
    ],
)
"""A contract with a bit of everything, and a contributor that is in no register."""


@dataclass
class Watched:
    """A resource of lines, and how many batches of it were decoded after all."""

    resource: Resource
    decoded: list[int] = field(default_factory=list)

    def texts(self) -> Iterator[Batch | Lines]:
        assert self.resource.texts
        for given_ in self.resource.texts():
            if isinstance(given_, Lines):
                yield replace(given_, decoded=self._counting(given_))
            else:
                yield given_

    def _counting(self, lines: Lines) -> Callable[[], Iterator[Batch]]:
        def decoded() -> Iterator[Batch]:
            self.decoded.append(len(lines.lines))
            return lines.decoded()

        return decoded


def text(record: Record) -> str:
    """Return a record as JSON with its decimals as they are."""
    marked = json.dumps(record, default=lambda number: f"\0{number}\0", ensure_ascii=False)
    return re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", marked).replace(", ", ",").replace(": ", ":")


def opened(folder: Path, files: Sequence[bytes], name: str = "contracts") -> Resource:
    """Write the texts of NDJSON files and open them as one resource."""
    names = []
    for number, content in enumerate(files):
        path = folder / f"{name}-{number}.ndjson"
        path.write_bytes(content)
        names.append(path.name)
    described = {"resources": [{"name": name, "path": names, "format": "ndjson"}]}
    dataset_file = folder / "dataset.json"
    dataset_file.write_text(json.dumps(described))
    (found,) = sources.open_dataset(sources.describe([dataset_file]), {}).resources
    return found


def ran(
    contracts: Resource, schemas: dict[str, ResourceSchema] | None = None, wanted: Wanted | None = None
) -> checks.Checked:
    others = (resource("partners", [partner()]),) if contracts.name == "contracts" else ()
    return checks.run(Dataset((contracts, *others)), schemas or SCHEMAS, wanted=wanted)


def look(table: Table) -> Any:
    return table.columns, {name: table[name] for name in table.data}, table.records


def both(
    contracts: Resource, schemas: dict[str, ResourceSchema] | None = None, wanted: Wanted | None = None
) -> list[int]:
    """Check with the lane and without, see that all is the same, and return the sizes of what was decoded."""
    watched = Watched(contracts)
    fast = ran(replace(contracts, texts=watched.texts), schemas, wanted)
    slow = ran(replace(contracts, texts=None), schemas, wanted)
    assert list(fast.findings) == list(slow.findings)
    assert (fast.counts, fast.rejected, fast.undeclared) == (slow.counts, slow.rejected, slow.undeclared)
    assert list(fast.tables) == list(slow.tables)
    for name in fast.tables:
        if wanted is None or name in wanted.tables:
            assert look(fast.tables[name]) == look(slow.tables[name])
    return watched.decoded


def taken(tmp_path: Path, *lines: str | bytes) -> bool:
    """Tell whether a batch of lines takes the lane; either way the outcome is that of the other one."""
    content = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return not both(opened(tmp_path, [content]))


# --- what is taken -----------------------------------------------------------------------------------


def test_a_clean_register_takes_the_lane(tmp_path: Path) -> None:
    lines = [text({**FULL, "id": f"C-{at}", "number": str(at)}).encode() for at in range(2500)]
    contracts = opened(tmp_path, [b"\n".join(lines)])
    assert both(contracts) == []
    assert both(contracts, wanted=WANTED) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"title": 'The "Aurora" \\ or not \\"'},
        {"title": 'a: "b":1, {}[]\n\t/'},
        {"title": "null and void; 1e-5; \u2028\U0001f600"},
        {"id": "ocds-1234567890123456789"},
        {"id": "8c3e5-0e-12"},
        {"value": value(999999999999999)},
        {"value": value("0.123456789012")},
        {"value": value("1234567890123.45")},
        {"value": value("-0")},
        {"items": [], "milestones": [], "period": {}},
        {"description": ""},
    ],
    ids=str,
)
def test_what_looks_odd_and_is_clean_takes_the_lane(tmp_path: Path, changes: Record) -> None:
    assert taken(tmp_path, text({**FULL, **changes}), text(contract(id="C-2", value=value(5))))


@pytest.mark.parametrize(
    "line",
    [
        text(FULL).replace(":", " : ").replace(" : //", "://"),
        text(FULL) + "\r\n",
        text(FULL) + "\n",
        text(FULL).replace("Bergung", "\\u00e9\\ud83d\\ude00"),
        text(FULL).replace("1000.50", "1e3"),
        text(FULL).replace('"id"', '"\\u0069d"'),
    ],
)
def test_text_that_is_written_otherwise_takes_the_lane(tmp_path: Path, line: str) -> None:
    assert taken(tmp_path, line)


def test_a_byte_order_mark_is_no_doubt(tmp_path: Path) -> None:
    assert taken(tmp_path, b"\xef\xbb\xbf" + text(FULL).encode())


# --- what is not --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        text(FULL).replace('"number"', '"nummer"'),
        text(FULL).replace('"7/2017"', "null"),
        text(FULL).replace('"7/2017"', "7"),
        text(FULL).replace('"7/2017"', "[]"),
        text(FULL).replace("1000.50", '"1000.50"'),
        text(FULL).replace("1000.50", "true"),
        text(FULL).replace("1000.50", "NaN"),
        text(FULL).replace("1000.50", "-1"),
        text(FULL).replace("1000.50", "1e-60"),
        text(FULL).replace("1000.50", "1e60"),
        text(FULL).replace("1000.50", "1e400"),
        text(FULL).replace("1000.50", "0.1234567890123"),
        text(FULL).replace("1000.50", "1234567890123456"),
        text(FULL).replace("1000.50", "12345678901234.56"),
        text(FULL).replace("1000.50", "9999999999999999999999999999999"),
        text(FULL).replace('"USD"', '"usd"', 1),
        text(FULL).replace('"USD"', '"USD\\n"', 1),
        text(FULL).replace('"USD"', '"USDX"', 1),
        text(FULL).replace('"active"', '"Active"'),
        text(FULL).replace('"C-1"', '""'),
        text(FULL).replace('"id":"C-1",', ""),
        text(FULL).replace('"id":"M1",', ""),
        text(FULL).replace('"amount":12.5,', ""),
        text(FULL).replace("2017-04-01", "2017-02-30"),
        text(FULL).replace("2017-04-01", "1799-12-31"),
        text(FULL).replace("2017-04-01", "0000-01-01"),
        text(FULL).replace("2017-04-01", "2017-4-1"),
        text(FULL).replace("2017-04-01", "2017-04-01T00:00:00Z"),
        text(FULL).replace('"id":"C-1"', '"id":"C-1","id":"C-1"'),
        text(FULL).replace('"amount":12.5', '"amount":12.5,"amount":12.5'),
        text(FULL).replace('"items":[', '"items":[null,'),
        text(FULL).replace('"items":[', '"items":[[],'),
        text(FULL).replace('"Bergung', '"\\ud800'),
        text(FULL).replace('"Bergung', '"\\x'),
        text(FULL).replace('"Bergung', '"\0'),
        text(FULL).encode().replace(b"Bergung", b"\xed\xa0\x80"),
        text(FULL).encode().replace(b"Bergung", b"\xff"),
        text(FULL)[:-1],
        text(FULL) + " ",
        " " + text(FULL),
        text(FULL) + text(contract(id="C-3")),
        text(FULL) + ",",
        "[" + text(FULL) + "]",
        "null",
    ],
)
def test_any_doubt_is_for_the_other_lane(tmp_path: Path, line: str | bytes) -> None:
    assert line != text(FULL)
    assert not taken(tmp_path, text(contract(id="C-2")), line)


def test_a_blank_line_is_skipped_and_counted(tmp_path: Path) -> None:
    assert taken(tmp_path, text(FULL), "", "  ", text(contract(id="C-2")))


def test_an_object_over_two_lines_is_no_record(tmp_path: Path) -> None:
    first, second = text(FULL), text(contract(id="C-2"))
    assert not taken(tmp_path, first + second, second[:7], second[7:])


def test_a_key_that_stands_already_is_for_the_other_lane(tmp_path: Path) -> None:
    first, second = text(FULL).encode(), text(contract(id="C-2", number="7/2017")).encode()
    assert both(opened(tmp_path, [first + b"\n" + second])) == [2]
    assert both(opened(tmp_path, [first, second, first])) == [1, 1]


def test_a_column_that_became_text_stays_text(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"day": {"type": "string", "format": "date"}}}
    schemas = resources_of(load_schema(schema_file(tmp_path, schema)), ["things"])
    files = [b'{"day":"2020-01-01"}', b'{"day":"0000-01-01"}', b'{"day":"2020-01-02"}', b"{}"]
    assert both(opened(tmp_path, files, "things"), schemas) == [1, 1, 1]  # after two the lane waits for one


def test_after_doubts_the_lane_waits_and_comes_back(tmp_path: Path) -> None:
    doubtful = [text(contract(id=f"D-{at}", number=7)).encode() for at in range(4)]
    clean = [text(contract(id=f"C-{at}")).encode() for at in range(5)]
    assert len(both(opened(tmp_path, [*doubtful, *clean]))) == 4 + 3
    assert len(both(opened(tmp_path, [clean[0], doubtful[0], clean[1], doubtful[1], clean[2]]))) == 2


# --- schemas ------------------------------------------------------------------------------------------


def is_modelled(tmp_path: Path, member: object) -> bool:
    """Tell whether a member that is described so has a shape."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}, "x": member}}
    found = resources_of(load_schema(schema_file(tmp_path, schema)), ["things"])["things"]
    shape = shape_of(found.schema.at(found.location), found.fields)
    assert shape
    assert shape.members
    return "x" in shape.members


@pytest.mark.parametrize(
    "member",
    [
        True,
        False,
        {},
        {"type": ["string", "number"]},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "uri"},
        {"type": "string", "pattern": "^[^a]$"},
        {"type": "string", "pattern": "a.c"},
        {"type": "string", "pattern": r"\w"},
        {"type": "string", "pattern": "(?i)a"},
        {"type": "string", "not": {"const": "a"}},
        {"type": "string", "invented": 1},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"allOf": [{"type": "string"}, False]},
        {"enum": [1, 2]},
        {"enum": ["a", 1]},
        {"type": "number", "multipleOf": 2},
        {"type": "number", "minimum": 0.12345678901234567},
        {"type": "boolean", "const": True},
        {"type": "array"},
        {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        {"type": "array", "items": {"type": "number"}},
        {"type": "array", "items": {"type": "string", "format": "date"}},
        {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        {"type": "array", "prefixItems": [{"type": "string"}]},
        {"type": "object"},
        {"type": "object", "properties": {"a/b": {"type": "string"}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "minProperties": 1},
        {"type": "object", "properties": {"a": {"type": "string"}}, "propertyNames": {"maxLength": 1}},
        {"type": "object", "patternProperties": {"a": {"type": "string"}}},
        {
            "allOf": [{"properties": {"a": {"type": "string"}}}],
            "type": "object",
            "additionalProperties": False,
        },
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]},
        {"$ref": "#"},
    ],
    ids=str,
)
def test_what_a_schema_says_otherwise_has_no_shape(tmp_path: Path, member: object) -> None:
    assert not is_modelled(tmp_path, member)


def test_a_schema_in_itself_comes_to_an_end(tmp_path: Path) -> None:
    branches = {name: {"$ref": "#"} for name in "abcdefghij"}
    schema = {"type": "object", "properties": {"id": {"type": "string"}, **branches}}
    found = resources_of(load_schema(schema_file(tmp_path, schema)), ["things"])["things"]
    shape = shape_of(found.schema.at(found.location), found.fields)
    assert shape
    assert list(shape.members or ()) == ["id"]


@pytest.mark.parametrize(
    "member",
    [
        {"type": "string", "description": "x", "x-weblate-note": 1, "default": "a"},
        {"type": ["null", "string"], "pattern": "^(a|bc)[A-Z0-9_-]{2,3}x?\\.$", "maxLength": 9},
        {"const": "a"},
        {"enum": ["a", None]},
        {"type": "integer", "minimum": 0, "exclusiveMaximum": 10},
        {"type": "boolean"},
        {"allOf": [{"type": "string"}, {"minLength": 1}]},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "null"}},
        {"$ref": "#/properties/id"},
    ],
    ids=str,
)
def test_what_is_modelled_has_a_shape(tmp_path: Path, member: object) -> None:
    assert is_modelled(tmp_path, member)


# --- whatever the lines -------------------------------------------------------------------------------

MEMBER = re.compile(r'"\w+":(?:"[^"]*"|[-0-9.]+)')
VALUE = re.compile(r'(?<=":)(?:"[^"]*"|[-0-9.]+)')
ODD = [
    *("null", "5", "-5", "0", "-0.0", "1e3", "1E-3", "1e-60", "0e-60", "1e400", "12.345", "0.1234567890123"),
    *(
        "1234567890123456",
        "9999999999999999999999999999999",
        "01",
        "1.",
        ".5",
        "-",
        "NaN",
        "Infinity",
        "true",
    ),
    *(
        '""',
        '"x"',
        '"12.5"',
        '"P-1"',
        '"\\u00e9"',
        '"\\ud800"',
        '"\\udc00"',
        '"\\u0000"',
        '"a\\"b"',
        '"a\\\\"',
    ),
    *(
        '"\\x"',
        '"é\U0001f600"',
        '"a\tb"',
        '"\x00"',
        '"USD\\n"',
        '"2020-02-30"',
        '"0000-01-01"',
        '"1700-01-01"',
    ),
    *('"2017-04-01 "', '"20170401"', "[]", "{}", "[[]]", "[null]", '["x"]', "[{}]", '{"id":"1"}', "", '"'),
    *('{"amount":1,"currency":"USD"}', '{"amount":"1","currency":"USD"}', '"2017-04-01","extra":1', "/**/1"),
]
LINES = ["", " ", "null", "[]", "{}", "5", '"x"', "{", "}", "\r", "\x00", "\ufeff", '{"id":"C-1"} x']


def replaced(draw: st.DrawFn, line: str, pattern: re.Pattern[str], change: Callable[[str], str]) -> str:
    """Return a line with one match of the pattern changed."""
    found = list(pattern.finditer(line))
    if not found:
        return line
    match = draw(st.sampled_from(found))
    return line[: match.start()] + change(match.group()) + line[match.end() :]


@st.composite
def mutated(draw: st.DrawFn, line: str) -> str:
    """Return a line with one thing changed."""
    change = draw(st.sampled_from(["value", "without", "twice", "spaced", "more", "whole", "cut"]))
    match change:
        case "value":
            odd = draw(st.sampled_from(ODD))
            line = replaced(draw, line, VALUE, lambda _: odd)
        case "without":
            line = replaced(draw, line, re.compile(MEMBER.pattern + ",?"), lambda _: "")
        case "twice":
            line = replaced(draw, line, MEMBER, lambda member: f"{member},{member}")
        case "spaced":
            line = replaced(draw, line, re.compile('":|[,{}]'), lambda sign: f" {sign} ".replace('":', '" :'))
        case "more":
            line = replaced(draw, line, MEMBER, lambda member: f'{member},"extra":{{"x":[1]}}')
        case "whole":
            line = draw(st.sampled_from([*LINES, line + line, f"{line} ", f" {line}"]))
        case "cut":
            at = draw(st.integers(0, len(line)))
            line = line[:at] + draw(st.sampled_from(["", "\n" + line[at:], "}\n{" + line[at:]]))
    return line


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
MONEY = st.builds(value, st.decimals(0, 10**9, places=2) | st.integers(0, 10**16), st.just("USD"))
CONTRACTS = st.builds(
    contract,
    id=st.integers(0, 60).map("C-{}".format),
    number=st.none() | st.integers(0, 9).map(str),
    title=st.none() | TEXTS,
    customerId=st.sampled_from(["P-1", "P-2"]),
    parentContractId=st.none() | st.just("C-1"),
    period=st.none() | st.just({}) | st.just({"endDate": "2019-01-01"}),
    value=MONEY,
    milestones=st.none()
    | st.lists(st.fixed_dictionaries({"id": TEXTS}, optional={"value": MONEY, "type": TEXTS}), max_size=3),
    contributors=st.none()
    | st.lists(
        st.fixed_dictionaries(
            {"partnerId": st.sampled_from(["P-1", "P-2"]), "role": st.just("agent")},
            optional={"value": MONEY},
        ),
        max_size=3,
    ),
)


@st.composite
def files(draw: st.DrawFn) -> list[bytes]:
    """Return the texts of files with contracts, most of them clean."""
    lines = [text(record) for record in draw(st.lists(CONTRACTS | st.just(FULL), max_size=12))]
    for at in draw(st.lists(st.integers(0, max(0, len(lines) - 1)), max_size=2)) if lines else ():
        lines[at] = draw(mutated(lines[at]))
    size = draw(st.integers(1, 12))
    parts = [lines[start : start + size] for start in range(0, len(lines), size)]
    return ["\n".join(part).encode() for part in parts] or [b""]


@settings(max_examples=150)
@given(files())
def test_both_lanes_come_to_the_same_end(contents: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        contracts = opened(Path(folder), contents)
        both(contracts)
        both(contracts, wanted=WANTED)


THINGS = {
    "type": "object",
    "properties": {
        "things": {
            "type": "array",
            "x-primaryKey": ["about/code"],
            "x-uniqueKeys": [["n", "day"]],
            "x-foreignKeys": [
                {"fields": ["n", "day"], "reference": {"resource": "things", "fields": ["m", "day"]}},
                {"fields": "about/next", "reference": {"resource": "things", "fields": "about/code"}},
                {"fields": "parts/*/bits/*/of", "reference": {"resource": "things", "fields": "n"}},
            ],
            "items": {
                "type": "object",
                "properties": {
                    "about": {
                        "type": "object",
                        "properties": {"code": {"type": "integer"}, "next": {"type": "integer"}},
                    },
                    "n": {"type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 7},
                    "m": {"type": "integer"},
                    "day": {"type": "string", "format": "date"},
                    "open": {"type": "boolean"},
                    "amount": {"type": "number", "exclusiveMinimum": -3, "maximum": 10.5},
                    "tags": {"type": "array", "items": {"type": "string", "maxLength": 2}, "maxItems": 2},
                    "either": {"type": ["string", "number"]},
                    "parts": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["id"],
                            "properties": {
                                "id": {"type": "integer"},
                                "kind": {"const": "big"},
                                "in": {
                                    "type": "object",
                                    "properties": {"marks": {"type": "array", "items": {"enum": ["a", "b"]}}},
                                },
                                "bits": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {
                                            "of": {"type": "integer"},
                                            "ends": {
                                                "type": "array",
                                                "items": {
                                                    "type": "object",
                                                    "properties": {"x": {"type": "number"}},
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
"""Whatever is modelled, and one member that is not."""
BITS_WANTED = Wanted(frozenset({"things/parts/bits"}), {"things/parts/bits": frozenset({"of"})}.get)
NUMBERS = st.integers(0, 8)
ENDS = st.fixed_dictionaries({}, optional={"x": st.decimals(-9, 9, places=3)})
BITS = st.fixed_dictionaries({}, optional={"of": NUMBERS, "ends": st.lists(ENDS, max_size=3)})
PARTS = st.fixed_dictionaries(
    {"id": NUMBERS},
    optional={
        "kind": st.just("big"),
        "in": st.fixed_dictionaries({}, optional={"marks": st.lists(st.sampled_from("ab"), max_size=2)}),
        "bits": st.lists(BITS, max_size=3),
    },
)
EACH = st.fixed_dictionaries(
    {"about": st.fixed_dictionaries({"code": st.integers(0, 99)}, optional={"next": st.integers(0, 99)})},
    optional={
        "n": NUMBERS,
        "m": NUMBERS,
        "day": st.dates().map(str),
        "open": st.booleans(),
        "amount": st.decimals(-4, 11, places=1) | st.integers(-4, 11),
        "tags": st.lists(TEXTS, max_size=3),
        "parts": st.lists(PARTS, min_size=1, max_size=3),
    },
)


@settings(max_examples=80)
@given(st.lists(EACH, max_size=8), st.integers(1, 8), st.sampled_from([None, BITS_WANTED]))
def test_both_lanes_agree_on_all_that_is_modelled(
    things: list[Record], size: int, wanted: Wanted | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        schemas = resources_of(load_schema(schema_file(Path(folder), THINGS, "all.schema.json")))
        lines = [text(record) for record in things]
        parts = [lines[start : start + size] for start in range(0, len(lines), size)]
        both(
            opened(Path(folder), ["\n".join(part).encode() for part in parts] or [b""], "things"),
            schemas,
            wanted,
        )


def test_tables_in_tables_take_the_lane(tmp_path: Path) -> None:
    schemas = resources_of(load_schema(schema_file(tmp_path, THINGS)))
    bits = [{"of": 1}, {"ends": [{"x": Decimal("1.5")}, {}]}, {"of": 9, "ends": [{}]}]
    parts = [{"id": 4, "in": {"marks": ["a", "b"]}}, {"id": 5, "bits": bits}, {"id": 4, "bits": bits[1:]}]
    things = [
        {"about": {"code": 1}, "n": 1, "m": 2, "day": "2020-01-01", "tags": ["x"], "parts": parts},
        {"about": {"code": 2, "next": 3}, "open": True, "parts": parts[1:], "tags": []},
        {"about": {"code": 3, "next": 1}, "n": 2, "day": "2020-01-01", "amount": Decimal("10.50")},
    ]
    lines = "\n".join(text(record) for record in things).encode()
    others = lines.replace(b'"code":', b'"code":5').replace(b"2020-01-01", b"2020-01-02")
    assert both(opened(tmp_path, [lines, others], "things"), schemas) == []
