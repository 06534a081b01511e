"""Turn nested records into flat tables: one per resource, and one per array of objects inside it.

Rows are gathered batch by batch as small dictionaries and then turned into columns, so that no more than
one batch stands in memory as records. Columns come in the schema's order, then those that the schema does
not know, in the order in which they appear; none is left out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xlreport.checks.columns import as_text
from xlreport.checks.growing import Flag, GrowingTable
from xlreport.checks.paths import select
from xlreport.fields import in_words, owned_title, table_of, unique_titles
from xlreport.registry import ResourceSchema
from xlreport.tables import Column, Field, Kind, Record, Table

__all__ = ["Flag", "Flattener"]


_Origin = tuple[int, tuple[Any, ...]]
"""Position of the record, and the keys of the rows above."""


class Flattener:
    """Gathers the records of one resource into its tables."""

    def __init__(self, name: str, schema: ResourceSchema | None, title: str = "") -> None:
        """Start with the tables that ``schema`` describes; ``title`` is used where it gives none."""
        self._name = name
        self._title = (schema.title if schema else "") or title or in_words(name)
        self._record_title = schema.record_title if schema else self._title.removesuffix("s")
        self._fields: Mapping[str, Field] = schema.fields if schema else {}
        self._titles: Mapping[str, str] = schema.titles if schema else {}
        self._key: Sequence[str] = schema.primary_key if schema else ()
        self._tables: dict[str, GrowingTable] = {}
        for path in ("", *map(table_of, self._fields)):
            self._table(path)

    def add(self, record: Record, position: int) -> None:
        """Gather the record that stands at ``position`` in its resource."""
        row: Record = {}
        self._tables[""].add(row, (), position)
        keys = tuple(next((value for _, value in select(record, path)), None) for path in self._key)
        self._fill(row, record, "", "", (position, keys or (position + 1,)))

    def flush(self, rejected: Collection[int]) -> list[Flag]:
        """Turn the rows gathered so far into columns; ``rejected`` are the positions of those with errors."""
        return [flag for table in self._tables.values() for flag in table.flush(rejected)]

    def finished(self) -> dict[str, Table]:
        """Return the tables by name, the resource's own first."""
        tables = (self._finished(table) for table in self._tables.values())
        return {table.name: table for table in tables}

    def undeclared(self) -> dict[str, frozenset[str]]:
        """Return the names of the columns that the schema does not describe, by table."""
        return {
            self._table_name(path): frozenset(table.values) - table.declared
            for path, table in self._tables.items()
        }

    # --- from records to rows

    def _fill(self, row: Record, value: Record, prefix: str, array: str, origin: _Origin) -> None:
        """Put the parts of ``value`` into ``row``; ``origin`` is the record's position and the keys above."""
        for name, item in value.items():
            kind = type(item)
            if kind is dict:
                self._fill(row, item, f"{prefix}{name}/", array, origin)
            elif kind is list:
                self._spread(row, item, prefix + name, array, origin)
            elif item is not None:
                row[prefix + name] = item

    def _spread(self, row: Record, items: list[Any], name: str, array: str, origin: _Origin) -> None:
        """Give every object of a list a row of its own, and join what else is in it to one text."""
        objects = [item for item in items if type(item) is dict]
        if len(objects) < len(items):
            flat = list(_flat(items))
            objects = [item for item in flat if type(item) is dict]
            row[name] = as_text([item for item in flat if type(item) is not dict]) or None
        if objects:
            path = f"{array}/*/{name}" if array else name
            table, identified = self._table(path), self._has_id(path)
            record, keys = origin
            for number, item in enumerate(objects, start=1):
                child: Record = {}
                table.add(child, keys, record)
                below = (*keys, item.get("id") if identified else number)
                self._fill(child, item, "", path, (record, below))

    # --- tables and columns

    def _table(self, path: str) -> GrowingTable:
        """Return the table of the array at ``path``, which begins with the tables above it."""
        if path not in self._tables:
            if path:
                self._table(table_of(path))
            prefix = f"{path}/*/" if path else ""
            own = (field for place, field in self._fields.items() if table_of(place) == path)
            kinds = {
                field.path.removeprefix(prefix).removesuffix("/*"): Kind.TEXT
                if field.repeated
                else field.kind
                for field in own
            }
            self._tables[path] = GrowingTable(path, kinds, list(self._key_columns(path)))
        return self._tables[path]

    def _has_id(self, path: str) -> bool:
        return f"{path}/*/id" in self._fields

    def _table_name(self, path: str) -> str:
        return f"{self._name}/{path.replace('/*/', '/')}" if path else self._name

    def _key_columns(self, path: str) -> Iterator[Column]:
        """Yield the columns that name the rows above: the record's key, then one for each array between."""
        if not path:
            return
        for key in self._key:
            yield _key_column(f"{self._name}/{key}", self._record_title, self._fields[key])
        if not self._key:
            yield Column(f"{self._name}/record", f"{self._record_title} record", Kind.INTEGER)
        above, between = table_of(path), []
        while above:
            between.append(above)
            above = table_of(above)
        for array in reversed(between):
            yield self._position_column(array)

    def _position_column(self, array: str) -> Column:
        title = self._titles.get(f"{array}/*") or in_words(array)
        if self._has_id(array):
            return _key_column(f"{self._table_name(array)}/id", title, self._fields[f"{array}/*/id"])
        return Column(f"{self._table_name(array)}/position", f"{title} position", Kind.INTEGER)

    def _finished(self, table: GrowingTable) -> Table:
        titles = self._headings(table)
        columns = [replace(key, title=titles[key.name]) for key in table.keys]
        data = [values.finished()[1] for values in table.key_values]
        for name, values in table.values.items():
            kind, cells = values.finished()
            field = self._field(table.path, name)
            description = field.description if field else ""
            columns.append(Column(name, titles[name], kind, description, table.currency_of(name)))
            data.append(cells)
        return Table(
            name=self._table_name(table.path),
            title=self._titles.get(table.path) or in_words(table.path) if table.path else self._title,
            columns=tuple(columns),
            data=tuple(data),
            records=table.records,
            parent=self._table_name(table_of(table.path)) if table.path else "",
            primary_key=() if table.path else tuple(self._key),
        )

    def _field(self, array: str, name: str) -> Field | None:
        path = f"{array}/*/{name}" if array else name
        return self._fields.get(path) or self._fields.get(f"{path}/*")

    def _headings(self, table: GrowingTable) -> dict[str, str]:
        """Return a title for every column, no two alike: those of the schema stay as they are."""
        prefix = f"{table.path}/*/" if table.path else ""
        titles = {name: field.title for name in table.declared if (field := self._field(table.path, name))}
        unknown = unique_titles([prefix + name for name in table.values if name not in titles], self._titles)
        others = {path.removeprefix(prefix): title for path, title in unknown.items()}
        taken = {title.casefold() for title in titles.values()}
        for name, title in (*((key.name, key.title) for key in table.keys), *others.items()):
            titles[name] = f"{title} ({name})" if title.casefold() in taken else title
            taken.add(titles[name].casefold())
        return titles


def _flat(items: list[Any]) -> Iterator[Any]:
    """Iterate over the items of a list and of the lists in it."""
    for item in items:
        if type(item) is list:
            yield from _flat(item)
        else:
            yield item


def _key_column(name: str, owner: str, field: Field) -> Column:
    """Return the column of a key that is titled by what it is the key of: ``Contract id``."""
    says_so = field.title.casefold().startswith(owner.casefold())
    title = field.title if says_so else owned_title(owner, field.title)
    return Column(name, title, field.kind, field.description)
