"""Calls that Slack would not take, by Slack's own names."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.server import APP_TOKEN
from bot.playground.workspace import RESPONSE_URL_SECONDS
from tests.playground.local import (
    GENERAL,
    RENEWALS,
    ROSA,
    ROSAS_DM,
    SAM,
    Local,
    an_app,
    open_local,
    refusal,
    section,
)


async def test_a_token_is_needed_and_must_be_of_the_right_kind(local: Local) -> None:
    assert await refusal(local.client(None).auth_test()) == "not_authed"
    assert await refusal(local.client("xoxb-somebody-else").auth_test()) == "invalid_auth"
    assert await refusal(local.client(APP_TOKEN).auth_test()) == "not_allowed_token_type"
    assert await refusal(local.web.apps_connections_open(app_token=str(local.web.token))) == "not_allowed_token_type"
    assert (await local.web.auth_test())["user_id"] == "U0COMEBACK"


async def test_a_method_must_exist(local: Local) -> None:
    assert await refusal(local.web.api_call("chat.shout")) == "unknown_method"


async def test_a_scope_must_have_been_granted(local: Local) -> None:
    with pytest.raises(SlackApiError) as refused:
        await local.web.conversations_list()
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:read,im:read")
    assert answer["provided"] == "commands,chat:write,im:write,users:read"

    async with open_local(an_app(["channels:read"])) as other:
        assert await refusal(other.web.conversations_list()) is None
        assert await refusal(other.web.chat_postMessage(channel=RENEWALS, text="Hello")) == "missing_scope"


async def test_a_channel_must_exist_and_have_the_app_in_it(local: Local) -> None:
    assert await refusal(local.web.chat_postMessage(channel="C0NOWHERE", text="Hello")) == "channel_not_found"
    assert await refusal(local.web.chat_postMessage(channel=GENERAL, text="Hello")) == "not_in_channel"
    assert await refusal(local.web.chat_postEphemeral(channel=GENERAL, user=ROSA, text="Hello")) == "not_in_channel"
    assert await refusal(local.web.chat_postMessage(channel=RENEWALS, text="Hello")) is None


async def test_an_app_that_may_join_channels_joins_and_posts() -> None:
    async with open_local(an_app(["channels:join", "chat:write"])) as local:
        await local.web.conversations_join(channel=GENERAL)
        await local.web.chat_postMessage(channel=GENERAL, text="Hello")
        assert local.sees(SAM, GENERAL) == ["Hello"]


async def test_an_app_that_may_post_anywhere_posts_where_it_is_no_member() -> None:
    async with open_local(an_app(["chat:write", "chat:write.public"])) as local:
        await local.web.chat_postMessage(channel=GENERAL, text="Hello")
        assert local.sees(SAM, GENERAL) == ["Hello"]
        whispered = local.web.chat_postEphemeral(channel=GENERAL, user=ROSA, text="Hello")
        assert await refusal(whispered) == "not_in_channel"


async def test_a_person_must_exist(local: Local) -> None:
    assert await refusal(local.web.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refusal(local.web.conversations_open(users="U0NOBODY")) == "user_not_found"
    assert await refusal(local.web.chat_postEphemeral(channel=RENEWALS, user="U0NOBODY", text="Hi")) == "user_not_found"
    assert await refusal(local.web.chat_postEphemeral(channel=ROSAS_DM, user=SAM, text="Hi")) == "user_not_in_channel"


async def test_a_persons_locale_is_told_only_when_asked_for(local: Local) -> None:
    assert "locale" not in (await local.web.users_info(user=SAM))["user"]
    sam = (await local.web.users_info(user=SAM, include_locale=True))["user"]
    assert (sam["locale"], sam["tz"]) == ("en-GB", "Europe/London")


async def test_what_is_missing_is_named(local: Local) -> None:
    with pytest.raises(SlackApiError) as refused:
        await local.web.api_call("chat.postMessage", json={"text": "Hello"})
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


async def test_a_message_must_say_something(local: Local) -> None:
    async def said(**message: object) -> str | None:
        return await refusal(local.web.api_call("chat.postMessage", json={"channel": RENEWALS, **message}))

    assert [await said(), await said(text="", blocks=[]), await said(blocks=[section()]), await said(text="Hi")] == [
        "no_text",
        "no_text",
        None,
        None,
    ]


async def test_a_form_is_as_good_as_json(local: Local) -> None:
    posted = await local.web.api_call(
        "chat.postMessage", data={"channel": RENEWALS, "text": "Hello", "blocks": '[{"type": "divider"}]'}
    )
    assert posted["message"]["blocks"][0]["type"] == "divider"
    broken = local.web.api_call("chat.postMessage", data={"channel": RENEWALS, "blocks": "[{"})
    assert await refusal(broken) == "invalid_arguments"


async def test_a_dm_is_opened_by_the_person_and_then_known_by_its_own_id(local: Local) -> None:
    opened = (await local.web.conversations_open(users=ROSA))["channel"]["id"]
    assert opened == ROSAS_DM
    posted = await local.web.chat_postMessage(channel=ROSA, text="Hello")
    assert posted["channel"] == ROSAS_DM
    assert local.sees(ROSA, ROSAS_DM) == ["Hello"]
    assert await refusal(local.web.chat_update(channel=ROSA, ts=posted["ts"], text="Bye")) == "channel_not_found"


async def test_an_app_changes_its_own_messages_only(local: Local) -> None:
    rosas = local.people.say(ROSA, RENEWALS, "Mine")
    own = (await local.web.chat_postMessage(channel=RENEWALS, text="Hello"))["ts"]
    whispered = (await local.web.chat_postEphemeral(channel=RENEWALS, user=ROSA, text="Psst"))["message_ts"]

    async def changed(ts: str) -> str | None:
        return await refusal(local.web.chat_update(channel=RENEWALS, ts=ts, text="Changed"))

    async def removed(ts: str) -> str | None:
        return await refusal(local.web.chat_delete(channel=RENEWALS, ts=ts))

    stamps = (rosas.ts, whispered, "1.000000", own)
    assert [await changed(ts) for ts in stamps] == [
        "cant_update_message",
        "message_not_found",
        "message_not_found",
        None,
    ]
    assert local.sees(ROSA) == ["Mine", "Changed", "Psst"]
    assert [await removed(ts) for ts in stamps] == [
        "cant_delete_message",
        "message_not_found",
        "message_not_found",
        None,
    ]
    assert local.sees(ROSA) == ["Mine", "Psst"]


async def test_no_two_messages_have_one_timestamp_even_while_the_clock_stands_still(local: Local) -> None:
    stamps = [local.people.say(ROSA, RENEWALS, str(turn)).ts for turn in range(100)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == f"{local.workspace.clock.now().timestamp():.6f}"


async def test_a_link_to_a_message_needs_the_message(local: Local) -> None:
    posted = (await local.web.chat_postMessage(channel=RENEWALS, text="Hello"))["ts"]
    whispered = (await local.web.chat_postEphemeral(channel=RENEWALS, user=ROSA, text="Psst"))["message_ts"]
    link = await local.web.chat_getPermalink(channel=RENEWALS, message_ts=posted)
    assert link.data == {
        "ok": True,
        "channel": RENEWALS,
        "permalink": f"{local.slack.url}/archives/{RENEWALS}/p{posted.replace('.', '')}",
    }
    for ts in ("1.000000", whispered):
        missing = local.web.chat_getPermalink(channel=RENEWALS, message_ts=ts)
        assert await refusal(missing) == "message_not_found"


async def test_a_link_to_a_reply_names_its_thread(local: Local) -> None:
    first = (await local.web.chat_postMessage(channel=RENEWALS, text="Hello"))["ts"]
    reply = (await local.web.chat_postMessage(channel=RENEWALS, text="Hi", thread_ts=first))["ts"]
    link = await local.web.chat_getPermalink(channel=RENEWALS, message_ts=reply)
    assert link["permalink"].endswith(f"/p{reply.replace('.', '')}?thread_ts={first}&cid={RENEWALS}")


async def test_a_link_needs_a_channel_that_the_app_can_see(local: Local) -> None:
    said = local.people.say(ROSA, GENERAL, "Hello").ts
    asked = {"channel": GENERAL, "message_ts": said}
    assert await refusal(local.web.chat_getPermalink(**asked)) is None
    local.workspace.channels[GENERAL].is_private = True
    assert await refusal(local.web.chat_getPermalink(**asked)) == "channel_not_found"
    local.workspace.channels[GENERAL].has_bot = True
    assert await refusal(local.web.chat_getPermalink(**asked)) is None
    assert await refusal(local.web.chat_getPermalink(channel="C0NOWHERE", message_ts=said)) == "channel_not_found"


async def test_a_link_opens_the_page_at_the_message(local: Local) -> None:
    posted = (await local.web.chat_postMessage(channel=RENEWALS, text="Hello"))["ts"]
    link = (await local.web.chat_getPermalink(channel=RENEWALS, message_ts=posted))["permalink"]
    async with local.http.get(link, allow_redirects=False) as answer:
        assert answer.status == 307
        assert answer.headers["Location"] == f"/#/{RENEWALS}/p{posted.replace('.', '')}"


async def test_a_response_url_is_good_five_times(local: Local) -> None:
    await local.people.command(ROSA, RENEWALS, "/hello")
    url = local.app.last["response_url"]
    assert [await local.answers(url, text=str(turn)) for turn in range(6)] == [(200, "ok")] * 5 + [(404, "used_url")]
    assert local.sees(ROSA) == ["0", "1", "2", "3", "4"]


async def test_a_response_url_is_good_for_half_an_hour(local: Local) -> None:
    await local.people.command(ROSA, RENEWALS, "/hello")
    url = local.app.last["response_url"]
    local.stopwatch.seconds += RESPONSE_URL_SECONDS
    assert await local.answers(url, text="In time") == (200, "ok")
    local.stopwatch.seconds += 1
    assert await local.answers(url, text="Too late") == (404, "expired_url")
    assert local.sees(ROSA) == ["In time"]


async def test_a_response_url_must_be_one_and_takes_only_what_a_message_may_be(local: Local) -> None:
    await local.people.command(ROSA, RENEWALS, "/hello")
    url = local.app.last["response_url"]
    assert await local.answers(url, text="") == (400, "no_text")
    assert await local.answers(url, blocks=[{"type": "hologram"}]) == (400, "invalid_blocks")
    assert await local.answers(f"{url}x", text="Hello") == (404, "expired_url")
    for payload in ("no JSON", "[]"):
        async with local.http.post(url, data=payload) as answer:
            assert (answer.status, await answer.text()) == (400, "invalid_payload")
    assert local.sees(ROSA) == []


async def test_a_response_url_passes_over_membership(local: Local) -> None:
    await local.people.command(ROSA, GENERAL, "/hello")
    assert await local.answers(local.app.last["response_url"], text="Hello") == (200, "ok")
    assert local.sees(ROSA, GENERAL) == ["Hello"]
