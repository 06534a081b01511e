"""Every sentence reads well to a person who knows Excel and no JSON, and can be said in every language."""

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pseudo import PSEUDO
from registers import checked, contract, dataset, partner, schema_file, things
from violating import Case, cases

import xlreport
from xlreport import checks
from xlreport.checks.patterns import in_words
from xlreport.findings import Finding, Findings, Place
from xlreport.language import ENGLISH
from xlreport.languages import load_language, shipped_catalogues
from xlreport.registry import load_schema, resources_of
from xlreport.sentences import Counted, Listed, Name, Numeral, Sentence, Worded, one_after_the_other

PACKAGE = Path(__file__).parents[1] / "xlreport"
EXAMPLES = Path(__file__).parent / "examples"
JARGON = re.compile(
    r"\b(json|objects?|propert(y|ies)|schemas?|regex|regular expression|arrays?|null|instance|keyword)\b",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[A-Za-z]{2,}")
WORD_OF_TEMPLATE = re.compile(r"\{\w+\}")
CODES = sorted(shipped_catalogues())


def found_in(folder: Path, case: Case) -> Iterator[Finding]:
    schema = {"$schema": case.draft, "properties": {"a": {"title": "Size", **case.schema}}}
    yield from things(folder, schema, {"a": case.value}).findings


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """Return what is found in values that break every keyword of every draft."""
    folder = tmp_path_factory.mktemp("broken")
    return [finding for case in cases() for finding in found_in(folder, case)]


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """Return what is found in the examples, in keys and references, and in files that cannot be read."""
    folder = tmp_path_factory.mktemp("others")
    for name, content in UNREADABLE.items():
        (folder / name).write_bytes(content)
    inputs = [
        *(path for path in EXAMPLES.iterdir() if path.is_dir()),
        *(folder / name for name in UNREADABLE),
    ]
    found = [finding for path in inputs for finding in _readable(path)]
    wrong = [
        contract(),
        contract(id="C-1"),
        contract(
            id=None, customerId="P-7", value={"amount": Decimal("1.23456789012345678"), "currency": "USD"}
        ),
        contract(id="C-3", customerId="P-2", title="\ud800", amount=Decimal(1).scaleb(400)),
        contract(id="C-4", signedDate="0000-01-01", parts={1, 2}),
    ]
    found += checked(contracts=wrong, partners=[partner(), partner(id="P-2", countryCode="x")]).findings
    found += checked(contracts=wrong, elsewhere=[{"id": 1}]).findings
    return found


def _readable(path: Path) -> Findings:
    try:
        return xlreport.check(path)
    except xlreport.errors.UsageError:
        return Findings()


LONG = Decimal("1.23456789012345678")
UNREADABLE = {
    "empty.json": b"",
    "none.json": b"[]",
    "none.ndjson": b"\n",
    "cut.json": b'[{"id": 1',
    "comma.json": b'[{"id": 1,}]',
    "more.json": b'{"id": 1} {"id": 2}',
    "bad.ndjson": b'{"id": 1}\n{"id": NaN, "id": 2}\n7\n{"id": "\\ud800", "n": 1e999}\n{"a": "\xff"}\n',
    "deep.json": b"[" * 200 + b"]" * 200,
    "latin.csv": "id,name\n1,Caf\xe9\n".encode("latin-1"),
    "empty.csv": b"",
    "short.csv": b'id,name,\n1\n1,2,3,4\n"a"b,c\n',
    "open.csv": b'id,name\n"1,2\n',
    "broken.xlsx": b"PK\x03\x04 no archive",
    "text.xlsx": b"id,name",
    "broken.parquet": b"PAR1 no end",
    "empty.parquet": b"",
}


# --- English ----------------------------------------------------------------------------------------


def test_every_case_breaks_what_it_is_meant_to_break(tmp_path: Path) -> None:
    silent = [case for case in cases() if "format" not in case.schema and not list(found_in(tmp_path, case))]
    may_be_right = {"type", "pattern", "enum"}
    assert [case for case in silent if not may_be_right & set(case.schema)] == []


def test_sentences_know_no_jargon(broken: list[Finding]) -> None:
    assert len(broken) > 800
    said = {
        sentence for finding in broken for sentence in (finding.message, finding.hint, str(finding.expected))
    }
    assert [sentence for sentence in said if JARGON.search(without_values(sentence))] == []


def test_sentences_show_no_regular_expression(broken: list[Finding]) -> None:
    for finding in broken:
        for sentence in (finding.message, finding.hint, finding.expected):
            assert not re.search(r"[\^$\\]|\{\w*\}|\(\?", without_values(sentence)), sentence


def test_sentences_begin_and_end_as_sentences_do(broken: list[Finding], others: list[Finding]) -> None:
    for finding in (*broken, *others):
        assert finding.message.endswith("."), finding.message
        assert not finding.hint or finding.hint[-1] in ".?", finding.hint
        assert not re.search(r"\{\w+\}|  |\bNone\b", without_values(finding.message + finding.hint)), finding


def without_values(sentence: str) -> str:
    """Return a sentence without what comes from the data; names in it stay."""
    if not isinstance(sentence, Sentence):
        return sentence
    return sentence.changed(lambda value: value if isinstance(value, Name) else "…")


def test_the_condition_is_told(tmp_path: Path) -> None:
    schema = {
        "properties": {"status": {}, "closedOn": {}},
        "if": {"properties": {"status": {"const": "closed"}}, "required": ["status"]},
        "then": {"required": ["closedOn"]},
        "else": {"required": ["due"]},
        "dependentSchemas": {"b": {"required": ["c"]}},
    }
    (closed,) = things(tmp_path, schema, {"status": "closed"}).findings
    assert (closed.message, closed.hint) == (
        "Closed on is missing.",
        "Asked for because Status is 'closed'.",
    )
    due, other = things(tmp_path, schema, {"status": "open", "b": 1}).findings
    assert {due.hint, other.hint} == {
        "Asked for unless Status is 'closed'.",
        "Asked for because B is filled.",
    }


def test_a_condition_may_bring_its_own_sentence(tmp_path: Path) -> None:
    schema = {
        "if": {"required": ["b"]},
        "then": {"properties": {"c": {"minimum": 3}}},
        "x-message": {"if": {"en": "{title} {value}: at least {limit} here.", "de": "Mindestens {limit}."}},
    }
    (finding,) = things(tmp_path, schema, {"b": 1, "c": 2}).findings
    assert (finding.message, finding.hint) == ("C 2: at least 3 here.", "")
    assert finding.said_in(load_language("de-AT")).message == "Mindestens 3."
    assert finding.said_in(load_language("fr")).message == "C 2: at least 3 here."


def test_the_branch_is_called_by_its_title(tmp_path: Path) -> None:
    person = {"title": "a person", "required": ["name", "born"]}
    schema = {
        "$defs": {"person": person},
        "properties": {
            "a": {"title": "Owner", "anyOf": [{"$ref": "#/$defs/person"}, {"required": list("xyz")}]}
        },
    }
    (finding,) = things(tmp_path, schema, {"a": {}}).findings
    assert (finding.code, finding.message) == ("no-branch-fits", "As a person, Owner lacks Name and Born.")


def test_what_tells_the_branches_apart_is_wrong_itself(tmp_path: Path) -> None:
    kinds = [{"properties": {"kind": {"const": kind}}, "required": ["kind"]} for kind in ("ship", "plane")]
    (finding,) = things(tmp_path, {"oneOf": kinds}, {"kind": "shp"}).findings
    assert (finding.code, finding.place.path) == ("unknown-value", "$.kind")
    assert finding.message == "Kind 'shp' is not allowed; it can be ship or plane."
    assert finding.hint == "Did you mean 'ship'?"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^[A-Z]{3}$", "3 capital letters"),
        ("^[A-Z]{2}-[0-9]{4}$", "2 capital letters, then '-', then 4 digits"),
        (r"^C-\d+$", "'C-', then at least 1 digit"),
        ("^[0-9]{2,5}[a-z]?$", "2 to 5 digits, then up to 1 small letter"),
        ("^[A-Za-z0-9]+$", "at least 1 letter or digit"),
        ("^(red|dark blue)$", "red or dark blue"),
        (r"^a\.b$", "'a.b'"),
        ("^[A-Z]{2}", "a beginning of 2 capital letters"),
        ("[A-Z]{2}$", ""),
        ("^(?!x).*$", ""),
        ("^[^a]$", ""),
        ("^[A-Z]*$", ""),
        ("^a{2}$", ""),
        ("^([A-Z]{2})+$", ""),
        ("^$", ""),
    ],
)
def test_simple_patterns_in_words(pattern: str, words: str) -> None:
    assert in_words(pattern) == words


# --- other languages ---------------------------------------------------------------------------------


def test_no_sentence_stays_english(broken: list[Finding], others: list[Finding]) -> None:
    """In a language that puts accents on all that is looked up, what is plain was forgotten."""
    for finding in (*broken, *others):
        said = blank(finding).said_in(PSEUDO)
        for text in (said.message, said.hint, said.expected):
            assert not PLAIN.search(text), (finding.code, text)


def blank(finding: Finding) -> Finding:
    """Return a finding without names and values in its sentences; a plain text stays."""
    members = {name: getattr(finding, name) for name in ("message", "hint", "expected")}
    return replace(finding, **{name: _blank(text) for name, text in members.items()})


def _blank(text: str) -> str:
    if isinstance(text, Sentence):
        return text.changed(lambda _: "")
    return "" if isinstance(text, Name) else text


def test_many_codes_were_seen(broken: list[Finding], others: list[Finding]) -> None:
    assert len({finding.code for finding in (*broken, *others)}) >= 40


@pytest.mark.parametrize("code", CODES)
def test_every_finding_is_said_in_every_language(
    code: str, broken: list[Finding], others: list[Finding]
) -> None:
    language = load_language(code)
    for finding in (*broken, *others):
        said = finding.said_in(language)
        assert said.message != finding.message
        assert not re.search(r"\{\w+\}", without_values(said.message + said.hint)) or "{" in finding.message
        assert (said.code, said.place, said.value) == (finding.code, finding.place, finding.value)


def test_every_finding_is_made_of_sentences() -> None:
    """No call of ``Finding`` or ``Problem`` gives plain English, or an f-string of it."""
    plain = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Finding", "Problem")
        for value in _worded(node)
        if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and value.value)
    ]
    assert plain == []


def _worded(call: ast.Call) -> Iterator[ast.expr]:
    first = 2  # after the code and the severity, or the path
    yield from call.args[first : first + 1]
    yield from (each.value for each in call.keywords if each.arg in ("message", "hint", "expected"))


# --- the records -------------------------------------------------------------------------------------


def test_pieces_of_sentences() -> None:
    german = load_language("de")
    whole = Sentence(
        "The row has {values} for {columns}; over are {over}.",
        values=Counted(1, "value"),
        columns=Counted(2000, "column"),
        over=Listed(["'x'", Sentence("a number")], "or"),
    )
    assert whole == "The row has 1 value for 2,000 columns; over are 'x' or a number."
    assert german.said(whole) == "Die Zeile hat 1 Wert für 2.000 Spalten; zu viel: 'x' oder eine Zahl."
    assert ENGLISH.said(whole) == whole
    assert german.said(Numeral(12500)) == "12.500"
    assert Listed("abcd", most=2) == "a, b and 2 more"
    assert german.said(Listed("abcd", most=2)) == "a, b und 2 weitere"
    assert one_after_the_other("", "A.", "", "B.") == "A. B."
    assert one_after_the_other() == ""


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("{file} holds no record.", file=Name("{a}")),
        Counted(3, "value"),
        Numeral(7),
        Listed(["a", Name("b")], "or", 1),
        Worded({"de": "Nein {title}", "en": "No {title}"}, title=Sentence("Amount")),
    ],
)
def test_copies_of_sentences_are_sentences(sentence: Sentence) -> None:
    for twin in (pickle.loads(pickle.dumps(sentence)), copy.deepcopy(sentence)):  # noqa: S301  # our own
        assert type(twin) is type(sentence)
        assert twin == sentence
        assert load_language("de").said(twin) == load_language("de").said(sentence)


def test_values_keep_their_order_among_words_that_run_from_right_to_left() -> None:
    sentence = Sentence("Did you mean {guess}?", guess="2017-12-31")
    assert "\u200e2017-12-31\u200e" in load_language("ar").said(sentence)
    assert "\u200e" not in load_language("de").said(sentence)


def test_values_can_be_changed() -> None:
    sentence = Sentence("{title} {value}", title=Sentence("Amount"), value=Listed(["x", Name("y")]))
    changed = sentence.changed(lambda value: value if isinstance(value, Name) else "•")
    assert (str(changed), type(changed)) == ("Amount • and y", Sentence)


def test_a_place_without_a_cell_can_be_said() -> None:
    assert load_language("de").said(Place("a.xlsx", "Blatt", 3).in_words()) == "Blatt!Zeile 3"
    assert str(Place("a.xlsx", "Blatt", 3, cell="A3").in_words()) == "Blatt!A3"


def test_titles_of_the_shipped_schemas_are_said() -> None:
    part = {"id": "M", "value": {"amount": "x", "currency": "USD"}}
    (finding,) = checked(contracts=[contract(milestones=[part])]).findings.errors
    assert "Betrag (Meilenstein 1)" in finding.said_in(load_language("de")).message


def test_a_record_without_a_key_is_numbered() -> None:
    schemas = resources_of(load_schema("dataset"))
    found = checks.run(dataset(contracts=[contract(id=None)]), schemas).findings
    assert {finding.said_in(load_language("fr")).key for finding in found if finding.key} == {
        "enregistrement 1"
    }


def test_a_user_s_own_titles_stay_as_they_are(tmp_path: Path) -> None:
    path = schema_file(tmp_path, {"properties": {"a": {"title": "Grösse {x}", "type": "integer"}}})
    schemas = resources_of(load_schema(path), ["things"])
    (finding,) = checks.run(dataset(things=[{"a": "z"}]), schemas).findings
    assert finding.said_in(load_language("fr")).message.startswith("Grösse {x} 'z' ne convient pas")


def test_anything_but_a_sentence_is_said_as_it_is() -> None:
    values: list[Any] = ["plain", Name("name"), ""]
    assert [load_language("ru").said(value) for value in values] == values
