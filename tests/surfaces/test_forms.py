"""What a rep typed into a form comes out typed, or as errors beside the fields."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.coaching.calendar import zone
from bot.coaching.money import Money
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.surfaces import forms, reminders, timezones
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.reminders import TaskOrigin
from bot.surfaces.words import Words
from tests.surfaces.scenes import NOW, ORIGIN, TODAY, Built, Scene, other_cases, problems, submission
from tests.surfaces.states import FILLED

CARD_NUMBER = "4111-1111-1111-1111"


def sent(form: Built, changed: Mapping[str, Any] | None = None) -> Submission:
    """A form sent as it came, but for what was changed in it."""
    changed = changed or {}
    elements = [block["element"] for block in form["blocks"] if block["type"] == "input"]
    values = {element["action_id"]: _as_sent(element) for element in elements}
    assert set(changed) <= set(values), "only what the form has can be changed"
    return submission({name: value | changed.get(name, {}) for name, value in values.items()}, form["private_metadata"])


def _as_sent(element: Mapping[str, Any]) -> dict[str, Any]:
    match element["type"]:
        case "plain_text_input":
            return {"value": element.get("initial_value")}
        case "static_select":
            return {"selected_option": element.get("initial_option")}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "datetimepicker":
            return {"selected_date_time": element["initial_date_time"]}
    raise AssertionError(element)


def option(value: str) -> dict[str, Any]:
    return {"selected_option": {"text": {"type": "plain_text", "text": "Whatever it says"}, "value": value}}


def test_a_running_case_sent_as_it_came_reads_as_it_was(scene: Scene) -> None:
    form = forms.details(scene.voice, scene.card("why", **FILLED), ORIGIN, TODAY)

    assert forms.read_details(scene.voice, sent(form), TODAY) == {
        "name": "Ada Lovelace",
        "reason": "cost",
        "product": "Corner sofa",
        "customer_kind": None,
        "heard_through": "phone",
        "value": Money(1_200_50, "USD"),
        "bought_on": date(2026, 11, 20),
        "link": "https://crm.example/7",
        "note": "Ask about\nthe colour",
    }


def test_a_decided_case_sent_as_it_came_reads_as_it_was(scene: Scene) -> None:
    card = scene.closed(Outcome.PAUSED, TaskKind.CHECK_IN, **FILLED, remedy="fix")
    form = forms.details(scene.voice, card, ORIGIN, TODAY)

    assert forms.read_details(scene.voice, sent(form), TODAY) == {
        "outcome": Outcome.PAUSED,
        "reason": "cost",
        "remedy": "fix",
        "product": "Corner sofa",
        "customer_kind": None,
        "value": Money(1_200_50, "USD"),
        "link": "https://crm.example/7",
        "note": "Ask about\nthe colour",
        "reconnect_on": date(2026, 12, 1),
    }


def test_an_empty_form_says_that_everything_is_empty(scene: Scene) -> None:
    form = forms.details(scene.voice, replace(scene, name=None).card(), ORIGIN, TODAY)

    read = forms.read_details(scene.voice, sent(form), TODAY)
    names = ("name", "reason", "product", "customer_kind", "heard_through", "value", "bought_on", "link", "note")
    assert read == dict.fromkeys(names)


def test_what_was_typed_and_chosen_is_read(scene: Scene) -> None:
    form = forms.details(scene.voice, scene.closed(Outcome.SAVED), ORIGIN, TODAY)
    changed = {
        forms.OUTCOME: option("changed_plan"),
        forms.REASON: option("moved"),
        forms.REMEDY: option("time"),
        forms.VALUE: {"value": " €1.2k "},
        forms.PRODUCT: {"value": "  "},
        forms.NOTED: {"value": "  Two lines,\nkept as they are  "},
        forms.RECONNECT: {"selected_date": "2026-11-24"},
    }

    assert forms.read_details(scene.voice, sent(form, changed), TODAY) == {
        "outcome": Outcome.CHANGED_PLAN,
        "reason": "moved",
        "remedy": "time",
        "product": None,
        "customer_kind": None,
        "value": Money(1_200_00, "EUR"),
        "link": None,
        "note": "Two lines,\nkept as they are",
        "reconnect_on": TODAY,
    }


def test_how_somebody_stayed_is_asked_of_those_who_stayed(scene: Scene) -> None:
    left = forms.details(scene.voice, scene.closed(Outcome.LEFT), ORIGIN, TODAY)
    read = forms.read_details(scene.voice, sent(left), TODAY)

    assert isinstance(read, dict)
    assert "outcome" not in read
    assert read["reconnect_on"] is None, "a hello to somebody who left is nobody's idea but the rep's"


def test_a_playbook_without_remedies_asks_for_none(scene: Scene) -> None:
    steps = {key: replace(step, follow=None) for key, step in scene.playbook.steps.items()}
    bare = replace(scene, playbook=replace(scene.playbook, steps=steps))
    form = forms.details(scene.voice, bare.closed(Outcome.SAVED), ORIGIN, TODAY)

    assert problems(form) == []
    assert "remedy" not in forms.read_details(scene.voice, sent(form), TODAY)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("locale", "typed", "money"),
    [
        ("en-US", "1,200", Money(1_200_00, "USD")),
        ("en-GB", "1,200", Money(1_200_00, "GBP")),
        ("de-DE", "1.200,50 €", Money(1_200_50, "EUR")),
        ("fr-FR", "1 200", Money(1_200_00, "EUR")),
        ("ja-JP", "1200", Money(1_200, "JPY")),
    ],
)
def test_an_amount_is_read_as_the_member_writes_it_and_comes_back_so(
    words: Words, scene: Scene, locale: str, typed: str, money: Money
) -> None:
    voice = words.voice(locale, zone("Europe/Paris"))
    form = forms.details(voice, scene.card(), ORIGIN, TODAY)
    read = forms.read_details(voice, sent(form, {forms.VALUE: {"value": typed}}), TODAY)
    assert isinstance(read, dict)
    assert read["value"] == money

    again = forms.details(voice, scene.card(value_minor=money.minor, currency=money.currency), ORIGIN, TODAY)
    kept = forms.read_details(voice, sent(again), TODAY)
    assert isinstance(kept, dict)
    assert kept["value"] == money


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        (forms.VALUE, {"value": "abc"}),
        (forms.VALUE, {"value": "-5"}),
        (forms.VALUE, {"value": CARD_NUMBER}),
        (forms.NOTED, {"value": f"Card {CARD_NUMBER}"}),
        (forms.PRODUCT, {"value": CARD_NUMBER}),
        (forms.RECONNECT, {"selected_date": "2026-11-23"}),
        (forms.RECONNECT, {"selected_date": "1999-01-01"}),
    ],
)
def test_what_cannot_be_taken_is_an_error_beside_its_field(
    scene: Scene, field: str, changed: Mapping[str, str]
) -> None:
    form = forms.details(scene.voice, scene.closed(Outcome.SAVED), ORIGIN, TODAY)
    read = forms.read_details(scene.voice, sent(form, {field: changed}), TODAY)

    assert isinstance(read, Refused)
    assert list(read.errors) == [field]
    assert field in [block.get("block_id") for block in form["blocks"]], (
        "Slack shows an error beside a block of the form"
    )


def test_several_faults_are_told_at_once(scene: Scene) -> None:
    form = forms.details(scene.voice, scene.closed(Outcome.SAVED), ORIGIN, TODAY)
    wrong = {forms.VALUE: {"value": "abc"}, forms.RECONNECT: {"selected_date": "2026-11-23"}}
    read = forms.read_details(scene.voice, sent(form, wrong), TODAY)

    assert isinstance(read, Refused)
    assert set(read.errors) == set(wrong)


def test_a_day_that_has_passed_is_not_proposed(scene: Scene) -> None:
    card = scene.closed(Outcome.SAVED, TaskKind.CHECK_IN)
    late = forms.details(scene.voice, card, ORIGIN, TODAY + timedelta(days=30))

    read = forms.read_details(scene.voice, sent(late), TODAY + timedelta(days=30))
    assert isinstance(read, dict)
    assert read["reconnect_on"] is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Ada", "Ada"), ("  Ada \n", "Ada"), ("", None), (None, None), ("   ", None), ("<@U1>", "<@U1>")],
)
def test_a_new_case_has_a_name_or_none(scene: Scene, typed: str | None, name: str | None) -> None:
    form = forms.new_case(scene.voice)

    assert forms.read_new_case(scene.voice, sent(form, {forms.NAME: {"value": typed}})) == name


def test_a_card_number_is_no_name(scene: Scene) -> None:
    form = forms.new_case(scene.voice)
    read = forms.read_new_case(scene.voice, sent(form, {forms.NAME: {"value": CARD_NUMBER}}))

    assert isinstance(read, Refused)
    assert list(read.errors) == [forms.NAME]


def test_a_cool_off_has_a_day_ahead(scene: Scene) -> None:
    form = forms.cool_off(scene.voice, ORIGIN, TODAY)

    assert forms.read_cool_off(scene.voice, sent(form), TODAY) == date(2026, 11, 27)
    for day in (None, "2026-11-23"):
        read = forms.read_cool_off(scene.voice, sent(form, {forms.COOL_OFF_UNTIL: {"selected_date": day}}), TODAY)
        assert isinstance(read, Refused)
        assert list(read.errors) == [forms.COOL_OFF_UNTIL]


def test_a_case_left_out_is_a_mistake_or_a_duplicate(scene: Scene) -> None:
    form = forms.leave_out(scene.voice, other_cases(scene), ORIGIN)

    assert forms.read_leave_out(sent(form)) is None
    assert forms.read_leave_out(sent(form, {forms.LEAVE_OUT_AS: option("6")})) == 6
    assert forms.read_leave_out(sent(form, {forms.LEAVE_OUT_AS: {"selected_option": None}})) is None


def test_a_reminder_is_put_off_to_an_hour_ahead(scene: Scene) -> None:
    form = reminders.snooze(scene.voice, TaskOrigin(task_id=40), NOW)

    assert reminders.read_snooze(scene.voice, sent(form), NOW) == NOW + timedelta(hours=2)
    tomorrow = datetime(2026, 11, 25, 8, 15, tzinfo=UTC)
    picked = {reminders.SNOOZE_UNTIL: {"selected_date_time": int(tomorrow.timestamp())}}
    assert reminders.read_snooze(scene.voice, sent(form, picked), NOW) == tomorrow
    for wrong in (None, int(NOW.timestamp()), 0):
        changed = {reminders.SNOOZE_UNTIL: {"selected_date_time": wrong}}
        read = reminders.read_snooze(scene.voice, sent(form, changed), NOW)
        assert isinstance(read, Refused)
        assert list(read.errors) == [reminders.SNOOZE_UNTIL]


def test_a_form_carries_where_it_came_from_and_how_it_was_spoken(words: Words, scene: Scene) -> None:
    voice = words.voice("pt-BR", zone("America/Sao_Paulo"))
    form = forms.cool_off(voice, ORIGIN, TODAY)

    origin = Origin.model_validate_json(sent(form).view.private_metadata)
    assert origin == ORIGIN.model_copy(update={"locale": "pt-BR", "timezone": "America/Sao_Paulo"})
    opener = Opener.model_validate(json.loads(form["private_metadata"]))
    assert words.voice(opener.locale, zone(opener.timezone)) == voice


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "sr-Latn-RS", "en-GB", "es-LA"])
def test_every_locale_comes_back_from_a_form_as_it_was(words: Words, locale: str) -> None:
    voice = words.voice(locale, zone("UTC"))
    opener = Opener.model_validate_json(forms.new_case(voice)["private_metadata"])  # type: ignore[arg-type]

    assert words.voice(opener.locale, zone(opener.timezone)).locale == voice.locale


@pytest.mark.parametrize("typed", ["factory", "localtime", "posixrules"])
def test_no_timezone_is_offered_that_is_nowhere(typed: str) -> None:
    assert timezones.matching(typed) == []
    assert [each["value"] for each in timezones.matching("new york")] == ["America/New_York"]
