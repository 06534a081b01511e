"""The catalogue of finding codes holds every code that the program uses, and no other."""

import ast
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from registers import checked, contract, partner

from xlreport.checks.codes import CODES, Code, code_named
from xlreport.errors import UsageError

PACKAGE = Path(__file__).parents[1] / "xlreport"
KEBAB = re.compile(r"[a-z]+(-[a-z]+)+")
MAKERS = ("Finding", "Problem", "Flaw", "Flag", "_plainly", "_beyond", "_sized")
"""Functions and records whose first argument is a code."""
CATALOGUE = ("codes_of_reading.py", "codes_of_records.py", "codes_of_rules.py")


def trees() -> Iterator[ast.Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name not in CATALOGUE:
            yield ast.parse(path.read_text(encoding="utf-8"))


def constants(node: ast.AST | None) -> Iterator[str]:
    """Yield the texts that an expression can be: either side of a condition too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def used() -> set[str]:
    """Return every code that stands where a code is given."""
    found: set[str] = set()
    for node in (node for tree in trees() for node in ast.walk(tree)):
        if isinstance(node, ast.Call):
            named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if named.endswith(MAKERS) and node.args:
                found.update(constants(node.args[0]))
            found.update(
                text
                for keyword in node.keywords
                if keyword.arg == "code"
                for text in constants(keyword.value)
            )
    return {code for code in found if KEBAB.fullmatch(code)}


def spoken() -> set[str]:
    """Return every text of the program that looks like a code."""
    nodes = (node for tree in trees() for node in ast.walk(tree))
    return {text for node in nodes for text in constants(node) if KEBAB.fullmatch(text)}


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    assert used() >= {"missing-value", "duplicate-key", "too-small", "empty-file"}
    assert used() - set(CODES) == set()


def test_every_code_of_the_catalogue_is_used() -> None:
    assert set(CODES) - spoken() == set()


@pytest.mark.parametrize("name", CODES)
def test_every_entry_is_complete(name: str) -> None:
    code = CODES[name]
    assert KEBAB.fullmatch(name)
    assert not code.title.endswith(".")
    assert all(text.endswith(".") for text in (code.what, code.why, code.fix))
    assert code.example


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    assert isinstance(code_named("missing-value"), Code)
    with pytest.raises(UsageError, match="did you mean 'missing-value'"):
        code_named("mising-value")


EXAMPLE = re.compile(r'"(\w+)": ("[^"]*"|-?[0-9.]+|\[[^\]]*\])')
"""A field and its value in the example of an entry."""
IN_VALUE = ("amount", "currency")
OF_PARTNERS = ("roles",)
SHOWN = (
    *("unknown-value", "wrong-type", "wrong-format", "wrong-pattern", "missing-reference"),
    "unknown-property",
)
"""Codes whose example is a field of the shipped schemas."""


@pytest.mark.parametrize("code", SHOWN)
def test_the_example_of_an_entry_gives_its_code(code: str) -> None:
    found = EXAMPLE.findall(CODES[code].example.replace(" instead of", ": 1"))
    name, written = found[0] if found else (re.findall(r'"(\w+)"', CODES[code].example)[0], "1")
    value = json.loads(written, parse_float=Decimal)
    inner = {"amount": Decimal(5), "currency": "USD", name: value}
    records = [
        contract(value=inner) if name in IN_VALUE or code == "unknown-property" else contract(**{name: value})
    ]
    partners = [partner(**{name: value} if name in OF_PARTNERS else {})]
    given = {"contracts": [contract()] if name in OF_PARTNERS else records, "partners": partners}
    assert code in {finding.code for finding in checked(**given).findings}
