"""Measured comparisons with other libraries: ``python -m tests.benchmarks --help``."""
