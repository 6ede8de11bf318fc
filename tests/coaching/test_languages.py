"""Which words a member reads, by their locale as Slack names it."""

from pathlib import Path

import pytest

from bot.app import playbook_files_by_language, template_roots
from bot.coaching import prose
from bot.coaching.coach import Coach
from bot.coaching.languages import FALLBACK, is_language, locale_of, ways

# Slack: the languages of its own preferences.
SLACKS = [
    "de-DE",
    "en-GB",
    "en-US",
    "es-ES",
    "es-LA",
    "fr-FR",
    "it-IT",
    "ja-JP",
    "ko-KR",
    "pt-BR",
    "ru-RU",
    "zh-CN",
    "zh-TW",
]


@pytest.mark.parametrize("locale", SLACKS)
def test_every_locale_of_slack_is_read_in_its_own_language(locale: str) -> None:
    assert locale_of(locale).language == locale.partition("-")[0]
    assert ways(locale_of(locale))[-1] == FALLBACK
    assert all(is_language(name) for name in ways(locale_of(locale)))


@pytest.mark.parametrize(
    ("locale", "found"),
    [
        ("pt-BR", ["pt-BR", "pt", "en"]),
        ("zh-TW", ["zh-TW", "zh", "en"]),
        ("zh_Hant_TW", ["zh-TW", "zh", "en"]),
        ("es-LA", ["es-419", "es", "en"]),
        ("en-GB", ["en-GB", "en"]),
        ("de-XX", ["de", "en"]),
        ("nothing", ["en-US", "en"]),
    ],
)
def test_words_are_looked_for_from_the_nearest_to_english(locale: str, found: list[str]) -> None:
    assert ways(locale_of(locale)) == found


@pytest.mark.parametrize("name", ["german", "de_DE", "es-LA", "playbooks", "zh-Hant-TW", "de-XX", ""])
def test_a_folder_of_another_name_is_never_read(name: str) -> None:
    assert not is_language(name)


def test_a_country_has_a_playbook_of_its_own_over_that_of_its_language(tmp_path: Path) -> None:
    original = (template_roots()[-1] / "en/playbooks/sale.md").read_text(encoding="utf-8")
    for language, title in {"pt": "Salvar uma venda", "pt-BR": "Salvar uma venda, no Brasil"}.items():
        path = tmp_path / language / "playbooks" / "sale.md"
        path.parent.mkdir(parents=True)
        path.write_text(original.replace("Save a sale", title, 1), encoding="utf-8")
    books = dict(prose.load_languages(playbook_files_by_language(template_roots(tmp_path))))
    coach = Coach(books.pop(FALLBACK), translated=books)

    def title(locale: str) -> str:
        return coach.spoken(locale).all["sale"].title

    assert title("pt-BR") == "Salvar uma venda, no Brasil"
    assert title("pt-PT") == "Salvar uma venda"
    assert title("es-ES") == "Save a sale"
    assert coach.spoken("pt-BR").all["order"].title == coach.spoken(None).all["order"].title
