"""`/story`: looking for a true story to tell, keeping one, and taking one out of sight."""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import library, members, searches, stories, verifiers
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import Status
from bot.coaching.searches import Search
from bot.listeners import home
from bot.listeners.context import Payload, Services, privately, said
from bot.listeners.drafts import with_draft
from bot.surfaces import ids, presses
from bot.surfaces import searches as search_surface
from bot.surfaces import stories as surface
from bot.surfaces import verifiers as queue_surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Refused
from bot.surfaces.ids import Look
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Command, Press, Query, Submission
from bot.surfaces.searches import Looking
from bot.surfaces.stories import StoryOrigin

log = logging.getLogger(__name__)

T = TypeVar("T")
Who = tuple[str, str]

_PLACE_BYTES = 12
# What is said where a story was kept that nobody may verify.
ALONE = "story_alone"


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the command, its modal, its forms, and what is typed into the menu of a card."""
    listeners = Stories(services)
    app.command(command_of(services.command_prefix, ids.STORY))(listeners.story)
    app.action(ids.HOME_STORIES)(listeners.from_home)
    app.action(re.compile(f"^{re.escape(ids.STORY_LOOK)}\\."))(listeners.press)
    app.options(ids.FIND_STORY)(listeners.suggest)
    app.view(ids.SEARCH_FORM)(listeners.search)
    app.view(ids.TOLD_FORM)(listeners.back)
    app.view(ids.WRITE_FORM)(listeners.keep)
    app.view(ids.WITHDRAW_FORM)(listeners.withdraw)


@dataclass(frozen=True)
class Stories:
    """The listeners of this feature."""

    services: Services

    async def story(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """`/story [words] | add | mine | help`."""
        command = Command.model_validate(body)
        who, text = (command.team_id, command.user_id), command.said
        match text.casefold():
            case "help":
                typed = command_of(self.services.command_prefix, ids.STORY)
                await ack(privately(search_surface.helped(await self.services.voice_for_help(*who), typed)))
                return
            case "add":
                view = await self._form(who, StoryOrigin())
            case "mine":
                view = await self._mine(who, Looking(place=_new_place()))
            case _:
                view = await self._begin(who, searches.of(text))
        await client.views_open(trigger_id=command.trigger_id, view=view)
        await ack()

    async def from_home(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """True stories: those that land best."""
        press = Press.model_validate(body)
        view = await self._begin((press.team.id, press.user.id), Search())
        await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A button or a menu of the modal, or of a story that waits to be verified."""
        press = Press.model_validate(body)
        look, argument = _read(press.used.chosen)
        looking = _looking(press)
        if looking and look in _STAYS:
            view = await self._shown((press.team.id, press.user.id), looking, look, argument)
            await client.views_update(view_id=press.view.id if press.view else "", view=view)
        else:
            view = await self._over(press, looking, look, argument)
            opens = client.views_push if looking else client.views_open
            await opens(trigger_id=press.trigger_id, view=view)
        await ack()

    async def suggest(self, ack: AsyncAck, body: Payload) -> None:
        """What fits the words typed so far into the menu of a card, and its customer."""
        query = Query.model_validate(body)
        which = (query.team.id, query.user.id, presses.case_of(query.block_id))
        tales = await self._in_coach(searches.suggest, *which, query.value, search_surface.SUGGESTED_MOST)
        await ack(options=[*presses.suggestions(query.block_id, tales)])

    async def search(self, ack: AsyncAck, body: Payload) -> None:
        """Search by words."""
        sent = Submission.model_validate(body)
        looking = Looking.carried_in(sent.view.private_metadata)
        words = searches.of(search_surface.read_words(sent))
        view = await self._found(
            (sent.team.id, sent.user.id), looking.place, replace(looking.search, text=words.text, skip=0)
        )
        await ack(response_action="update", view=view)

    async def back(self, ack: AsyncAck, body: Payload) -> None:
        """Back to what was found."""
        sent = Submission.model_validate(body)
        looking = Looking.carried_in(sent.view.private_metadata)
        view = await self._found((sent.team.id, sent.user.id), looking.place, looking.search)
        await ack(response_action="update", view=view)

    async def keep(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A story is kept, or said anew: either has to be verified."""
        sent = Submission.model_validate(body)
        services, who = self.services, (sent.team.id, sent.user.id)
        origin = StoryOrigin.carried_in(sent.view.private_metadata)
        facts = surface.read(services.voice_for(origin), sent)
        if isinstance(facts, Refused):
            await ack(response_action="errors", errors=facts.errors)
            return

        def keep(session: Session) -> str:
            now = services.now()
            if origin.story_id is None:
                story = stories.add(session, *who, facts, now)
            else:
                story = stories.change(session, *who, origin.story_id, facts, now)
            return "story_kept" if verifiers.somebody_for(session, story) else ALONE

        await self._after(ack, client, sent, origin, await services.database.write(keep))

    async def withdraw(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A story is out of sight, at once and everywhere."""
        sent = Submission.model_validate(body)
        services, who = self.services, (sent.team.id, sent.user.id)
        origin = StoryOrigin.carried_in(sent.view.private_metadata)
        why = surface.read_withdraw(services.voice_for(origin), sent)
        if isinstance(why, Refused):
            await ack(response_action="errors", errors=why.errors)
            return
        await services.database.write(stories.withdraw, *who, origin.story_id or 0, why, services.now())
        await self._after(ack, client, sent, origin, "story_withdrawn")

    async def _shown(self, who: Who, looking: Looking, look: Look, argument: str) -> View:
        """What the modal shows after a press in it."""
        services, place, search = self.services, looking.place, looking.search
        match look:
            case Look.TELL:
                told = await self._in_coach(searches.tell, *who, place, search, _number(argument))
                services.nudge()
                return search_surface.to_tell(services.voice(told.member), looking, told)
            case Look.APART:
                case_id, _, story_id = argument.partition(":")
                about = (_number(case_id), _number(story_id))
                told = await self._in_coach(searches.take_away, *who, place, search, *about)
                services.nudge()
                return search_surface.to_tell(services.voice(told.member), looking, told)
            case Look.COPY:
                tale, member = await self._in_coach(searches.copy, *who, place, search, _number(argument))
                return search_surface.to_copy(services.voice(member), looking, tale)
            case Look.MINE:
                return await self._mine(who, looking)
            case Look.HOLDS:
                story = await services.database.write(stories.confirm, *who, _number(argument), services.now())
                return await self._mine(who, looking, "story_holds" if story.status == Status.WAITING else None)
        return await self._found(who, place, _asked(search, look, argument))

    async def _over(self, press: Press, looking: Looking | None, look: Look, argument: str) -> View:
        """What opens over the place of a press."""
        services, who = self.services, (press.team.id, press.user.id)
        story_id = _number(argument) if argument else None
        at_home = press.view is not None and looking is None
        origin = StoryOrigin(
            story_id=story_id,
            looking=looking,
            response_url=press.response_url,
            at_home=at_home,
            answers=look is Look.MEND,
        )
        if look is Look.WITHDRAW:
            return await with_draft(services, who, surface.withdraw(await services.voice_of(*who), origin))
        if look in (Look.CHANGE, Look.MEND, Look.ADD):
            return await self._form(who, origin)
        if look is not Look.DECIDED or story_id is None:
            raise Declined(Reason.GONE)
        most = search_surface.DECISIONS_MOST
        story, decisions = await services.database.read(stories.decisions, *who, story_id, most)
        return search_surface.decided(await services.voice_of(*who), story, decisions)

    async def _begin(self, who: Who, search: Search) -> View:
        place = _new_place()
        found = await self._in_coach(searches.begin, *who, place, search)
        if found.member.learned_at is None:
            self.services.nudge()
        return search_surface.found(self.services.voice(found.member), place, found)

    async def _found(self, who: Who, place: str, search: Search, notice: str | None = None) -> View:
        found = await self._in_coach(searches.look, *who, place, search)
        return search_surface.found(self.services.voice(found.member), place, found, notice)

    async def _mine(self, who: Who, looking: Looking, notice: str | None = None) -> View:
        services, most = self.services, search_surface.MINE_MOST
        asked = (*who, looking.place, looking.search, most, services.now())
        mine = await services.database.write(searches.mine, *asked)
        return search_surface.mine(services.voice(mine.member), looking, mine, notice)

    async def _form(self, who: Who, origin: StoryOrigin) -> View:
        services = self.services

        def prepare(session: Session) -> View:
            if origin.story_id is None:
                member, story = members.get(session, *who), None
            else:
                story, member = stories.to_edit(session, *who, origin.story_id)
            voice = services.voice(member)
            return surface.write(voice, origin, story, library.of(session, who[0]))

        return await with_draft(services, who, await services.database.write(prepare))

    async def _after(
        self, ack: AsyncAck, client: AsyncWebClient, sent: Submission, origin: StoryOrigin, notice: str
    ) -> None:
        """What was changed is shown where the form was opened from."""
        services, who = self.services, (sent.team.id, sent.user.id)
        services.nudge()
        looking = origin.looking
        if looking:
            again = (
                self._mine(who, looking, notice)
                if looking.mine
                else self._found(who, looking.place, looking.search, notice)
            )
            await _put(client, sent.view.root_view_id, await again)
        elif origin.response_url and origin.answers:
            await services.redraw(origin.response_url, surface.sent_again(services.voice_for(origin), notice))
        elif origin.response_url:
            waiting = await services.database.read(verifiers.queue, *who, verifiers.QUEUE_MOST)
            await services.redraw(origin.response_url, queue_surface.queue(services.voice(waiting.member), waiting))
        elif origin.at_home:
            await home.refresh(services, client, *who)
        told_there = looking or origin.answers
        if told_there or (notice != ALONE and (origin.response_url or origin.at_home)):
            await ack()
        else:
            voice = services.voice_for(origin)
            await ack(response_action="update", view=said(voice, notice, voice.label(f"notice.{notice}")))

    async def _in_coach(self, do: Callable[..., T], *arguments: object) -> T:
        """One transaction of a function that needs the coach, as of now."""
        services = self.services
        return await services.database.write(lambda session: do(services.coach, session, *arguments, services.now()))


# What changes the modal itself; everything else opens over it.
_STAYS = (Look.WORRY, Look.PRODUCT, Look.MORE, Look.MINE, Look.ALL, Look.TELL, Look.APART, Look.COPY, Look.HOLDS)


async def _put(client: AsyncWebClient, view_id: str, view: View) -> None:
    """Show what was changed. It is kept already, so a modal that is gone is no failure of the gesture."""
    try:
        await client.views_update(view_id=view_id, view=view)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.warning("A modal was not updated: %s", type(error).__name__)


def _asked(search: Search, look: Look, argument: str) -> Search:
    chosen = None if argument == search_surface.ANY else argument
    match look:
        case Look.WORRY:
            return replace(search, worry=chosen, skip=0)
        case Look.PRODUCT:
            return replace(search, product=chosen, skip=0)
        case Look.MORE:
            return replace(search, skip=search.skip + searches.SHOWN_MOST)
        case Look.ALL:
            return Search()
    return replace(search, skip=0)


def _looking(press: Press) -> Looking | None:
    """What stands in the modal that was pressed, with what is typed there; None where it was no modal."""
    view = press.view
    if view is None or view.type != "modal":
        return None
    looking = Looking.carried_in(view.private_metadata)
    typed = view.state.elements().get(search_surface.WORDS)
    return looking.model_copy(update={"text": searches.of(typed.value or "").text}) if typed else looking


def _new_place() -> str:
    return f"stories:{secrets.token_urlsafe(_PLACE_BYTES)}"


def _read(value: str | None) -> tuple[Look, str]:
    what, _, argument = (value or "").partition(":")
    if what not in list(Look):
        raise Declined(Reason.GONE)
    return Look(what), argument


def _number(text: str) -> int:
    if not ids.is_number(text):
        raise Declined(Reason.GONE)
    return int(text)
