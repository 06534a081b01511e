"""Turn nested records into flat tables: one per resource, and one per array of objects inside it.

A batch is taken apart name by name, not record by record: all values of one name at once, then those of the
next. Columns come in the schema's order, then those that the schema does not know, in the order in which
they appear; none is left out, unless only some are ``wanted``.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xlreport import arrays
from xlreport.checks.columns import as_text
from xlreport.checks.growing import Flag, GrowingTable, Rows, leading_to
from xlreport.checks.levels import Level
from xlreport.checks.paths import select, spread
from xlreport.fields import in_words, owned_title, table_of, unique_titles
from xlreport.registry import ResourceSchema
from xlreport.tables import Column, Field, Kind, Record, Table, Wanted

__all__ = ["Flag", "Flattener"]

_NO_OBJECT: Final[Record] = {}
_NO_LIST: Final[list[Any]] = []


class Flattener:
    """Gathers the records of one resource into its tables."""

    def __init__(
        self,
        name: str,
        schema: ResourceSchema | None,
        title: str = "",
        wanted: Wanted | None = None,
    ) -> None:
        """Start with the tables that ``schema`` describes; ``title`` is used where it gives none.

        ``wanted`` are the columns to keep, beside the primary key; None keeps all.
        """
        self._name = name
        self._title = (schema.title if schema else "") or title or in_words(name)
        self._record_title = schema.record_title if schema else self._title.removesuffix("s")
        self._fields: Mapping[str, Field] = schema.fields if schema else {}
        self._titles: Mapping[str, str] = schema.titles if schema else {}
        self._key: Sequence[str] = schema.primary_key if schema else ()
        self._wanted = wanted
        self._reached = leading_to(wanted.tables) if wanted else frozenset()
        # a leap second is a moment that JSON Schema allows and no calendar of ours has
        self._has_moments = any(field.kind is Kind.DATETIME for field in self._fields.values())
        self._only_wanted = False
        self._tables: dict[str, GrowingTable] = {}
        for path in ("", *map(table_of, self._fields)):
            self._table(path)

    def add(
        self, records: Sequence[Record], start: int, rejected: Collection[int], *, ordinary: bool = False
    ) -> Iterator[Flag]:
        """Gather consecutive records, the first at position ``start``, and yield what was seen on the way.

        ``rejected`` are the positions of records with errors; ``ordinary`` is as in `Batch`, and spares the
        look at columns that are not kept.
        """
        self._only_wanted = ordinary and self._wanted is not None and not self._has_moments
        positions = range(start, start + len(records))
        above = [self._key_values(records, path) for path in self._key] or [[at + 1 for at in positions]]
        rows = Rows(self._table(""), positions, (), {})
        gathered: dict[str, list[Rows]] = {"": [rows]}
        self._gather(rows, "", records, above, gathered)
        for table in list(self._tables.values()):
            for rows in gathered.get(table.path, ()):
                yield from table.extend(rows, rejected)

    def accepts(self, levels: Mapping[str, Level]) -> bool:
        """Tell whether the columns of all levels are still of the kinds that the schema gives them."""
        return all(self._table(path).takes(level.cells) for path, level in levels.items())

    def add_levels(self, levels: Mapping[str, Level], start: int) -> None:
        """Gather consecutive records that have become levels already, by the path of their array.

        They are right and ordinary, and so `add` would have nothing to say of them.
        """
        self._only_wanted = self._wanted is not None and not self._has_moments
        for path, level in levels.items():
            if path and self._only_wanted and self._table_name(path) not in self._reached:
                continue
            keys = [] if level.above is None else map(level.from_above, self._keys_below(level.above, start))
            self._table(path).append(pc.add(level.records(), start), list(keys), level.cells)

    def _keys_below(self, level: Level, start: int) -> list[pa.Array]:
        """Return the key columns of the tables below a level, row by row of the level."""
        if level.above is None:
            keys = [_cells(level, path, self._fields[path].kind) for path in self._key]
            return keys or [pc.add(level.records(), start + 1)]
        own = pc.add(level.indices(), 1)
        if self._has_id(level.path):
            own = _cells(level, "id", self._fields[f"{level.path}/*/id"].kind)
        return [*map(level.from_above, self._keys_below(level.above, start)), own]

    def finished(self) -> dict[str, Table]:
        """Return the tables by name, the resource's own first."""
        tables = (self._finished(table) for table in self._tables.values())
        return {table.name: table for table in tables}

    def undeclared(self) -> dict[str, frozenset[str]]:
        """Return the names of the columns that the schema does not describe, by table."""
        return {
            self._table_name(path): frozenset(table.values) - table.kinds.keys()
            for path, table in self._tables.items()
        }

    # --- from records to columns

    def _key_values(self, records: Sequence[Record], path: str) -> list[Any]:
        if "/" not in path:
            return [record.get(path) for record in records]
        return [next((value for _, value in select(record, path)), None) for record in records]

    def _gather(
        self,
        rows: Rows,
        prefix: str,
        objects: Sequence[Record],
        below: Sequence[Sequence[Any]],
        gathered: dict[str, list[Rows]],
    ) -> None:
        """Put the members of ``objects``, one for each row, into columns whose names begin with ``prefix``.

        ``below`` are the key columns of the tables below, row by row.
        """
        for name in dict.fromkeys(chain.from_iterable(objects)):
            column = prefix + name
            if not self._visits(rows.table, column):
                continue
            values = [each.get(name) for each in objects]
            types = set(map(type, values))
            if dict in types:
                inside = [value if type(value) is dict else _NO_OBJECT for value in values]
                self._gather(rows, f"{column}/", inside, below, gathered)
            if list in types:
                lists = [value if type(value) is list else _NO_LIST for value in values]
                self._spread(rows, column, lists, below, gathered)
            if not types <= _EMPTY:
                rows.put(column, values if types.isdisjoint(_NESTED) else list(map(_plain, values)))

    def _spread(
        self,
        rows: Rows,
        name: str,
        lists: list[list[Any]],
        below: Sequence[Sequence[Any]],
        gathered: dict[str, list[Rows]],
    ) -> None:
        """Give every object of the lists a row of its own, and join what else is in a list to one text."""
        items = list(chain.from_iterable(lists))
        if not set(map(type, items)) <= {dict}:
            flat = [list(_flat(each)) for each in lists]
            lists = [[item for item in each if type(item) is dict] for each in flat]
            items = list(chain.from_iterable(lists))
            plain = ([item for item in each if type(item) is not dict] for each in flat)
            rows.put(name, [as_text(each) or None for each in plain])
        array = rows.table.path
        path = f"{array}/*/{name}" if array else name
        if items and not (self._only_wanted and self._table_name(path) not in self._reached):
            table = self._table(path)
            counts = list(map(len, lists))
            records, *keys = (spread(column, counts) for column in (rows.records, *below))
            identified = self._has_id(table.path)
            own = [item.get("id") for item in items] if identified else _numbered(counts)
            inside = Rows(table, records, keys, {})
            gathered.setdefault(table.path, []).append(inside)
            self._gather(inside, "", items, [*keys, own], gathered)

    def _visits(self, table: GrowingTable, column: str) -> bool:
        """Tell whether the values of a column, or what is inside them, are to be looked at."""
        if not self._only_wanted:
            return column not in table.idle
        below = f"{self._table_name(table.path)}/{column}"
        return table.reached is None or column in table.reached or below in self._reached

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
            self._tables[path] = GrowingTable(
                path,
                kinds,
                list(self._key_columns(path)),
                self._wanted_of(path),
            )
        return self._tables[path]

    def _wanted_of(self, path: str) -> frozenset[str] | None:
        columns = self._wanted.columns(self._table_name(path)) if self._wanted else None
        return columns if columns is None or path else columns | frozenset(self._key)

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
        data = {name: values.finished()[1] for name, values in table.key_values.items() if values.kept}
        for name in dict.fromkeys((*table.kinds, *table.values)):
            values = table.values.get(name)
            if values and values.kept:
                kind, data[name] = values.finished()
            elif name in table.kinds:
                kind = table.kinds[name]
            else:
                continue
            field = self._field(table.path, name)
            description = field.description if field else ""
            columns.append(Column(name, titles[name], kind, description, table.currency_of(name)))
        return Table(
            name=self._table_name(table.path),
            title=self._titles.get(table.path) or in_words(table.path) if table.path else self._title,
            columns=tuple(columns),
            data=data,
            positions=table.records(),
            parent=self._table_name(table_of(table.path)) if table.path else "",
            primary_key=() if table.path else tuple(self._key),
        )

    def _field(self, array: str, name: str) -> Field | None:
        path = f"{array}/*/{name}" if array else name
        return self._fields.get(path) or self._fields.get(f"{path}/*")

    def _headings(self, table: GrowingTable) -> dict[str, str]:
        """Return a title for every column, no two alike: those of the schema stay as they are."""
        prefix = f"{table.path}/*/" if table.path else ""
        titles = {name: field.title for name in table.kinds if (field := self._field(table.path, name))}
        unknown = unique_titles([prefix + name for name in table.values if name not in titles], self._titles)
        others = {path.removeprefix(prefix): title for path, title in unknown.items()}
        taken = {title.casefold() for title in titles.values()}
        for name, title in (*((key.name, key.title) for key in table.keys), *others.items()):
            titles[name] = f"{title} ({name})" if title.casefold() in taken else title
            taken.add(titles[name].casefold())
        return titles


_NESTED: Final = frozenset({dict, list})
_EMPTY: Final = frozenset({*_NESTED, type(None)})
"""Types of what is no value of a column's own."""


def _plain(value: Any) -> Any:  # any JSON value
    return None if type(value) in _NESTED else value


def _cells(level: Level, name: str, kind: Kind) -> pa.Array:
    return level.cells[name] if name in level.cells else arrays.array(kind, [None] * level.size, name)


def _numbered(counts: Sequence[int]) -> list[int]:
    """Return the number of each row among those below the same one, from 1."""
    return [number for count in counts for number in range(1, count + 1)]


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
