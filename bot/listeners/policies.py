"""What managers set of the remedies that reps may offer, on their Home."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import library, members, policies
from bot.coaching.errors import Declined, Reason
from bot.coaching.policies import LIMITS
from bot.listeners import home
from bot.listeners.colleagues import is_a_colleague
from bot.listeners.context import Payload, Services
from bot.listeners.drafts import with_draft
from bot.storage.models import Member, Team
from bot.surfaces import ids
from bot.surfaces import policies as surface
from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.policies import PolicyOrigin


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the menu of remedies, and for what is set."""
    listeners = Policies(services)
    app.action(ids.HOME_POLICY)(listeners.open)
    app.view(ids.POLICY_FORM)(listeners.keep)


@dataclass(frozen=True)
class Policies:
    """The listeners of this feature."""

    services: Services

    async def open(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """What reps may offer of one kind: as it is set. The menu behind it is drawn anew, to be chosen from again."""
        press = Press.model_validate(body)
        services, who = self.services, (press.team.id, press.user.id)
        follow = next((each for each in LIMITS if each == press.used.chosen), None)
        if follow is None:
            raise Declined(Reason.GONE)
        manager, team = await services.database.read(_as_set, *who)
        view = surface.policy(services.voice(manager), follow, policies.of(team, follow), team.currency)
        await client.views_open(trigger_id=press.trigger_id, view=await with_draft(services, who, view))
        await home.refresh(services, client, *who)
        await ack()

    async def keep(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Keep what reps may offer of that kind; it holds from this moment on, for what is asked already too."""
        sent = Submission.model_validate(body)
        services, who = self.services, (sent.team.id, sent.user.id)
        origin = PolicyOrigin.carried_in(sent.view.private_metadata)
        voice = services.voice_for(origin)
        policy = surface.read(voice, sent)
        approver = None if isinstance(policy, Refused) else policy.approver_id
        if approver and not await is_a_colleague(client, sent.team.id, approver):
            policy = surface.nobody_there(voice)
        if isinstance(policy, Refused):
            await ack(response_action="errors", errors=policy.errors)
            return
        await services.database.write(policies.change, *who, origin.follow, policy, services.now())
        services.nudge()
        await home.refresh(services, client, *who)
        await ack()


def _as_set(session: Session, team_id: str, user_id: str) -> tuple[Member, Team]:
    return members.require_manager(session, team_id, user_id), library.team_of(session, team_id)
