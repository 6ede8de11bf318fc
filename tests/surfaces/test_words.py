"""Words: escaped as Slack wants it, spoken in the member's way, and broken ones named by file and line."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from bot.app import template_roots
from bot.coaching.calendar import zone
from bot.surfaces.words import NAME_MOST, Voice, Words, WordsError, escape, mention, person, unescape

(SHIPPED,) = template_roots()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A team's own folder of words, in English, still empty."""
    (tmp_path / "en" / "messages").mkdir(parents=True)
    return tmp_path


def voice_over(own: Path, locale: str | None = "en-US") -> Voice:
    """A voice with a team's words over the shipped ones."""
    return Words(template_roots(own)).voice(locale, zone("UTC"))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("Ada", "Ada"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("R&D", "R&amp;D"),
        ("&lt;", "&amp;lt;"),
        ('O\'Brien "B"', 'O\'Brien "B"'),
        ("", ""),
        (7, "7"),
    ],
)
def test_what_slack_reads_as_control_is_escaped_and_nothing_else(typed: object, escaped: str) -> None:
    assert escape(typed) == escaped
    assert escape(escape(typed)) == escaped, "once is enough"
    assert unescape(escaped) == str(typed)


def test_a_template_escapes_what_was_typed_and_leaves_the_bots_own(own: Path) -> None:
    write(
        own / "en/messages/odd.j2",
        "{{ name }} {{ mention(user) }} {{ [name, name] | join(' ') }} {{ '%s' | format(name) }}",
    )

    assert voice_over(own).text("odd", name="<b>", user="U1") == "&lt;b&gt; <@U1> &lt;b&gt; &lt;b&gt; &lt;b&gt;"


def test_a_mention_cannot_be_broken_out_of() -> None:
    assert mention("U1") == Markup("<@U1>")
    assert mention("U1> <!channel") == "<@U1&gt; &lt;!channel>"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada", "Ada"),
        ("A" * NAME_MOST, "A" * NAME_MOST),
        ("A" * (NAME_MOST + 1), "A" * (NAME_MOST - 1) + "…"),
        ("Ada " * 40, ("Ada " * 40)[: NAME_MOST - 1].rstrip() + "…"),
        ("Ada\nLovelace", "Ada Lovelace"),
        ("עדה", "\u2068עדה\u2069"),
        ("Ada عدا", "\u2068Ada عدا\u2069"),
        ("Ada \u202eecalevoL", "\u2068Ada \u202eecalevoL\u2069"),
        ("Zoë 🎈", "Zoë 🎈"),
    ],
)
def test_a_name_in_a_sentence(name: str, shown: str) -> None:
    assert person(name) == shown


NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "where", "day", "day_and_year", "moment"),
    [
        ("en-US", "America/New_York", "Tue, Dec 1", "Dec 1, 2026", "Tue, Dec 1, 12:00\xa0PM"),
        ("en-GB", "Europe/London", "Tue 1 Dec", "1 Dec 2026", "Tue 1 Dec, 17:00"),
        ("en-US", "Asia/Kolkata", "Tue, Dec 1", "Dec 1, 2026", "Tue, Dec 1, 10:30\xa0PM"),
        ("en-US", "Asia/Tokyo", "Wed, Dec 2", "Dec 2, 2026", "Wed, Dec 2, 2:00\xa0AM"),
    ],
)
def test_days_and_hours_are_the_members_own(
    words: Words, locale: str, where: str, day: str, day_and_year: str, moment: str
) -> None:
    voice = words.voice(locale, zone(where))

    assert (voice.day(NOON), voice.day_and_year(NOON), voice.moment(NOON)) == (day, day_and_year, moment)


def test_a_date_is_the_same_day_everywhere(words: Words) -> None:
    assert words.voice("en-US", zone("Pacific/Kiritimati")).day(date(2026, 12, 1)) == "Tue, Dec 1"


@pytest.mark.parametrize("locale", [None, "", "xx-YY", "not a locale", "-", "🎈"])
def test_an_unknown_locale_is_spoken_to_in_american_english(words: Words, locale: str | None) -> None:
    assert words.voice(locale, zone(None)) == words.voice("en-US", zone(None))


def test_a_locale_without_words_reads_english_by_its_own_calendar(words: Words) -> None:
    voice = words.voice("fr-FR", zone("Europe/Paris"))

    assert voice.label("press.next") == words.voice(None, zone(None)).label("press.next")
    assert voice.day_and_year(NOON) == "1 déc. 2026"


def test_a_team_replaces_one_label_and_one_template_and_keeps_the_others(own: Path, words: Words) -> None:
    write(own / "en/labels.toml", '[press]\nnext = "Onwards"\n')
    write(own / "en/messages/cases/help.j2", "Ask Mina.")
    theirs, shipped = voice_over(own), words.voice("en-US", zone("UTC"))

    assert (theirs.label("press.next"), theirs.text("cases/help", command="/cancel")) == ("Onwards", "Ask Mina.")
    assert theirs.label("press.no") == shipped.label("press.no")
    assert theirs.text("errors/not_yours") == shipped.text("errors/not_yours")
    assert list(theirs.language.labels("press")) == list(shipped.language.labels("press"))


def test_a_team_adds_a_language_over_english(own: Path, words: Words) -> None:
    write(own / "fr/labels.toml", '[press]\nnext = "Suivant"\n')
    french = voice_over(own, "fr-CA")

    assert french.label("press.next") == "Suivant"
    assert french.label("press.no") == words.voice(None, zone(None)).label("press.no")
    assert voice_over(own, "de-DE").label("press.next") == words.voice(None, zone(None)).label("press.next")


def test_a_country_has_words_of_its_own_over_those_of_its_language(own: Path, words: Words) -> None:
    write(own / "zh/labels.toml", '[press]\nnext = "下一步"\nback = "返回"\n')
    write(own / "zh-TW/labels.toml", '[press]\nnext = "繼續"\n')
    taiwan, china = voice_over(own, "zh-TW"), voice_over(own, "zh-CN")

    assert (taiwan.label("press.next"), taiwan.label("press.back")) == ("繼續", "返回")
    assert (china.label("press.next"), china.label("press.back")) == ("下一步", "返回")
    assert taiwan.label("press.no") == words.voice(None, zone(None)).label("press.no")


def test_the_spanish_of_latin_america_is_spanish(own: Path) -> None:
    write(own / "es/labels.toml", '[press]\nnext = "Siguiente"\n')
    voice = voice_over(own, "es-LA")

    assert voice.label("press.next") == "Siguiente"
    assert "dic" in voice.day(datetime(2026, 12, 1, 15, tzinfo=UTC))


def test_an_included_template_is_the_teams_own_too(own: Path) -> None:
    write(own / "en/messages/reminders/title.j2", "Think of {{ name }}.")
    nothing_more = dict.fromkeys(("given_by", "late", "last", "note", "mission", "answer"))
    facts = {**nothing_more, "name": "<Ada>", "kind": "hello"}

    assert "Think of &lt;Ada&gt;." in voice_over(own).text("reminders/due", **facts)


BROKEN: Mapping[str, tuple[str, str, int]] = {
    "an open block": ("messages/cases/help.j2", "One line\n{% if command %}\nand no end", 3),
    "an open expression": ("messages/cases/help.j2", "One line\n\n{{ command", 3),
    "an unknown tag": ("messages/cases/help.j2", "{% shout %}", 1),
    "an unknown filter": ("messages/cases/help.j2", "One\n{{ command | shout }}", 2),
    "a broken value": ("labels.toml", '[press]\nnext = "Next\nno = "No"', 2),
    "a table that stands twice": ("labels.toml", "[press]\n\n[press]", 3),
    "no value": ("labels.toml", "[press]\nnext =", 2),
    "a label outside a table": ("labels.toml", 'next = "Next"', 1),
    "a label that is no text": ("labels.toml", "[press]\nnext = 7", 2),
    "a table in a table": ("labels.toml", '[press]\n[press.more]\nnext = "Next"', 2),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_broken_is_named_with_file_and_line(own: Path, fault: str) -> None:
    file, text, line = BROKEN[fault]
    path = own / "en" / file
    write(path, text)

    with pytest.raises(WordsError, match=rf"^{re.escape(str(path))}:{line}: "):
        Words(template_roots(own))


@pytest.mark.parametrize("file", ["messages/cases/help.j2", "labels.toml"])
def test_a_file_in_another_encoding_is_named_with_its_line(own: Path, file: str) -> None:
    path = own / "en" / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes("# One\n# Señora\n".encode("latin-1"))

    with pytest.raises(WordsError, match=rf"^{re.escape(str(path))}:2: .*UTF-8"):
        Words(template_roots(own))


def test_windows_may_have_written_it(own: Path) -> None:
    (own / "en/labels.toml").write_bytes(b'\xef\xbb\xbf[press]\r\nnext = "Onwards"\r\n')

    assert voice_over(own).label("press.next") == "Onwards"


def test_what_does_not_exist_is_an_error_and_not_silence(words: Words, own: Path) -> None:
    write(own / "en/messages/odd.j2", "{{ nobody }}")
    voice = voice_over(own)

    with pytest.raises(KeyError):
        voice.label("press.nowhere")
    with pytest.raises(KeyError):
        voice.text("nowhere")
    with pytest.raises(Exception, match="'nobody' is undefined"):
        voice.text("odd")


def test_a_template_reaches_nothing_of_the_program(own: Path) -> None:
    write(own / "en/messages/odd.j2", "{{ ''.__class__.__mro__ }}{{ names.append('x') }}")
    names: list[str] = []

    with pytest.raises(Exception, match="unsafe"):
        voice_over(own).text("odd", names=names)
    assert names == []


PROMISED = (
    '{{ plural(count, one="{number} sprawa", few="{number} sprawy", many="{number} spraw", other="{number} sprawy") }}'
)


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 sprawa"), (3, "3 sprawy"), (5, "5 spraw"), (22, "22 sprawy"), (1200, "1\u00a0200 spraw")]
)
def test_a_count_chooses_its_words_by_the_rules_of_the_language(tmp_path: Path, count: int, said: str) -> None:
    write(tmp_path / "pl/messages/promised.j2", PROMISED)
    write(
        tmp_path / "pl/labels.toml",
        '[terms]\nmonths = {one = "{number} m-c", few = "{number} m-ce", other = "{number} m-cy"}\n',
    )
    polish = voice_over(tmp_path, "pl-PL")

    assert polish.text("promised", count=count) == said
    assert polish.counted("terms.months", 3) == "3 m-ce"
    assert polish.counted("terms.months", 5) == "5 m-cy"


def test_what_stands_in_in_english_counts_as_english_does(tmp_path: Path) -> None:
    """In Polish 22 asks for another form than 5, and in French nothing is one: the words are English all the same."""
    write(tmp_path / "fr/messages/own.j2", '{{ plural(count, one="une chose", other="{number} choses") }}')
    write(tmp_path / "fr/messages/both.j2", '{% include "own.j2" %}, {% include "home/waiting_rest.j2" %}')
    french = voice_over(tmp_path, "fr-FR")

    assert french.text("own", count=0) == "une chose"
    assert french.counted("terms.months", 0) == "for 0 months"
    assert french.text("both", count=1, more=2000) == "une chose, 2\u202f000 more wait as long."


def test_a_number_is_written_as_the_member_writes_it(own: Path) -> None:
    write(own / "en/messages/odd.j2", "{{ count }} of {{ [1, count] | length }}")

    assert voice_over(own).text("odd", count=12345) == "12,345 of 2"
    assert voice_over(own, "de-DE").text("odd", count=12345) == "12.345 of 2"


def test_a_label_is_in_the_language_of_whoever_has_none(tmp_path: Path) -> None:
    write(tmp_path / "de/labels.toml", '[press]\nnext = "Weiter"\n')
    words = Words(template_roots(tmp_path), "de-DE")

    assert words.voice(None, zone("UTC")).label("press.next") == "Weiter"
    assert words.voice(None, zone("UTC")).label("press.no") == "They said no"
    assert words.voice("en-GB", zone("UTC")).label("press.next") == "Next"


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ('{one = "1"}', "terms.months: a label that a count decides needs its form “other”"),
        ('{other = "x", fwe = "y"}', "terms.months: “fwe” is no way to count"),
        ("3", "terms.months: a label is a text"),
    ],
)
def test_a_label_that_cannot_count_is_named_with_file_and_line(tmp_path: Path, label: str, fault: str) -> None:
    write(tmp_path / "pl/labels.toml", f"[terms]\nmonths = {label}\n")

    with pytest.raises(WordsError, match=re.escape(f"pl/labels.toml:2: {fault}")):
        voice_over(tmp_path)


def test_forms_for_a_label_without_a_count_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "pl/labels.toml", '[press]\nnext.other = "Dalej"\n')

    with pytest.raises(WordsError, match=re.escape("pl/labels.toml:2: press.next: no count decides this label")):
        voice_over(tmp_path)
