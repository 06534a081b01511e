"""What is measured, a module for each subject."""

from tests.benchmarks.measure import Subject
from tests.benchmarks.subjects import write

__all__ = ["SUBJECTS"]

SUBJECTS: dict[str, Subject] = {subject.name: subject for subject in (write.SUBJECT,)}
"""Every subject by its name; a new one is a module with a ``SUBJECT`` and its place in this line."""
