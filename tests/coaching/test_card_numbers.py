"""Card numbers are never written down, however they are typed; other numbers are (the method, part E)."""

import pytest

from bot.coaching.card_numbers import looks_like_card_number, refuse_card_numbers
from bot.coaching.errors import Declined, Reason


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111 - 1111 - 1111 - 1111",
        "4111  1111  1111  1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u202f1111\u202f1111\u202f1111",
        "4111\u20131111\u20131111\u20131111",
        "4111\u20111111\u20111111\u20111111",
        "4111\u22121111\u22121111\u22121111",
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١١١١١١١١١١١١١",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "41-11-11-11-11-11-11-11",
        "3782 822463 10005",
        "378282246310005",
        "6011 0009 9013 9424",
        "Her card is 4111 1111 1111 1111, she said.",
        "card:4111111111111111!",
        "4111 1111 1111 1111 12/27",
        "4111 1111 1111 1111 123",
        "3 seats, 4111 1111 1111 1111",
        "Order 77 4111-1111-1111-1111 paid",
        "Ada\n4111 1111 1111 1111\n12/27",
    ],
)
def test_a_card_number_is_seen(text: str) -> None:
    assert looks_like_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada Lovelace",
        "4111 1111 1111 1112",
        "4111 1111 111",
        "0000 0000 0000 0000",
        "000000000000",
        "+1 (555) 010-9999",
        "555 010 9999",
        "Order 20261124-0007",
        "INV-1002-3348",
        "2026-11-24 10:30",
        "24.11.2026",
        "Called on 2026-11-24, again on 2026-11-27",
        "Call +1 555 010 1001 2026-11-24 at ten",
        "$1,200.50",
        "12345678901234567890123456789",
        "Room 4, floor 11, building 11, 11 to 11",
        "4111 1111\n1111 1111",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not looks_like_card_number(text)


def test_one_card_number_among_several_texts_is_enough_to_decline() -> None:
    refuse_card_numbers("Ada", None, "")

    with pytest.raises(Declined) as declined:
        refuse_card_numbers("Ada", None, "4111 1111 1111 1111")
    assert declined.value.reason is Reason.CARD_NUMBER


def test_a_long_text_of_digits_is_read_through() -> None:
    assert not looks_like_card_number("1 " * 1_500)
    assert looks_like_card_number("1 " * 1_500 + "4111111111111111")
