"""Currencies as ISO 4217 has them: how many decimals their amounts have."""

__all__ = ["minor_units"]

_BY_DECIMALS = {
    0: (
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
        *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    ),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
    4: ("CLF", "UYW"),
}
_MINOR_UNITS = {
    currency: decimals for decimals, currencies in _BY_DECIMALS.items() for currency in currencies
}


def minor_units(currency: str) -> int:
    """Return the number of decimals that amounts of ``currency`` have: 2 unless ISO 4217 says otherwise."""
    return _MINOR_UNITS.get(currency, 2)
