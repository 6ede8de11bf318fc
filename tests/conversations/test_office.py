"""The hands of the people in these tests: whatever Slack offers on a card or a form can be used by name."""

from datetime import UTC, date, datetime

import pytest

from tests.conversations.office import Office, Rep
from tests.playground.local import (
    GENERAL,
    RENEWALS,
    SAM,
    App,
    Json,
    actions,
    field_of,
    menu,
    modal,
    option,
    plain,
    text_input,
)

NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
CHOICES = [option("Payment"), option("Order"), option("Address")]


@pytest.fixture
def app(office: Office) -> App:
    """An app in the bot's place, which only listens."""
    app = App()
    office.slack.reach(app)
    return app


def field(label: str, element: Json) -> Json:
    return field_of({"action_id": label, **element}, label=plain(label), block_id=label)


async def test_every_kind_of_field_is_filled_in_by_its_label(office: Office, rosa: Rep, app: App) -> None:
    form = modal(
        field("Words", text_input()),
        field("Kind", menu("Sale", "Order")),
        field("Colleague", {"type": "users_select"}),
        field("Help", {"type": "conversations_select"}),
        field("Views", {"type": "channels_select"}),
        field("Checked", {"type": "checkboxes", "options": CHOICES, "initial_options": CHOICES[:1]}),
        field("Sure", {"type": "radio_buttons", "options": CHOICES, "initial_option": CHOICES[2]}),
        field("Day", {"type": "datepicker", "initial_date": "2026-11-30"}),
        field("Call", {"type": "datetimepicker"}),
        field("Days", {"type": "number_input", "is_decimal_allowed": False}),
    )
    office.workspace.push_view(rosa.id, form)
    assert [rosa.screen.held(label) for label in ("Checked", "Sure", "Day", "Call")] == [
        ["Payment"],
        "Address",
        "2026-11-30",
        None,
    ]

    rosa.types("Words", "Quiet Sundays").types("Kind", "Order").types("Colleague", SAM)
    rosa.types("Help", GENERAL).types("Views", RENEWALS)
    rosa.types("Checked", ["Payment", "Address"]).types("Sure", "Order")
    rosa.types("Day", date(2026, 12, 1)).types("Call", NOON).types("Days", 14)
    assert await rosa.sends() == {}

    state = app.last["view"]["state"]["values"]
    sent = [value for block in state.values() for element in block.values() for value in list(element.values())[1:]]
    assert sent == [
        "Quiet Sundays",
        option("Order"),
        SAM,
        GENERAL,
        RENEWALS,
        [option("Payment"), option("Address")],
        option("Order"),
        "2026-12-01",
        int(NOON.timestamp()),
        "14",
    ]


async def test_what_stands_beside_the_buttons_is_picked_by_what_it_shows(office: Office, rosa: Rep, app: App) -> None:
    day = {"type": "datepicker", "action_id": "case.press.move", "placeholder": plain("Move it to…")}
    slots = [{"type": "datetimepicker", "action_id": f"case.press.{name}"} for name in ("first", "second")]
    office.workspace.post(RENEWALS, "U0COMEBACK", "A card", [actions(day, *slots, menu("Phone", "Text"))])

    await rosa.picks("Move it to…", date(2026, 12, 1))
    assert app.last["actions"][0].items() >= {"selected_date": "2026-12-01", "action_id": "case.press.move"}.items()
    await rosa.picks("second", NOON)
    assert app.last["actions"][0]["selected_date_time"] == int(NOON.timestamp())
    await rosa.picks("menu", "Text")
    assert app.last["actions"][0]["selected_option"] == option("Text")
    with pytest.raises(AssertionError, match="0 controls are called “third”"):
        await rosa.picks("third", NOON)
