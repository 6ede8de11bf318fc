"""The words of an HTML page, for mail that brings no others."""

import re
from contextlib import suppress
from html.parser import HTMLParser

from bot.surfaces.blocks import TEXT_MOST

# What stands on lines of its own, and what has a blank line around it as well.
_LINES = ("address", "dd", "div", "dt", "footer", "header", "hr", "li", "section", "tr")
_PARAGRAPHS = ("blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul")
_BREAK, _POINT, _CELLS = "br", "li", ("td", "th")
# What a reader of the mail does not see.
_LEFT_OUT = ("script", "style", "title")
# Everybody else waits while a page is read. A field holds far less than this; the rest is markup.
_READ_MOST = 20_000
# More than a field holds, even without what is taken out of it: so whoever shows it sees that it is to be cut.
_SAID_MOST = 2 * TEXT_MOST

_BLANKS = re.compile(r"\s+")
_SPACES = re.compile(r" {2,}")
_AROUND_LINES = re.compile(r" *\n *")
_POINTS = re.compile(r"^•\s+", re.MULTILINE)
_HALF_TAG = re.compile(r"<(?:[a-zA-Z/!][^<>]*)?\Z")
_MANY_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """What a page says, without its tags: paragraphs stay apart, and entities are the letters they stand for."""
    page = _Page()
    # A declaration that is none at all ends what can be read.
    with suppress(AssertionError, _EnoughError):
        # Anybody may have written the mail. At `close` the parser looks through what is left of a broken page once for
        # each tag in it, which takes minutes; a tag more at the end brings out all that it would hold back.
        page.feed(f"{_beginning(html)}<{_BREAK}>")
    lines = _AROUND_LINES.sub("\n", _SPACES.sub(" ", "".join(page.pieces)))
    return _MANY_LINES.sub("\n\n", _POINTS.sub("• ", lines)).strip()


def is_read_whole(html: str) -> bool:
    """Whether a page is short enough to be looked through to its end."""
    return len(html) <= _READ_MOST


def _beginning(html: str) -> str:
    """As much of a page as is looked through; half a tag at the end of it would be read as words."""
    return html if is_read_whole(html) else _HALF_TAG.sub("", html[:_READ_MOST])


class _EnoughError(Exception):
    """A page has said more than anybody keeps."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._letters = 0
        self._begins_line = True
        self._left_out: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's own
        if self._left_out is None and tag in _LEFT_OUT:
            self._left_out = tag
        if tag == _BREAK:
            self._end_line("\n")
        self._part(tag)
        if tag == _POINT:
            self.pieces.append("• ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._left_out:
            self._left_out = None
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if self._left_out is None:
            self.pieces.append(_BLANKS.sub(" ", data))
            self._begins_line = self._begins_line and not data.strip()
            # Blanks may yet be taken out, and so they do not count.
            self._letters += len("".join(data.split()))
            if self._letters > _SAID_MOST:
                raise _EnoughError

    def _part(self, tag: str) -> None:
        """Keep apart what stands before a tag from what stands behind it."""
        if tag in _PARAGRAPHS:
            self._end_line("\n\n")
        elif tag in _LINES and not self._begins_line:
            self._end_line("\n")
        elif tag in _CELLS:
            self.pieces.append(" ")

    def _end_line(self, gap: str) -> None:
        self.pieces.append(gap)
        self._begins_line = True
