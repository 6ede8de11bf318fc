"""Requests above the limits: what managers press on them, and the word that they give."""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching import approvals, requests
from bot.coaching.approvals import Decided, Decision
from bot.coaching.errors import Declined, Reason
from bot.coaching.requests import Request, Verdict
from bot.listeners import home
from bot.listeners.context import Payload, Services, said
from bot.listeners.drafts import with_draft
from bot.surfaces import approvals as surface
from bot.surfaces import forms, ids
from bot.surfaces.approvals import ApprovalOrigin
from bot.surfaces.blocks import Message
from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Press, Submission


def register(app: AsyncApp, services: Services) -> None:
    """Listen for what is decided."""
    listeners = Approvals(services)
    app.action(re.compile(f"^{re.escape(ids.APPROVAL_PRESS)}\\."))(listeners.press)
    app.view(ids.APPROVAL_FORM)(listeners.explain)


@dataclass(frozen=True)
class Approvals:
    """The listeners of this feature."""

    services: Services

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Approve at once; offer less, or decline, with a word. What is decided already is told instead."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        verdict, approval_id = _read(press.used.value)
        origin = ApprovalOrigin(
            approval_id=approval_id,
            verdict=verdict,
            response_url=press.response_url,
            at_home=press.view is not None,
        )
        if verdict is Verdict.APPROVED:
            decided = await self._decide(who, origin, Decision(verdict), client)
            if origin.at_home and not decided.as_said:
                await self._tell(press, decided.request, client)
        else:
            request = await services.database.read(approvals.look, *who, approval_id)
            if requests.waits(request.approval):
                view = await with_draft(services, who, surface.why(services.voice(request.member), request, origin))
                await client.views_open(trigger_id=press.trigger_id, view=view)
            elif press.response_url:
                await services.redraw(press.response_url, self._drawn(request, late=True))
            else:
                await self._tell(press, request, client)
                await home.refresh(services, client, *who)
        await ack()

    async def explain(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Offer less, or decline: the word reaches the rep's card."""
        sent = Submission.model_validate(body)
        origin = ApprovalOrigin.carried_in(sent.view.private_metadata)
        voice = self.services.voice_for(origin)
        word = surface.read_word(voice, sent)
        terms = surface.read_less(voice, sent, origin) if origin.verdict is Verdict.LESS else None
        if isinstance(word, Refused) or isinstance(terms, Refused):
            await ack(response_action="errors", errors=forms.errors_of(word, terms))
            return
        decided = await self._decide(
            (sent.team.id, sent.user.id), origin, Decision(origin.verdict, word, terms), client
        )
        if decided.as_said:
            await ack()
        else:
            told = surface.told_late(voice, decided.request)
            await ack(response_action="update", view=said(voice, "decided", told))

    async def _tell(self, press: Press, request: Request, client: AsyncWebClient) -> None:
        """The Home has no place to say that somebody else was quicker, so a word opens over it."""
        voice = self.services.voice(request.member)
        view = said(voice, "decided", surface.told_late(voice, request))
        await client.views_open(trigger_id=press.trigger_id, view=view)

    async def _decide(
        self, who: tuple[str, str], origin: ApprovalOrigin, decision: Decision, client: AsyncWebClient
    ) -> Decided:
        """One transaction, then the pressed message is redrawn; the others, and the card, follow at once."""
        services = self.services
        decided = await services.database.write(
            lambda session: approvals.decide(
                services.coach, session, *who, origin.approval_id, decision, services.now()
            )
        )
        services.nudge()
        if origin.response_url:
            await services.redraw(origin.response_url, self._drawn(decided.request, late=not decided.as_said))
        elif origin.at_home:
            await home.refresh(services, client, *who)
        return decided

    def _drawn(self, request: Request, *, late: bool) -> Message:
        title = self.services.coach.title_of(request.case, request.approval.key, request.member.locale)
        return surface.request(self.services.voice(request.member), request, title, late=late)


def _read(value: str | None) -> tuple[Verdict, int]:
    verdict, _, approval_id = (value or "").partition(":")
    if verdict not in surface.VERDICTS or not ids.is_number(approval_id):
        raise Declined(Reason.GONE)
    return Verdict(verdict), int(approval_id)
