"""What managers and members set: each line and field is read as it is meant, or told what to write."""

from typing import Any

import pytest

from bot.coaching import hours
from bot.coaching.hours import Work
from bot.coaching.library import PRODUCTS_MOST, Library, Link, Problem, ProductFacts
from bot.coaching.members import Settings
from bot.coaching.teams import TeamFacts
from bot.storage.models import Member, Team
from bot.surfaces import forms, library, settings
from bot.surfaces.blocks import OPTION_MOST, OPTIONS_MOST
from bot.surfaces.forms import Refused, is_https
from bot.surfaces.ids import HOME_CHANGE_PRODUCT
from bot.surfaces.payloads import User
from tests.surfaces.library_states import LIBRARY, SET, managed, of_a_kind, product, rights
from tests.surfaces.sale_states import solidify
from tests.surfaces.scenes import CHOICES, NOW, Built, Scene, problems, submission
from tests.surfaces.test_hostile_names import NAMES

CARE = "https://example.com/care"

# What nobody has set.
OFFICE_HOURS = Work([0, 1, 2, 3, 4], "09:00", "17:00", 8)


def told(scene: Scene, problems: str | None = None, links: str | None = None, name: str = "Sofa") -> Any:
    typed = {library.PRODUCT_NAME: name, library.PROBLEMS: problems, library.LINKS: links}
    return library.read_product(scene.voice, submission({each: {"value": text} for each, text in typed.items()}))


def errors(read: object) -> dict[str, str]:
    assert isinstance(read, Refused), read
    return read.errors


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Too firm: it softens", Problem(10, "Too firm", "it softens")),
        ("14 days: Too firm: it softens", Problem(14, "Too firm", "it softens")),
        ("1 day: Too firm: it softens", Problem(1, "Too firm", "it softens")),
        ("14:Too firm:it softens", Problem(14, "Too firm", "it softens")),
        ("  14   Tage :  Too   firm :  it softens ", Problem(14, "Too firm", "it softens")),
        ("14日：硬い：柔らかくなる", Problem(14, "硬い", "柔らかくなる")),
        ("It creaks: see https://example.com: page 2", Problem(10, "It creaks", "see https://example.com: page 2")),
        ("365 days: <!channel>: 🎈 <@U1> & <b>", Problem(365, "<!channel>", "🎈 <@U1> & <b>")),
    ],
)
def test_a_problem_is_read_from_its_line(scene: Scene, line: str, problem: Problem) -> None:
    assert told(scene, line) == ProductFacts("Sofa", [problem], [])


def test_problems_without_days_come_ten_days_apart(scene: Scene) -> None:
    read = told(scene, "\n\nA: a\r\n  \n7 days: B: b\nC: c\n")

    assert [problem.days for problem in read.problems] == [10, 7, 30]


@pytest.mark.parametrize(
    "line",
    ["Too firm", "14 days: Too firm", "14 days:", ": it softens", "Too firm:", ":::", "🎈", "<!channel>", "x" * 3_000],
)
def test_a_problem_without_what_helps_is_told_by_its_line(scene: Scene, line: str) -> None:
    found = errors(told(scene, f"\nA: a\n\n{line}"))

    assert list(found) == [library.PROBLEMS]
    assert found[library.PROBLEMS].startswith(f"Line 4, “{line[:10]}")
    assert "a colon" in found[library.PROBLEMS]
    assert len(found[library.PROBLEMS]) < 150


@pytest.mark.parametrize("days", ["0", "366", "9" * 2_000])
def test_days_after_a_sale_are_those_of_a_year(scene: Scene, days: str) -> None:
    assert "from 1 to 365" in errors(told(scene, f"{days} days: A: a"))[library.PROBLEMS]


def test_ten_problems_and_twenty_links_are_enough(scene: Scene) -> None:
    ten, twenty = ["A: a"] * 10, [f"Care {CARE}"] * 20
    assert len(told(scene, "\n".join(ten)).problems) == 10
    assert len(told(scene, links="\n".join(twenty)).links) == 20

    found = errors(told(scene, "\n".join([*ten, "", "A: a"]), "\n".join([*twenty, f"Care {CARE}"])))
    assert found == {
        library.PROBLEMS: "Ten at most, please. The eleventh is on line 12.",
        library.LINKS: "Twenty at most, please. The next one is on line 21.",
    }


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (f"Care {CARE}", Link("Care", CARE)),
        (
            f"  How  to <care> 🎈\t{CARE}?of=sofa&in=winter#wood ",
            Link("How to <care> 🎈", f"{CARE}?of=sofa&in=winter#wood"),
        ),
        ("Old https://a.example new HTTPS://b.example", Link("Old https://a.example new", "HTTPS://b.example")),
    ],
)
def test_a_link_is_read_from_its_line(scene: Scene, line: str, link: Link) -> None:
    assert told(scene, links=line) == ProductFacts("Sofa", [], [link])


@pytest.mark.parametrize(
    "line",
    [
        CARE,
        "Care",
        "Care http://example.com",
        "Care https://",
        "Care https:///care",
        "Care javascript:alert(1)//https://example.com",
        "Care https://example.com|<!channel>",
        "Care <https://example.com>",
        "Care https://bank.example@evil.example/",
        f"{CARE} Care",
        "x" * 3_000,
    ],
)
def test_a_link_that_is_none_is_told_by_its_line(scene: Scene, line: str) -> None:
    found = errors(told(scene, links=f"Care {CARE}\n{line}"))

    assert list(found) == [library.LINKS]
    assert found[library.LINKS].startswith(f"Line 2, “{line[:10]}")
    assert "https://" in found[library.LINKS]


def test_what_would_not_fit_into_its_field_again_is_told(scene: Scene) -> None:
    long = "A: " + "x" * 2_997

    assert errors(told(scene, long)) == {
        library.PROBLEMS: "That is 9 characters too long to be shown again. Please shorten it a little."
    }
    assert told(scene, long[:-9]).problems


def test_a_card_number_is_refused_in_every_field(scene: Scene) -> None:
    number = "4111-1111-1111-1111"

    assert list(errors(told(scene, f"A: {number}", f"{number} {CARE}", name=number))) == [
        library.PRODUCT_NAME,
        library.PROBLEMS,
        library.LINKS,
    ]


def sent(form: Built, **changed: Any) -> Any:
    """A form sent as it came, but for what was changed in it, by the last part of a field's name."""
    reported = {"initial_value": "value", "initial_options": "selected_options", "initial_option": "selected_option"}
    reported |= {
        "initial_channel": "selected_channel",
        "initial_user": "selected_user",
        "initial_time": "selected_time",
    }
    values: dict[str, dict[str, Any]] = {}
    for block in form["blocks"]:
        element = block["element"]
        values[block["block_id"]] = {reported[name]: held for name, held in element.items() if name in reported}
    assert {f"form.{name}" for name in changed} <= values.keys()
    return submission({name: changed.get(name.removeprefix("form."), value) for name, value in values.items()})


def test_a_product_sent_as_it_came_is_what_it_was(scene: Scene) -> None:
    form = library.product(scene.voice, product("Corner sofa"))

    read = library.read_product(scene.voice, sent(form))
    assert read == ProductFacts(
        "Corner sofa",
        [
            Problem(1, "It smells <new>", "Air the room, it is gone in a week"),
            Problem(14, "Too firm", "It softens: in a month"),
        ],
        [Link("How to care for it <&>", "https://example.com/care?of=sofa&in=winter")],
    )
    assert not library.wants_removal(sent(form))
    ticked = {"selected_options": [{"text": {"type": "plain_text", "text": "Remove"}, "value": "remove"}]}
    assert library.wants_removal(sent(form, remove_product=ticked))


def test_a_new_product_cannot_be_removed(scene: Scene) -> None:
    form = library.product(scene.voice)

    assert library.REMOVE not in [block["block_id"] for block in form["blocks"]]


@pytest.mark.parametrize("called", NAMES)
def test_whatever_stands_in_the_library_fits_into_its_forms(called: str, scene: Scene) -> None:
    text = NAMES[called]
    hostile = product(text)
    hostile.problems = [{"days": "10", "problem": text, "answer": text}]
    hostile.links = [{"title": text, "url": CARE}]
    member = Member(team_id="T1", user_id="U1", booking_link=text, default_playbook=text)

    assert problems(library.product(scene.voice, hostile)) == []
    assert (
        problems(library.team(scene.voice, rights(**{**SET, "withdrawal_words": text, "customer_kinds": [text]}))) == []
    )
    assert problems(of_a_kind(scene, text)) == []
    assert problems(settings.settings(scene.voice, member, Team(team_id="T1"), CHOICES)) == []


def test_a_menu_of_more_than_a_hundred_products_has_them_in_groups(scene: Scene) -> None:
    built = LIBRARY["library_home_over_the_limit"](scene)
    controls = [each for block in built["blocks"] for each in block.get("elements", [])]
    (menu,) = [each for each in controls if each.get("action_id") == HOME_CHANGE_PRODUCT]

    assert [len(group["options"]) for group in menu["option_groups"]] == [OPTIONS_MOST, 20]
    assert "and 110 more" in str(built)


def test_a_library_that_is_full_finds_room_on_the_home_and_in_a_form(scene: Scene) -> None:
    longest = "長" * (OPTION_MOST - 3)
    products = [product(f"{longest}{number}", number) for number in range(100, 100 + PRODUCTS_MOST)]
    shelf = Library(rights(**SET), products)
    menu = forms.product(scene.voice, "Another", products)

    assert problems(managed(scene, shelf, manages_since=NOW)) == []
    assert problems(solidify(scene, products)) == []
    assert sum(len(group["options"]) for group in menu["element"]["option_groups"]) == PRODUCTS_MOST + 1


def test_a_team_sent_as_it_came_is_what_it_was(scene: Scene) -> None:
    read = library.read_team(scene.voice, sent(library.team(scene.voice, rights(**SET))))

    assert read == TeamFacts(
        "C0VIEWS",
        "C0FLOOR",
        14,
        ["sale", "order"],
        SET["withdrawal_words"],
        "U0SAM",
        6,
        ["A young family", "A bakery"],
        ["cost", "A cheaper <offer>", "other"],
        "EUR",
        OFFICE_HOURS,
    )


def test_without_days_there_is_no_right_and_its_words_are_kept(scene: Scene) -> None:
    read = library.read_team(
        scene.voice, sent(library.team(scene.voice, rights(**SET)), withdrawal_days={"value": None})
    )

    assert isinstance(read, TeamFacts)
    assert (read.withdrawal_days, read.withdrawal_kinds) == (None, ["sale", "order"])
    assert read.withdrawal_words == SET["withdrawal_words"]


@pytest.mark.parametrize("months", [None, "0", "61", "-1", "1.5", "abc", "9" * 5_000, "²"])
def test_a_story_is_confirmed_again_within_five_years(scene: Scene, months: str | None) -> None:
    form = library.team(scene.voice, rights(**SET))

    wrong = errors(library.read_team(scene.voice, sent(form, story_months={"value": months})))
    assert list(wrong) == [library.STORY_MONTHS]


def kinds(scene: Scene, typed: str) -> Any:
    form = library.team(scene.voice, rights(**SET))
    return library.read_team(scene.voice, sent(form, customer_kinds={"value": typed}))


def test_kinds_of_customers_stand_one_a_line(scene: Scene) -> None:
    assert kinds(scene, " A  bakery \r\n\n<!channel>\n").customer_kinds == ["A bakery", "<!channel>"]
    assert kinds(scene, "").customer_kinds == []
    assert len(kinds(scene, "\n".join(map(str, range(20)))).customer_kinds) == 20
    assert kinds(scene, "x" * 75).customer_kinds == ["x" * 75]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("A bakery\n" + "x" * 76, "Line 2, “xxx"),
        ("A bakery\n\na  BAKERY", "Line 3, “a BAKERY”"),
        ("\n".join(map(str, range(21))), "line 21"),
        ("A bakery\n4111 1111 1111 1111", "card number"),
    ],
)
def test_what_is_no_kind_of_customer_is_told_by_its_line(scene: Scene, typed: str, told: str) -> None:
    wrong = errors(kinds(scene, typed))

    assert list(wrong) == [library.CUSTOMER_KINDS]
    assert told in wrong[library.CUSTOMER_KINDS]


def own_reasons(scene: Scene, typed: str) -> Any:
    return library.read_team(scene.voice, sent(library.team(scene.voice, rights(**SET)), team_reasons={"value": typed}))


def test_reasons_stand_one_a_line_and_those_that_ship_are_known_by_their_names(scene: Scene) -> None:
    assert own_reasons(scene, " COST \n\nA  rival\nsomething else\nunused").reasons == [
        "cost",
        "A rival",
        "other",
        "unused",
    ]
    assert own_reasons(scene, "x" * 40).reasons == ["x" * 40]


def test_a_team_with_no_reasons_of_its_own_has_those_that_ship(scene: Scene) -> None:
    as_shipped = sent(library.team(scene.voice, Team(team_id="T1")))

    assert isinstance(read := library.read_team(scene.voice, as_shipped), TeamFacts)
    assert (read.reasons, read.currency) == ((), None)
    assert own_reasons(scene, "").reasons == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Cost\n" + "x" * 41, "Line 2, “xxx"),
        ("A rival\n\na  RIVAL", "Line 3, “a RIVAL”"),
        ("Cost\ncost", "Line 2, “cost”"),
        ("\n".join(map(str, range(31))), "line 31"),
        ("A rival\n4111 1111 1111 1111", "card number"),
    ],
)
def test_what_is_no_reason_is_told_by_its_line(scene: Scene, typed: str, told: str) -> None:
    wrong = errors(own_reasons(scene, typed))

    assert list(wrong) == [library.REASONS]
    assert told in wrong[library.REASONS]


@pytest.mark.parametrize(("typed", "currency"), [("eur", "EUR"), (" £ ", "GBP"), ("CA$", "CAD"), ("", None)])
def test_a_currency_is_told_by_its_letters_or_its_sign(scene: Scene, typed: str, currency: str | None) -> None:
    form = library.team(scene.voice, rights(**SET))

    read = library.read_team(scene.voice, sent(form, team_currency={"value": typed}))
    assert isinstance(read, TeamFacts)
    assert read.currency == currency


@pytest.mark.parametrize("typed", ["Groats", "EUR USD", "5 €", "XXY"])
def test_what_is_no_currency_is_told(scene: Scene, typed: str) -> None:
    form = library.team(scene.voice, rights(**SET))

    wrong = errors(library.read_team(scene.voice, sent(form, team_currency={"value": typed})))
    assert list(wrong) == [library.CURRENCY]
    assert f"“{typed}”" in wrong[library.CURRENCY]


def kind_chosen(built: Built) -> tuple[str, list[str]]:
    """What the menu of kinds holds, and all that it has."""
    (menu,) = [block["element"] for block in built["blocks"] if block.get("block_id") == forms.CUSTOMER_KIND]
    return menu["initial_option"]["value"], [option["value"] for option in menu["options"]]


def test_a_kind_is_chosen_however_it_was_spelled_and_one_of_before_stays(scene: Scene) -> None:
    chosen, kinds = kind_chosen(of_a_kind(scene, "a  BAKERY"))
    assert (chosen, sorted(kinds)) == ("A bakery", ["A bakery", "A young family"])
    assert kind_chosen(of_a_kind(scene, "A museum")) == ("A museum", ["A museum", "A young family", "A bakery"])


@pytest.mark.parametrize("name", ["A museum " * 30, "a  BAKERY"])
def test_what_was_kept_before_is_not_lost_in_a_menu(scene: Scene, name: str) -> None:
    for field in (
        forms.customer_kind(scene.voice, name, ["A bakery"]),
        forms.product(scene.voice, name, [product("A bakery")]),
    ):
        assert "initial_option" in dict(field["element"])  # type: ignore[call-overload]


@pytest.mark.parametrize("days", ["0", "366", "-1", "1.5", "abc", "9" * 5_000, "²"])
def test_a_right_to_withdraw_has_days_of_a_year(scene: Scene, days: str) -> None:
    form = library.team(scene.voice, rights(**SET))

    assert list(errors(library.read_team(scene.voice, sent(form, withdrawal_days={"value": days})))) == [library.DAYS]


def test_a_right_to_withdraw_needs_its_words_and_its_purchases(scene: Scene) -> None:
    form = library.team(scene.voice, rights(**SET))
    halves = {"withdrawal_words": {"value": " "}, "withdrawal_kinds": {"selected_options": []}}

    assert set(errors(library.read_team(scene.voice, sent(form, **halves)))) == {library.KINDS, library.WORDS}
    number = {"withdrawal_words": {"value": "4111 1111 1111 1111"}}
    assert list(errors(library.read_team(scene.voice, sent(form, **number)))) == [library.WORDS]


def test_settings_sent_as_they_came_are_what_they_were(scene: Scene) -> None:
    for kept in (
        Settings(work=OFFICE_HOURS, unwanted=[]),
        Settings(
            "order",
            "https://example.com/rosa",
            Work([5, 6], "13:00", "21:00", 3),
            "Asia/Kolkata",
            cues_only=True,
            unwanted=["tips", "held"],
        ),
    ):
        member = Member(
            team_id="T1",
            user_id="U1",
            default_playbook=kept.default_playbook,
            booking_link=kept.booking_link,
            own_timezone=kept.timezone,
            cues_only=kept.cues_only,
            unwanted=kept.unwanted,
        )
        if kept.work:
            hours.keep_own(member, None, kept.work)

        form = settings.settings(scene.voice, member, Team(team_id="T1"), CHOICES)
        assert settings.read_settings(scene.voice, sent(form)) == kept


@pytest.mark.parametrize(
    "link", ["example.com", "http://example.com", "https://", "https://a.example b", "4111111111111111"]
)
def test_a_booking_link_is_an_https_address(scene: Scene, link: str) -> None:
    form = settings.settings(scene.voice, Member(team_id="T1", user_id="U1"), Team(team_id="T1"), CHOICES)

    assert list(errors(settings.read_settings(scene.voice, sent(form, booking_link={"value": link})))) == [
        settings.BOOKING
    ]


def test_an_address_is_one_address() -> None:
    assert all(
        map(is_https, ["https://a", "https://a.example", "https://a.example:8443/b?c#d", "https://münchen.example/🎈"])
    )
    assert not any(map(is_https, ["", " https://a", "https://a\nb", "ftp://a", "https://?a", "https://#"]))


@pytest.mark.parametrize(
    ("said", "runs"),
    [({}, False), ({"is_admin": True}, True), ({"is_admin": False, "is_owner": True}, True), ({"is_bot": True}, False)],
)
def test_admins_and_owners_run_a_workspace(said: dict[str, bool], runs: bool) -> None:
    assert User.model_validate({"id": "U1", **said}).runs_the_workspace is runs
