"""Loading schemas: files, shipped schemas, references between them; and what they say about resources."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from registers import SHARED_DATA, dataset, schema_file

from xlreport import checks
from xlreport.checks.engines import ENGINES
from xlreport.errors import SchemaError
from xlreport.fields import in_words, table_of, unique_titles
from xlreport.findings import Findings, Severity
from xlreport.registry import Schema, load_schema, resources_of
from xlreport.tables import Kind, Record
from xlreport.vocabulary import ForeignKey

METASCHEMA = "https://json-schema.org/draft/2020-12/schema"
OCDS_SCHEMAS = SHARED_DATA / "ocds_schema/1__1__5/schema"


def refusal(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(SchemaError) as caught:
        call(*arguments)
    return str(caught.value)


def test_a_shipped_schema_is_found_by_name() -> None:
    schema = load_schema("dataset")
    assert schema.uri == "urn:xlreport:dataset"
    assert set(schema.documents) >= {"urn:xlreport:dataset", "urn:xlreport:contract", "urn:xlreport:partner"}


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = schema_file(tmp_path, {"properties": {"a": {"type": "integer"}}})
    assert load_schema(path).uri == path.resolve().as_uri()
    assert load_schema(str(path)).name == "thing.schema.json"


def test_a_misspelt_name_is_refused_with_the_nearest() -> None:
    assert "did you mean 'contract'?" in refusal(load_schema, "contrct")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is not JSON: line 1, column 2"),
        (b"[]", "it is an array, and a schema is an object"),
        (b'{"type": "text"}', "is not a JSON Schema: at $.type"),
        (b'{"$schema": "https://example.org/mine"}', "$schema 'https://example.org/mine' is not known"),
        (b'{"title": "\xff"}', "a character in line 1 is not UTF-8; save the file as UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_schema_is_refused_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(content)
    message = refusal(load_schema, path)
    assert message.startswith(("Schema mine.json ", "Schema mine.json: "))
    assert said in message


def test_a_schema_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(b'\xef\xbb\xbf{"title": "Mine"}')
    assert load_schema(path).document == {"title": "Mine"}


def test_references_lead_to_files_beside_the_schema_by_way_of_others(tmp_path: Path) -> None:
    schema_file(tmp_path, {"$ref": "deep/two.json#/$defs/x"}, "one.json")
    (tmp_path / "deep").mkdir()
    schema_file(tmp_path / "deep", {"$defs": {"x": {"$ref": "three.json"}}}, "two.json")
    schema_file(tmp_path / "deep", {"type": "integer"}, "three.json")
    path = schema_file(tmp_path, {"properties": {"a": {"$ref": "one.json"}}})
    field = resources_of(load_schema(path), ["things"])["things"].fields["a"]
    assert field.kind is Kind.INTEGER


def test_a_remote_id_means_that_the_files_lie_beside_each_other_there_and_here(tmp_path: Path) -> None:
    schema_file(tmp_path, {"$id": "https://example.org/s/b.json", "type": "boolean"}, "b.json")
    path = schema_file(
        tmp_path, {"$id": "https://example.org/s/a.json", "properties": {"a": {"$ref": "b.json"}}}, "a.json"
    )
    assert resources_of(load_schema(path), ["things"])["things"].fields["a"].kind is Kind.BOOLEAN


def test_a_shipped_schema_can_be_built_upon(tmp_path: Path) -> None:
    path = schema_file(
        tmp_path, {"allOf": [{"$ref": "urn:xlreport:partner"}], "properties": {"vip": {"type": "boolean"}}}
    )
    fields = resources_of(load_schema(path), ["partners"])["partners"].fields
    assert {"id", "name", "vip"} <= set(fields)


def test_a_schema_that_is_referred_to_must_be_one_too(tmp_path: Path) -> None:
    path = schema_file(tmp_path, {"properties": {"a": {"$ref": "other.json"}}})
    schema_file(tmp_path, {"type": "text"}, "other.json")
    assert refusal(load_schema, path).startswith("Schema other.json is not a JSON Schema: at $.type")
    schema_file(tmp_path, {"$schema": "https://example.org/mine"}, "other.json")
    assert "$schema 'https://example.org/mine' is not known" in refusal(load_schema, path)


def test_an_anchor_is_followed_and_metaschemas_are_at_hand(tmp_path: Path) -> None:
    sizes = {"x": {"$ref": "#small"}, "y": {"$ref": METASCHEMA}}
    path = schema_file(
        tmp_path, {"properties": sizes, "$defs": {"s": {"$anchor": "small", "type": "integer"}}}
    )
    assert resources_of(load_schema(path), ["things"])["things"].fields["x"].kind is Kind.INTEGER


def test_records_that_only_an_anchor_leads_to_are_refused(tmp_path: Path) -> None:
    ships = {"$ref": "#list"}
    listed = {"$anchor": "list", "type": "array", "items": {"properties": {"id": {}}}}
    path = schema_file(tmp_path, {"properties": {"ships": ships}, "$defs": {"l": listed}})
    assert "are found by an anchor only" in refusal(lambda: resources_of(load_schema(path)))


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.org/elsewhere.json",
        "nowhere.json",
        "#/$defs/nowhere",
        "#nowhere",
        "file:///nowhere.json",
    ],
)
def test_a_reference_that_leads_nowhere_is_refused_and_the_network_is_left_alone(
    tmp_path: Path, reference: str
) -> None:
    path = schema_file(tmp_path, {"properties": {"a": {"$ref": reference}}})
    message = refusal(load_schema, path)
    assert reference in message
    assert "leads nowhere" in message


def test_kinds_come_from_types_and_formats(tmp_path: Path) -> None:
    kinds = {
        "integer": {"type": "integer"},
        "number": {"type": ["number", "null"]},
        "both": {"type": ["integer", "number"]},
        "boolean": {"type": "boolean"},
        "date": {"type": ["string", "null"], "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "mixed": {"type": ["string", "integer"]},
        "listed": {"enum": [1, 2, None]},
        "untyped": {},
        "referred": {"$ref": "#/$defs/day", "title": "Day"},
    }
    path = schema_file(
        tmp_path, {"properties": kinds, "$defs": {"day": {"type": "string", "format": "date"}}}
    )
    fields = resources_of(load_schema(path), ["things"])["things"].fields
    assert {name: field.kind.value for name, field in fields.items()} == {
        "integer": "integer",
        "number": "decimal",
        "both": "decimal",
        "boolean": "boolean",
        "date": "date",
        "moment": "datetime",
        "mixed": "text",
        "listed": "integer",
        "untyped": "text",
        "referred": "date",
    }
    assert fields["listed"].values == (1, 2)
    assert fields["referred"].title == "Day"


def test_paths_of_items_have_stars(tmp_path: Path) -> None:
    schema = {
        "properties": {
            "tags": {"type": "array", "items": {"type": "string"}},
            "parts": {"type": "array", "items": {"properties": {"size": {"properties": {"x": {}}}}}},
            "bare": {"type": "array"},
        }
    }
    fields = resources_of(load_schema(schema_file(tmp_path, schema)), ["things"])["things"].fields
    assert list(fields) == ["tags/*", "parts/*/size/x", "bare/*"]
    assert fields["tags/*"].repeated


def test_a_schema_that_contains_itself_is_entered_once(tmp_path: Path) -> None:
    schema = {"properties": {"name": {"type": "string"}, "parts": {"type": "array", "items": {"$ref": "#"}}}}
    fields = resources_of(load_schema(schema_file(tmp_path, schema)), ["things"])["things"].fields
    assert list(fields) == ["name"]


def test_a_field_is_required_where_every_row_must_have_it() -> None:
    fields = resources_of(load_schema("dataset"))["contracts"].fields
    required = {path for path, field in fields.items() if field.required}
    assert {"id", "customerId", "value/amount", "milestones/*/id", "payments/*/value/amount"} <= required
    assert required.isdisjoint({"number", "period/startDate", "milestones/*/value/amount"})


def test_titles_that_are_alike_get_their_parents_before_them() -> None:
    fields = resources_of(load_schema("dataset"))["contracts"].fields
    assert fields["value/amount"].title == "Amount"
    assert fields["amendments/*/valueBefore/amount"].title == "Value before amount"
    titles = unique_titles(["a/x", "b/x", "c"], {"a/x": "Size", "b/x": "size", "a": "Ship", "b": "Crew"})
    assert titles == {"a/x": "Ship size", "b/x": "Crew size", "c": "C"}


def test_titles_that_cannot_be_told_apart_show_their_path() -> None:
    titles = unique_titles(["x", "y"], {"x": "Size", "y": "Size"})
    assert titles == {"x": "Size (x)", "y": "Size (y)"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("signedDate", "Signed date"),
        ("value/amount", "Amount"),
        ("awardID", "Award ID"),
        ("roles/*", "Roles"),
        ("a_b-c", "A b c"),
        ("Größe", "Größe"),
        ("№", "№"),
    ],
)
def test_a_path_in_words(path: str, words: str) -> None:
    assert in_words(path) == words


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("id", ""),
        ("value/amount", ""),
        ("roles/*", ""),
        ("parts/*/id", "parts"),
        ("a/b/*/c/*/d/e", "a/b/*/c"),
    ],
)
def test_the_table_of_a_path(path: str, table: str) -> None:
    assert table_of(path) == table


def test_a_dataset_schema_describes_the_resources_called_like_its_properties() -> None:
    resources = resources_of(load_schema("dataset"), ["contracts", "other"])
    assert list(resources) == ["contracts"]
    contracts = resources["contracts"]
    assert (contracts.title, contracts.record_title) == ("Contracts", "Contract")
    assert contracts.primary_key == ("id",)
    assert ForeignKey(("customerId",), "partners", ("id",)) in contracts.foreign_keys
    assert contracts.rules[0].id == "in-force-after-signing"


def test_a_schema_of_one_record_applies_to_every_resource() -> None:
    resources = resources_of(load_schema("contract"), ["old", "new"])
    assert list(resources) == ["old", "new"]
    assert resources["old"].title == "Old"
    assert resources["old"].fields == resources["new"].fields


def test_a_schema_of_an_array_describes_its_items(tmp_path: Path) -> None:
    schema = {
        "title": "Ships",
        "type": "array",
        "items": {"properties": {"name": {}}},
        "x-primaryKey": ["name"],
    }
    ships = resources_of(load_schema(schema_file(tmp_path, schema)), ["ships"])["ships"]
    assert (ships.title, ships.record_title, ships.primary_key) == ("Ships", "Ship", ("name",))


def dataset_schema(**keywords: object) -> dict[str, object]:
    return {
        "properties": {
            "ships": {"type": "array", "items": {"properties": {"id": {}, "portId": {}}}, **keywords},
            "ports": {"type": "array", "items": {"properties": {"id": {}}}},
        }
    }


def test_a_foreign_key_may_weigh_less(tmp_path: Path) -> None:
    key = {"fields": "portId", "reference": {"resource": "ports", "fields": "id"}, "severity": "warning"}
    schema = load_schema(schema_file(tmp_path, dataset_schema(**{"x-foreignKeys": [key]})))
    assert resources_of(schema)["ships"].foreign_keys[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"x-primarykey": ["id"]}, "unknown keyword 'x-primarykey'; did you mean 'x-primaryKey'?"),
        ({"x-primaryKey": "id"}, "$.properties.ships.x-primaryKey: 'id' is not of type 'array'"),
        (
            {"x-primaryKey": ["idd"]},
            "a key of ships names 'idd', which the schema does not describe; did you mean 'id'?",
        ),
        ({"x-rules": [{"id": "a", "exist": "id"}]}, "unknown name 'exist'; did you mean 'exists'?"),
        ({"x-rules": [{"id": "a"}]}, "A rule has exactly one operator"),
        ({"x-rules": [{"id": "a", "exists": "ids"}]}, "a rule a of ships names 'ids'"),
        ({"x-rules": [{"id": "a", "exists": "id", "when": {"type": "text"}}]}, "x-rules[0].when.type"),
        ({"x-foreignKeys": [{"fields": "portId"}]}, "'reference' is a required property"),
        (
            {"x-foreignKeys": [{"fields": "portId", "reference": {"resource": "port", "fields": "id"}}]},
            "names 'port', and there is no such resource; did you mean 'ports'?",
        ),
        (
            {
                "x-foreignKeys": [
                    {"fields": ["id", "portId"], "reference": {"resource": "ports", "fields": "id"}}
                ]
            },
            "2 fields cannot refer to 1",
        ),
    ],
)
def test_a_slip_in_the_vocabulary_is_refused_with_its_place(
    tmp_path: Path, keywords: dict[str, object], said: str
) -> None:
    path = schema_file(tmp_path, dataset_schema(**keywords))
    assert said in refusal(lambda: resources_of(load_schema(path)))


def test_a_reference_of_several_fields_has_no_stars(tmp_path: Path) -> None:
    key = {"fields": ["id", "a/*/b"], "reference": {"resource": "ports", "fields": ["id", "id"]}}
    path = schema_file(tmp_path, dataset_schema(**{"x-foreignKeys": [key]}))
    assert "does not match" in refusal(load_schema, path)


def test_keywords_of_other_tools_are_left_alone(tmp_path: Path) -> None:
    path = schema_file(tmp_path, {"x-order": 3, "x-go-name": "T", "properties": {"x-rules": {"x-order": 1}}})
    assert load_schema(path).document["x-order"] == 3


@pytest.mark.skipif(
    not OCDS_SCHEMAS.is_dir(), reason="the OCDS schemas lie beside the checkout, or not at all"
)
def test_the_schemas_of_the_open_contracting_standard_are_understood() -> None:
    package = load_schema(OCDS_SCHEMAS / "release-package-schema.json")
    assert package.draft == 4
    releases = resources_of(package, ["releases"])["releases"]
    assert releases.fields["contracts/*/value/amount"].kind is Kind.DECIMAL
    assert releases.fields["date"].kind is Kind.DATETIME
    assert releases.title == "Releases"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_schema_can_be_true_or_false(tmp_path: Path, engine: str) -> None:
    for schema, codes in ((True, []), (False, ["not-allowed"])):
        path = tmp_path / f"{schema}.json"
        path.write_text(json.dumps(schema), encoding="utf-8")
        found = things_by(load_schema(path), {"id": 1}, engine)
        assert [finding.code for finding in found] == codes


@pytest.mark.parametrize("engine", ENGINES)
def test_a_count_may_be_written_as_a_decimal(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "thing.json"
    path.write_text('{"properties": {"id": {"maxLength": 2.0, "minLength": 1}}}', encoding="utf-8")
    schema = load_schema(path)
    assert [finding.code for finding in things_by(schema, {"id": "abc"}, engine)] == ["too-long"]
    assert not things_by(schema, {"id": "ab"}, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_documents_that_the_caller_knows_can_be_referred_to(tmp_path: Path, engine: str) -> None:
    known = {"https://example.org/code": {"type": "string", "maxLength": 3}}
    path = schema_file(tmp_path, {"properties": {"id": {"$ref": "https://example.org/code"}}})
    assert "leads nowhere" in refusal(load_schema, path)
    assert [each.code for each in things_by(load_schema(path, known), {"id": "abcd"}, engine)] == ["too-long"]


def test_a_metaschema_of_the_authors_own_says_which_keywords_count(tmp_path: Path) -> None:
    draft = "https://json-schema.org/draft/2020-12"
    schema_file(
        tmp_path,
        {
            "$schema": f"{draft}/schema",
            "$id": "https://example.org/meta.json",
            "$vocabulary": {f"{draft}/vocab/core": True, f"{draft}/vocab/applicator": True},
        },
        "meta.json",
    )
    schema = {"$id": "https://example.org/thing.json", "$schema": "https://example.org/meta.json"}
    path = schema_file(tmp_path, {**schema, "properties": {"a": {"minimum": 5}, "b": False}})
    found = load_schema(path)
    assert (found.draft, found.metaschema) == (2020, "https://example.org/meta.json")
    assert [each.code for each in things_by(found, {"a": 1, "b": 1}, "jsonschema-rs")] == ["not-allowed"]


def test_a_metaschema_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    said = refusal(load_schema, schema_file(tmp_path, {"$schema": "https://example.org/nowhere"}))
    assert "$schema 'https://example.org/nowhere' is not known" in said


@pytest.mark.parametrize("engine", ENGINES)
def test_a_document_of_an_older_draft_means_what_it_meant(tmp_path: Path, engine: str) -> None:
    older = {"$schema": "http://json-schema.org/draft-07/schema#", "prefixItems": [False], "maxItems": 2}
    schema_file(tmp_path, older, "older.json")
    path = schema_file(tmp_path, {"properties": {"a": {"$ref": "older.json"}}})
    assert [each.code for each in things_by(load_schema(path), {"a": [1, 2, 3]}, engine)] == [
        "too-many-items"
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_document_that_names_its_draft_takes_decimals_too(tmp_path: Path, engine: str) -> None:
    amount = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "number", "multipleOf": 0.01}
    schema_file(tmp_path, amount, "amount.json")
    schema = load_schema(schema_file(tmp_path, {"properties": {"a": {"$ref": "amount.json"}}}))
    assert not things_by(schema, {"a": Decimal("19.99")}, engine)
    assert [each.code for each in things_by(schema, {"a": Decimal("1.999")}, engine)] == ["wrong-step"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_that_fits_two_forms_of_one_is_said_to(tmp_path: Path, engine: str) -> None:
    schema = load_schema(
        schema_file(tmp_path, {"properties": {"a": {"oneOf": [True, {"minimum": 1}, False]}}})
    )
    assert [each.code for each in things_by(schema, {"a": 1}, engine)] == ["several-branches-fit"]
    assert not things_by(schema, {"a": 0}, engine)


def test_a_pattern_that_python_does_not_know_is_a_sentence(tmp_path: Path) -> None:
    schema = load_schema(schema_file(tmp_path, {"patternProperties": {r"^\p{L}$": {"type": "string"}}}))
    with pytest.raises(SchemaError, match=r"is not for the engine jsonschema.*Use jsonschema-rs"):
        things_by(schema, {"a": 1}, "jsonschema")


def things_by(schema: Schema, record: Record, engine: str) -> Findings:
    """Return what an engine finds wrong with one thing."""
    return checks.run(dataset(things=[record]), resources_of(schema, ["things"]), engine=engine).findings
