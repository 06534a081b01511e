"""Turn a seed number into a synthetic register: contracts, partners, rates and the file that describes them.

Nothing in it is real but the country codes. The same seed gives the same bytes on every machine: all
chance comes from ``random.Random.random()``, whose sequence Python keeps, and from whole numbers and
exact decimals made of it.
"""

from xlreport.sample.write import write_sample

__all__ = ["write_sample"]
