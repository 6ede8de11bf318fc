"""Slack's Web API, as far as this kind of app uses it (Slack: docs.slack.dev/reference/methods)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.playground.workspace import (
    APP,
    BOT,
    BOT_USER,
    FILE_BYTES_MOST,
    TEAM,
    TEAM_NAME,
    Channel,
    Json,
    Message,
    Person,
    SlackRefusesError,
    Workspace,
    with_ids,
)
from bot.surfaces.limits import MESSAGE_TEXT_MOST, message_problems, view_problems
from bot.surfaces.shapes import Problem, problem

Method = Callable[[Workspace, Json], Json]

# Whoever asks may have these answered without a token.
OPEN_METHODS = ("blocks.validate",)

_JSON_ARGUMENTS = ("blocks", "view", "message", "metadata", "attachments", "files")
_UPDATED_TEXT_MOST = 4000
_POSTS_ANYWHERE = "chat:write.public"
_CONVERSATIONS = ("C", "D", "G", "Z")


def read_arguments(arguments: Mapping[str, Any]) -> Json:
    """The arguments of a call, whether they came as a form or as JSON."""
    return {name: _read(name, value) for name, value in arguments.items()}


def _read(name: str, value: Any) -> Any:
    if name not in _JSON_ARGUMENTS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackRefusesError("invalid_arguments", f"[ERROR] {name} is no JSON") from None


def call(workspace: Workspace, method: str, arguments: Json) -> Json:
    """Answer one call. Raises `SlackRefusesError` with Slack's own name for what is wrong."""
    if method not in METHODS:
        raise SlackRefusesError("unknown_method")
    needed = SCOPES.get(method)
    if needed and not needed.intersection(workspace.scopes):
        raise SlackRefusesError("missing_scope", needed=",".join(sorted(needed)), provided=",".join(workspace.scopes))
    return METHODS[method](workspace, arguments)


def checked_message(
    workspace: Workspace, arguments: Json, text_most: int = MESSAGE_TEXT_MOST
) -> tuple[str, list[Json]]:
    """Text and blocks of a message that Slack would take in this workspace."""
    problems = message_problems(arguments, text_most) or _not_here_yet(workspace, arguments.get("blocks") or [])
    if problems:
        raise SlackRefusesError(
            problems[0].error, *(f"[ERROR] {each.what} [json-pointer:{each.where}]" for each in problems)
        )
    return arguments.get("text") or "", arguments.get("blocks") or []


def _not_here_yet(workspace: Workspace, blocks: Sequence[Json]) -> Sequence[Problem]:
    return [
        problem(f"/blocks/{index}", f"unsupported type: {block['type']}")
        for index, block in enumerate(blocks)
        if block["type"] in workspace.refused_blocks
    ]


def checked_view(view: Any, kind: str) -> Json:
    """A view that Slack would take."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise SlackRefusesError("invalid_arguments", f"[ERROR] a view of type {kind} is needed")
    problems = view_problems(view)
    if problems:
        raise SlackRefusesError(
            problems[0].error, *(f"[ERROR] {each.what} [json-pointer:/view{each.where}]" for each in problems)
        )
    return view


def _needed(arguments: Json, name: str) -> Any:
    if not arguments.get(name):
        raise SlackRefusesError("invalid_arguments", f"[ERROR] missing required field: {name}")
    return arguments[name]


def _auth_test(_workspace: Workspace, _arguments: Json) -> Json:
    return {
        "url": "https://playground.slack.test/",
        "team": TEAM_NAME,
        "user": "comeback",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "is_enterprise_install": False,
    }


def _channel(workspace: Workspace, arguments: Json) -> Channel:
    """The channel of that id; a person's id stands for their DM only where a message is posted."""
    name = str(_needed(arguments, "channel"))
    if name in workspace.people:
        raise SlackRefusesError("channel_not_found")
    return workspace.channel(name)


def _seen_by_app(channel: Channel) -> Channel:
    if channel.is_private and not channel.has_bot:
        raise SlackRefusesError("channel_not_found")
    return channel


def _with_bot(channel: Channel) -> Channel:
    if not channel.has_bot:
        raise SlackRefusesError("not_in_channel")
    return channel


def _post_message(workspace: Workspace, arguments: Json) -> Json:
    channel = workspace.channel(str(_needed(arguments, "channel")))
    if channel.is_archived:
        raise SlackRefusesError("is_archived")
    # Public ones alone (Slack: docs.slack.dev/reference/scopes/chat.write.public).
    if channel.is_private or _POSTS_ANYWHERE not in workspace.scopes:
        _with_bot(channel)
    text, blocks = checked_message(workspace, arguments)
    message = workspace.post(
        channel.id,
        BOT_USER,
        text,
        blocks,
        metadata=arguments.get("metadata"),
        thread_ts=arguments.get("thread_ts"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message.shown()}


def _post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    channel = _with_bot(_channel(workspace, arguments))
    addressee = workspace.person(str(_needed(arguments, "user"))).id
    if channel.owner not in (None, addressee):
        raise SlackRefusesError("user_not_in_channel")
    text, blocks = checked_message(workspace, arguments)
    return {"message_ts": workspace.post(channel.id, BOT_USER, text, blocks, addressee=addressee).ts}


def _own_message(workspace: Workspace, arguments: Json, refusal: str) -> Message:
    channel = _channel(workspace, arguments)
    message = workspace.find(channel.id, str(_needed(arguments, "ts")))
    if message is None or message.addressee:
        raise SlackRefusesError("message_not_found")
    if not message.is_bot:
        raise SlackRefusesError(refusal)
    return message


def _update(workspace: Workspace, arguments: Json) -> Json:
    message = _own_message(workspace, arguments, "cant_update_message")
    text, blocks = checked_message(workspace, arguments, _UPDATED_TEXT_MOST)
    rewrite(message, text, blocks)
    message.metadata = arguments.get("metadata") or message.metadata
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": message.shown()}


def rewrite(message: Message, text: str, blocks: list[Json]) -> None:
    """Put other words into a message."""
    message.text, message.blocks, message.edited = text, with_ids(blocks), True


def _delete(workspace: Workspace, arguments: Json) -> Json:
    message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def _permalink(workspace: Workspace, arguments: Json) -> Json:
    """Where a message is found: an address below that of the server (Slack: chat.getPermalink)."""
    channel = _seen_by_app(_channel(workspace, arguments))
    message = workspace.find(channel.id, str(_needed(arguments, "message_ts")))
    if message is None or message.addressee:
        raise SlackRefusesError("message_not_found")
    in_thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {
        "channel": channel.id,
        "permalink": f"/archives/{channel.id}/p{message.ts.replace('.', '')}{in_thread}",
    }


def _announce_file(workspace: Workspace, arguments: Json) -> Json:
    """Where a file can be uploaded: an address below that of the server."""
    name, length = str(_needed(arguments, "filename")), str(_needed(arguments, "length"))
    if not length.isdecimal():
        raise SlackRefusesError("invalid_arguments", "[ERROR] must be an integer [json-pointer:/length]")
    if int(length) == 0:
        raise SlackRefusesError("missing_argument")
    if int(length) > FILE_BYTES_MOST:
        raise SlackRefusesError("file_upload_size_restricted")
    place, file = workspace.announce_file(name, int(length))
    return {"upload_url": f"/upload/{place}", "file_id": file.id}


def _complete_files(workspace: Workspace, arguments: Json) -> Json:
    """Share files that were uploaded, in one message; without a channel they stay private, and nobody sees them."""
    named = _files_named(arguments)
    files = [workspace.uploaded(str(each["id"])) for each in named]
    channel = _channel_of_files(workspace, arguments)
    text = arguments.get("initial_comment") or ""
    if text:
        checked_message(workspace, {"text": text})
    for file, told in zip(files, named, strict=True):
        file.title, file.is_complete = told.get("title") or file.title, True
    if channel:
        workspace.post(channel.id, BOT_USER, text, files=files, thread_ts=arguments.get("thread_ts"))
    return {"files": [file.shown() for file in files]}


def _delete_file(workspace: Workspace, arguments: Json) -> Json:
    workspace.delete_file(str(_needed(arguments, "file")))
    return {}


def _files_named(arguments: Json) -> list[Json]:
    named = _needed(arguments, "files")
    if isinstance(named, list) and all(isinstance(each, dict) and each.get("id") for each in named):
        return named
    raise SlackRefusesError("invalid_arguments", "[ERROR] a list of objects with an id is needed [json-pointer:/files]")


def _channel_of_files(workspace: Workspace, arguments: Json) -> Channel | None:
    """The channel for files. A person's id does not stand for their DM here, and the app must be in the channel."""
    name = str(arguments.get("channel_id") or "")
    if name and not name.startswith(_CONVERSATIONS):
        raise SlackRefusesError("invalid_arguments", "[ERROR] no id of a conversation [json-pointer:/channel_id]")
    return _with_bot(workspace.channel(name)) if name else None


def _channel_shown(channel: Channel) -> Json:
    if channel.owner:
        return {"id": channel.id, "is_im": True, "user": channel.owner}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_member": channel.has_bot,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.shared_outside,
    }


def _open_conversation(workspace: Workspace, arguments: Json) -> Json:
    user = workspace.person(str(_needed(arguments, "users")))
    return {"channel": _channel_shown(workspace.channel(user.id))}


def _conversation(workspace: Workspace, arguments: Json) -> Json:
    return {"channel": _channel_shown(_seen_by_app(_channel(workspace, arguments)))}


def _join(workspace: Workspace, arguments: Json) -> Json:
    channel = _channel(workspace, arguments)
    if channel.is_private:
        raise SlackRefusesError("channel_not_found")
    if channel.is_archived:
        raise SlackRefusesError("is_archived")
    channel.has_bot = True
    return {"channel": _channel_shown(channel)}


def _conversations(workspace: Workspace, _arguments: Json) -> Json:
    return {"channels": [_channel_shown(each) for each in workspace.channels.values() if not each.owner]}


def _user_shown(person: Person, *, with_locale: bool) -> Json:
    known = {"tz": person.tz, "is_admin": person.is_admin, **({"locale": person.locale} if with_locale else {})}
    return {
        "id": person.id,
        "team_id": TEAM,
        "name": person.name,
        "real_name": person.real_name,
        "is_bot": False,
        "deleted": person.deleted,
        "profile": {"real_name": person.real_name, "display_name": person.name},
        # Of somebody who is gone Slack says who they were, and no more.
        **({} if person.deleted else known),
    }


def _user(workspace: Workspace, arguments: Json) -> Json:
    person = workspace.person(str(_needed(arguments, "user")))
    return {"user": _user_shown(person, with_locale=_is_true(arguments.get("include_locale")))}


def _users(workspace: Workspace, arguments: Json) -> Json:
    with_locale = _is_true(arguments.get("include_locale"))
    return {"members": [_user_shown(person, with_locale=with_locale) for person in workspace.people.values()]}


def _user_groups(workspace: Workspace, _arguments: Json) -> Json:
    groups = workspace.user_groups.values()
    return {
        "usergroups": [
            {"id": each.id, "team_id": TEAM, "is_usergroup": True, "handle": each.handle, "name": each.name}
            for each in groups
        ]
    }


def _user_group_members(workspace: Workspace, arguments: Json) -> Json:
    found = workspace.user_groups.get(str(_needed(arguments, "usergroup")))
    if found is None:
        raise SlackRefusesError("no_such_subteam")
    return {"users": list(found.users)}


def _is_true(value: object) -> bool:
    return str(value).lower() in ("1", "true")


def _open_view(workspace: Workspace, arguments: Json) -> Json:
    owner = workspace.use_trigger(str(_needed(arguments, "trigger_id")))
    view = workspace.new_view(owner, checked_view(_needed(arguments, "view"), "modal"))
    workspace.modals[owner] = [view]
    return {"view": view.shown()}


def _push_view(workspace: Workspace, arguments: Json) -> Json:
    owner = workspace.use_trigger(str(_needed(arguments, "trigger_id")))
    return {"view": workspace.push_view(owner, checked_view(_needed(arguments, "view"), "modal")).shown()}


def _update_view(workspace: Workspace, arguments: Json) -> Json:
    name = arguments.get("external_id")
    view = workspace.view_called(str(name)) if name else workspace.view(str(_needed(arguments, "view_id")))
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise SlackRefusesError("hash_conflict")
    workspace.change_view(view, checked_view(_needed(arguments, "view"), str(view.content["type"])))
    return {"view": view.shown()}


def _publish_view(workspace: Workspace, arguments: Json) -> Json:
    owner = workspace.person(str(_needed(arguments, "user_id"))).id
    content = checked_view(_needed(arguments, "view"), "home")
    home = workspace.homes.get(owner)
    if home is None:
        home = workspace.homes[owner] = workspace.new_view(owner, content)
    elif arguments.get("hash") and arguments["hash"] != home.hash:
        raise SlackRefusesError("hash_conflict")
    else:
        workspace.change_view(home, content)
    return {"view": home.shown()}


def _validate(_workspace: Workspace, arguments: Json) -> Json:
    """Look at blocks, a message or a view (Slack: docs.slack.dev/reference/methods/blocks.validate)."""
    given = [name for name, kind in _VALIDATED_KINDS.items() if isinstance(arguments.get(name), kind)]
    if len(given) != 1:
        raise SlackRefusesError("invalid_arguments", "[ERROR] exactly one of blocks, message and view is needed")
    (name,) = given
    if problems := _VALIDATED[name](arguments[name]):
        errors = [{"pointer": each.where, "code": "failed_constraint", "message": each.what} for each in problems]
        raise SlackRefusesError(f"invalid_{name}", errors=errors)
    return {}


def _block_problems(blocks: Any) -> Sequence[Problem]:
    """What is wrong with blocks that stand in no message yet, by pointers that begin at the list itself."""
    problems = message_problems({"text": " ", "blocks": blocks})
    return [each._replace(where=each.where.removeprefix("/blocks")) for each in problems]


_VALIDATED_KINDS: Mapping[str, type] = {"blocks": list, "message": dict, "view": dict}
_VALIDATED: Mapping[str, Callable[[Any], Sequence[Problem]]] = {
    "blocks": _block_problems,
    "message": message_problems,
    "view": view_problems,
}

METHODS: Mapping[str, Method] = {
    "api.test": lambda _workspace, _arguments: {},
    "auth.test": _auth_test,
    "blocks.validate": _validate,
    "chat.postMessage": _post_message,
    "chat.postEphemeral": _post_ephemeral,
    "chat.update": _update,
    "chat.delete": _delete,
    "chat.getPermalink": _permalink,
    "conversations.open": _open_conversation,
    "conversations.info": _conversation,
    "conversations.join": _join,
    "conversations.list": _conversations,
    "files.getUploadURLExternal": _announce_file,
    "files.completeUploadExternal": _complete_files,
    "usergroups.list": _user_groups,
    "usergroups.users.list": _user_group_members,
    "files.delete": _delete_file,
    "users.info": _user,
    "users.list": _users,
    "views.open": _open_view,
    "views.push": _push_view,
    "views.update": _update_view,
    "views.publish": _publish_view,
}

# Any one of these lets an app call a method; those not named here need none.
SCOPES: Mapping[str, set[str]] = {
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.open": {"im:write"},
    "conversations.info": {"channels:read", "im:read"},
    "conversations.join": {"channels:join"},
    "conversations.list": {"channels:read", "im:read"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "files.delete": {"files:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
}
