"""Words: every sentence people read comes out of `templates/`, escaped as Slack wants it.

Templates are compiled once, at start, so that a broken one is met by whoever starts the bot and not by a rep.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

FALLBACK = "en"
NAME_MOST = 80
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_NARROW_SPACE, _SPACE = "\u202f", "\u00a0"
_RIGHT_TO_LEFT = ("R", "AL", "RLE", "RLO", "RLI")


class WordsError(Exception):
    """A template or label file that cannot be used, with the file and the line to look at."""


def escape(text: object) -> Markup:
    """Escape what Slack reads as control characters, and nothing else (Slack: docs.slack.dev/messaging/formatting)."""
    if isinstance(text, Markup):
        return text
    return Markup(str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # noqa: S704 - escaped right here


def unescape(text: str) -> str:
    """What somebody typed, from the text of a command as Slack sends it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def person(name: str, most: int = NAME_MOST) -> str:
    """A name inside a sentence: on one line, cut where it is very long, and kept from turning the sentence around."""
    name = " ".join(name.splitlines())
    short = name if len(name) <= most else name[: most - 1].rstrip() + "…"
    turns = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in short)
    return f"{_FIRST_STRONG}{short}{_POP}" if turns else short


def mention(user_id: str) -> Markup:
    """A member's name as Slack shows it to whoever reads."""
    return Markup("<@{}>").format(user_id)


def channel(channel_id: str) -> Markup:
    """A channel's name, as Slack shows it to those who may know of it."""
    return Markup("<#{}>").format(channel_id)


def link(url: str, label: str) -> Markup:
    """An address that opens at a press, shown by its label."""
    address = url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    return Markup("<{}|{}>").format(Markup(address.replace("&", "&amp;")), escape(label))  # noqa: S704 - escaped right here


def environment(loader: BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    """How templates are read: escaped as Slack wants it, and strict with what they are not given."""
    made = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals["mention"] = mention
    made.globals["channel"] = channel
    return made


def labels_of(path: Path) -> Mapping[str, str]:
    """The labels of one file, as "table.name". Raises `WordsError`."""
    return dict(_labels_in(_read(path), path))


class Language:
    """The labels and templates of one locale, over those it falls back to."""

    def __init__(self, roots: Sequence[Path]) -> None:
        loaders = [FileSystemLoader(root / "messages", encoding="utf-8-sig") for root in roots]
        self._environment = environment(ChoiceLoader(loaders))
        self._labels = _labels([root / "labels.toml" for root in reversed(roots)])
        self._tables: dict[str, dict[str, str]] = {}
        for key, text in self._labels.items():
            table, _, name = key.partition(".")
            self._tables.setdefault(table, {})[name] = text
        self._templates: Mapping[str, Template] = {
            name.removesuffix(".j2"): _compile(self._environment, name, roots)
            for name in self._environment.list_templates(extensions=["j2"])
        }

    @property
    def names(self) -> Sequence[str]:
        """Every template there is."""
        return list(self._templates)

    def label(self, key: str) -> str:
        """A short fixed text: a button, a title, a notice. Raises `KeyError` for one that does not exist."""
        return self._labels[key]

    def labels(self, table: str) -> Mapping[str, str]:
        """All labels of one table, by their last name, in the order in which they are written."""
        return self._tables.get(table, {})

    def text(self, template: str, **facts: object) -> str:
        """A sentence or more, from the template of that name."""
        return self._templates[template].render(**facts).strip()


@dataclass(frozen=True)
class Voice:
    """How to speak to one member: in their language, by their calendar and clock."""

    language: Language
    locale: Locale
    zone: ZoneInfo

    def label(self, key: str) -> str:
        """A short fixed text."""
        return self.language.label(key)

    def text(self, template: str, **facts: object) -> str:
        """A sentence or more."""
        return self.language.text(template, **facts)

    def day(self, when: datetime | date) -> str:
        """A day as it is said: "Tue, Dec 1"."""
        return str(format_skeleton("MMMEd", self._local(when), locale=self.locale))

    def day_and_year(self, when: datetime | date) -> str:
        """A day of some year: "Mar 12, 2026"."""
        return str(format_date(self._local(when), "medium", locale=self.locale))

    def short_day(self, when: date) -> str:
        """A day without its weekday: "Dec 1"."""
        return str(format_skeleton("MMMd", when, locale=self.locale))

    def moment(self, when: datetime) -> str:
        """A day with its hour: "Tue, Dec 1, 10:00 AM"."""
        return f"{self.day(when)}, {self.hour(when)}"

    def hour(self, when: datetime) -> str:
        """An hour of a day that nobody needs to be told: "10:00 AM"."""
        hour = str(format_time(when.astimezone(self.zone), "short", locale=self.locale))
        # The narrow space before AM and PM is missing from many fonts, which then show none.
        return hour.replace(_NARROW_SPACE, _SPACE)

    def _local(self, when: datetime | date) -> datetime | date:
        return when.astimezone(self.zone) if isinstance(when, datetime) else when


class Words:
    """Every language there is; English stands in where one is missing.

    `roots` are folders with one folder a locale, a team's own before the shipped ones.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        found = {folder.name for root in roots for folder in root.iterdir() if (folder / "labels.toml").is_file()}
        self._languages = {
            name: Language([root / each for each in dict.fromkeys((name, FALLBACK)) for root in roots])
            for name in found | {FALLBACK}
        }

    def heard_words(self) -> Mapping[str, str]:
        """The words by which a rep may say how they were told, in any language, each with what it means."""
        return {
            word: told
            for language in self._languages.values()
            for told, words in language.labels("heard_words").items()
            for word in words.split()
        }

    def every(self, table: str) -> Mapping[str, str]:
        """The labels of one table in all languages at once, by their last name."""
        together: dict[str, str] = {}
        for language in self._languages.values():
            for name, text in language.labels(table).items():
                together[name] = f"{together.get(name, '')} {text}".strip()
        return together

    def voice(self, locale: str | None, zone: ZoneInfo) -> Voice:
        """The voice for a member of `locale` (as Slack names it: "en-US") and `zone`."""
        known = _locale(locale or "en-US")
        return Voice(self._languages.get(known.language, self._languages[FALLBACK]), known, zone)


@lru_cache(maxsize=256)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_US")


def _compile(environment: ImmutableSandboxedEnvironment, name: str, roots: Sequence[Path]) -> Template:
    try:
        return environment.get_template(name)
    except TemplateSyntaxError as error:
        raise WordsError(f"{error.filename or name}:{error.lineno}: {error.message}") from error
    except UnicodeDecodeError:
        # Jinja does not say which of the files it was; reading it again does.
        _read(next(path for root in roots if (path := root / "messages" / name).is_file()))
        raise


def _labels(paths: Sequence[Path]) -> Mapping[str, str]:
    labels: dict[str, str] = {}
    for path in paths:
        if path.is_file():
            labels |= labels_of(path)
    return labels


def _labels_in(text: str, path: Path) -> Iterator[tuple[str, str]]:
    try:
        tables = tomllib.loads(f"{text}\n")
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise WordsError(f"{path}:{line}: {error}") from error
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise WordsError(f"{path}:{_line_of(text, table)}: {table}: a label stands in a table, such as [press]")
        for key, label in entries.items():
            if not isinstance(label, str):
                raise WordsError(f"{path}:{_line_of(text, key)}: {table}.{key}: a label is a text")
            yield f"{table}.{key}", label


def _line_of(text: str, key: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if re.search(rf"\b{re.escape(key)}\b", line)), 1)


def _read(path: Path) -> str:
    written = path.read_bytes()
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise WordsError(f"{path}:{line}: this line is not written in UTF-8") from error
