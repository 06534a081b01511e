"""Turn rows that repeat one thing (a customer in every contract) into one record for each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Counted, Listed, Name, Numeral, Sentence
from xlreport.sources.items import Item, Json, Run, singly
from xlreport.sources.mapping import member
from xlreport.tables import Record

__all__ = ["Firsts", "distinct_items"]

Firsts = dict[tuple[Json, ...], Record]
"""Key -> the first record that has it."""


def distinct_items(
    items: Iterable[Item | Run], paths: Sequence[str], firsts: Firsts, file: str
) -> Iterator[Item]:
    """Keep the first record for each key, the values at ``paths``; ``firsts`` is filled on the way.

    A record without any value in its key is not kept. At the end findings count what was left out.
    """
    get = [member(path) for path in paths]
    left_out: Counter[str] = Counter()
    for item in singly(items):
        if item.record is None:
            yield item
            continue
        key = tuple(_hashable(value(item.record)) for value in get)
        if all(part is None for part in key):
            left_out["without key"] += 1
            continue
        first = firsts.setdefault(key, item.record)
        if first is item.record:
            yield item
        else:
            left_out["like the first" if first == item.record else "unlike the first"] += 1
    if left_out:
        yield Item(0, None, tuple(_findings(left_out, Listed(map(Name, paths)), file)))


def _hashable(value: Json) -> Json:
    return str(value) if isinstance(value, list | dict) else value


def _findings(left_out: Counter[str], key: str, file: str) -> Iterator[Finding]:
    place = Place(file=file)
    without, unlike = left_out["without key"], left_out["unlike the first"]
    repeated = left_out["like the first"] + unlike
    if without:
        message = Sentence("{rows} without {key} left out.", rows=Counted(without, "row"), key=key)
        yield Finding("no-key", Severity.INFO, message, place=place, value=without)
    if repeated:
        rows = Counted(repeated, "row")
        message = Sentence("{rows} with the {key} of an earlier record left out.", rows=rows, key=key)
        if unlike:
            message = Sentence(
                "{rows} with the {key} of an earlier record left out, "
                "{unlike} of them not like it in every value.",
                rows=rows,
                key=key,
                unlike=Numeral(unlike),
            )
        yield Finding("repeated-record", Severity.INFO, message, place=place, value=repeated)
