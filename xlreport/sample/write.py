"""Turn a seed number into the files of a synthetic register."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from xlreport.errors import MachineError, UsageError
from xlreport.sample.contracts import contract, prices
from xlreport.sample.crews import Crews
from xlreport.sample.draws import stream
from xlreport.sample.outline import outlines, sums_of
from xlreport.sample.partners import HEADINGS, Partner, Roster, roster
from xlreport.sample.rates import rates_csv, sample_rates
from xlreport.text import listing

__all__ = ["write_sample"]

_CONTRACTS = 2_400
_STREAM = 5
_STEP = 1_000

_DESCRIPTION = (
    "SYNTHETIC DATA. Every organisation, contract, amount and exchange rate in this dataset was invented "
    "by a program; any likeness to real ones is chance. Only the codes of countries and currencies are real."
)

_README = """\
SYNTHETIC DATA - NOT REAL

These files were invented by "xlreport sample" (seed {seed}, contracts asked for: {contracts}).
No organisation, contract, amount or exchange rate in them is real, and any likeness to
real ones is chance. Only the codes of countries (ISO 3166) and currencies (ISO 4217) are real.

The register stands as of 2017-12-31 and runs from 2012. For 2017 it is made to give about
15.0 billion US dollars signed, customers from 53 countries and over 7,500 contributing
enterprises, as long as it has 300 contracts or more.

dataset.json      describes the files below; give it to "xlreport check" or "xlreport build"
contracts.ndjson  one contract per line, as JSON
partners.csv      the organisations that the contracts name; lists are separated by semicolons
rates.csv         month-end exchange rates: one unit of "from" is "rate" units of "to"

The same seed and number give the same files, byte for byte.
"""

_MARK = _README.partition("\n")[0]
_NAMES = ("dataset.json", "contracts.ndjson", "partners.csv", "rates.csv", "README.txt")

Progress = Callable[[int, int], None]


def write_sample(
    folder: str | Path,
    *,
    contracts: int | None = None,
    seed: int = 2017,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a synthetic register to ``folder`` and return the paths of its files, dataset.json first.

    ``contracts`` is the number of contracts, 2,400 if not said; contracts are written one by one, so a
    million take no more memory than a few. ``progress`` is called with the number written and the number
    wanted. UsageError for fewer than one contract and where files of that name are there that are no
    sample, MachineError where a file cannot be written.
    """
    wanted = _CONTRACTS if contracts is None else contracts
    if wanted < 1:
        message = f"A sample of {wanted} contracts cannot be made; ask for 1 or more."
        raise UsageError(message)
    target = Path(folder)
    _refuse_others(target)
    try:
        target.mkdir(parents=True, exist_ok=True)
        return list(_files(target, wanted, seed, progress or _silent))
    except OSError as error:
        message = f"{error.filename or target}: the sample cannot be written here ({error.strerror})."
        raise MachineError(message) from error


def _refuse_others(folder: Path) -> None:
    """Refuse to write over files that may be somebody's real register."""
    taken = [name for name in _NAMES if (folder / name).exists()]
    note = folder / _NAMES[-1]
    if taken and not (note.is_file() and note.read_bytes().startswith(_MARK.encode())):
        message = (
            f"{folder} holds {listing(taken)}, which xlreport sample has not written; "
            "name another folder, so that nothing is lost."
        )
        raise UsageError(message)


def _silent(_written: int, _wanted: int) -> None:
    """Say nothing."""


def _files(folder: Path, wanted: int, seed: int, progress: Progress) -> Iterable[Path]:
    people = roster(seed, wanted)
    note = _write_text(folder / "README.txt", _README.format(seed=seed, contracts=wanted))
    yield _write_text(
        folder / "dataset.json", json.dumps(_dataset(seed), ensure_ascii=False, indent=2) + "\n"
    )
    yield _write_contracts(folder / "contracts.ndjson", wanted, seed, people, progress)
    yield _write_csv(folder / "partners.csv", [HEADINGS, *map(_partner_row, people.partners)])
    yield _write_csv(folder / "rates.csv", rates_csv(sample_rates(seed)))
    yield note


def _dataset(seed: int) -> dict[str, object]:
    return {
        "name": "sample",
        "title": "Sample register (synthetic data)",
        "description": _DESCRIPTION,
        "licenses": [{"name": "CC0-1.0", "title": "No rights reserved"}],
        "sources": [{"title": f"Invented by xlreport sample, seed {seed}; exchange rates included"}],
        "schema": "dataset",
        "rates": "rates.csv",
        "resources": [
            {"name": "contracts", "title": "Contracts", "path": "contracts.ndjson", "format": "ndjson"},
            {
                "name": "partners",
                "title": "Partners",
                "path": "partners.csv",
                "format": "csv",
                "dialect": {"delimiter": ",", "separator": ";"},
            },
        ],
    }


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def _partner_row(partner: Partner) -> tuple[str, ...]:
    return (
        partner.id,
        partner.name,
        "; ".join(partner.aliases),
        "XI-SAMPLE" if partner.number else "",
        partner.number,
        "; ".join(partner.roles),
        partner.country,
        "; ".join(partner.former_suppliers),
        partner.parent,
        partner.active_from,
        partner.active_to,
    )


def _write_contracts(path: Path, wanted: int, seed: int, people: Roster, progress: Progress) -> Path:
    sums = sums_of(outlines(seed, wanted, people))
    priced = prices(seed, sums, sample_rates(seed))
    crews = Crews(people, sums)
    rng = stream(seed, _STREAM)
    encode = msgspec.json.Encoder(decimal_format="number").encode
    with path.open("wb") as file:
        for written, outline in enumerate(outlines(seed, wanted, people), 1):
            record = contract(rng, outline, priced, people, crews.crew(rng, outline))
            file.write(encode(record) + b"\n")
            if written % _STEP == 0 or written == wanted:
                progress(written, wanted)
    return path
