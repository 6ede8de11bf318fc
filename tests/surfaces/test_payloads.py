"""What Slack sends is read once: what we do not know of it is ignored, what is missing is empty."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.coaching.errors import Declined, Reason
from bot.surfaces import ids
from bot.surfaces.blocks import TEXT_MOST
from bot.surfaces.html_text import text_of_html
from bot.surfaces.payloads import Command, Conversation, Event, MessageShortcut, Press, Submission, Written
from bot.surfaces.presses import Carried, carries
from tests.surfaces.scenes import Scene

PRESS: dict[str, Any] = {
    "type": "block_actions",
    "api_app_id": "A1",
    "token": "not looked at",
    "user": {"id": "U1", "username": "rosa", "name": "rosa", "team_id": "T1"},
    "team": {"id": "T1", "domain": "office", "enterprise_id": "E1"},
    "enterprise": None,
    "is_enterprise_install": False,
    "channel": {"id": "C1", "name": "renewals"},
    "container": {"type": "message", "message_ts": "1.0", "channel_id": "C1", "is_ephemeral": True, "new_in_2027": {}},
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.example/actions/1",
    "message": {"text": "x", "blocks": []},
    "state": {
        "values": {
            "words.why.3": {"words.why": {"type": "plain_text_input", "value": "Her brother"}},
            "words.thought.3": {"words.thought": {"type": "plain_text_input", "value": None}},
            "other": {"wordsmith": {"type": "plain_text_input", "value": "Not ours"}},
            "menu": {"menu": {"type": "static_select", "selected_option": None}},
        }
    },
    "actions": [
        {
            "action_id": "case.press.next",
            "block_id": "case.press",
            "type": "button",
            "text": {"type": "plain_text", "text": "Next", "emoji": False},
            "value": "next:7:3",
            "style": "primary",
            "action_ts": "1.1",
        }
    ],
}


def test_a_press_is_read_with_whatever_else_slack_sends() -> None:
    press = Press.model_validate(PRESS)

    assert (press.team.id, press.user.id, press.trigger_id) == ("T1", "U1", "1.2.abc")
    assert (press.used.action_id, press.used.chosen) == ("case.press.next", "next:7:3")
    assert press.response_url == "https://hooks.example/actions/1"
    assert (press.container.type, press.container.message_ts, press.container.is_ephemeral) == ("message", "1.0", True)
    assert press.typed(ids.WORDS) == {"why": "Her brother", "thought": ""}


def test_a_press_in_a_view_has_neither_message_nor_url() -> None:
    bare = {"team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [{"action_id": "home.new", "value": "new"}]}
    press = Press.model_validate({**bare, "container": {"type": "view", "view_id": "V1"}})

    assert (press.response_url, press.container.message_ts, press.container.is_ephemeral) == (None, None, False)
    assert press.typed(ids.WORDS) == {}


@pytest.mark.parametrize(
    ("element", "chosen"),
    [
        ({"type": "button", "value": "next:7:3"}, "next:7:3"),
        ({"type": "overflow", "selected_option": {"value": "back:7:3", "text": {"text": "Back"}}}, "back:7:3"),
        ({"type": "datepicker", "selected_date": "2026-11-25"}, "2026-11-25"),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "users_select", "selected_user": "U2", "initial_user": "U3"}, "U2"),
        ({"type": "conversations_select", "selected_conversation": "C2"}, "C2"),
        ({"type": "channels_select", "selected_channel": "C3"}, "C3"),
        ({"type": "radio_buttons", "selected_option": {"value": "flat"}}, "flat"),
        ({"type": "users_select", "selected_user": None}, None),
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "something_new", "selected_things": []}, None),
    ],
)
def test_whatever_was_used_says_what_was_chosen(element: dict[str, Any], chosen: str | None) -> None:
    press = Press.model_validate({**PRESS, "actions": [{"action_id": "a", **element}]})

    assert press.used.chosen == chosen


def test_boxes_say_which_of_them_stand_ticked() -> None:
    options = [{"value": value, "text": {"type": "plain_text", "text": value}} for value in ("payment", "order")]
    sent = Submission.model_validate(
        {
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "view": {"state": {"values": {"list": {"list": {"type": "checkboxes", "selected_options": options}}}}},
        }
    )

    assert sent.field("list").ticked == ["payment", "order"]
    assert (sent.field("list").chosen, sent.field("another").ticked) == (None, [])


def test_a_command_is_read_with_whatever_else_slack_sends() -> None:
    sent = {"team_id": "T1", "user_id": "U1", "user_name": "rosa", "command": "/cancel", "channel_id": "C1"}

    assert Command.model_validate({**sent, "text": "Ada"}).text == "Ada"
    assert Command.model_validate(sent).text == ""


def test_an_event_is_read_with_whatever_else_slack_sends() -> None:
    event = Event.model_validate({"type": "app_home_opened", "user": "U1", "tab": "home", "view": {}, "channel": "D1"})

    assert (event.user, event.tab) == ("U1", "home")


def test_a_field_that_a_form_did_not_have_is_empty_and_not_there() -> None:
    sent = Submission.model_validate(
        {
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "view": {"state": {"values": {"a": {"a": {"type": "plain_text_input", "value": " x "}}}}},
        }
    )

    assert (sent.text("a"), sent.has("a")) == ("x", True)
    assert (sent.text("b"), sent.has("b")) == (None, False)
    assert sent.view.private_metadata == ""


def test_what_somebody_typed_is_in_no_error() -> None:
    with pytest.raises(ValidationError) as fault:
        Press.model_validate({**PRESS, "actions": "Her brother laughed"})

    assert "brother" not in str(fault.value)


@pytest.mark.parametrize("argument", [None, 11])
def test_a_control_carries_what_it_asks_of_which_case_as_it_stood(scene: Scene, argument: int | None) -> None:
    carried = Carried.read(carries(scene.case(), "identify", argument))

    assert carried == Carried("identify", 7, 3, str(argument) if argument else None)


@pytest.mark.parametrize("value", [None, "", "next", "next:7", "next:x:3", "next:7:-3", "next::", "7:3", "a:b:c:d:e"])
def test_a_control_of_another_version_is_gone(value: str | None) -> None:
    with pytest.raises(Declined) as declined:
        Carried.read(value)
    assert declined.value.reason is Reason.GONE


def section(*texts: str, style: str = "rich_text_section") -> dict[str, Any]:
    return {"type": style, "elements": [{"type": "text", "text": text} for text in texts]}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def in_line(*elements: dict[str, Any]) -> dict[str, Any]:
    return rich({"type": "rich_text_section", "elements": list(elements)})


def mail(**told: Any) -> dict[str, Any]:
    return {"text": "", "files": [{"id": "F1", "filetype": "email", "mode": "email", **told}]}


def test_what_is_sent_as_null_is_as_empty_as_what_is_left_out() -> None:
    assert Conversation.model_validate({"is_private": None, "is_member": True}) == Conversation(is_member=True)
    assert Press.model_validate({**PRESS, "state": None, "container": None}).typed(ids.WORDS) == {}


ODD_SHAPES: list[Any] = [
    None,
    "not a message",
    {},
    {"text": None, "blocks": None, "attachments": None, "files": None, "thread_ts": None, "app_id": None},
    {"text": 7, "ts": 7, "thread_ts": [], "blocks": {"type": "section"}, "attachments": "x", "files": 7},
    {"text": " ", "blocks": [None, 7, []], "attachments": [None, 7], "files": [None, "x"]},
    {"blocks": [{"type": None}, {"type": "section", "text": None, "fields": None}, {"type": "section", "text": 7}]},
    {"blocks": [{"type": "context", "elements": [None, {"type": "mrkdwn", "text": None}]}, {"type": "divider"}]},
    {"blocks": [{"type": "rich_text", "elements": None}, {"type": "rich_text", "elements": [None, {"type": "x"}]}]},
    {"blocks": [{"type": "table", "rows": [None, [None, {"type": "raw_text", "text": None}]]}]},
    {"blocks": [{"type": "actions", "elements": [{"type": "button", "text": {"text": "Open"}}]}]},
    {"blocks": [{"type": "something_new", "things": [1]}], "text": "This content can't be displayed."},
    {"attachments": [{"text": None, "title": None, "pretext": None, "fallback": None, "fields": None}]},
    {"attachments": [{"fields": [None, {"title": None, "value": None}], "blocks": [None], "message_blocks": [None]}]},
    {"attachments": [{"fallback": "[no preview available]", "message_blocks": [{"message": None}]}]},
    {"files": [{"mode": "email", "plain_text": None, "title": None, "subject": None, "preview": None}]},
    {"files": [{"mode": "hosted", "title": "letter.pdf"}, {"mode": "tombstone"}]},
]


@pytest.mark.parametrize("message", ODD_SHAPES)
def test_a_message_in_which_nothing_can_be_read_says_nothing(message: Any) -> None:
    sent = {"team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "C1", "name": None}, "trigger_id": "1"}

    assert MessageShortcut.model_validate({**sent, "message": message}).message.parts == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            {"type": "section", "text": {"type": "mrkdwn", "text": "Ada &amp; <https://x.com|her plan>"}},
            "Ada & her plan",
        ),
        ({"type": "section", "text": "as a string"}, "as a string"),
        ({"type": "section", "fields": [{"text": "*Who*\nAda"}, None, {"text": "Today"}]}, "*Who*\nAda\nToday"),
        ({"type": "header", "text": {"type": "plain_text", "text": "Ticket 12"}}, "Ticket 12"),
        ({"type": "markdown", "text": "**Stop**, says <#C1|secret>: 3 < 5 > 2"}, "**Stop**, says #…: 3 < 5 > 2"),
        (
            {
                "type": "context",
                "elements": [{"type": "image", "alt_text": "Her face"}, {"type": "mrkdwn", "text": "By <@U1|ada>"}],
            },
            "Her face\nBy @…",
        ),
        ({"type": "image", "title": {"text": "Her letter"}, "alt_text": "Page one"}, "Her letter\nPage one"),
        ({"type": "image", "title": {"text": "Her letter"}, "alt_text": "Her letter"}, "Her letter"),
        (
            {
                "type": "table",
                "rows": [
                    [{"type": "raw_text", "text": "Who"}, {"type": "raw_text", "text": "What"}],
                    [{"type": "raw_text", "text": "Ada"}, rich(section("wants ", "out"))],
                ],
            },
            "Who, What\nAda, wants out",
        ),
        ({"type": "something_new", "body": {"type": "mrkdwn", "text": "Read as well"}}, "Read as well"),
    ],
)
def test_a_block_is_read_as_people_see_it(block: dict[str, Any], said: str) -> None:
    assert Written.model_validate({"text": "A fallback", "blocks": [block]}).parts == [said]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (in_line({"type": "text", "text": "3 < 5"}, {"type": "text", "text": " "}, {"type": "user"}), "3 < 5 @…"),
        (in_line({"type": "channel", "channel_id": "C0SECRET", "name": "the-secret-room"}), "#…"),
        (in_line({"type": "link", "url": "https://x.com", "text": "her plan"}), "her plan"),
        (in_line({"type": "link", "url": "mailto:ada@x.com"}), "ada@x.com"),
        (in_line({"type": "broadcast", "range": "here"}, {"type": "usergroup", "usergroup_id": "S1"}), "@…@…"),
        (in_line({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"}), "\U0001f44b\U0001f3fd"),
        (in_line({"type": "emoji", "name": "our-own"}), ":our-own:"),
        (in_line({"type": "date", "timestamp": 1, "fallback": "Nov 14"}), "Nov 14"),
        (rich(section("She wrote:\n"), section("Stop", style="rich_text_quote")), "She wrote:\nStop"),
        (rich(section("a = 1\nb = 2", style="rich_text_preformatted")), "a = 1\nb = 2"),
        (
            rich(
                {"type": "rich_text_list", "style": "bullet", "elements": [section("One"), section("Two")]},
                {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [section("Deeper")]},
                {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [section("Three")]},
            ),
            "• One\n• Two\n  • Deeper\n3. Three",
        ),
        (
            rich({"type": "rich_text_quote", "elements": [section("Within"), section("one another")]}),
            "Within\none another",
        ),
    ],
)
def test_formatted_text_is_read_however_deep_and_names_no_channel(block: dict[str, Any], said: str) -> None:
    assert Written.model_validate({"text": "", "blocks": [block]}).parts == [said]


def test_a_message_of_a_persons_own_is_read_once() -> None:
    sent = {"text": "Ada wants out &amp; <@U1>", "blocks": [in_line({"type": "text", "text": "Ada wants out"})]}

    assert Written.model_validate(sent).parts == ["Ada wants out"]
    assert Written.model_validate({**sent, "blocks": [{"type": "divider"}]}).parts == ["Ada wants out & @…"]


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        ({"pretext": "From chat", "title": "Ada", "text": "Stop", "fallback": "x"}, ["From chat", "Ada", "Stop"]),
        ({"fields": [{"title": "Customer:", "value": "Ada"}, {"value": "Stop"}]}, ["Customer: Ada", "Stop"]),
        ({"text": "x", "blocks": [{"type": "section", "text": {"text": "Stop"}}], "fallback": "x"}, ["Stop"]),
        ({"message_blocks": [{"message": {"blocks": [rich(section("Shared"))]}}], "fallback": "x"}, ["Shared"]),
        ({"files": [{"mode": "email", "subject": "Re: us", "plain_text": "Stop"}]}, ["Re: us", "Stop"]),
        ({"fallback": "All there is"}, ["All there is"]),
    ],
)
def test_an_attachment_is_read_with_all_it_has_and_its_fallback_last(
    attachment: dict[str, Any], said: list[str]
) -> None:
    assert Written.model_validate({"attachments": [attachment]}).parts == said


def test_a_fallback_is_left_out_where_there_is_anything_else() -> None:
    assert Written.model_validate({"text": "Stop", "attachments": [{"fallback": "x"}]}).parts == ["Stop"]


def test_an_email_stays_as_it_was_written() -> None:
    text = "3 < 5 & 7 > 2, says <Ada ada@x>, <#C1|x> &amp; <b>"
    sent = Written.model_validate(mail(title="Re: Q&amp;A", plain_text=text, preview="<p>x</p>"))

    assert sent.is_email
    assert sent.parts == ["Re: Q&A", text]


HTML = """<!DOCTYPE html><html><head><title>Mail</title><style>p { color: red }</style></head><body>
<!-- hidden --><p>Dear all,<br>please   <b>cancel</b>&nbsp;my plan &amp; the rest.</p><script>alert("<p>x</p>")</script>
<p>It is 3 &lt; 5.</p><ul><li>One<li>Two</ul><table><tr><td>Ada</td><td>Lovelace</td></tr></table></body>"""


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"plain_text": "", "preview_plain_text": "Stop", "preview": "<p>x</p>"}, "Stop"),
        (
            {"plain_text": " \n", "preview_plain_text": None, "preview": HTML},
            "Dear all,\nplease cancel my plan & the rest.\n\nIt is 3 < 5.\n\n• One\n• Two\n\nAda Lovelace",
        ),
        (
            {"simplified_html": "<div>Dear all,</div><div><br></div><div>stop<br></div>it", "preview": "x"},
            "Dear all,\n\nstop\nit",
        ),
        ({"simplified_html": "<style>x</style>", "preview": "Bare & <p>broken"}, "Bare &\n\nbroken"),
    ],
)
def test_an_email_without_plain_text_is_read_from_what_else_there_is(told: dict[str, Any], said: str) -> None:
    assert Written.model_validate(mail(subject="Re: us", **told)).parts == ["Re: us", said]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<ul><li><p>One</p></li><li>Two</li></ul>", "• One\n\n• Two"),
        ("Stop<![foo[x]]>it", "Stop"),
        ("Stop<script>unclosed", "Stop"),
        ("3 < 5 &amp", "3 < 5 &"),
        ("<a " * 60_000, ""),
        ("Stop" + "<!--" * 50_000, "Stop"),
    ],
)
def test_a_page_is_read_as_far_as_it_can_be_however_broken(html: str, said: str) -> None:
    assert text_of_html(html) == said


def test_a_page_is_looked_through_no_further_than_somebody_can_wait_for_and_says_so() -> None:
    page = "<p>Stop</p>" + "<br>" * 4_900 + "<p>here</p>"
    read = Written.model_validate(mail(subject=None, plain_text=None, preview=page))
    assert (read.parts, read.is_cut) == (["Stop\n\nhere"], False)

    read = Written.model_validate(mail(subject=None, plain_text=None, preview="<br>" * 200 + page))
    assert (read.parts, read.is_cut) == (["Stop"], True)
    assert not Written.model_validate(mail(plain_text="Stop", preview="<br>" * 9_000)).is_cut


def test_nothing_is_read_beyond_what_anybody_keeps() -> None:
    kept = text_of_html("<p>" + "please stop " * 700 + "</p><p>unread</p>")
    assert kept.endswith("please stop")
    assert len(kept) > TEXT_MOST, "so the form says that it is cut"

    assert text_of_html("<p>Stop</p>" + " \n" * 4_000 + "<p>read</p>") == "Stop\n\nread", "blanks are not kept"


def test_of_an_email_there_is_at_least_the_subject() -> None:
    assert Written.model_validate(mail(subject=None, title="Re: us", plain_text=None)).parts == ["Re: us"]


@pytest.mark.parametrize(
    ("channel", "is_direct"),
    [
        ({"id": "D1", "name": "directmessage"}, True),
        ({"id": "C1", "name": "mpdm-rosa--sam--mina-1"}, True),
        ({"id": "G1", "name": "privategroup"}, False),
        ({"id": "C1", "name": "renewals"}, False),
        ({"id": "C1"}, False),
    ],
)
def test_a_conversation_between_a_few_people_is_known_as_such(channel: dict[str, str], is_direct: bool) -> None:
    sent = {"team": {"id": "T1"}, "user": {"id": "U1"}, "channel": channel, "message": {}, "trigger_id": "1"}

    assert MessageShortcut.model_validate(sent).channel.is_direct is is_direct
