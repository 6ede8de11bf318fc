"""True stories: those that wait to be verified, on the Home and in the DM of whoever verifies them."""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching import stories, verifiers
from bot.coaching.errors import Declined, Reason
from bot.coaching.stories import VERDICTS, Judged, What
from bot.listeners import home
from bot.listeners.context import Payload, Services, said
from bot.listeners.drafts import with_draft
from bot.surfaces import ids
from bot.surfaces import stories as story_surface
from bot.surfaces import verifiers as surface
from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.verifiers import VerdictOrigin


def register(app: AsyncApp, services: Services) -> None:
    """Listen for verdicts and their reasons."""
    listeners = Verifiers(services)
    app.action(re.compile(f"^{re.escape(ids.STORY_PRESS)}\\."))(listeners.press)
    app.view(ids.VERDICT_FORM)(listeners.explain)


@dataclass(frozen=True)
class Verifiers:
    """The listeners of this feature."""

    services: Services

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Verify at once; ask for more, or decline, with a reason. An author may confirm their own."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        what, story_id, revision = _read(press.used.value)
        origin = VerdictOrigin(story_id=story_id, revision=revision, verdict=what, response_url=press.response_url)
        if what is What.CONFIRMED:
            story = await services.database.write(stories.confirm, *who, story_id, services.now())
            if press.response_url:
                voice = await services.voice_of(*who)
                await services.redraw(press.response_url, story_surface.confirmed(voice, story))
        elif what is What.VERIFIED:
            judged = await self._judge(who, origin, None, client)
            if judged.last and judged.last.by != who[1] and not press.response_url:
                voice = services.voice(judged.member)
                told = surface.told_who_was_first(voice, judged)
                await services.tell(client.views_open, press.trigger_id, said(voice, "too_late", told))
        else:
            verifier = await services.database.read(verifiers.require, *who)
            view = await with_draft(services, who, surface.why(services.voice(verifier), origin))
            await client.views_open(trigger_id=press.trigger_id, view=view)
        await ack()

    async def explain(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Ask for more, or decline: the reason reaches the author."""
        sent = Submission.model_validate(body)
        origin = VerdictOrigin.carried_in(sent.view.private_metadata)
        voice = self.services.voice_for(origin)
        why = surface.read_why(voice, sent)
        if isinstance(why, Refused):
            await ack(response_action="errors", errors=why.errors)
            return
        judged = await self._judge((sent.team.id, sent.user.id), origin, why, client)
        if judged.last:
            told = surface.told_who_was_first(voice, judged)
            await ack(response_action="update", view=said(voice, "too_late", told))
        else:
            await ack()

    async def _judge(
        self, who: tuple[str, str], origin: VerdictOrigin, why: str | None, client: AsyncWebClient
    ) -> Judged:
        """One transaction, then the queue is redrawn where it was pressed."""
        services = self.services
        about = (*who, origin.story_id, origin.revision, origin.verdict)
        judged = await services.database.write(stories.judge, *about, why, services.now())
        services.nudge()
        if origin.response_url:
            waiting = await services.database.read(verifiers.queue, *who, verifiers.QUEUE_MOST, judged.member)
            await services.redraw(origin.response_url, surface.queue(services.voice(judged.member), waiting, judged))
        else:
            await home.refresh(services, client, *who)
        return judged


def _read(value: str | None) -> tuple[What, int, int]:
    what, _, numbers = (value or "").partition(":")
    story_id, _, revision = numbers.partition(":")
    if what not in (*VERDICTS, What.CONFIRMED) or not (ids.is_number(story_id) and ids.is_number(revision)):
        raise Declined(Reason.GONE)
    return What(what), int(story_id), int(revision)
