"""`xlreport reports` and `xlreport themes`."""

import json

import click

from xlreport.cli.talk import example

__all__ = ["reports", "themes"]


@click.command(epilog=example("xlreport reports"))
def reports() -> None:
    """List the shipped reports with a sentence each."""
    from xlreport.spec import shipped_reports  # import cost

    for name, path in shipped_reports().items():
        document = json.loads(path.read_text(encoding="utf-8"))
        click.echo(f"{name}\n  {document['description']}")


@click.command(epilog=example("xlreport themes"))
def themes() -> None:
    """List the shipped themes with a sentence each."""
    from xlreport.themes import shipped_themes  # import cost

    for name, path in shipped_themes().items():
        document = json.loads(path.read_text(encoding="utf-8"))
        click.echo(f"{name}\n  {document['description']}")
