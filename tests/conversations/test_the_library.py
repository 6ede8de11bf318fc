"""What a team sets and what a member sets, from the Home."""

import pytest
from sqlmodel import Session, select

from bot.coaching import library, members
from bot.coaching.library import ProductFacts
from bot.playground.workspace import TEAM, SlackRefusesError
from bot.storage.models import Member, Product, Sale
from tests.conversations.office import RENEWALS, START, Office, Rep
from tests.conversations.test_solidify import DECIDED, SURENESS

FLOOR = "C0FLOOR"
ACCEPT, ADD, CHANGE, SETTINGS = "I manage this team", "Add a product…", "Change a product…", "Team settings…"
PROBLEMS, LINKS = "Likely problems", "Useful links"


async def adds(manager: Rep, name: str, problems: str = "", links: str = "") -> None:
    await manager.presses(ADD)
    manager.types("Name of the product", name).types(PROBLEMS, problems).types(LINKS, links)
    assert await manager.sends() == {}


async def stored(office: Office, name: str) -> Product | None:
    return await office.bot.database.read(library.product_named, TEAM, name)


async def test_an_admin_accepts_to_manage_the_team(office: Office) -> None:
    mina = office.mina
    await mina.opens_home()
    mina.does_not_see("Your team")
    await office.settles()

    await mina.opens_home()
    mina.sees("Your team", "You run this workspace.")
    await mina.presses(ACCEPT)

    mina.sees("Your team", "*Products*: none yet").does_not_see("You run this workspace.")
    assert mina.screen.in_sight[-8:-4] == [ADD, SETTINGS, "Weekly summary…", "Managers…"]


async def test_somebody_who_became_an_admin_is_asked_the_next_day(office: Office, mina: Rep) -> None:
    def forgets(session: Session) -> None:
        members.meet(session, TEAM, mina.id).is_admin = False

    await office.bot.database.write(forgets)
    await mina.opens_home()
    assert await office.later(hours=1) == 0, "what Slack said an hour ago holds"
    mina.does_not_see("Your team")

    await office.later(days=1)
    await mina.opens_home()
    await office.settles()
    await mina.opens_home()
    mina.sees("Your team")


async def test_a_rep_is_not_asked(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.settles()
    await rosa.opens_home()

    rosa.does_not_see("Your team")
    assert rosa.screen.in_sight[-1] == "Help"


async def test_a_rep_who_presses_an_admins_button_becomes_no_manager(office: Office, rosa: Rep, mina: Rep) -> None:
    await rosa.opens_home()
    lend(mina, rosa)
    await rosa.presses(ACCEPT)

    rosa.sees("That is for an admin or an owner of this workspace")
    await rosa.closes()
    await rosa.opens_home()
    rosa.does_not_see("Your team")


async def test_a_manager_adds_a_product_with_its_problems_and_links(office: Office, manager: Rep) -> None:
    await adds(
        manager,
        "Corner sofa",
        "14 days: Too firm: it softens in a month\n\nThe colour is off: look at it in daylight",
        "How to care for it https://example.com/care",
    )

    manager.sees("*Products*: Corner sofa")
    sofa = await stored(office, "corner sofa")
    assert [vars(problem) for problem in library.problems_of(sofa)] == [
        {"days": 14, "problem": "Too firm", "answer": "it softens in a month"},
        {"days": 20, "problem": "The colour is off", "answer": "look at it in daylight"},
    ]
    assert [vars(link) for link in library.links_of(sofa)] == [
        {"title": "How to care for it", "url": "https://example.com/care"}
    ]


async def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_is_lost(office: Office, manager: Rep) -> None:
    await manager.presses(ADD)
    assert await manager.sends() == {"Name of the product": "Please complete this required field."}
    manager.types("Name of the product", "Lamp").types(PROBLEMS, "Too bright").types(LINKS, "Care http://example.com")
    errors = await manager.sends()

    assert errors.keys() == {PROBLEMS, LINKS}
    assert errors[PROBLEMS].startswith("Line 1, “Too bright”")
    assert await stored(office, "Lamp") is None


async def test_a_product_is_changed_and_renamed(office: Office, manager: Rep) -> None:
    await adds(manager, "Corner sofa", "Too firm: it softens")
    await manager.picks(CHANGE, "Corner sofa")
    assert manager.screen.held(PROBLEMS) == "10 days: Too firm: it softens"
    manager.types("Name of the product", "Garden bench")
    assert await manager.sends() == {}

    manager.sees("*Products*: Garden bench").does_not_see("Corner sofa")
    assert await stored(office, "Corner sofa") is None


async def test_of_a_hundred_and_fifty_products_the_last_is_as_good_as_the_first(
    office: Office, manager: Rep, rosa: Rep
) -> None:
    def stock(session: Session) -> None:
        for nth in range(150):
            library.add_product(session, TEAM, manager.id, ProductFacts(f"Lamp {nth:03}"), START)

    await office.bot.database.write(stock)
    await manager.opens_home()
    await manager.picks(CHANGE, "Lamp 149")
    manager.types("Name of the product", "Zebra lamp")
    assert await manager.sends() == {}

    await rosa.goes_to(RENEWALS).runs("/solidify Ada Lovelace")
    rosa.types("Product or plan", "Zebra lamp").types(DECIDED, "Quiet Sundays").types(SURENESS, "Sure")
    await rosa.closes()
    await rosa.runs("/solidify Ada Lovelace")
    assert rosa.screen.held("Product or plan") == "Zebra lamp"
    assert await rosa.sends() == {}
    sale = await office.bot.database.read(lambda session: session.exec(select(Sale)).one())
    assert sale.product == "Zebra lamp"


async def test_the_menu_can_be_chosen_from_again(office: Office, manager: Rep) -> None:
    """Slack keeps what is chosen in a menu, and tells of no choice that is the same; a new block has nothing chosen."""
    await adds(manager, "Corner sofa")
    before = manager.screen.picker(CHANGE)[0]
    await office.later(seconds=2)
    await manager.picks(CHANGE, "Corner sofa")
    await manager.closes()

    assert manager.screen.picker(CHANGE)[0] != before


async def test_two_products_of_one_name_are_a_mistake_beside_the_name(office: Office, manager: Rep) -> None:
    await adds(manager, "Corner sofa", "Too firm: it softens")
    await manager.presses(ADD)
    manager.types("Name of the product", "corner  SOFA")
    errors = await manager.sends()

    told = "There is a product of that name already. Please give this one another name."
    assert errors["Name of the product"].startswith(told)
    assert library.problems_of(await stored(office, "Corner sofa")), "the first one is as it was"


async def test_a_product_that_is_no_longer_sold_is_removed(office: Office, manager: Rep) -> None:
    await adds(manager, "Corner sofa")
    await manager.picks(CHANGE, "Corner sofa")
    manager.types("No longer sold", ["Remove this product"])
    assert await manager.sends() == {}

    manager.sees("*Products*: none yet")
    assert await stored(office, "Corner sofa") is None


async def test_a_product_that_is_gone_meanwhile_cannot_be_changed(office: Office, manager: Rep) -> None:
    await adds(manager, "Corner sofa")
    await manager.picks(CHANGE, "Corner sofa")
    sofa = await stored(office, "Corner sofa")
    assert sofa
    await office.bot.database.write(library.remove_product, TEAM, manager.id, sofa.id or 0, office.clock.now())
    errors = await manager.sends()

    assert "I can’t find that one any more" in errors["Name of the product"]


async def test_channels_and_rights_are_set_and_shown(office: Office, manager: Rep) -> None:
    await manager.presses(SETTINGS)
    manager.types("Channel for views that are passed on", RENEWALS)
    manager.types("Channel for questions to colleagues", FLOOR)
    manager.types("Days to withdraw from a purchase", 14).types("For which purchases", ["Sale"])
    manager.types("What the rep tells the customer", "You can change your mind for 14 days.")
    assert await manager.sends() == {}
    await manager.closes()
    manager.sees(f"*Views that are passed on*: <#{RENEWALS}>", f"<#{FLOOR}>", "*Right to withdraw*: 14 days")

    await manager.presses(SETTINGS)
    assert manager.screen.held("Channel for questions to colleagues") == FLOOR
    assert manager.screen.held("For which purchases") == ["Sale"]
    manager.types("Days to withdraw from a purchase", None)
    assert await manager.sends() == {}
    await manager.closes()
    manager.sees("*Right to withdraw*: none")


async def test_half_a_right_to_withdraw_is_none(office: Office, manager: Rep) -> None:
    await manager.presses(SETTINGS)
    manager.types("Days to withdraw from a purchase", 14)
    assert (await manager.sends()).keys() == {"For which purchases", "What the rep tells the customer"}
    manager.types("Days to withdraw from a purchase", 400).types("For which purchases", ["Sale"])
    manager.types("What the rep tells the customer", "My card is 4111 1111 1111 1111")
    assert (await manager.sends()).keys() == {"What the rep tells the customer"}

    assert (await office.bot.database.read(library.team_of, TEAM)).withdrawal_days is None


def lend(owner: Rep, borrower: Rep) -> None:
    """Put what stands before one person before another, as somebody would who makes up a request."""
    workspace = owner.office.workspace
    if workspace.modals[owner.id]:
        view = workspace.modals[owner.id].pop()
        view.owner = borrower.id
        workspace.modals[borrower.id].append(view)
    else:
        borrower.screen.blocks[:] = owner.screen.blocks


@pytest.mark.parametrize("button", [ADD, SETTINGS])
async def test_a_rep_cannot_open_a_managers_form(rosa: Rep, manager: Rep, button: str) -> None:
    await rosa.opens_home()
    lend(manager, rosa)
    await rosa.presses(button)

    rosa.sees("That is for this team’s managers")


async def test_a_rep_cannot_open_a_product(rosa: Rep, manager: Rep) -> None:
    await adds(manager, "Corner sofa")
    await rosa.opens_home()
    lend(manager, rosa)
    await rosa.picks(CHANGE, "Corner sofa")

    rosa.sees("That is for this team’s managers")


async def test_a_rep_who_sends_a_managers_form_changes_nothing(office: Office, rosa: Rep, manager: Rep) -> None:
    await adds(manager, "Corner sofa", "Too firm: it softens")
    for press, changed in (
        (manager.presses(ADD), {"Name of the product": "Lamp"}),
        (manager.picks(CHANGE, "Corner sofa"), {"Name of the product": "Mine"}),
        (manager.picks(CHANGE, "Corner sofa"), {"No longer sold": ["Remove this product"]}),
        (manager.presses(SETTINGS), {"Channel for questions to colleagues": FLOOR}),
    ):
        await press
        lend(manager, rosa)
        for label, value in changed.items():
            rosa.types(label, value)
        (error,) = (await rosa.sends()).values()
        assert error.startswith("That is for this team’s managers")
        await rosa.closes()

    await manager.opens_home()
    manager.sees("*Products*: Corner sofa\n", "*Questions to colleagues*: no channel yet")
    assert await stored(office, "Lamp") is None


async def test_another_workspaces_library_is_not_seen(office: Office, manager: Rep) -> None:
    def elsewhere(session: Session) -> None:
        session.add(Member(team_id="T2", user_id="U9", manages_since=office.clock.now()))
        session.flush()
        library.add_product(session, "T2", "U9", ProductFacts("Yacht"), office.clock.now())

    await office.bot.database.write(elsewhere)
    await adds(manager, "Corner sofa")

    manager.sees("*Products*: Corner sofa\n").does_not_see("Yacht")
    await adds(manager, "Yacht")
    manager.sees("*Products*: Corner sofa, Yacht\n")


async def test_a_change_is_kept_where_the_home_cannot_be_drawn(office: Office, manager: Rep) -> None:
    def refuse(method: str, _arguments: object) -> SlackRefusesError | None:
        return SlackRefusesError("internal_error") if method == "views.publish" else None

    office.slack.troubles.append(refuse)
    await manager.presses(ADD)
    manager.types("Name of the product", "Corner sofa")

    assert await manager.sends() == {}
    assert await stored(office, "Corner sofa")


async def test_a_member_sets_the_playbook_they_begin_with(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    assert rosa.screen.held("Usual playbook") == "The one I chose last"
    rosa.types("Usual playbook", "Save an order or subscription")
    rosa.types("Booking link", "https://example.com/rosa")
    assert await rosa.sends() == {}
    await rosa.closes()

    await rosa.presses("My settings…")
    assert rosa.screen.held("Usual playbook") == "Save an order or subscription"
    assert rosa.screen.held("Booking link") == "https://example.com/rosa"
    await rosa.closes()
    await rosa.goes_to(RENEWALS).runs("/cancel sale Ada Lovelace")
    await rosa.runs("/cancel Grace Hopper")
    assert rosa.taken[0] == "Save an order or subscription", "the last choice gives way to the setting"


async def test_a_member_works_in_a_timezone_of_their_own(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await office.settles()
    await rosa.goes_to(RENEWALS).runs("/reconnect Ada Lovelace tomorrow")
    await rosa.opens_home()
    await rosa.sees("Wed, Nov 25, 10:00 AM").presses("My settings…")
    assert await rosa.looks_up("Timezone", "lisb") == {"Europe/Lisbon": "Europe/Lisbon"}
    assert await rosa.types("Timezone", "Europe/Lisbon").sends() == {}
    await rosa.closes()

    await office.settles()
    await rosa.opens_home()
    rosa.sees("Wed, Nov 25, 10:00 AM")
    await office.later(hours=19)
    assert "Get in touch with Ada Lovelace" in rosa.goes_to("dm").everything, "her morning is Lisbon's now"


async def test_what_a_member_does_not_want_to_hear_of_is_not_told(office: Office, rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    wanted = [each for each in rosa.screen.held("What I want to hear of") if not each.startswith("Cases that I left")]
    assert await rosa.types("What I want to hear of", wanted).sends() == {}
    await rosa.closes()
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
    await office.later(days=3)

    assert "left open" not in rosa.goes_to("dm").everything
    await rosa.opens_home()
    await rosa.presses("My settings…")
    assert rosa.screen.held("What I want to hear of") == wanted


async def test_hours_that_nobody_changed_go_on_following_the_team(office: Office, rosa: Rep, manager: Rep) -> None:
    async def sets(opens: str, closes: str) -> None:
        await manager.opens_home()
        await manager.presses(SETTINGS)
        assert await manager.types("Work begins at", opens).types("Work ends at", closes).sends() == {}
        await manager.closes()

    async def opens_settings() -> tuple[str, str]:
        await rosa.opens_home()
        await rosa.presses("My settings…")
        return rosa.screen.held("Work begins at"), rosa.screen.held("Work ends at")

    await sets("12:00", "20:00")
    assert await opens_settings() == ("12:00", "20:00")
    assert await rosa.types("Booking link", "https://example.com/rosa").sends() == {}
    rosa.sees("I’ll go by that from now on.")
    await rosa.closes()

    await sets("08:00", "16:00")
    assert await opens_settings() == ("08:00", "16:00")
    assert await rosa.types("Work ends at", "14:00").sends() == {}
    await rosa.closes()
    await sets("10:00", "18:00")
    assert await opens_settings() == ("08:00", "14:00"), "what she has set herself stays"


async def test_cues_only_is_a_setting_too(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    assert await rosa.types("My cards", ["Hide the lines, cues only"]).sends() == {}
    await rosa.closes()
    await rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")

    rosa.sees("Listen for").does_not_see("Say\n")


async def test_a_working_day_has_to_begin_before_it_ends(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    rosa.types("Work begins at", "17:00").types("Work ends at", "09:00")

    assert list(await rosa.sends()) == ["Work ends at"]


async def test_a_booking_link_that_is_none_is_told(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    for link, told in (("example.com/rosa", "https://example.com/you"), ("4111 1111 1111 1111", "card number")):
        rosa.types("Booking link", link)
        assert told in (await rosa.sends())["Booking link"]


async def test_the_playbook_for_a_sale_just_made_is_nobodys_usual_one(rosa: Rep) -> None:
    await rosa.opens_home()
    await rosa.presses("My settings…")
    _, menu = rosa.screen.field("Usual playbook")
    named = [option["value"] for option in menu["options"]]

    assert {"sale", "order"} <= set(named)
    assert "solidify" not in named
