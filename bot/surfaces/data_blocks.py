"""Slack's limits on the two blocks that show data, `table` and `data_visualization`, as far as they are known.

Slack: docs.slack.dev/reference/block-kit/blocks/table-block and …/data-visualization-block. These pages have grown, and
what they allow is rolled out by and by: where an older one is stricter (6 series and segments, not 12; one table in a
message; cells of text alone), it stands.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.surfaces.shapes import (
    Problem,
    Rule,
    Shape,
    among,
    by_type,
    items,
    kind,
    listed,
    number,
    or_null,
    problem,
    shaped,
    string,
)

TABLES_MOST = 1
CHARTS_MOST = 2
_TABLE_TEXT_MOST = 10_000
_COLUMNS_MOST = 20
_SERIES_MOST = 6
_POINTS_MOST = 20
_LABEL_MOST = 20
_AXIS_MOST = 50

_CELL = by_type(
    {
        # Slack refuses a cell of no letters.
        "raw_text": shaped(Shape(("text",), {"type": kind(str), "text": string(_TABLE_TEXT_MOST)})),
        "rich_text": shaped(Shape(("elements",), {"type": kind(str), "elements": items(kind(dict), 1, 100)})),
    }
)
_COLUMN = Shape((), {"align": among("left", "center", "right"), "is_wrapped": kind(bool)})


def _rows(value: object, where: str) -> Iterator[Problem]:
    yield from items(items(_CELL, 1, _COLUMNS_MOST), 1, 100)(value, where)
    letters = sum(map(len, _words(value)))
    if letters > _TABLE_TEXT_MOST:
        yield problem(where, f"must have at most {_TABLE_TEXT_MOST} characters, and has {letters}")


def _words(value: object) -> Iterator[str]:
    """Every text within a value, however deep."""
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value["text"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _words(each)


TABLE: Mapping[str, Rule] = {
    "rows": _rows,
    "column_settings": items(or_null(shaped(_COLUMN)), 0, _COLUMNS_MOST),
}

_LABEL = string(_LABEL_MOST)
_SEGMENT = Shape(("label", "value"), {"label": _LABEL, "value": number(above=0)})
_POINT = Shape(("label", "value"), {"label": _LABEL, "value": number()})
_SERIES = Shape(("name", "data"), {"name": _LABEL, "data": items(shaped(_POINT), 1, _POINTS_MOST)})
_AXES = Shape(
    ("categories",),
    {
        "categories": items(_LABEL, 1, _POINTS_MOST),
        "x_label": string(_AXIS_MOST),
        "y_label": string(_AXIS_MOST),
    },
)
_PIE = Shape(("segments",), {"type": kind(str), "segments": items(shaped(_SEGMENT), 1, _SERIES_MOST)})
_PLOT = Shape(
    ("series", "axis_config"),
    {"type": kind(str), "series": items(shaped(_SERIES), 1, _SERIES_MOST), "axis_config": shaped(_AXES)},
)


def _plot(value: object, where: str) -> Iterator[Problem]:
    found = [*shaped(_PLOT)(value, where)]
    # Only of a plot that is whole can it be said whether its parts belong together.
    yield from found or _misfits(value, where)


def _misfits(value: object, where: str) -> Iterator[Problem]:
    """Names and labels that stand twice, and series that have not exactly one point for each label."""
    series = listed(value, "series")
    if _has_twins([_told(each, "name") for each in series]):
        yield problem(f"{where}/series", "must each have a name of its own")
    labels = listed(_told(value, "axis_config"), "categories")
    if _has_twins(labels):
        yield problem(f"{where}/axis_config/categories", "must each stand there once")
    for index, each in enumerate(series):
        given = [_told(point, "label") for point in listed(each, "data")]
        if len(given) != len(labels) or set(given) != set(labels):
            yield problem(f"{where}/series/{index}/data", "must have exactly one point for each of the categories")


def _told(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None


def _has_twins(values: Sequence[object]) -> bool:
    return len(set(values)) < len(values)


CHART: Mapping[str, Rule] = {
    "title": string(50),
    "chart": by_type({"pie": shaped(_PIE), "bar": _plot, "line": _plot, "area": _plot}),
}
