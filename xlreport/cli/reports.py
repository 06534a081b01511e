"""`xlreport reports`."""

import json

import click

from xlreport.cli.talk import example

__all__ = ["reports"]


@click.command(epilog=example("xlreport reports"))
def reports() -> None:
    """List the shipped reports with a sentence each."""
    from xlreport.spec import shipped_reports  # import cost

    for name, path in shipped_reports().items():
        document = json.loads(path.read_text(encoding="utf-8"))
        click.echo(f"{name}\n  {document['description']}")
