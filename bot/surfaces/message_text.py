"""What a message says as people see it, whatever it is made of: blocks, attachments, e-mails, or a bare text.

Anybody's app may have written it, so whatever is missing, null, or of a shape that is not known here says nothing.
Shapes: docs.slack.dev/reference/block-kit, docs.slack.dev/messaging, reference/objects/file-object.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.surfaces.html_text import is_read_whole, text_of_html
from bot.surfaces.words import unescape

# Slack writes links, people, channels and groups between these (docs.slack.dev/messaging/formatting-message-text).
_MARKED = re.compile(
    r"<(?:(?P<kind>[@#!])[^<>|]*|(?P<to>[a-zA-Z][a-zA-Z0-9+.-]*:[^<>|]*))(?:\|(?P<label>[^<>]*))?>",
)
_MAIL = "mailto:"
_SOMEBODY, _SOMEWHERE = "@…", "#…"
_NAMELESS = {
    "user": _SOMEBODY,
    "usergroup": _SOMEBODY,
    "broadcast": _SOMEBODY,
    "team": _SOMEBODY,
    "channel": _SOMEWHERE,
}
# Where the words of a block stand, in reading order; one that is not known yet will have some of them.
_WORDED = ("title", "subtitle", "text", "body", "fields", "elements", "blocks", "description", "alt_text")
_CONTROLS = ("actions", "context_actions", "button")
# What Slack itself puts where an app has said nothing.
_NOTHING_SAID = ("[no preview available]", "This content can't be displayed.")
_EMAIL = "email"
_INDENT_MOST = 8


def parts_of(message: Mapping[str, object]) -> list[str]:
    """All that a message says, one paragraph or more each: its own words, what is attached, and the e-mails in it.

    A channel's name is left out: whoever reads it may not know of that channel.
    """
    attachments = _listed(message, "attachments")
    said = [
        *(_blocks(_listed(message, "blocks")) or [_shown(message.get("text"))]),
        *(part for each in attachments for part in _attachment(each)),
        *(part for each in _files(message) for part in _file(each)),
    ]
    return _worded(said) or _worded(_fallback(each) for each in attachments)


def is_email(message: Mapping[str, object]) -> bool:
    """Whether it brings an e-mail that was forwarded to Slack."""
    return any(map(_is_email, _files(message)))


def is_cut(message: Mapping[str, object]) -> bool:
    """Whether it brings an e-mail that is not looked through to its end."""
    pages = (page for each in _files(message) if _is_email(each) and not _written(each) for page in _pages(each))
    return not all(map(is_read_whole, pages))


def _worded(parts: Iterable[str]) -> list[str]:
    return [part for part in map(str.strip, parts) if part]


def _listed(holder: object, name: str) -> Sequence[object]:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    return found if isinstance(found, list) else []


def _string(holder: object, *names: str) -> str:
    """The first text with words in it under any of these names; an empty one where there is none."""
    found = (holder.get(name) for name in names) if isinstance(holder, Mapping) else ()
    return next((text for text in found if isinstance(text, str) and text.strip()), "")


def _shown(text: object) -> str:
    """A text of Slack's, or the object that holds one, as a reader sees it."""
    text = text.get("text") if isinstance(text, Mapping) else text
    if not isinstance(text, str) or text.strip() in _NOTHING_SAID:
        return ""
    return unescape(_MARKED.sub(_unmarked, text))


def _unmarked(found: re.Match[str]) -> str:
    match found["kind"]:
        case "@":
            return _SOMEBODY
        case "#":
            return _SOMEWHERE
        case "!":
            return found["label"] or _SOMEBODY
    return found["label"] or found["to"].removeprefix(_MAIL)


def _blocks(blocks: Sequence[object]) -> list[str]:
    return _worded(_block(each) for each in blocks)


def _block(block: object) -> str:
    match block:
        case {"type": str(kind)} if kind in _CONTROLS:
            return ""
        case {"type": "rich_text"}:
            return _rich(block)
        case {"rows": list(rows)}:
            return "\n".join(_worded(_row(row) for row in rows))
        case Mapping():
            pieces = _worded(piece for name in _WORDED for piece in _pieces(block.get(name)))
            # A picture's title and what is told of it to those who cannot see it are often the same.
            return "\n".join(dict.fromkeys(pieces))
    return _shown(block)


def _pieces(words: object) -> Iterator[str]:
    if isinstance(words, list):
        yield from map(_block, words)
    elif isinstance(words, Mapping) and words.get("type") == "rich_text":
        yield _rich(words)
    else:
        yield _shown(words)


def _row(row: object) -> str:
    return ", ".join(_worded(_block(cell) for cell in row)) if isinstance(row, list) else ""


def _rich(element: object) -> str:
    """Formatted text: paragraphs, lists and quotations in one another, and in the end what stands in a line."""
    match element:
        case {"type": "rich_text_list", "elements": list(points)}:
            return "\n".join(f"{_mark(element, turn)} {_rich(point)}" for turn, point in enumerate(points, start=1))
        case {"type": "text", "text": str(text)}:
            return text
        case {"elements": list(parts)}:
            pieces = map(_rich, parts)
            if any(map(_is_paragraph, parts)):
                return "\n".join(piece for piece in (each.strip("\n") for each in pieces) if piece)
            return "".join(pieces)
        case {"type": "emoji"}:
            return _emoji(element)
        case {"type": str(kind)} if kind in _NAMELESS:
            return _NAMELESS[kind]
    return _string(element, "text", "url", "fallback", "value").removeprefix(_MAIL)


def _is_paragraph(element: object) -> bool:
    return _string(element, "type").startswith("rich_text")


def _mark(points: object, turn: int) -> str:
    """What stands before a point of a list: its number where they are counted; further in where it lies deeper."""
    mark = f"{turn + _whole(points, 'offset')}." if _string(points, "style") == "ordered" else "•"
    return "  " * min(_whole(points, "indent"), _INDENT_MOST) + mark


def _whole(holder: object, name: str) -> int:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    return found if isinstance(found, int) else 0


def _emoji(element: object) -> str:
    """An emoji as a letter; one of the workspace's own by its name."""
    try:
        return "".join(chr(int(code, 16)) for code in _string(element, "unicode").split("-"))
    except (ValueError, OverflowError):
        return f":{_string(element, 'name')}:"


def _attachment(attachment: object) -> Iterator[str]:
    if isinstance(attachment, Mapping):
        yield _shown(attachment.get("pretext"))
        yield _shown(attachment.get("title"))
        yield from _blocks(_listed(attachment, "blocks")) or [_shown(attachment.get("text")) or _shared(attachment)]
        yield from map(_field, _listed(attachment, "fields"))


def _shared(attachment: object) -> str:
    """What a message said that was shared into this one."""
    messages = [each.get("message") for each in _listed(attachment, "message_blocks") if isinstance(each, Mapping)]
    return "\n\n".join(part for each in messages for part in _blocks(_listed(each, "blocks")))


def _field(field: object) -> str:
    """A line of an attachment: what it is about, and what is said of it."""
    if not isinstance(field, Mapping):
        return ""
    return ": ".join(_worded([_shown(field.get("title")).rstrip(": "), _shown(field.get("value"))]))


def _fallback(attachment: object) -> str:
    return _shown(_string(attachment, "fallback"))


def _files(message: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The files that came with a message, and with one that was shared into it."""
    for holder in (message, *_listed(message, "attachments")):
        yield from (each for each in _listed(holder, "files") if isinstance(each, Mapping))


def _file(file: Mapping[str, object]) -> Iterator[str]:
    """An e-mail, or another file of which Slack tells the text. A file's mere name is nothing that anybody said."""
    written = _written(file)
    if written or _is_email(file):
        yield unescape(_string(file, "subject", "title"))
        yield written or next(filter(None, map(text_of_html, _pages(file))), "")


def _is_email(file: Mapping[str, object]) -> bool:
    return _EMAIL in (file.get("mode"), file.get("filetype"))


def _written(file: Mapping[str, object]) -> str:
    """What was written in it: no markup of Slack's, so that it stays as it is."""
    return _string(file, "plain_text", "preview_plain_text")


def _pages(file: Mapping[str, object]) -> Sequence[str]:
    """An e-mail as HTML, the fullest first."""
    return [_string(file, name) for name in ("simplified_html", "preview")]
