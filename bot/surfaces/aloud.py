"""What a screen reader and a notification have of a message: all of its text, from top to bottom."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.surfaces.words import escape

# What stands at the beginning of a line to be seen alone: the mark of a quotation, or of a point in a list.
_LEADS = re.compile(r"^(?:> ?|[ \t]*[•◦–] )", re.MULTILINE)
# Emphasis, outside of what Slack reads itself and of what is typed as it stands.
_EMPHASIS = re.compile(r"<[^>]*>|`[^`]*`|(?<![\w*_])([*_])(?=\S)(?P<inner>[^*_\n]+)(?<=\S)\1(?![\w*_])")


def aloud(blocks: Sequence[Mapping[str, object]]) -> str:
    """The blocks' words, escaped, without the controls: those are read by themselves."""
    return "\n".join(line for block in blocks for line in _lines(block) if line)


def _lines(block: Mapping[str, object]) -> Iterator[str]:
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            yield escape(text)
        case {"type": "section", "text": {"text": str(text)}}:
            yield _unmarked(text)
        case {"type": "context", "elements": list(elements)}:
            yield from (_unmarked(str(each["text"])) for each in elements)
        case {"type": "input", "label": {"text": str(label)}, "element": {"initial_value": str(value)}}:
            yield escape(f"{label}: {value}")
        case {"type": "table", "rows": list(rows)}:
            yield from (escape(", ".join(str(cell["text"]) for cell in row if cell["text"].strip())) for row in rows)
        case {"type": "data_visualization", "title": str(title), "chart": {"segments": list(points)}}:
            yield escape(f"{title}: {_points(points)}")
        case {"type": "data_visualization", "title": str(title), "chart": {"series": list(series)}}:
            yield from (escape(f"{title}, {each['name']}: {_points(each['data'])}") for each in series)


def _points(points: Sequence[Mapping[str, object]]) -> str:
    return ", ".join(f"{point['label']} {point['value']:g}" for point in points)


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(lambda found: found["inner"] or found[0], _LEADS.sub("", text))
