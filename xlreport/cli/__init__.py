"""The command line: `xlreport sample | form | check | mark | plan | build | reports | themes | explain`.

Data goes to standard output, talk to standard error. Exit codes: 0 clean, 1 findings, 2 a wrong call,
3 something on the machine is in the way.
"""

import click

from xlreport.cli.build import build, plan
from xlreport.cli.check import check
from xlreport.cli.explain import explain
from xlreport.cli.form import form
from xlreport.cli.mark import mark
from xlreport.cli.reports import reports, themes
from xlreport.cli.sample import sample
from xlreport.cli.talk import Group
from xlreport.version import __version__

__all__ = ["main"]


@click.group(
    "xlreport", cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="xlreport")
def main() -> None:
    r"""Check contract and partner registers and turn them into Excel workbooks that people trust.

    \b
    Try it:
      xlreport sample -o sample
      xlreport build annual-results sample -o annual-results.xlsx
    """


for command in (sample, form, check, mark, plan, build, reports, themes, explain):
    main.add_command(command)
