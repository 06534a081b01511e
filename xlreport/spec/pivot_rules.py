"""Find what a pivot of a report definition asks for that no pivot can do, whatever the data."""

from collections.abc import Iterator

from xlreport.spec import records as r
from xlreport.text import did_you_mean, listing

__all__ = ["periods_add_up", "wrong_pivots"]


def wrong_pivots(spec: r.ReportSpec) -> Iterator[str]:
    """Yield a sentence, with its path, for each thing in a pivot that cannot be; its measures are there."""
    for pivot in spec.pivots:
        path = f"$.pivots.{pivot.name}"
        yield from _in_fields(pivot, path)
        yield from _in_sorting(pivot, path)
        for position, value in enumerate(pivot.values):
            yield from _in_value(spec, pivot, value, f"{path}.values[{position}]")


def _in_fields(pivot: r.Pivot, path: str) -> Iterator[str]:
    """Refuse a field that stands in two places, and periods that are mixed with fields."""
    filters = tuple(each.field for each in pivot.filters)
    places: dict[str, str] = {}
    for part, fields in (("rows", pivot.rows), ("columns", pivot.columns), ("filters", filters)):
        for position, axis in enumerate(fields):
            here = f"{part}[{position}]"
            if axis.name in places:
                narrow = "narrow it with where" if part == "filters" else "leave one of them out"
                yield f"{path}.{here}: '{axis.name}' stands in {places[axis.name]} already; {narrow}."
            places.setdefault(axis.name, here)
    if r.PERIOD in (axis.field for axis in pivot.columns):
        if not pivot.by_period:
            yield (
                f"{path}.columns: period stands alone, one column per period of the history; for columns by "
                "several fields, group a date by year, quarter or month."
            )
        elif pivot.columns[0].by:
            yield f"{path}.columns[0].by: the periods are those of the report; leave out by."


def _in_sorting(pivot: r.Pivot, path: str) -> Iterator[str]:
    if pivot.column_sort == r.Pivot("", "", (), ()).column_sort:
        return
    if pivot.by_period:
        yield f"{path}.columnSort: periods stand in their own order; leave it out."
    elif not pivot.columns:
        yield f"{path}.columnSort: there are no columns to be sorted; leave it out, or name columns."


def _in_value(spec: r.ReportSpec, pivot: r.Pivot, value: r.PivotValue, path: str) -> Iterator[str]:
    names = [measure.name for measure in spec.measures]
    if value.measure in names and not _can_be_grouped(spec, value.measure, ()):
        yield (
            f"{path}.measure: '{value.measure}' is known for the whole report only and not for its parts; "
            "name a measure with an aggregate, or a ratio of such."
        )
    axes = list(dict.fromkeys(axis.name for axis in (*pivot.rows, *pivot.columns)))
    if value.base and not value.goes_along:
        yield f"{path}.base: only what goes from item to item has a base, and '{value.show}' does not."
    elif value.base and value.base not in axes:
        guess = did_you_mean(value.base, axes)
        yield f"{path}.base: '{value.base}' is on no axis; on the axes are {listing(axes)}{guess or '.'}"
    if value.show == "shareOfRow" and pivot.by_period and not periods_add_up(spec, pivot):
        yield (
            f"{path}.show: periods have a total only where all values add up over time, as sums and counts "
            "of the rows dated in them do; show share, or columns by another field."
        )


def _can_be_grouped(spec: r.ReportSpec, name: str, above: tuple[str, ...]) -> bool:
    """Tell whether a measure is made of rows, and so has a figure for every group of them."""
    measure = next((measure for measure in spec.measures if measure.name == name), None)
    if isinstance(measure, r.Ratio) and name not in above:
        return all(_can_be_grouped(spec, part, (*above, name)) for part in (measure.over, measure.under))
    return not isinstance(measure, r.Concentration | r.Revalued)


def periods_add_up(spec: r.ReportSpec, pivot: r.Pivot) -> bool:
    """Tell whether all value fields are of rows dated in a period, so that they have a total over several."""
    known = {measure.name: measure for measure in spec.measures}
    measures = [known.get(value.measure) for value in pivot.values]
    return not any(value.is_change for value in pivot.values) and all(
        isinstance(measure, r.Measure) and measure.when.kind == "in" for measure in measures
    )
