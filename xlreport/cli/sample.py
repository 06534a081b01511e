"""`xlreport sample`."""

import click

from xlreport.cli.talk import example

__all__ = ["sample"]


@click.command(
    epilog=example("xlreport sample -o sample", "xlreport sample -o big --contracts 100000 --seed 7")
)
@click.option(
    "-o", "--output", default="sample", show_default=True, metavar="DIR", help="Folder to write to."
)
@click.option(
    "--contracts", type=click.IntRange(1), metavar="N", help="How many contracts [default: a few thousand]."
)
@click.option(
    "--seed", type=int, default=2017, show_default=True, metavar="S", help="Another seed, other data."
)
def sample(output: str, contracts: int | None, seed: int) -> None:
    """Write sample registers: synthetic contracts, partners and exchange rates, and the dataset file.

    The same seed gives the same data. It is invented from the first byte to the last.
    """
    from xlreport.sample import write_sample  # import cost

    for path in write_sample(output, contracts=contracts, seed=seed):
        click.echo(str(path))
