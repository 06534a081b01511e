"""What is measured, a module for each kind of work."""

from tests.benchmarks.measure import Subject
from tests.benchmarks.subjects import analyse, check, job, pivots, read, sheets, write

__all__ = ["SUBJECTS"]

SUBJECTS: dict[str, Subject] = {
    subject.name: subject
    for module in (read, sheets, check, analyse, job, write, pivots)
    for subject in module.SUBJECTS
}
"""Every subject by its name; a new one stands in the ``SUBJECTS`` of its module, and the module here."""
