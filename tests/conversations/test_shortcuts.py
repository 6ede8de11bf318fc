"""From Slack's own menus: handle a cancellation, solidify a sale, or handle what a customer wrote in a channel."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from bot.playground.workspace import Channel, File, Json, Message, email
from bot.surfaces import ids
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_reminders_in_trouble import CutOff, Silence

HANDLE, NAME, WROTE, THREAD = "Handle this cancellation", "Customer’s name", "What they wrote", "In the thread"
TELL = ["Tell the thread that I have this one, without the customer’s name"]
BAD_NEWS = "Ada wrote: please cancel my plan & <https://example.com/plan|the add-on>"


def brings_bad_news(office: Office, text: str = BAD_NEWS, channel: str = RENEWALS) -> None:
    office.workspace.post(channel, office.sam.id, text)


async def chooses(rep: Rep, message: Message) -> Rep:
    """Handle this very message, whatever can be read in it."""
    await rep.office.slack.people.message_shortcut(rep.id, message.channel, message.ts, ids.SHORTCUT_MESSAGE)
    assert rep.notices == []
    return rep


def mail(plain_text: str | None = None, **told: Any) -> File:
    sent = email("Cancellation", "Ada Lovelace", "ada@example.com", plain_text or "")
    return replace(sent, told={**sent.told, "plain_text": plain_text, **told})


def block_of(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def test_a_message_becomes_a_case_with_what_they_wrote_and_drafts_to_answer(office: Office, rosa: Rep) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    assert rosa.screen.held(WROTE) == "Ada wrote: please cancel my plan & the add-on"
    assert await rosa.types(NAME, "Ada Lovelace").sends() == {}
    await rosa.sees("in your messages").closes()
    await office.settles()

    rosa.goes_to("dm").sees("Ada Lovelace", "They wrote", "please cancel my plan & the add-on", "Their message")
    rosa.sees("Shall we talk?")
    await rosa.goes_to(RENEWALS).runs("/cancel Grace Hopper")
    rosa.sees("What’s been going on?"), "a message handled once makes nobody answer in writing from then on"


async def test_a_forwarded_email_is_read_and_answered_by_email(office: Office, rosa: Rep) -> None:
    mail = email("Cancellation", "Ada Lovelace", "ada@example.com", "Please cancel.\n\nKind regards\nAda")
    office.workspace.post(RENEWALS, office.sam.id, "", files=[mail])
    await rosa.handles("Please cancel.", HANDLE)
    assert rosa.screen.held(WROTE) == "Cancellation\n\nPlease cancel.\n\nKind regards\nAda"
    assert await rosa.sends() == {}
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("Kind regards")
    assert "By e-mail" in rosa.taken


async def test_what_is_attached_is_read_and_channels_stay_unnamed(office: Office, rosa: Rep) -> None:
    attached = {"title": "Ticket 7", "text": "See <#C0SECRET|the-secret-room>, says <@U0SAM>", "fallback": "Ticket"}
    office.workspace.post(RENEWALS, office.sam.id, "From the desk", attachments=[attached])
    await rosa.handles("From the desk", HANDLE)

    assert rosa.screen.held(WROTE) == "From the desk\n\nTicket 7\n\nSee #…, says @…"


async def test_what_people_see_of_a_tickets_message_is_read_and_not_what_stands_in_for_it(
    office: Office, rosa: Rep
) -> None:
    ticket = [
        {"type": "header", "text": {"type": "plain_text", "text": "Ticket 12"}},
        {**block_of("*Ada* wants to cancel"), "fields": [{"type": "mrkdwn", "text": "In <#C0SECRET|the-secret-room>"}]},
        {"type": "markdown", "text": "**Soon**"},
        {"type": "something_new", "text": None},
    ]
    detail = {"fallback": "[no preview available]", "fields": [{"title": "Plan", "value": "Gold"}], "text": None}
    posted = office.workspace.post(RENEWALS, office.sam.id, "New ticket", ticket, attachments=[detail])
    await chooses(rosa, posted)

    assert rosa.screen.held(WROTE) == "Ticket 12\n\n*Ada* wants to cancel\nIn #…\n\n**Soon**\n\nPlan: Gold"


async def test_what_a_person_wrote_is_read_once_and_names_no_channel(office: Office, rosa: Rep) -> None:
    said = [{"type": "text", "text": "Ada wrote in "}, {"type": "channel", "channel_id": "C0SECRET"}]
    points = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"elements": [{"type": "text", "text": "Stop"}]}],
    }
    own = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": said}, points]}
    text = "Ada wrote in <#C0SECRET|the-secret-room>\n• Stop"
    await chooses(rosa, office.workspace.post(RENEWALS, office.sam.id, text, [own]))

    assert rosa.screen.held(WROTE) == "Ada wrote in #…\n• Stop"


@pytest.mark.parametrize(
    "empty",
    [
        {"text": None},
        {"text": None, "blocks": None, "attachments": [{"text": None, "title": None, "pretext": None}]},
        {"files": [replace(mail(), title=None, told={"mode": "hosted", "plain_text": None, "subject": None})]},
    ],
)
async def test_where_nothing_can_be_read_the_form_asks_for_it(office: Office, rosa: Rep, empty: Json) -> None:
    posted = office.workspace.post(RENEWALS, office.sam.id, "")
    for name, nothing in empty.items():
        setattr(posted, name, nothing)
    await chooses(rosa, posted)

    rosa.sees("I could read nothing in this message. Please type what they wrote.")
    assert rosa.screen.held(WROTE) is None
    assert await rosa.types(WROTE, "They want to stop").sends() == {}
    await rosa.closes()
    await office.settles()
    rosa.goes_to("dm").sees("They want to stop")


async def test_an_email_is_no_markup_and_stays_as_it_was_written(office: Office, rosa: Rep) -> None:
    text = "Is 3 < 5 & 7 > 2?\nI wrote to <Ada ada@example.com>"
    await chooses(rosa, office.workspace.post(RENEWALS, office.sam.id, "", files=[mail(text)]))
    assert rosa.screen.held(WROTE) == f"Cancellation\n\n{text}"
    assert await rosa.sends() == {}
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("<Ada ada@example.com>")


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ({"preview_plain_text": "Please stop"}, "Cancellation\n\nPlease stop"),
        (
            {"preview_plain_text": None, "preview": "<style>p {}</style><p>Please &lt;stop&gt;</p><p>Ada"},
            "Cancellation\n\nPlease <stop>\n\nAda",
        ),
        ({"preview_plain_text": None}, "Cancellation"),
    ],
)
async def test_an_email_without_plain_text_is_read_from_what_else_there_is(
    office: Office, rosa: Rep, told: Json, held: str
) -> None:
    await chooses(rosa, office.workspace.post(RENEWALS, office.sam.id, "", files=[mail(**told)]))

    assert rosa.screen.held(WROTE) == held


async def test_of_an_email_that_is_too_long_to_look_through_the_form_says_so(office: Office, rosa: Rep) -> None:
    page = "<p>Please stop.</p>" + "<br>" * 50_000 + "<p>Or call me.</p>"
    sent = mail(preview_plain_text=None, preview=page)
    await chooses(rosa, office.workspace.post(RENEWALS, office.sam.id, "", files=[sent]))

    rosa.sees("only its beginning is here")
    assert rosa.screen.held(WROTE) == "Cancellation\n\nPlease stop."


async def test_of_a_long_message_the_beginning_is_kept_and_the_form_says_so(office: Office, rosa: Rep) -> None:
    brings_bad_news(office, "Ada wrote: " + "please cancel " * 300)
    await rosa.handles("Ada wrote", HANDLE)
    rosa.sees("only its beginning is here", "The card has a link to the whole message")
    held = str(rosa.screen.held(WROTE))
    assert (len(held) <= 3000, held[:17], held[-1]) == (True, "Ada wrote: please", "…")
    assert await rosa.sends() == {}
    await rosa.closes()
    await office.settles()
    rosa.goes_to("dm").sees("Their message")

    brings_bad_news(office, "Ada wrote: please cancel")
    await rosa.goes_to(RENEWALS).handles("Ada wrote", HANDLE)
    rosa.does_not_see("only its beginning", "I could read nothing")


async def test_the_thread_hears_who_has_it_and_no_name(office: Office, rosa: Rep) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    assert await rosa.types(NAME, "Ada Lovelace").types(THREAD, TELL).sends() == {}
    await rosa.closes()
    await office.settles()

    (message,) = [each for each in rosa.goes_to(RENEWALS).messages if each.thread_ts]
    assert message.text == "<@U0ROSA> has this one."


async def test_who_has_it_already_is_told_and_whoever_was_quicker_wins(office: Office, rosa: Rep, sam: Rep) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    await sam.handles("Ada wrote", HANDLE)
    assert await sam.sends() == {}
    (told,) = (await rosa.sends()).values()
    assert told.startswith("Somebody else has opened a case from this message just now. Please close this, and look")
    await rosa.closes()

    await rosa.handles("Ada wrote", HANDLE)
    rosa.sees("<@U0SAM> has this message already.")
    await sam.goes_to(RENEWALS).handles("Ada wrote", HANDLE)
    sam.sees("You have this message already").does_not_see("<@U0SAM>")
    assert await rosa.sends() == {}, "she may have her reasons"


async def test_a_message_of_the_apps_own_is_no_cancellation(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(minutes=3)
    await rosa.goes_to("dm").handles("Ada Lovelace", HANDLE)

    rosa.sees("That one is from me.")


async def test_a_message_that_is_gone_by_then_is_a_case_without_a_link(office: Office, rosa: Rep) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    office.slack.troubles.append(
        lambda method, _: (
            JSONResponse({"ok": False, "error": "message_not_found"}) if method == "chat.getPermalink" else None
        )
    )
    assert await rosa.sends() == {}
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("They wrote").does_not_see("Their message")


async def test_in_a_channel_without_the_app_nothing_is_offered_that_cannot_be(office: Office, rosa: Rep) -> None:
    channel = office.workspace.channels[RENEWALS]
    channel.has_bot, channel.is_private = False, True
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    rosa.sees("/invite @Comeback").does_not_see("Tell the thread")
    assert await rosa.sends() == {}
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("They wrote").does_not_see("renewals", "Their message")


@pytest.mark.parametrize(
    ("channel_id", "name"), [("D0THEIRS", "directmessage"), ("G0THEIRS", "mpdm-rosa--sam--mina-1")]
)
async def test_nobody_is_invited_to_a_conversation_between_a_few(
    office: Office, rosa: Rep, channel_id: str, name: str
) -> None:
    office.workspace.channels[channel_id] = Channel(channel_id, name, has_bot=False, is_private=True)
    brings_bad_news(office, channel=channel_id)
    await rosa.goes_to(channel_id).handles("Ada wrote", HANDLE)

    rosa.sees("I can’t write in this conversation").does_not_see("/invite", "Tell the thread")


async def test_where_another_company_reads_along_nobody_is_told_and_nobody_invited(office: Office, rosa: Rep) -> None:
    office.workspace.channels[RENEWALS].shared_outside = True
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)

    rosa.sees("Another company reads that channel").does_not_see("/invite", "Tell the thread")


@pytest.mark.parametrize("answer", [Silence(), CutOff()])
async def test_where_slack_does_not_say_whether_it_can_the_form_opens_all_the_same(
    office: Office, rosa: Rep, answer: Response
) -> None:
    brings_bad_news(office)
    office.slack.troubles.append(lambda method, _: answer if method == "conversations.info" else None)
    await rosa.handles("Ada wrote", HANDLE)

    assert rosa.screen.held(WROTE) == "Ada wrote: please cancel my plan & the add-on"
    rosa.sees("I couldn’t look into that channel just now").does_not_see("/invite", "Tell the thread")


async def test_a_case_is_opened_though_the_way_to_its_message_does_not_come(office: Office, rosa: Rep) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    office.slack.troubles.append(lambda method, _: CutOff() if method == "chat.getPermalink" else None)
    assert await rosa.sends() == {}
    await rosa.closes()
    await office.settles()

    rosa.goes_to("dm").sees("They wrote").does_not_see("Their message")


async def test_a_card_number_in_a_message_is_not_kept(office: Office, rosa: Rep) -> None:
    brings_bad_news(office, "Ada wrote: my card is 4111 1111 1111 1111")
    await rosa.handles("Ada wrote", HANDLE)

    assert "4111" not in str(rosa.screen.held(WROTE))


async def test_the_other_two_open_their_forms(rosa: Rep) -> None:
    await rosa.uses_shortcut("Handle a cancellation")
    assert await rosa.types(NAME, "Ada Lovelace").sends() == {}
    await rosa.sees("in your messages").closes()

    await rosa.uses_shortcut("Solidify a sale")
    rosa.sees("Solidify a sale", NAME)
