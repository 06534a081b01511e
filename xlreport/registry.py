"""Turn the name of a JSON Schema into a schema with everything that it refers to, and that into resources.

Nothing here touches the network: a reference is followed to a file beside the schema, to a shipped schema
by its ``$id`` or to a metaschema, and anything else is a `SchemaError`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from jsonschema_specifications import REGISTRY as METASCHEMAS
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from referencing.jsonschema import Schema as JsonSchema
from referencing.jsonschema import specification_with

from xlreport.errors import SchemaError
from xlreport.fields import confidential_of, fields_of, in_words, titles_of
from xlreport.resources import schemas_folder
from xlreport.rule_checks import check_rules
from xlreport.rules import Rule
from xlreport.schema_documents import read_schema_document
from xlreport.subschemas import Subschema
from xlreport.tables import Field, json_path
from xlreport.text import did_you_mean, listing, shown
from xlreport.vocabulary import (
    NO_KEYWORDS,
    X_KEYWORDS,
    ForeignKey,
    Keywords,
    check_keywords,
    check_paths,
    keywords_of,
)

__all__ = [
    "ForeignKey",
    "ResourceSchema",
    "Schema",
    "is_dataset",
    "load_schema",
    "resources_of",
    "shipped_schemas",
]

_DRAFTS: Final = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
}
_DEFAULT_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ENDING: Final = ".schema.json"
_MOST_WORDS: Final = 3
_Retrieve = Callable[[str], "Resource[JsonSchema]"]


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A JSON Schema, known to be one, with all documents that it refers to."""

    name: str
    """The shipped schema's name, or the file's name."""
    uri: str
    """Its ``$id``, or the address of the file where it has none."""
    dialect: str
    """URI of its metaschema, such as https://json-schema.org/draft/2020-12/schema."""
    documents: Mapping[str, Any]
    """Every document that can be referred to, by its URI; this one among them."""
    registry: "Registry[JsonSchema]"

    @property
    def document(self) -> dict[str, Any]:
        """The schema itself."""
        document: dict[str, Any] = self.documents[self.uri]
        return document

    @property
    def draft(self) -> int:
        """The draft that the schema is written in: 4, 6, 7, 2019 or 2020."""
        return _DRAFTS[self.dialect]

    def root(self) -> Subschema:
        """Return the schema itself, ready to be walked."""
        return self.at(f"{self.uri}#")

    def at(self, location: str) -> Subschema:
        """Return the subschema at a URI, with or without a JSON pointer."""
        found = self.registry.resolver(self.uri).lookup(location)
        keywords = found.contents if isinstance(found.contents, Mapping) else {}
        return Subschema(keywords, location, found.resolver, specification_with(self.dialect))


@dataclass(frozen=True, slots=True, eq=False)
class ResourceSchema:
    """What a schema says about one resource."""

    name: str
    title: str
    """In the plural, such as Contracts."""
    record_title: str
    """In the singular, such as Contract; the resource's title where the schema gives no other."""
    description: str
    schema: Schema
    location: str
    """URI of the record's schema: ``urn:xlreport:dataset#/properties/contracts/items``."""
    fields: Mapping[str, Field]
    """By path, in the order of the schema. Titles are unique within a table."""
    titles: Mapping[str, str]
    """Title of every path, those of nested objects and arrays too; ``milestones/*`` is one milestone."""
    keywords: Keywords = NO_KEYWORDS
    """Keys, references and rules, checked against the vocabulary and the paths of the schema."""
    confidential: frozenset[str] = frozenset()
    """Paths of the values that are shown to nobody when findings are masked, with all that lies below."""

    @property
    def definition(self) -> dict[str, Any]:
        """A JSON Schema of one record, to be compiled with ``schema.documents`` at hand."""
        return {"$schema": self.schema.dialect, "$ref": self.location}

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Paths of the fields that identify a record; empty where the schema declares none."""
        return self.keywords.primary_key

    @property
    def unique_keys(self) -> tuple[tuple[str, ...], ...]:
        """Further lists of fields in which no two records agree."""
        return self.keywords.unique_keys

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The references to other records."""
        return self.keywords.foreign_keys

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The ``x-rules``."""
        return self.keywords.rules


def shipped_schemas() -> tuple[str, ...]:
    """Return the names of the shipped schemas."""
    return tuple(sorted(path.name.removesuffix(_ENDING) for path in schemas_folder().glob(f"*{_ENDING}")))


def load_schema(name: str | Path) -> Schema:
    """Return the schema in the file ``name``, or the shipped schema of that name, such as ``dataset``.

    Raise SchemaError where there is none, where it is no JSON Schema of draft 4, 6, 7, 2019-09 or
    2020-12, where a reference leads nowhere, or where an x- keyword is not what `vocabulary` allows.
    """
    path = _located(name)
    label = str(name) if name in shipped_schemas() else path.name
    document = read_schema_document(path, label)
    dialect = _dialect(document, label)
    _check_against_metaschema(document, label)
    uri = _uri(document, dialect, path)
    retrieve, documents = _retriever(path.resolve().parent, uri)
    documents[uri] = document
    schema = Schema(label, uri, dialect, documents, _registry(documents, dialect, retrieve))
    _follow_references(schema)
    schema = replace(schema, registry=_registry(documents, dialect))
    check_keywords(schema.name, (found for uri in documents for found in schema.at(f"{uri}#").everything()))
    return schema


def _located(name: str | Path) -> Path:
    if isinstance(name, str) and name in shipped_schemas():
        return schemas_folder() / f"{name}{_ENDING}"
    path = Path(name)
    if path.is_file():
        return path
    known = shipped_schemas()
    message = (
        f"Schema {shown(str(name))} is neither a file nor a shipped schema ({listing(known, 'or')})"
        f"{did_you_mean(str(name), known)}"
    )
    raise SchemaError(message)


def _uri(document: Mapping[str, Any], dialect: str, path: Path) -> str:
    own_id = document.get("id" if dialect.endswith("draft-04/schema") else "$id")
    return urldefrag(urljoin(path.resolve().as_uri(), own_id if isinstance(own_id, str) else "")).url


def _dialect(document: Mapping[str, Any], label: str) -> str:
    declared = document.get("$schema", _DEFAULT_DIALECT)
    dialect = str(declared).removesuffix("#")
    if dialect not in _DRAFTS:
        message = (
            f"Schema {label}: $schema {shown(declared)} is not known; it can be {listing(_DRAFTS, 'or')}."
        )
        raise SchemaError(message)
    return dialect


def _check_against_metaschema(document: Mapping[str, Any], label: str) -> None:
    metaschema_validator = _metaschema_validator(str(document.get("$schema", _DEFAULT_DIALECT)))
    try:
        error = best_match(metaschema_validator.iter_errors(document))
    except RecursionError as broken:
        message = f"Schema {label} is nested too deeply to be a JSON Schema."
        raise SchemaError(message) from broken
    if error:
        message = (
            f"Schema {label} is not a JSON Schema: at {json_path(error.absolute_path)}, {error.message}."
        )
        raise SchemaError(message)


@cache
def _metaschema_validator(declared: str) -> Validator:
    chosen = validator_for({"$schema": declared})
    return chosen(chosen.META_SCHEMA)


def _registry(
    documents: Mapping[str, Any], dialect: str, retrieve: "_Retrieve | None" = None
) -> "Registry[JsonSchema]":
    specification = specification_with(dialect)
    pairs = [(uri, Resource.from_contents(each, specification)) for uri, each in documents.items()]
    empty: Registry[JsonSchema] = Registry()
    if retrieve:
        empty = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # attrs hides the arguments
    return empty.with_resources(pairs).crawl()


def _retriever(folder: Path, base: str) -> tuple["_Retrieve", dict[str, Any]]:
    """Return a function from URI to resource, and the dictionary that it keeps what it found in."""
    documents: dict[str, Any] = {}

    def retrieve(uri: str) -> "Resource[JsonSchema]":
        if uri not in documents:
            documents[uri] = _found(uri, folder, base)
        return Resource.from_contents(documents[uri], specification_with(_DEFAULT_DIALECT))

    return retrieve, documents


def _found(uri: str, folder: Path, base: str) -> dict[str, Any]:
    known: dict[str, Any] | None = _shipped_documents().get(uri)
    if known is not None:
        return known
    if uri in METASCHEMAS:
        contents: dict[str, Any] = METASCHEMAS[uri].contents
        return contents
    path = _beside(uri, folder, base)
    if path is None or not path.is_file():
        raise NoSuchResource(ref=uri)  # type: ignore[call-arg]  # attrs hides the arguments
    document = read_schema_document(path, path.name)
    _dialect(document, path.name)
    _check_against_metaschema(document, path.name)
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


@cache
def _shipped_documents() -> Mapping[str, Any]:
    documents = {}
    for name in shipped_schemas():
        document = read_schema_document(schemas_folder() / f"{name}{_ENDING}", name)
        if "$id" in document:
            documents[document["$id"]] = document
    return documents


def _follow_references(schema: Schema) -> None:
    """Look every reference up, so that what is missing is said now and every document is at hand."""
    done: set[str] = set()
    while waiting := [uri for uri in schema.documents if uri not in done]:
        done.add(waiting[0])
        for subschema in schema.at(f"{waiting[0]}#").everything():
            _look_up(schema, subschema)


def _look_up(schema: Schema, subschema: Subschema) -> None:
    reference = subschema.node.get("$ref")
    if not isinstance(reference, str):
        return
    try:
        subschema.resolver.lookup(reference)
    except Unresolvable as error:
        _raise_cause(error)
        message = (
            f"Schema {schema.name}: $ref {shown(reference, most=200)} leads nowhere. It can name a part of "
            "the same schema, a file beside it or a shipped schema; the network is not asked."
        )
        raise SchemaError(message) from error


def _raise_cause(error: BaseException) -> None:
    """Raise the SchemaError behind ``error``: the document was found, and it is no schema."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SchemaError):
            raise cause
        cause = cause.__cause__


def resources_of(schema: Schema, names: Sequence[str] = ()) -> dict[str, ResourceSchema]:
    """Return what ``schema`` says about each resource of ``names`` (all that it describes where empty).

    A dataset schema is an object whose properties are arrays of objects: it describes the resources that
    are called like its properties, and no others. A schema of one record, or of an array of records,
    applies to every one of ``names``.

    Raise SchemaError where a key or rule names a path or a resource that the schema does not describe.
    """
    root = schema.root()
    if _is_dataset(root, names):
        found = {
            name: _resource(schema, name, array) for name, array in root.properties().items() if array.items()
        }
    else:
        found = {name: _resource(schema, name, root) for name in names or (_plain_name(schema.name),)}
    described = {name: resource.titles for name, resource in found.items()}
    for resource in found.values():
        check_paths(schema.name, resource.name, resource.keywords, described)
        record = schema.at(resource.location)
        check_rules(schema.name, resource.name, resource.keywords, record, resource.titles)
    return {name: resource for name, resource in found.items() if not names or name in names}


def is_dataset(schema: Schema) -> bool:
    """Tell whether the schema describes nothing but arrays of records, rather than one record."""
    return _is_dataset(schema.root(), ())


def _is_dataset(root: Subschema, names: Sequence[str]) -> bool:
    """Tell a dataset from a record that happens to hold arrays."""
    properties = root.properties()
    arrays = {name for name, value in properties.items() if (items := value.items()) and items.properties()}
    return bool(arrays) and (len(arrays) == len(properties) or not arrays.isdisjoint(names))


def _plain_name(name: str) -> str:
    return name.removesuffix(".json").removesuffix(".schema")


def _resource(schema: Schema, name: str, described: Subschema) -> ResourceSchema:
    """Return the resource that an array of records, or the schema of one record, describes."""
    record = described.items() or described
    if not record.location:
        message = (
            f"Schema {schema.name}: the items of {name} are found by an anchor only; use a JSON pointer."
        )
        raise SchemaError(message)
    own = described if any(keyword in described.node for keyword in X_KEYWORDS) else record
    title = (described.text("title") if record is not described else "") or in_words(name)
    return ResourceSchema(
        name=name,
        title=title,
        record_title=_record_title(record.text("title"), title),
        description=described.text("description"),
        schema=schema,
        location=record.location,
        fields=fields_of(record),
        titles=titles_of(record),
        keywords=keywords_of(own.node),
        confidential=confidential_of(record),
    )


def _record_title(own: str, plural: str) -> str:
    """Return the record's title, unless it is a sentence ("Schema for an Open Contracting Release")."""
    if own and len(own.split()) <= _MOST_WORDS:
        return own
    return plural.removesuffix("s") or plural
