"""The state of the local Slack: people, channels, messages, views, and the tokens that are good once or for a while."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from bot.playground.clock import MovableClock

TEAM = "T0PLAY"
TEAM_NAME = "Comeback Playground"
APP = "A0PLAY"
BOT_USER = "U0COMEBACK"
BOT = "B0COMEBACK"

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
FILE_BYTES_MOST = 1_000_000
MODALS_MOST = 3
_PREVIEW_MOST = 300

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)

Json = dict[str, Any]


class SlackRefusesError(Exception):
    """What Slack answers when it will not: its own name for the error, and details; `told` is what else it says."""

    def __init__(self, error: str, *messages: str, **told: object) -> None:
        super().__init__(f"{error}: {'; '.join(messages)}" if messages else error)
        self.error, self.messages, self.told = error, messages, told


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace. `tz` is an IANA name, `locale` as Slack writes it."""

    id: str
    name: str
    real_name: str
    tz: str
    locale: str
    is_admin: bool = False
    deleted: bool = False


PEOPLE = (
    Person("U0ROSA", "rosa", "Rosa Diaz", "America/New_York", "en-US"),
    Person("U0SAM", "sam", "Sam Okafor", "Europe/London", "en-GB"),
    Person("U0MINA", "mina", "Mina Park", "America/New_York", "en-US", is_admin=True),
)


@dataclass(frozen=True)
class UserGroup:
    """People who are called by one handle."""

    id: str
    handle: str
    name: str
    users: Sequence[str]


USER_GROUPS = (UserGroup("S0LEADS", "sales-leads", "Sales leads", ("U0SAM", "U0MINA")),)


@dataclass
class Channel:
    """A channel, or one person's DM with the app (`owner`). Others than this workspace read one `shared_outside`."""

    id: str
    name: str
    has_bot: bool = True
    owner: str | None = None
    is_private: bool = False
    is_archived: bool = False
    shared_outside: bool = False


@dataclass
class Message:
    """A message; an ephemeral one has an addressee and nobody else sees it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    addressee: str | None = None
    edited: bool = False
    metadata: Json | None = None
    thread_ts: str | None = None
    files: Sequence["File"] = ()
    attachments: Sequence[Json] = ()

    @property
    def is_bot(self) -> bool:
        """Whether the app wrote it."""
        return self.user == BOT_USER

    def shown(self) -> Json:
        """The message as Slack tells of it."""
        return {
            "type": "message",
            "ts": self.ts,
            "user": self.user,
            "text": self.text,
            "blocks": self.blocks,
            **({"bot_id": BOT, "app_id": APP} if self.is_bot else {}),
            **({"metadata": self.metadata} if self.metadata else {}),
            **({"edited": {"user": self.user, "ts": self.ts}} if self.edited else {}),
            **({"thread_ts": self.thread_ts} if self.thread_ts else {}),
            **({"files": [file.shown() for file in self.files]} if self.files else {}),
            **({"attachments": list(self.attachments)} if self.attachments else {}),
        }


@dataclass
class File:
    """A file: announced with its length in bytes, then uploaded, then shared, each of them once.

    `told` is what Slack tells beside that of a file of its kind.
    """

    id: str
    name: str
    length: int
    title: str
    content: bytes | None = None
    is_complete: bool = False
    told: Json = field(default_factory=dict)

    def shown(self) -> Json:
        """The file as Slack tells of it."""
        return {"id": self.id, "name": self.name, "title": self.title, "size": self.length, **self.told}


def email(subject: str, name: str, address: str, plain_text: str) -> File:
    """An e-mail that was forwarded to Slack, as a file for `Workspace.post` (Slack: reference/objects/file-object)."""
    content = plain_text.encode()
    told = {
        "mimetype": "text/html",
        "filetype": "email",
        "pretty_type": "Email",
        "mode": "email",
        "subject": subject,
        "from": [{"address": address, "name": name, "original": f"{name} <{address}>"}],
        "to": [],
        "cc": [],
        "plain_text": plain_text,
        "preview_plain_text": plain_text[:_PREVIEW_MOST],
    }
    return File(_file_id(), subject, len(content), subject, content, is_complete=True, told=told)


@dataclass
class OpenView:
    """A modal or a Home as one person has it before them; a pushed modal lies on the one `below`."""

    id: str
    owner: str
    content: Json
    hash: str
    below: "OpenView | None" = None

    @property
    def root(self) -> "OpenView":
        """The lowest view of its stack."""
        return self.below.root if self.below else self

    def shown(self) -> Json:
        """The view as Slack tells of it."""
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "state": {"values": {}},
            **self.content,
            "id": self.id,
            "team_id": TEAM,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
            "hash": self.hash,
            "previous_view_id": self.below.id if self.below else None,
            "root_view_id": self.root.id,
        }


@dataclass
class _Trigger:
    person: str
    made_at: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an answer to one gesture goes: five times, for half an hour."""

    person: str
    channel: str
    original: Message | None
    made_at: float
    uses: int = 0


class Workspace:
    """Everything that the local Slack remembers, in memory. `manifest` is that of the installed app.

    `clock` says when messages were written; `seconds` counts the real time in which triggers and addresses go stale.
    """

    def __init__(
        self,
        clock: MovableClock,
        manifest: Json,
        people: Iterable[Person] = PEOPLE,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.clock, self.manifest, self._seconds = clock, manifest, seconds
        self.people: Mapping[str, Person] = {person.id: person for person in people}
        self.user_groups: dict[str, UserGroup] = {group.id: group for group in USER_GROUPS}
        self.channels: dict[str, Channel] = {
            channel.id: channel
            for channel in (
                Channel("C0RENEWALS", "renewals"),
                Channel("C0FLOOR", "sales-floor"),
                Channel("C0GENERAL", "general", has_bot=False),
                *(Channel(dm_of(person), "Comeback", owner=person) for person in self.people),
            )
        }
        # New types reach workspaces by and by: messages with these are refused here.
        self.refused_blocks: set[str] = set()
        self.messages: list[Message] = []
        self.modals: dict[str, list[OpenView]] = {person: [] for person in self.people}
        self.homes: dict[str, OpenView] = {}
        self.notices: dict[str, list[str]] = {person: [] for person in self.people}
        self._triggers: dict[str, _Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._files: dict[str, File] = {}
        self._uploads: dict[str, File] = {}
        self._last_microsecond = 0

    @property
    def scopes(self) -> Iterable[str]:
        """What the app may do (Slack: docs.slack.dev/reference/scopes)."""
        granted: Iterable[str] = self.manifest["oauth_config"]["scopes"]["bot"]
        return granted

    def next_ts(self) -> str:
        """A timestamp that no other message has, by the movable clock."""
        # Whole microseconds: as floats, a few in a row would be rounded to the same one.
        now = (self.clock.now() - _EPOCH) // _MICROSECOND
        self._last_microsecond = max(now, self._last_microsecond + 1)
        return "{}.{:06}".format(*divmod(self._last_microsecond, 1_000_000))

    def channel(self, channel_id: str) -> Channel:
        """A channel, or the DM of the person of that id."""
        found = self.channels.get(dm_of(channel_id) if channel_id in self.people else channel_id)
        if found is None:
            raise SlackRefusesError("channel_not_found")
        return found

    def person(self, user_id: str) -> Person:
        """Somebody of the workspace."""
        if user_id not in self.people:
            raise SlackRefusesError("user_not_found")
        return self.people[user_id]

    def post(self, channel: str, user: str, text: str, blocks: Iterable[Json] = (), **more: Any) -> Message:
        """Add a message; `more` are further fields of it, such as `files` and `attachments`."""
        message = Message(channel, self.next_ts(), user, text, with_ids(blocks), **more)
        self.messages.append(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """A message by where it stands."""
        return next((each for each in self.messages if (each.channel, each.ts) == (channel, ts)), None)

    def seen_by(self, person: str, channel: str) -> list[Message]:
        """What this person sees in a channel, oldest first."""
        return [
            message for message in self.messages if message.channel == channel and message.addressee in (None, person)
        ]

    def reload(self, person: str) -> None:
        """Load Slack anew for this person: what only they saw is gone, open forms and notices as well."""
        self.messages = [message for message in self.messages if message.addressee != person]
        self.modals[person].clear()
        self.notices[person].clear()

    def trigger(self, person: str) -> str:
        """A trigger id: good once, for three seconds of real time."""
        name = f"{secrets.randbelow(10**12)}.{secrets.token_hex(8)}"
        self._triggers[name] = _Trigger(person, self._seconds())
        return name

    def use_trigger(self, name: str) -> str:
        """Whose trigger it is, once."""
        trigger = self._triggers.get(name)
        if trigger is None:
            raise SlackRefusesError("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusesError("exchanged_trigger_id")
        if self._seconds() - trigger.made_at > TRIGGER_SECONDS:
            raise SlackRefusesError("expired_trigger_id")
        trigger.used = True
        return trigger.person

    def response_url(self, person: str, channel: str, original: Message | None) -> str:
        """The last part of a new `response_url`."""
        name = secrets.token_urlsafe(24)
        self.response_urls[name] = ResponseUrl(person, channel, original, self._seconds())
        return name

    def use_response_url(self, name: str) -> ResponseUrl:
        """Where an answer goes, while the address is good."""
        found = self.response_urls.get(name)
        if found is None or self._seconds() - found.made_at > RESPONSE_URL_SECONDS:
            raise SlackRefusesError("expired_url")
        if found.uses >= RESPONSE_URL_USES:
            raise SlackRefusesError("used_url")
        found.uses += 1
        return found

    def announce_file(self, name: str, length: int) -> tuple[str, File]:
        """A file that is about to be uploaded, with the last part of the address where it will be taken."""
        file = File(_file_id(), name, length, title=name)
        place = secrets.token_urlsafe(24)
        self._files[file.id] = self._uploads[place] = file
        return place, file

    def upload(self, place: str, content: bytes) -> None:
        """Take what was announced, once, and nothing that is shorter or longer."""
        file = self._uploads.get(place)
        if file is None:
            raise SlackRefusesError("file_not_found")
        if len(content) != file.length:
            raise SlackRefusesError("length_mismatch")
        del self._uploads[place]
        file.content = content

    def uploaded(self, file_id: str) -> File:
        """A file that was uploaded and is not complete yet."""
        file = self._files.get(file_id)
        if file is None or file.content is None or file.is_complete:
            raise SlackRefusesError("file_not_found")
        return file

    def delete_file(self, file_id: str) -> None:
        """Remove a file wherever it was shared; the messages stay."""
        if self._files.pop(file_id, None) is None:
            raise SlackRefusesError("file_not_found")
        for message in self.messages:
            message.files = [file for file in message.files if file.id != file_id]

    def file_seen_by(self, person: str, file_id: str) -> File | None:
        """A file on a message that this person sees."""
        places = (channel.id for channel in self.channels.values() if channel.owner in (None, person))
        messages = (message for place in places for message in self.seen_by(person, place))
        return next((file for message in messages for file in message.files if file.id == file_id), None)

    def new_view(self, owner: str, content: Json, below: OpenView | None = None) -> OpenView:
        """A view with an id and a hash of its own. An `external_id` is taken once (Slack: views.open)."""
        name = content.get("external_id")
        if name and any(view.content.get("external_id") == name for view in self._views()):
            raise SlackRefusesError("duplicate_external_id")
        return OpenView(f"V{secrets.token_hex(5).upper()}", owner, _with_view_ids(content), _hash(), below)

    def view_called(self, external_id: str) -> OpenView:
        """An open modal or a Home by the name that the app has given it."""
        found = next((view for view in self._views() if view.content.get("external_id") == external_id), None)
        if found is None:
            raise SlackRefusesError("not_found")
        return found

    def push_view(self, owner: str, content: Json) -> OpenView:
        """Lay a modal on those that are open. Slack takes three."""
        stack = self.modals[owner]
        if len(stack) >= MODALS_MOST:
            raise SlackRefusesError("push_limit_reached")
        stack.append(self.new_view(owner, content, stack[-1] if stack else None))
        return stack[-1]

    def change_view(self, view: OpenView, content: Json) -> None:
        """Put other content into a view; its hash changes with it."""
        view.content, view.hash = _with_view_ids(content), _hash()

    def view(self, view_id: str) -> OpenView:
        """An open modal or a Home."""
        found = next((view for view in self._views() if view.id == view_id), None)
        if found is None:
            raise SlackRefusesError("not_found")
        return found

    def _views(self) -> Iterator[OpenView]:
        yield from (view for stack in self.modals.values() for view in stack)
        yield from self.homes.values()


def dm_of(person: str) -> str:
    """The id of a person's DM with the app."""
    return f"D{person[1:]}"


def with_ids(blocks: Iterable[Json]) -> list[Json]:
    """Blocks as Slack keeps them: each with a block_id."""
    return [{**block, "block_id": block.get("block_id") or secrets.token_hex(3)} for block in blocks]


def _file_id() -> str:
    return f"F{secrets.token_hex(5).upper()}"


def _with_view_ids(content: Json) -> Json:
    return {**content, "blocks": with_ids(content.get("blocks") or [])}


def _hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
