"""What Slack sends, read once into types; nothing past this file, but `message_text` for it, meets a raw payload.

Shapes: docs.slack.dev/interactivity, docs.slack.dev/reference/interaction-payloads.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.surfaces.message_text import is_cut, is_email, parts_of
from bot.surfaces.words import unescape


def _keepable(text: str) -> str:
    """A text without what no database keeps: NUL, and halves of a character."""
    return text.replace("\0", "").encode(errors="ignore").decode()


# However somebody asks for help: "help", "?", "-h", "--help", "/help", "Help!".
_HELP = re.compile(r"(?:[/–—-]*help|[–—-]+h)[.!?]*|\?+", re.IGNORECASE)

_Typed = Annotated[str, AfterValidator(_keepable)]


class _Payload(BaseModel):
    # What people typed stays out of errors, and so out of the log.
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, sent: object) -> object:
        """What Slack sends as null is as empty as what it leaves out."""
        if not isinstance(sent, Mapping):
            return sent
        return {name: value for name, value in sent.items() if value is not None}


class _Ref(_Payload):
    id: str


class Command(_Payload):
    """A slash command."""

    team_id: str
    user_id: str
    channel_id: str = ""
    text: _Typed = ""
    trigger_id: str = ""

    @property
    def said(self) -> str:
        """What was typed after the command; "help" for whatever way of asking for it."""
        said = unescape(self.text).strip()
        return "help" if _HELP.fullmatch(said) else said


class _Choice(_Payload):
    value: str
    text: Mapping[str, Any] = Field(default_factory=dict)


class Element(_Payload):
    """A control as it stands, or as it was used."""

    action_id: str = ""
    type: str = ""
    value: _Typed | None = None
    selected_option: _Choice | None = None
    selected_options: list[_Choice] = Field(default_factory=list)
    selected_user: str | None = None
    selected_users: list[str] = Field(default_factory=list)
    selected_conversation: str | None = None
    selected_conversations: list[str] = Field(default_factory=list)
    selected_channel: str | None = None
    selected_channels: list[str] = Field(default_factory=list)
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None

    @property
    def chosen(self) -> str | None:
        """What a button carries, a menu has selected, or a field holds."""
        option = self.selected_option.value if self.selected_option else None
        picked = self.selected_user or self.selected_conversation or self.selected_channel
        return option or picked or self.selected_date or self.selected_time or self.value

    @property
    def ticked(self) -> list[str]:
        """What several boxes carry that stand ticked."""
        return [each.value for each in self.selected_options]


class _State(_Payload):
    values: Mapping[str, Mapping[str, Element]] = Field(default_factory=dict)

    def elements(self) -> Mapping[str, Element]:
        return {action_id: element for block in self.values.values() for action_id, element in block.items()}


class _Container(_Payload):
    type: str = ""
    message_ts: str | None = None
    is_ephemeral: bool = False


class OpenView(_Payload):
    """A modal or a Home, as it stood when something was done in it."""

    id: str = ""
    hash: str = ""
    type: str = ""
    root_view_id: str = ""
    private_metadata: str = ""
    state: _State = _State()


class Press(_Payload):
    """A press on a button, menu or date (`block_actions`)."""

    team: _Ref
    user: _Ref
    trigger_id: str = ""
    response_url: str | None = None
    container: _Container = _Container()
    actions: list[Element]
    state: _State = _State()
    view: OpenView | None = None

    @property
    def used(self) -> Element:
        """The control that was used."""
        return self.actions[0]

    def typed(self, prefix: str) -> Mapping[str, str]:
        """What stands in the text fields whose id begins with `prefix`, by the rest of it."""
        start = f"{prefix}."
        return {
            action_id.removeprefix(start): element.value or ""
            for action_id, element in self.state.elements().items()
            if action_id.startswith(start)
        }


class Submission(_Payload):
    """A form that was sent (`view_submission`)."""

    team: _Ref
    user: _Ref
    view: OpenView

    def field(self, action_id: str) -> Element:
        """A field as it was sent; an empty one where the form did not have it."""
        return self.view.state.elements().get(action_id, Element())

    def text(self, action_id: str) -> str | None:
        """What was typed or chosen, without blanks around it; None for nothing."""
        return (self.field(action_id).chosen or "").strip() or None

    def has(self, action_id: str) -> bool:
        """Whether the form had this field at all."""
        return action_id in self.view.state.elements()


class _FilledView(OpenView):
    callback_id: str = ""
    blocks: list[Mapping[str, Any]] = Field(default_factory=list)

    @property
    def elements(self) -> list[Mapping[str, Any]]:
        return [block["element"] for block in self.blocks if isinstance(block.get("element"), Mapping)]


class Filled(_Payload):
    """A form with its fields and what stands in them, as it was sent or closed (`view_submission`, `view_closed`)."""

    team: _Ref
    user: _Ref
    view: _FilledView


class Shortcut(_Payload):
    """A global shortcut (`shortcut`)."""

    team: _Ref
    user: _Ref
    trigger_id: str


class Place(_Ref):
    """Where in Slack something was done."""

    name: str = ""

    @property
    def is_direct(self) -> bool:
        """Whether a few people talk there among themselves, so that nobody else can be invited."""
        return self.id.startswith("D") or self.name == "directmessage" or self.name.startswith("mpdm-")


class Written(_Payload):
    """A message as a shortcut on it brings it; `parts` are all that it says, as people see it.

    Where it `is_cut`, they may be no more than its beginning.
    """

    ts: str = ""
    thread_ts: str | None = None
    bot_id: str | None = None
    is_email: bool = False
    is_cut: bool = False
    parts: list[_Typed] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _as_read(cls, sent: object) -> object:
        message = sent if isinstance(sent, Mapping) else {}
        plain = {name: value for name, value in message.items() if isinstance(value, str)}
        return {**plain, "is_email": is_email(message), "is_cut": is_cut(message), "parts": parts_of(message)}


class MessageShortcut(_Payload):
    """A shortcut on a message (`message_action`)."""

    team: _Ref
    user: _Ref
    channel: Place
    message: Written = Written()
    trigger_id: str


class Query(_Payload):
    """What somebody has typed so far into a menu that is looked up (`block_suggestion`)."""

    team: _Ref
    user: _Ref
    block_id: str = ""
    value: _Typed = ""


# Slack's own helper is in every workspace, and is no bot by Slack's word.
_SLACKBOT = "USLACKBOT"


class _Enterprise(_Payload):
    teams: list[str] = Field(default_factory=list)


class User(_Payload):
    """What Slack knows of a member (`users.info`)."""

    id: str = ""
    team_id: str | None = None
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    enterprise_user: _Enterprise = _Enterprise()
    tz: str | None = None
    locale: str | None = None
    is_admin: bool = False
    is_owner: bool = False
    deleted: bool = False

    @property
    def runs_the_workspace(self) -> bool:
        """Whether they may set what holds for everybody."""
        return self.is_admin or self.is_owner

    def works_in(self, team_id: str) -> bool:
        """Whether they can be given work: a person of this workspace who is still there, and no guest."""
        is_guest = self.is_restricted or self.is_ultra_restricted
        nobody = self.deleted or self.is_bot or is_guest or self.id == _SLACKBOT
        return self.belongs_to(team_id) and not nobody

    def belongs_to(self, team_id: str) -> bool:
        """Whether this is one of their workspaces: of an organisation, each that Slack names."""
        return team_id in {self.team_id, *self.enterprise_user.teams}


class Conversation(_Payload):
    """What Slack knows of a channel (`conversations.info`)."""

    is_private: bool = False
    is_archived: bool = False
    is_member: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False


class Event(_Payload):
    """An event about a member."""

    user: str
    tab: str = ""
