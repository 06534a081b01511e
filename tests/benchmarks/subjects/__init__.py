"""What is measured, a module for each kind of work."""

from tests.benchmarks.measure import Subject
from tests.benchmarks.subjects import check, job, read, write

__all__ = ["SUBJECTS"]

SUBJECTS: dict[str, Subject] = {
    subject.name: subject for subject in (*read.SUBJECTS, *check.SUBJECTS, *job.SUBJECTS, *write.SUBJECTS)
}
"""Every subject by its name; a new one stands in the ``SUBJECTS`` of its module, and the module here."""
