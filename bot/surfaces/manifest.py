"""The app's manifest, to paste where Slack asks for one (Slack: docs.slack.dev/reference/app-manifest)."""

from bot.surfaces import ids
from bot.surfaces.words import Voice

_SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "channels:read",
    "channels:join",
    "groups:read",
    "im:write",
    "users:read",
    "usergroups:read",
    "files:write",
)
_EVENTS = ("app_home_opened",)


_SHORTCUTS = {ids.SHORTCUT_CANCEL: "global", ids.SHORTCUT_SOLIDIFY: "global", ids.SHORTCUT_MESSAGE: "message"}


def command_of(prefix: str, name: str) -> str:
    """A command as people type it: names are shared by all apps of a workspace, so a team may prefix them."""
    return f"/{prefix}{name}"


def manifest(voice: Voice, prefix: str, url: str | None = None) -> dict[str, object]:
    """Over Socket Mode, or over HTTP when `url` says where Slack reaches the bot."""
    request = {"request_url": url} if url else {}
    options = {"message_menu_options_url": url} if url else {}
    commands = [
        {
            "command": command_of(prefix, name),
            "description": voice.label(f"manifest.{name}_description"),
            "usage_hint": voice.label(f"manifest.{name}_hint"),
            "should_escape": False,
            **({"url": url} if url else {}),
        }
        for name in ids.COMMANDS
    ]
    return {
        "display_information": {
            "name": "Comeback",
            "description": voice.label("manifest.description"),
            "long_description": voice.label("manifest.long_description"),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Comeback", "always_online": True},
            "slash_commands": commands,
            "shortcuts": [_shortcut(voice, kind, callback_id) for callback_id, kind in _SHORTCUTS.items()],
        },
        "oauth_config": {"scopes": {"bot": list(_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(_EVENTS), **request},
            "interactivity": {"is_enabled": True, **request, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
        },
    }


def _shortcut(voice: Voice, kind: str, callback_id: str) -> dict[str, str]:
    name = callback_id.replace(".", "_")
    return {
        "name": voice.label(f"manifest.{name}_name"),
        "type": kind,
        "callback_id": callback_id,
        "description": voice.label(f"manifest.{name}_description"),
    }
