"""Whether somebody is a colleague, as Slack knows them."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

# Slack's own helper is in every workspace, and is no bot by Slack's word.
_SLACKBOT = "USLACKBOT"
_NO_COLLEAGUE = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted")


async def is_a_colleague(client: AsyncWebClient, team_id: str, user_id: str) -> bool:
    """Whether somebody can be given work: a person of this workspace who is still there, and no guest.

    In an organisation of several workspaces, they belong to each that Slack names.
    """
    if user_id == _SLACKBOT:
        return False
    try:
        user = (await client.users_info(user=user_id))["user"]
    except SlackApiError:
        return False
    belongs = {user.get("team_id"), *user.get("enterprise_user", {}).get("teams", ())}
    return team_id in belongs and not any(user.get(name) for name in _NO_COLLEAGUE)
