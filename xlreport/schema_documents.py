"""Turn the URI of a JSON Schema into its document, known to be one. Nothing here touches the network.

A document is one that the caller knows, a shipped schema by its ``$id``, a metaschema, or a file beside the
schema that refers to it.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from jsonschema_specifications import REGISTRY as METASCHEMAS
from referencing.exceptions import NoSuchResource

from xlreport.errors import SchemaError
from xlreport.json_words import not_json, not_utf8
from xlreport.resources import schemas_folder
from xlreport.tables import json_path
from xlreport.text import listing, shown

__all__ = [
    "DRAFTS",
    "ENDING",
    "NEWEST",
    "Document",
    "check_against_metaschema",
    "dialect_of",
    "document_at",
    "read_schema_document",
    "shipped_schemas",
]

Document = Any
"""A JSON Schema: an object, or true or false."""

DRAFTS: Final = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
}
NEWEST: Final = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of a schema that names none."""
ENDING: Final = ".schema.json"
_LARGEST_WHOLE: Final = 1 << 53
"""Whole numbers beyond it need not be counts of anything."""
_MOST_METASCHEMAS: Final = 8
"""One over the other, before it is a circle."""


def shipped_schemas() -> tuple[str, ...]:
    """Return the names of the shipped schemas."""
    return tuple(sorted(path.name.removesuffix(ENDING) for path in schemas_folder().glob(f"*{ENDING}")))


@cache
def _shipped_documents() -> Mapping[str, Document]:
    documents = {}
    for name in shipped_schemas():
        document = read_schema_document(schemas_folder() / f"{name}{ENDING}", name)
        if "$id" in document:
            documents[document["$id"]] = document
    return documents


def read_schema_document(path: Path, label: str) -> Document:
    """Return the schema in a file, known to the user as ``label``; SchemaError where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=_number)
    except OSError as error:
        message = f"Schema {label} cannot be read: {error.strerror or error}."
        raise SchemaError(message) from error
    except UnicodeDecodeError as error:
        message = f"Schema {label} cannot be read: {not_utf8(error)}."
        raise SchemaError(message) from error
    except json.JSONDecodeError as error:
        message = f"Schema {label} is not JSON: {not_json(error)}."
        raise SchemaError(message) from error
    except RecursionError as error:
        message = f"Schema {label} is nested too deeply to be a JSON Schema."
        raise SchemaError(message) from error
    if not isinstance(document, dict | bool):
        message = f"Schema {label} is not a JSON Schema: it is {_kind(document)}, and a schema is an object."
        raise SchemaError(message)
    return document


def _kind(document: object) -> str:
    return {list: "an array", str: "text", type(None): "null"}.get(type(document), "a number")


def _number(text: str) -> Decimal | int:
    """Return the number; 2.0 is the integer 2, which a keyword such as maxLength asks for."""
    number = Decimal(text)
    return int(number) if abs(number) <= _LARGEST_WHOLE and number == number.to_integral_value() else number


def document_at(uri: str, folder: Path, base: str, dialect: str) -> Document:
    """Return the document that a schema means by ``uri``; it lies in ``folder`` and is called ``base``.

    ``dialect`` is that of documents that name none. NoSuchResource where there is none, SchemaError where it
    is no schema.
    """
    if uri in _shipped_documents():
        return _shipped_documents()[uri]
    if uri in METASCHEMAS:
        return METASCHEMAS[uri].contents
    path = _beside(uri, folder, base)
    if path is None or not path.is_file():
        raise NoSuchResource(ref=uri)  # type: ignore[call-arg]  # attrs hides the arguments
    document = read_schema_document(path, path.name)
    own = dialect_of(document, path.name, lambda other: document_at(other, folder, base, dialect), dialect)
    check_against_metaschema(document, own, path.name)
    return document


def _beside(uri: str, folder: Path, base: str) -> Path | None:
    """Return the file that ``uri`` means: its own path, or the one that lies by the schema as in its base."""
    if uri.startswith("file:"):
        root = folder.as_uri() + "/"
        return folder / unquote(uri.removeprefix(root)) if uri.startswith(root) else _file(uri)
    beside = urljoin(base, ".")
    return folder / unquote(uri.removeprefix(beside)) if beside and uri.startswith(beside) else None


def _file(uri: str) -> Path:
    parts = urlsplit(uri)
    text = unquote(parts.path)
    return Path(text[1:] if text[2:3] == ":" else text)  # /C:/folder on Windows


def dialect_of(document: Document, label: str, find: Callable[[str], Document], default: str = NEWEST) -> str:
    """Return the URI of the draft that a document is written in; SchemaError where it is not known.

    A metaschema of the author's own (``find`` gives it by its URI) is written in a draft itself: that counts.
    """
    declared = _declared(document, default)
    dialect = declared
    for _ in range(_MOST_METASCHEMAS):
        if dialect in DRAFTS:
            return dialect
        try:
            dialect = _declared(find(dialect), "")
        except NoSuchResource:
            break
    message = f"Schema {label}: $schema {shown(declared)} is not known; it can be {listing(DRAFTS, 'or')}."
    raise SchemaError(message)


def _declared(document: Document, default: str) -> str:
    return str(document.get("$schema", default)).removesuffix("#") if isinstance(document, dict) else default


def check_against_metaschema(document: Document, dialect: str, label: str) -> None:
    """Raise SchemaError, naming the place, where the document does not obey its metaschema."""
    try:
        error = best_match(_metaschema_validator(dialect).iter_errors(document))
    except RecursionError as broken:
        message = f"Schema {label} is nested too deeply to be a JSON Schema."
        raise SchemaError(message) from broken
    if error:
        message = (
            f"Schema {label} is not a JSON Schema: at {json_path(error.absolute_path)}, {error.message}."
        )
        raise SchemaError(message)


@cache
def _metaschema_validator(dialect: str) -> Validator:
    chosen = validator_for({"$schema": dialect})
    return chosen(chosen.META_SCHEMA)
