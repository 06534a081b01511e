"""Turn the name of a JSON Schema into a schema with everything that it refers to, and that into resources.

Nothing here touches the network: a reference is followed to a file beside the schema, to a shipped schema
by its ``$id`` or to a metaschema, and anything else is a `SchemaError`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import Schema as JsonSchema
from referencing.jsonschema import specification_with

from xlreport.errors import SchemaError
from xlreport.fields import confidential_of, fields_of, in_words, titles_of
from xlreport.resources import schemas_folder
from xlreport.rule_checks import check_rules
from xlreport.rules import Rule
from xlreport.schema_documents import (
    DRAFTS,
    ENDING,
    NEWEST,
    Document,
    check_against_metaschema,
    dialect_of,
    document_at,
    read_schema_document,
    shipped_schemas,
)
from xlreport.subschemas import Subschema
from xlreport.tables import Field
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

_MOST_WORDS: Final = 3
_DYNAMIC: Final = 2019
"""The first draft in which a schema means something else where another refers to it."""
NO_DOCUMENTS: Final[Mapping[str, Document]] = {}
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
    metaschema: str = ""
    """What it names as its ``$schema``; of its own where its author has one."""

    @property
    def document(self) -> Document:
        """The schema itself."""
        return self.documents[self.uri]

    @property
    def draft(self) -> int:
        """The draft that the schema is written in: 4, 6, 7, 2019 or 2020."""
        return DRAFTS[self.dialect]

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
        own = {"$schema": self.schema.metaschema or self.schema.dialect}
        document = self.schema.document
        whole = self.location == f"{self.schema.uri}#" and isinstance(document, Mapping)
        if whole and self.schema.draft >= _DYNAMIC:
            return {**document, **own, "$id": self.schema.uri}
        return {**own, "$ref": self.location}

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


def load_schema(name: str | Path, known: Mapping[str, Document] = NO_DOCUMENTS) -> Schema:
    """Return the schema in the file ``name``, or the shipped schema of that name, such as ``dataset``.

    References may lead to the documents ``known`` by their URIs, besides files and shipped schemas. Raise
    SchemaError where there is none, where it is no JSON Schema of draft 4, 6, 7, 2019-09 or 2020-12, where
    a reference leads nowhere, or where an x- keyword is not what `vocabulary` allows.
    """
    path = _located(name)
    label = str(name) if name in shipped_schemas() else path.name
    document = read_schema_document(path, label)
    folder = path.resolve().parent

    def find(uri: str) -> Document:
        return known[uri] if uri in known else document_at(uri, folder, _uri(document, NEWEST, path), NEWEST)

    dialect = dialect_of(document, label, find)
    check_against_metaschema(document, dialect, label)
    uri = _uri(document, dialect, path)
    documents: dict[str, Document] = {uri: document}

    def retrieve(wanted: str) -> "Resource[JsonSchema]":
        if wanted not in documents:
            inside = wanted in known
            documents[wanted] = known[wanted] if inside else document_at(wanted, folder, uri, dialect)
        return Resource.from_contents(documents[wanted], specification_with(dialect))

    metaschema = document.get("$schema", dialect) if isinstance(document, dict) else dialect
    if metaschema.removesuffix("#") not in DRAFTS:  # of the author's own: it says which keywords count
        retrieve(metaschema)
    schema = Schema(label, uri, dialect, documents, _registry(documents, dialect, retrieve), metaschema)
    _follow_references(schema)
    schema = replace(schema, registry=_registry(documents, dialect))
    check_keywords(schema.name, (found for uri in documents for found in schema.at(f"{uri}#").everything()))
    return schema


def _located(name: str | Path) -> Path:
    if isinstance(name, str) and name in shipped_schemas():
        return schemas_folder() / f"{name}{ENDING}"
    path = Path(name)
    if path.is_file():
        return path
    known = shipped_schemas()
    message = (
        f"Schema {shown(str(name))} is neither a file nor a shipped schema ({listing(known, 'or')})"
        f"{did_you_mean(str(name), known)}"
    )
    raise SchemaError(message)


def _uri(document: Document, dialect: str, path: Path) -> str:
    keyword = "id" if DRAFTS[dialect] == 4 else "$id"  # noqa: PLR2004  # the number of a draft
    own_id = document.get(keyword) if isinstance(document, dict) else None
    return urldefrag(urljoin(path.resolve().as_uri(), own_id if isinstance(own_id, str) else "")).url


def _registry(
    documents: Mapping[str, Any], dialect: str, retrieve: "_Retrieve | None" = None
) -> "Registry[JsonSchema]":
    specification = specification_with(dialect)
    pairs = [(uri, Resource.from_contents(each, specification)) for uri, each in documents.items()]
    empty: Registry[JsonSchema] = Registry()
    if retrieve:
        empty = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # attrs hides the arguments
    return empty.with_resources(pairs).crawl()


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
        keywords=keywords_of(_own_keywords(described, record)),
        confidential=confidential_of(record),
    )


def _own_keywords(described: Subschema, record: Subschema) -> dict[str, Any]:
    """Return the x- keywords of a resource: those on its array count before those on its records."""
    views = [*described.views(certain=True), *record.views(certain=True)]
    return {
        keyword: view.node[keyword]
        for view in reversed(views)
        for keyword in X_KEYWORDS
        if keyword in view.node
    }


def _record_title(own: str, plural: str) -> str:
    """Return the record's title, unless it is a sentence ("Schema for an Open Contracting Release")."""
    if own and len(own.split()) <= _MOST_WORDS:
        return own
    return plural.removesuffix("s") or plural
