"""What people do in the local Slack, and what Slack makes of the app's answer.

The payloads have the shapes of docs.slack.dev/reference/interaction-payloads.
"""

import secrets
from collections.abc import Mapping, Sequence
from time import time
from typing import Any

from bot.playground import controls
from bot.playground.api import checked_message, checked_view, rewrite
from bot.playground.controls import Typed
from bot.playground.line import Kind, Line, UnansweredError
from bot.playground.workspace import (
    APP,
    BOT_USER,
    TEAM,
    Channel,
    Json,
    Message,
    OpenView,
    SlackRefusesError,
    Workspace,
)
from bot.surfaces.limits import option_problems

# Slack's old way to say who asks, which apps are told to ignore.
_TOKEN = "playground"  # noqa: S105 - good for nothing
_TROUBLE = "We had some trouble connecting. Try again?"
_NO_OPTIONS = "The options could not be loaded."
_GONE = "That message is not there any more."
_ONLY_YOURS = "A message that only you see has no shortcuts."
_READ_ONLY = "Sending messages to this app has been turned off."


class Gestures:
    """Every person's hands. `base_url` is where the local Slack answers."""

    def __init__(self, workspace: Workspace, line: Line, base_url: str) -> None:
        self._workspace, self.line, self._base_url = workspace, line, base_url

    def say(self, person: str, channel_id: str, text: str) -> Message:
        """Write a message. Raises `SlackRefusesError` where the app takes none."""
        channel = self._workspace.channel(channel_id)
        if channel.owner and self._workspace.manifest["features"]["app_home"]["messages_tab_read_only_enabled"]:
            raise SlackRefusesError(_READ_ONLY)
        return self._workspace.post(channel.id, person, _escaped(text))

    async def command(self, person: str, channel_id: str, typed: str) -> None:
        """Type a slash command; the app's answer is seen by this person alone unless it says otherwise."""
        channel = self._workspace.channel(channel_id)
        name, _, text = typed.strip().partition(" ")
        commands = self._workspace.manifest["features"]["slash_commands"]
        if name not in (each["command"] for each in commands):
            raise SlackRefusesError(f"{name} is not a valid command.")
        payload = {
            **self._who(person),
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.owner else channel.name,
            "command": name,
            "text": _escaped(text.strip()),
            "response_url": self._response_url(person, channel.id, None),
            "trigger_id": self._workspace.trigger(person),
        }
        try:
            answer = await self.line.send(Kind.COMMAND, payload)
            if answer.get("text") or answer.get("blocks"):
                self.answer(person, channel.id, None, answer)
        except UnansweredError as error:
            self._fail(person, name, error.error)
        except SlackRefusesError:
            self._fail(person, name, "invalid_command_response")

    def answer(self, person: str, channel_id: str, original: Message | None, answer: Json) -> None:
        """Do with an app's answer what Slack does: post it, replace what was pressed, or take it away."""
        workspace = self._workspace
        if original and answer.get("delete_original"):
            if original in workspace.messages:
                workspace.messages.remove(original)
            return
        text, blocks = checked_message(workspace, answer)
        if original and answer.get("replace_original"):
            rewrite(original, text, blocks)
            return
        addressee = None if answer.get("response_type") == "in_channel" else person
        workspace.post(channel_id, BOT_USER, text, blocks, addressee=addressee)

    async def press(
        self, person: str, where: Mapping[str, str], block_id: str, action_id: str, choice: Any, typed: Typed
    ) -> None:
        """Use a control of a message, modal or Home, with everything else that stands in it."""
        surface = self._seen(person, where)
        blocks = surface.blocks if isinstance(surface, Message) else surface.content["blocks"]
        element = controls.find(blocks, block_id, action_id)
        if element is None:
            raise SlackRefusesError("That control is not there any more.")
        # By the time that Slack tells of a choice it stands in the control.
        typed = {**typed, block_id: {**typed.get(block_id, {}), action_id: choice}}
        used = {"action_id": action_id, "block_id": block_id, "action_ts": f"{time():.6f}"}
        payload = {
            "type": "block_actions",
            **self._person(person),
            **self._container(person, surface, controls.values(blocks, typed)),
            "trigger_id": self._workspace.trigger(person),
            "actions": [{**used, **controls.used(element, choice)}],
        }
        try:
            await self.line.send(Kind.INTERACTION, payload)
        except UnansweredError as error:
            self._fail(person, str(self._workspace.manifest["display_information"]["name"]), error.error)

    async def submit(self, person: str, view_id: str, typed: Typed) -> Mapping[str, str]:
        """Send a modal; returns what is wrong with it, by block. Raises `SlackRefusesError` when nobody answered."""
        stack = self._workspace.modals[person]
        if not stack or stack[-1].id != view_id:
            raise SlackRefusesError("That form is not open any more.")
        view = stack[-1]
        blocks = view.content["blocks"]
        values = controls.values(blocks, typed)
        if missing := controls.missing(blocks, values):
            return missing
        payload = {
            "type": "view_submission",
            **self._person(person),
            "trigger_id": self._workspace.trigger(person),
            "view": {**view.shown(), "state": {"values": values}},
            "response_urls": [],
        }
        try:
            answer = await self.line.send(Kind.INTERACTION, payload)
            return self._follow(person, view, answer)
        except (UnansweredError, SlackRefusesError) as error:
            raise SlackRefusesError(_TROUBLE) from error

    def _follow(self, person: str, view: OpenView, answer: Json) -> Mapping[str, str]:
        """The response_action of a submitted modal (Slack: docs.slack.dev/surfaces/modals)."""
        stack = self._workspace.modals[person]
        match answer.get("response_action"):
            case None if not answer:
                self._workspace.modals[person] = [each for each in stack if each is not view]
            case "clear":
                stack.clear()
            case "errors":
                errors: Mapping[str, str] = answer.get("errors") or {}
                fields = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
                if not errors or not errors.keys() <= fields:
                    raise SlackRefusesError("invalid_arguments")
                return errors
            case "update":
                self._workspace.change_view(view, checked_view(answer.get("view"), "modal"))
            case "push":
                self._workspace.push_view(person, checked_view(answer.get("view"), "modal"))
            case _:
                raise SlackRefusesError("invalid_arguments")
        return {}

    async def close(self, person: str, view_id: str, typed: Typed) -> None:
        """Close the top modal, or all where it says so; the app hears of it, and what was typed, where it asked to."""
        stack = self._workspace.modals[person]
        if not stack or stack[-1].id != view_id:
            return
        view = stack.pop()
        is_cleared = bool(view.content.get("clear_on_close"))
        if is_cleared:
            stack.clear()
        if view.content.get("notify_on_close"):
            # The reference says that all of the view's state comes with it, but apps have seen it come empty: nothing
            # may depend on it.
            state = {"values": controls.values(view.content["blocks"], typed)}
            payload = {
                "type": "view_closed",
                **self._person(person),
                "view": {**view.shown(), "state": state},
                "is_cleared": is_cleared,
            }
            await self._tell(Kind.INTERACTION, payload)

    async def open_home(self, person: str) -> None:
        """Open the app's Home."""
        home = self._workspace.homes.get(person)
        event = {
            "type": "app_home_opened",
            "user": person,
            "channel": self._workspace.channel(person).id,
            "tab": "home",
            "event_ts": f"{time():.6f}",
            **({"view": home.shown()} if home else {}),
        }
        payload = {
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}],
        }
        await self._tell(Kind.EVENT, payload)

    async def suggest(
        self, person: str, where: Mapping[str, str], block_id: str, action_id: str, query: str
    ) -> Sequence[Json]:
        """Type into a menu whose options the app looks up."""
        payload = {
            "type": "block_suggestion",
            **self._person(person),
            **self._container(person, self._seen(person, where), {}),
            "block_id": block_id,
            "action_id": action_id,
            "value": query,
        }
        try:
            answer = await self.line.send(Kind.INTERACTION, payload)
        except UnansweredError as error:
            raise SlackRefusesError(_NO_OPTIONS) from error
        options: Sequence[Json] = answer.get("options") or []
        if option_problems(options):
            raise SlackRefusesError(_NO_OPTIONS)
        return options

    async def shortcut(self, person: str, callback_id: str) -> None:
        """Choose a global shortcut of the app's."""
        await self._choose(person, "global", callback_id, {"type": "shortcut"})

    async def message_shortcut(self, person: str, channel_id: str, ts: str, callback_id: str) -> None:
        """Choose a shortcut of the app's on a message; one that only this person sees has none."""
        message = self._message_seen(person, channel_id, ts)
        if message.addressee:
            raise SlackRefusesError(_ONLY_YOURS)
        channel = self._workspace.channel(message.channel)
        about = {
            "type": "message_action",
            "channel": _named(channel),
            "message": message.shown(),
            "message_ts": message.ts,
            "response_url": self._response_url(person, channel.id, message),
        }
        await self._choose(person, "message", callback_id, about)

    async def _choose(self, person: str, kind: str, callback_id: str, about: Json) -> None:
        shortcuts = self._workspace.manifest["features"].get("shortcuts", [])
        of_app = (each for each in shortcuts if (each["type"], each["callback_id"]) == (kind, callback_id))
        if (chosen := next(of_app, None)) is None:
            raise SlackRefusesError(f"{callback_id} is not a valid shortcut.")
        payload = {
            **about,
            **self._person(person),
            "callback_id": callback_id,
            "trigger_id": self._workspace.trigger(person),
            "action_ts": f"{time():.6f}",
        }
        try:
            await self.line.send(Kind.INTERACTION, payload)
        except UnansweredError as error:
            self._fail(person, chosen["name"], error.error)

    async def _tell(self, kind: Kind, payload: Json) -> None:
        """Send what nobody waits for; that it went unanswered stands in the traffic."""
        try:
            await self.line.send(kind, payload)
        except UnansweredError:
            return

    def _seen(self, person: str, where: Mapping[str, str]) -> Message | OpenView:
        if view_id := where.get("view"):
            view = self._workspace.view(view_id)
            if view.owner != person:
                raise SlackRefusesError("not_found")
            return view
        return self._message_seen(person, where.get("channel", ""), where.get("ts", ""))

    def _message_seen(self, person: str, channel_id: str, ts: str) -> Message:
        message = self._workspace.find(channel_id, ts)
        if message is None or message.addressee not in (None, person):
            raise SlackRefusesError(_GONE)
        return message

    def _container(self, person: str, surface: Message | OpenView, values: Json) -> Json:
        state = {"state": {"values": values}}
        if isinstance(surface, OpenView):
            return {"container": {"type": "view", "view_id": surface.id}, "view": {**surface.shown(), **state}}
        channel = self._workspace.channel(surface.channel)
        container: Json = {
            "type": "message",
            "message_ts": surface.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(surface.addressee),
        }
        return {
            "container": container,
            "channel": _named(channel),
            **({} if surface.addressee else {"message": surface.shown()}),
            **state,
            "response_url": self._response_url(person, channel.id, surface),
        }

    def _person(self, person: str) -> Json:
        known = self._workspace.person(person)
        return {
            "token": _TOKEN,
            "user": {"id": known.id, "username": known.name, "name": known.name, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "playground"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _who(self, person: str) -> Json:
        known = self._workspace.person(person)
        return {
            "team_id": TEAM,
            "team_domain": "playground",
            "user_id": known.id,
            "user_name": known.name,
            "api_app_id": APP,
            "is_enterprise_install": "false",
        }

    def _response_url(self, person: str, channel_id: str, original: Message | None) -> str:
        return f"{self._base_url}/respond/{self._workspace.response_url(person, channel_id, original)}"

    def _fail(self, person: str, name: str, error: str) -> None:
        self._workspace.notices[person].append(f"{name} failed with the error “{error}”")


def _named(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.owner else channel.name}


def _escaped(text: str) -> str:
    """What people type reaches apps with Slack's three control characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
