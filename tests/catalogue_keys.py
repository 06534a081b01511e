"""Find every text that a catalogue has to hold: in the code, the shipped reports, schemas and regions.

``python -m tests.catalogue_keys`` brings the catalogues up to date: it adds the keys that they lack, with
nothing said for them yet, takes out those that nobody looks up, and sorts the rest.
"""

import ast
import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import normalize, read_po

from xlreport.checks.codes import CODES
from xlreport.checks.flatten import Flattener
from xlreport.constraints import subschema_at
from xlreport.fields import in_words
from xlreport.languages import shipped_catalogues
from xlreport.registry import ResourceSchema, load_schema, resources_of
from xlreport.resources import schemas_folder, workbooks_folder
from xlreport.spec import ReportSpec, load_report, shipped_reports
from xlreport.spec import records as r
from xlreport.spec.in_language import texts_of
from xlreport.text import regular_plural

PACKAGE = Path(__file__).parents[1] / "xlreport"
SLOT = re.compile(r"\{([^{}:]+):([^{}]+)\}")

_LOOKING_UP = ("text", "texts", "count")

Key = str | tuple[str, str]
"""A text, or a singular and its plural."""


def in_code() -> set[Key]:
    """Return the texts that the code looks up, or marks with ``key``."""
    found: set[Key] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(_of_call(node))
    return found


def _of_call(call: ast.Call) -> Iterator[Key]:
    name = _name(call.func)
    texts = [
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value
    ]
    if name in ("count", "Counted") and texts:
        yield counted(*texts)
    elif name in ("text", "key", "Sentence"):
        yield from texts[:1]
    elif name == "texts":
        yield from texts


def _name(function: ast.expr) -> str:
    """Return the name of a language's function: ``text`` of ``language.text``, ``self.text`` and ``text``."""
    if isinstance(function, ast.Name):
        return function.id if function.id in (*_LOOKING_UP, "key", "Sentence", "Counted") else ""
    if isinstance(function, ast.Attribute):
        owner = function.value
        last = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        return function.attr if last in ("language", "self") and function.attr in _LOOKING_UP else ""
    return ""


def counted(singular: str, several: str = "") -> Key:
    return "{n} " + singular, "{n} " + (several or regular_plural(singular))


def in_reports() -> set[Key]:
    """Return the texts of the shipped definitions, the nouns in their sentences and their columns' words."""
    found: set[Key] = set()
    for name in shipped_reports():
        spec = load_report(name)
        found.update(texts_of(spec))
        found.update(_nouns(spec))
        found.update(word for table in spec.tables for word in _words(table))
    return found - {"{dataset}"}


def _nouns(spec: ReportSpec) -> Iterator[Key]:
    for statement in (statement for sheet in spec.sheets for statement in sheet.statements):
        for name, noun in SLOT.findall(statement.text):
            if name not in ("names", "first"):
                yield counted(noun) if spec.measure(name).unit == "count" else noun


def _words(table: r.TableSpec) -> Iterator[str]:
    if isinstance(table.source, r.Cohort):
        yield from table.source.labels.values()
    parts = table.source.parts if isinstance(table.source, r.Union) else ()
    for column in (*table.columns, *(column for _, columns in parts for column in columns)):
        if isinstance(column.compute, r.Flag):
            yield from (str(column.compute.then), str(column.compute.otherwise))
        elif isinstance(column.compute, r.Constant):
            yield str(column.compute.value)
        elif isinstance(column.compute, r.Words):
            yield from map(in_words, _enumerated(column.compute.of))


def _enumerated(name: str) -> list[str]:
    document = json.loads((schemas_folder() / "contract.schema.json").read_text(encoding="utf-8"))
    values: list[str] = document["properties"][name]["enum"]
    return [value for value in values if value]


def in_schemas() -> set[Key]:
    """Return titles and descriptions of the tables of the shipped schemas and of their columns.

    With them go the titles that findings name values by, and the sentences that the schemas bring themselves.
    """
    found: set[Key] = {text for path in schemas_folder().glob("*.json") for text in _own_sentences(path)}
    for name, schema in resources_of(load_schema("dataset")).items():
        found |= {schema.title, schema.record_title, *schema.titles.values()}
        found |= {text for field in schema.fields.values() for text in (field.title, field.description)}
        for table in Flattener(name, schema).finished().values():
            found.add(table.title)
            found.update(text for column in table.columns for text in (column.title, column.description))
        found.update(_in_forms(schema))
    return found - {""}


def _in_forms(schema: ResourceSchema) -> Iterator[str]:
    """Yield what an entry form says of a resource besides: its sheets, and the rules."""
    yield from (str(schema.schema.document["title"]), schema.description)
    yield from (rule.description for rule in schema.rules)
    record = schema.schema.at(schema.location)
    for array in {path.partition("/*/")[0] for path in schema.fields if "/*/" in path}:
        found = subschema_at(record, array)
        if found is not None:
            yield found.text("description")


def _own_sentences(path: Path) -> Iterator[str]:
    if path.name.startswith(("contract", "partner", "dataset.")):
        for node in _nodes(json.loads(path.read_text(encoding="utf-8"))):
            declared = node.get("x-message", "")
            yield from declared.values() if isinstance(declared, dict) else [declared]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(child)


def in_regions() -> set[Key]:
    """Return regions, sub-regions and groupings; the countries' names are Babel's."""
    with (workbooks_folder() / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row[column] for row in rows for column in ("region", "subregion", "grouping")}


def in_explanations() -> set[Key]:
    """Return the titles of the codes of findings."""
    return {entry.title for entry in CODES.values()}


def all_keys() -> set[Key]:
    """Return every key; a text that is said with a number as well as without one is two of them."""
    return in_explanations() | in_code() | in_reports() | in_schemas() | in_regions()


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def written(catalogue: Catalog, keys: Iterable[Key]) -> str:
    """Return a .po file with exactly these keys, and what the catalogue says for them."""
    parts = [_HEADER.format(code=catalogue.locale, forms=catalogue.plural_forms)]
    for each in sorted(keys, key=str):
        if isinstance(each, str):
            parts.append(
                f"msgid {normalize(each, width=0)}\nmsgstr {normalize(said(catalogue, each), width=0)}\n"
            )
        else:
            forms = said(catalogue, each) or ("",) * catalogue.num_plurals
            lines = [f"msgid {normalize(each[0], width=0)}", f"msgid_plural {normalize(each[1], width=0)}"]
            lines += [f"msgstr[{at}] {normalize(form, width=0)}" for at, form in enumerate(forms)]
            parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


_HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def said(catalogue: Catalog, key: Key) -> Any:
    """Return what a catalogue says for a key: a text, its plural forms, or nothing."""
    found = catalogue.get(key if isinstance(key, str) else key[0])
    return found.string if found and found.id == key else ""


def main() -> None:
    keys = all_keys()
    for code, path in shipped_catalogues().items():
        known = catalogue(path)
        path.write_text(written(known, keys), encoding="utf-8", newline="\n")
        missing = sum(not said(known, each) for each in keys)
        sys.stdout.write(f"{code}: {len(keys)} keys, {missing} to be said\n")


if __name__ == "__main__":
    main()
