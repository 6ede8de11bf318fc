"""Forgetting a customer, once a manager has seen what will go."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.coaching import forgetting
from bot.coaching.errors import Declined
from bot.listeners.context import Payload, Services, said
from bot.surfaces import forgetting as surface
from bot.surfaces import ids
from bot.surfaces.forgetting import ForgetOrigin
from bot.surfaces.manifest import command_of
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
        origin = ForgetOrigin.model_validate_json(sent.view.private_metadata)
        who = (sent.team.id, sent.user.id, origin.customer_id, now)
        voice = services.voice_for(origin)
        try:
            done = await services.database.write(lambda session: forgetting.forget(services.coach, session, *who))
        except Declined as declined:
            # The form has no field beside which it could be said.
            command = command_of(services.command_prefix, ids.CANCEL)
            told = said(voice, "problem", voice.text(f"errors/{declined.reason}", command=command))
            await ack(response_action="update", view=told)
            return
        services.nudge()
        await ack(response_action="update", view=surface.done(voice, done))
