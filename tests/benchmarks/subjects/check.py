"""Check nested contracts, one in a hundred of them wrong, and collect everything that is wrong with them.

The records stand in memory as dicts before the clock starts: for us as our reader of NDJSON leaves them,
with decimals; for the others with floats, which they like best. All errors are wanted, each with its record,
its place in it and a sentence.

fastjsonschema is not among the cases: it compiles the schema but knows it only up to draft 7, where what
stands beside a ``$ref`` is ignored, and it stops at the first error of a record.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Job, Size, Subject
from xlreport.resources import schemas_folder

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS"]

Json = dict[str, Any]
Said = tuple[int, str, str]
"""Position of the record among those given, path of the value, sentence."""

_ONE_IN = 100


# --- what is wrong ----------------------------------------------------------------------------------


def _milestone(record: Json) -> tuple[Json, str]:
    """Return a milestone of the record and its path; a new one where it has none."""
    milestones = record.setdefault("milestones", [])
    if not milestones:
        milestones.append({"id": "M1"})
    return milestones[-1], f"$.milestones[{len(milestones) - 1}]"


def _without_status(record: Json) -> str:
    del record["status"]
    return "$.status"


def _without_milestone_id(record: Json) -> str:
    milestone, path = _milestone(record)
    del milestone["id"]
    return f"{path}.id"


def _number_as_title(record: Json) -> str:
    record["title"] = 17
    return "$.title"


def _text_as_amount(record: Json) -> str:
    record["value"]["amount"] = "a lot"
    return "$.value.amount"


def _unknown_category(record: Json) -> str:
    record["category"] = "gods"
    return "$.category"


def _no_such_day(record: Json) -> str:
    milestone, path = _milestone(record)
    milestone["dueDate"] = "2017-02-30"
    return f"{path}.dueDate"


def _small_letters(record: Json) -> str:
    record["value"]["currency"] = "usd"
    return "$.value.currency"


def _less_than_nothing(record: Json) -> str:
    record["value"]["amount"] = -1
    return "$.value.amount"


_SPOILERS: tuple[Callable[[Json], str], ...] = (
    _without_status,
    _without_milestone_id,
    _number_as_title,
    _text_as_amount,
    _unknown_category,
    _no_such_day,
    _small_letters,
    _less_than_nothing,
)
"""Each makes one error in a record and returns the path of the value that is wrong or missing."""
_MISSING = (_without_status, _without_milestone_id)


def _planted(size: Size) -> dict[int, Callable[[Json], str]]:
    """Return the position of each wrong record among those taken, and what is wrong with it."""
    draw = random.Random(size.rows)  # noqa: S311  # the same records every time are what is wanted
    chosen = sorted(draw.sample(range(size.rows), k=max(size.rows // _ONE_IN, len(_SPOILERS))))
    return {
        row // size.step: _SPOILERS[number % len(_SPOILERS)]
        for number, row in enumerate(chosen)
        if row % size.step == 0
    }


def _lines(size: Size) -> Iterable[bytes]:
    return (inputs.sample(size) / "contracts.ndjson").read_bytes().splitlines()


def _records(size: Size, number: type) -> list[Json]:
    """Return the contracts, amounts as ``number``, with the errors in them."""
    records = [json.loads(line, parse_float=number) for line in _lines(size)]
    for position, spoil in _planted(size).items():
        spoil(records[position])
    return records


def _write_records(records: Iterable[Json], path: Path) -> None:
    """Write records as NDJSON, amounts with the digits that they have."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    with path.open("wb") as file:
        file.writelines(encoder.encode(record) + b"\n" for record in records)


# --- who finds it -----------------------------------------------------------------------------------


def _write(said: Iterable[Said], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in said)


def _xlreport(size: Size) -> Job:
    from xlreport import checks  # noqa: F401  # checking imports it, and is in the job
    from xlreport.pipeline import check, open_register
    from xlreport.tables import NOTHING_WANTED, Dataset, Resource

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contracts.ndjson"
        _write_records(_records(size, Decimal), file)
        batches = list(open_register(file).dataset["contracts"].batches())
    register = open_register(Dataset((Resource("contracts", lambda: iter(batches)),)), "dataset")

    def job(path: Path) -> None:
        checked = check(register, "jsonschema-rs", wanted=NOTHING_WANTED)  # as `xlreport check` does
        errors = checked.findings.errors  # warnings are of what no peer looks for
        _write(
            ((each.record, each.place.path, each.message) for each in errors if each.record is not None),
            path,
        )

    return job


def _schema() -> Any:
    return json.loads((schemas_folder() / "contract.schema.json").read_bytes())


def _jsonschema_rs(size: Size) -> Job:
    import jsonschema_rs

    from xlreport.tables import json_path

    records = _records(size, float)
    validator = jsonschema_rs.validator_for(_schema(), validate_formats=True)

    def said() -> Iterator[Said]:
        for position, record in enumerate(records):
            for error in validator.iter_errors(record):
                yield position, json_path(error.instance_path), error.message

    return lambda path: _write(said(), path)


def _jsonschema(size: Size) -> Job:
    from jsonschema import Draft202012Validator

    records = _records(size, float)
    validator = Draft202012Validator(_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)

    def said() -> Iterator[Said]:
        for position, record in enumerate(records):
            for error in validator.iter_errors(record):
                yield position, error.json_path, error.message

    return lambda path: _write(said(), path)


# --- whether it is found ----------------------------------------------------------------------------


def verify(path: Path, size: Size) -> None:
    """Hold the records and paths that were found against those of the errors that were planted.

    Of a missing value some name the object that it is missing from.
    """
    planted, around = set(), {}
    lines = dict(enumerate(_lines(size)))
    for position, spoil in _planted(size).items():
        place = spoil(json.loads(lines[position]))
        planted.add((position, place))
        if spoil in _MISSING:
            around[position, place.rpartition(".")[0]] = position, place
    with path.open(encoding="utf-8") as file:
        said = [json.loads(line) for line in file]
    assert all(message for _, _, message in said)
    found = {around.get((position, place), (position, place)) for position, place, _ in said}
    assert found == planted, f"not as planted: {sorted(found ^ planted)[:5]}"


_SENTENCE = "sentence in the user's words, hint, place in the file"
SUBJECTS = (
    Subject(
        "check",
        "Check nested contracts",
        (
            Case("xlreport", _xlreport, "xlreport"),
            Case(
                "jsonschema-rs alone",
                _jsonschema_rs,
                "jsonschema-rs",
                f"{_SENTENCE}, keys, flat tables, decimals",
            ),
            Case(
                "jsonschema, one validator",
                _jsonschema,
                "jsonschema",
                f"{_SENTENCE}, keys, flat tables, decimals",
                most_rows=5_000,
                most_runs=1,
            ),
        ),
        verify,
        result="findings.ndjson",
    ),
)
