"""Forgetting a customer, once a manager has seen what will go."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.coaching import forgetting
from bot.listeners.context import Payload, Services
from bot.surfaces import forgetting as surface
from bot.surfaces import ids
from bot.surfaces.forgetting import ForgetOrigin
from bot.surfaces.payloads import Submission


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the second press, which does it."""
    app.view(ids.FORGET_FORM)(Forgetting(services).forget)


@dataclass(frozen=True)
class Forgetting:
    """The listeners of this feature."""

    services: Services

    async def forget(self, ack: AsyncAck, body: Payload) -> None:
        """Let them go for good."""
        sent = Submission.model_validate(body)
        services, now = self.services, self.services.now()
        origin = ForgetOrigin.carried_in(sent.view.private_metadata)
        who = (sent.team.id, sent.user.id, origin.customer_id, now)
        done = await services.database.write(lambda session: forgetting.forget(services.coach, session, *who))
        services.nudge()
        await ack(response_action="update", view=surface.done(services.voice_for(origin), done))
