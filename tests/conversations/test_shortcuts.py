"""From Slack's own menus: handle a cancellation, solidify a sale, or handle what a customer wrote in a channel."""

from starlette.responses import JSONResponse

from bot.playground.workspace import email
from tests.conversations.office import RENEWALS, Office, Rep

HANDLE, NAME, WROTE, THREAD = "Handle this cancellation", "Customer’s name", "What they wrote", "In the thread"
TELL = ["Tell the thread that I have this one, without the customer’s name"]
BAD_NEWS = "Ada wrote: please cancel my plan & <https://example.com/plan|the add-on>"


def brings_bad_news(office: Office, text: str = BAD_NEWS, channel: str = RENEWALS) -> None:
    office.workspace.post(channel, office.sam.id, text)


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
