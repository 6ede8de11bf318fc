"""Words: every sentence people read comes out of `templates/`, escaped as Slack wants it.

Templates are compiled once, at start, so that a broken one is met by whoever starts the bot and not by a rep.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.coaching.languages import DEFAULT, FALLBACK, is_language, locale_of, nearest, ways

NAME_MOST = 80
# What CLDR tells apart by counting (unicode.org/reports/tr35, plural rules). Every language has the last of them.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
OTHER = CATEGORIES[-1]
# What every template may call, beside the facts that it is given.
CALLABLE = ("channel", "mention", "plural")
# However many people a sentence is about, it names no more of them.
_NAMED_MOST = 10
_NUMBER = "{number}"
# Under this name a template is told whose numbers to write.
_LOCALE = "_locale"
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_NARROW_SPACE, _SPACE = "\u202f", "\u00a0"
_RIGHT_TO_LEFT = ("R", "AL", "RLE", "RLO", "RLI")


# A label whose words a count decides: its text for each category.
Forms = Mapping[str, str]


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


def few(people: Sequence[str]) -> tuple[Sequence[str], int]:
    """The first of many people, and how many more there are: a sentence that named everybody would be cut."""
    return people[:_NAMED_MOST], max(len(people) - _NAMED_MOST, 0)


def channel(channel_id: str) -> Markup:
    """A channel's name, as Slack shows it to those who may know of it."""
    return Markup("<#{}>").format(channel_id)


def link(url: str, label: str) -> Markup:
    """An address that opens at a press, shown by its label."""
    address = url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    return Markup("<{}|{}>").format(Markup(address.replace("&", "&amp;")), escape(label))  # noqa: S704 - escaped right here


def number_in(locale: Locale, number: int) -> str:
    """A whole number as `locale` writes it: "1,200"."""
    return str(format_decimal(number, locale=locale))


@pass_context
def _shown(context: Context, value: object) -> Markup:
    """What stands in a template's braces: whole numbers as the member writes them, and all of it escaped."""
    locale = context.get(_LOCALE)
    if isinstance(locale, Locale) and isinstance(value, int) and not isinstance(value, bool):
        return escape(number_in(locale, value))
    return escape(value)


class _Compiled(BytecodeCache):
    """What was compiled in this process: a file that stands in for many languages is compiled once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Bucket] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.code = kept.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket


_COMPILED = _Compiled()


def environment(loader: BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    """How templates are read: escaped as Slack wants it, and strict with what they are not given."""
    made = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_COMPILED,
    )
    made.globals["mention"] = mention
    made.globals["channel"] = channel
    return made


def languages_in(roots: Sequence[Path]) -> Sequence[str]:
    """The languages that have words of any kind below `roots`, English first."""
    found = {folder.name for root in roots for folder in root.iterdir() if has_words(folder)}
    return [FALLBACK, *sorted(name for name in found - {FALLBACK} if is_language(name))]


def has_words(folder: Path) -> bool:
    """Whether a folder is laid out as one of a language is."""
    return (folder / "labels.toml").is_file() or any((folder / name).is_dir() for name in ("messages", "playbooks"))


def labels_of(path: Path) -> Mapping[str, str | Forms]:
    """The labels of one file, as "table.name"; those that a count decides by category. Raises `WordsError`."""
    return dict(_labels_in(_read(path), path))


class Language:
    """The labels and templates of one locale, over those it falls back to.

    Each of `folders` is named after the language that is written in it, which decides how a count changes its words.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        loaders = [FileSystemLoader(folder / "messages", encoding="utf-8-sig") for folder in folders]
        self._environment = environment(ChoiceLoader(loaders))
        self._environment.globals["plural"] = self._plural
        self._labels: dict[str, str] = {}
        self._counted: dict[str, tuple[Locale, Forms]] = {}
        for folder in reversed(folders):
            self._take_labels(folder)
        self._tables: dict[str, dict[str, str]] = {}
        for key, text in self._labels.items():
            table, _, name = key.partition(".")
            self._tables.setdefault(table, {})[name] = text
        self._templates: Mapping[str, Template] = {
            name.removesuffix(".j2"): _compile(self._environment, name, folders)
            for name in self._environment.list_templates(extensions=["j2"])
        }
        self._written_in = {
            template.name: locale_of(_folder_of(template, folders).name) for template in self._templates.values()
        }

    def _take_labels(self, folder: Path) -> None:
        """Lay the labels of a folder over those there are; one that a count decides is taken as a whole."""
        path = folder / "labels.toml"
        if not path.is_file():
            return
        for key, label in labels_of(path).items():
            if isinstance(label, str) and key not in self._counted:
                self._labels[key] = label
            elif key in self._labels:
                raise WordsError(f"{path}:{_line_of(_read(path), key)}: {key}: no count decides this label")
            else:
                # Where a language has one form for every count, its label may be a text like any other.
                forms = {OTHER: label} if isinstance(label, str) else label
                self._counted[key] = (locale_of(folder.name), forms)

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

    def counted(self, key: str, count: int) -> str:
        """The label of a count, in the form that it asks for. Raises `KeyError` for one that does not exist."""
        written_in, forms = self._counted[key]
        return _form(written_in, forms, count)

    def text(self, template: str, locale: Locale, /, **facts: object) -> str:
        """A sentence or more, from the template of that name, with numbers as `locale` writes them."""
        return self._templates[template].render(facts | {_LOCALE: locale}).strip()

    @pass_context
    def _plural(self, context: Context, count: int, /, **forms: str) -> str:
        """What a template says of a count: `plural(count, one="a thing", other="{number} things")`."""
        chosen = _form(self._written_in[context.name], forms, count)
        return chosen.replace(_NUMBER, number_in(context[_LOCALE], count))


@dataclass(frozen=True)
class Voice:
    """How to speak to one member: in their language, by their calendar and clock. `year` needs not be said."""

    language: Language
    locale: Locale
    zone: ZoneInfo
    year: int | None = None

    def label(self, key: str) -> str:
        """A short fixed text."""
        return self.language.label(key)

    def counted(self, key: str, count: int, **facts: object) -> str:
        """A short text whose words a count decides, with that count and these facts in it."""
        return self.language.counted(key, count).format(number=self.number(count), **facts)

    def text(self, template: str, **facts: object) -> str:
        """A sentence or more."""
        return self.language.text(template, self.locale, **facts)

    def number(self, number: int) -> str:
        """A whole number as this member writes it: "1,200"."""
        return number_in(self.locale, number)

    def day(self, when: datetime | date) -> str:
        """A day as it is said: "Tue, Dec 1"; one of another year with it."""
        local = self._local(when)
        skeleton = "MMMEd" if self.year in (None, local.year) else "yMMMEd"
        return str(format_skeleton(skeleton, local, locale=self.locale))

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

    `roots` are folders with one folder a language, a team's own before the shipped ones. `locale` is that of channels,
    and of members whose own is not known yet.
    """

    def __init__(self, roots: Sequence[Path], locale: str = DEFAULT) -> None:
        self._locale = locale
        self._languages = {
            name: Language([root / each for each in ways(locale_of(name)) for root in roots])
            for name in languages_in(roots)
        }

    @property
    def are_of_one_language(self) -> bool:
        """Whether everybody reads the same words, whatever their locale."""
        return len(self._languages) == 1

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

    def voice(self, locale: str | None, zone: ZoneInfo, now: datetime | None = None) -> Voice:
        """The voice for a member of `locale` (as Slack names it: "en-US") and `zone`, who knows which year it is."""
        known = locale_of(locale or self._locale)
        year = now.astimezone(zone).year if now else None
        return Voice(self._languages[nearest(known, self._languages)], known, zone, year)


def _form(written_in: Locale, forms: Forms, count: int) -> str:
    """The form that a count asks for in the language that they are written in."""
    return forms.get(written_in.plural_form(count), forms[OTHER])


def _folder_of(template: Template, folders: Sequence[Path]) -> Path:
    return next(each for each in folders if Path(str(template.filename)).is_relative_to(each / "messages"))


def _compile(environment: ImmutableSandboxedEnvironment, name: str, roots: Sequence[Path]) -> Template:
    try:
        return environment.get_template(name)
    except TemplateSyntaxError as error:
        raise WordsError(f"{error.filename or name}:{error.lineno}: {error.message}") from error
    except UnicodeDecodeError:
        # Jinja does not say which of the files it was; reading it again does.
        _read(next(path for root in roots if (path := root / "messages" / name).is_file()))
        raise


def _labels_in(text: str, path: Path) -> Iterator[tuple[str, str | Forms]]:
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
            if fault := _fault_of(label):
                raise WordsError(f"{path}:{_line_of(text, key)}: {table}.{key}: {fault}")
            yield f"{table}.{key}", label


def _fault_of(label: object) -> str | None:
    """Why this is no label: neither a text, nor one for each way to count."""
    if isinstance(label, str):
        return None
    if not isinstance(label, dict) or not all(isinstance(form, str) for form in label.values()):
        return "a label is a text"
    if unknown := [name for name in label if name not in CATEGORIES]:
        return f"“{unknown[0]}” is no way to count; what is are {', '.join(CATEGORIES)}"
    return None if OTHER in label else f"a label that a count decides needs its form “{OTHER}”"


def _line_of(text: str, key: str) -> int:
    key = key.rpartition(".")[2]
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if re.search(rf"\b{re.escape(key)}\b", line)), 1)


def _read(path: Path) -> str:
    written = path.read_bytes()
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise WordsError(f"{path}:{line}: this line is not written in UTF-8") from error
