"""Every member is spoken to in their own language, and in English where that has no words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import template_roots
from bot.playground import pseudo, workspace
from bot.playground.pseudo import mark
from bot.playground.workspace import Message, OpenView
from bot.surfaces.words import Words
from tests.conversations.office import RENEWALS, Office, Rep, open_office
from tests.surfaces.test_pseudo_locale import plain_words, read_by_people

# What people typed, who they are, and what a command is called.
DATA = ("Ada Lovelace", "Her brother says so.", "Too dear for her.", "Comeback", "America/New_York", "card number")


@pytest.fixture
async def accented(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """An office in which everybody reads the pseudo-locale, and knows the app."""
    given = pseudo.settings(template_roots(), tmp_path)
    words = Words(template_roots(tmp_path), pseudo.LOCALE)
    settings = {"templates_dir": tmp_path, "default_locale": given["default_locale"]}
    async with open_office(database_url, words, people=pseudo.PEOPLE, **settings) as office:
        yield office


def is_all_accented(rep: Rep, shown: Message | OpenView | None = None) -> None:
    """Nothing is plain English of what stands before them (or was `shown` to them), but data."""
    shown = shown or rep.screen.shown
    built = {"blocks": shown.blocks, "text": shown.text} if isinstance(shown, Message) else shown.content
    texts = [*read_by_people(built)]
    assert texts
    left = {text: plain for text in texts if (plain := plain_words(text, ("sale", "order", "demo"), DATA))}
    assert left == {}


async def test_in_the_pseudo_locale_nothing_is_left_behind(accented: Office) -> None:
    rosa = accented.rosa
    await rosa.opens_home()
    await accented.settles()
    await rosa.opens_home()
    is_all_accented(rosa)

    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    is_all_accented(rosa)
    await rosa.presses(mark("Next"))
    is_all_accented(rosa)
    await rosa.presses(mark("They said no"))
    is_all_accented(rosa)
    await rosa.presses(mark("Note and details…"))
    is_all_accented(rosa)
    wrong = await rosa.types(mark("Value at stake"), "a lot").sends()
    assert [plain_words(error, (), DATA) for error in wrong.values()] == [[]]
    await rosa.closes()
    await rosa.presses(mark("They’re staying"))
    is_all_accented(rosa)
    rosa.sees(mark("Saved"))

    # A reminder, once it is due.
    rosa.goes_to("dm")
    await accented.later(days=20)
    rosa.sees(mark("Check in with"), "Δεκ")
    is_all_accented(rosa)

    await rosa.goes_to(RENEWALS).runs("/cancel help")
    is_all_accented(rosa)


async def test_a_summary_is_accented_too(accented: Office) -> None:
    rosa, mina = accented.rosa, accented.mina
    await mina.opens_home()
    await accented.settles()
    await (await mina.opens_home()).presses(mark("I manage this team"))
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses(mark("They’re staying"))

    await mina.goes_to(RENEWALS).runs("/saves subscribe")
    is_all_accented(mina)
    await mina.sends()
    is_all_accented(mina)
    await mina.sends()
    is_all_accented(mina)
    await mina.closes()
    await accented.later(days=7)
    assert mark("Set up by") in mina.everything
    mina.sees(mark("Eight weeks"))
    for message in mina.messages:
        is_all_accented(mina, message)


async def test_what_is_declined_is_said_in_their_language(accented: Office) -> None:
    await accented.rosa.opens_home()
    await accented.settles()
    await accented.rosa.goes_to(RENEWALS).runs("/cancel 4111 1111 1111 1111")

    accented.rosa.sees(mark("That looks like a card number"))


@pytest.fixture
async def bilingual(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """An office of which Sam reads German: two labels, a message and a playbook of it."""
    shipped = template_roots()[-1] / "en"
    sale = (shipped / "playbooks/sale.md").read_text(encoding="utf-8")
    sale = sale.replace('words = ["sale"', 'words = ["verkauf"').replace(
        'title = "Save a sale"', 'title = "Einen Kauf retten"'
    )
    for name, text in {
        "labels.toml": '[press]\nnext = "Weiter"\nno = "Sie sagten nein"\n',
        "messages/cases/resumed.j2": "Die Karte von {{ name }} liegt in deinen Nachrichten.\n",
        "playbooks/sale.md": sale.replace("## Meet them where they are", "## Bei ihnen sein"),
    }.items():
        path = tmp_path / "de" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rosa, sam, mina = workspace.PEOPLE
    people = (rosa, replace(sam, locale="de-DE"), mina)
    async with open_office(
        database_url, Words(template_roots(tmp_path)), people=people, templates_dir=tmp_path
    ) as office:
        yield office


async def test_a_card_speaks_the_language_of_its_member(bilingual: Office) -> None:
    for rep in (bilingual.rosa, bilingual.sam):
        await rep.opens_home()
        await bilingual.settles()
        await rep.goes_to(RENEWALS).runs("/cancel verkauf Ada Lovelace")

    bilingual.sam.sees("Bei ihnen sein", "Weiter", "They’re staying")
    bilingual.rosa.sees("Meet them where they are", "Next")
    bilingual.rosa.does_not_see("verkauf")

    await bilingual.sam.presses("Weiter")
    bilingual.sam.does_not_see("Bei ihnen sein")


async def test_a_case_goes_on_where_it_was_in_another_language(bilingual: Office) -> None:
    await bilingual.sam.opens_home()
    await bilingual.rosa.opens_home()
    await bilingual.settles()
    sam, rosa = bilingual.sam.goes_to(RENEWALS), bilingual.rosa
    await sam.runs("/cancel order Ada Lovelace")
    sam.sees("Save an order or subscription")
    await sam.presses("Einen Kauf retten")
    sam.sees("Bei ihnen sein")

    await sam.presses("Ask or hand over…")
    await sam.types("Hand over to", rosa.id).sends()
    await bilingual.settles()

    rosa.goes_to("dm").sees("Meet them where they are")


async def test_help_names_the_words_of_their_language(bilingual: Office) -> None:
    for rep in (bilingual.sam, bilingual.rosa):
        await rep.opens_home()
        await bilingual.settles()
        await rep.goes_to(RENEWALS).runs("/cancel help")

    bilingual.sam.sees("/cancel verkauf Ada Lovelace", "Einen Kauf retten")
    bilingual.rosa.sees("/cancel sale Ada Lovelace", "Save a sale")
