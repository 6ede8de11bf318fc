"""A case is for its rep, whom it was handed to, and managers: tried with every press and every form there is."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.listener.async_listener import AsyncCustomListener
from sqlmodel import Session, SQLModel, col, select

from bot.app import playbook_files, template_roots
from bot.coaching import prose
from bot.coaching.moves import Move
from bot.playground.workspace import TEAM
from bot.storage.models import Approval, Case, Customer, Mission, Post, Remedy, Story, Task
from bot.surfaces import ids, roles, saves, settings
from bot.surfaces.ids import Ask, RecordAsk, TaskAsk
from bot.surfaces.specimens import specimens
from bot.surfaces.words import Voice
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import asks, sets_a_discount
from tests.conversations.test_true_stories import keeps_the_case

WHISPERED = "The bills are high, she whispers."
KEPT: tuple[type[SQLModel], ...] = (Case, Customer, Mission, Task, Remedy, Approval, Post, Story)
FORMS = {value for name, value in vars(ids).items() if name.endswith("_FORM")}
NUMBERS = re.compile(r"\d+")
# What is for anybody, and about nothing but their own: commands, shortcuts, the Home, and what begins something.
ANYBODYS_LISTENERS = {
    "Cases.cancel",
    "Drafts.keep",
    "Forms.open_case",
    "Home.opened",
    "Home.try_out",
    "Reconnecting.reconnect",
    "Sales.keep",
    "Sales.solidify",
    "Saves.saves",
    "Shortcuts.cancel",
    "Shortcuts.handle",
    "Shortcuts.open_case",
    "Shortcuts.solidify",
    "Stories.keep",
    "Stories.story",
}
ANYBODYS_PRESSES = {ids.HOME_TRY}
# What anybody may begin: a case, a sale or a story of their own.
ANYBODYS = {ids.NEW_CASE_FORM, ids.MESSAGE_FORM, ids.SOLIDIFY_FORM, ids.WRITE_FORM}


def everything(session: Session) -> str:
    """All that is kept of cases, as it stands."""
    return json.dumps(
        [[row.model_dump(mode="json") for row in session.exec(select(kind)).all()] for kind in KEPT], sort_keys=True
    )


async def has_a_case(office: Office, rosa: Rep) -> tuple[int, int, int]:
    """Rosa's case, its revision, and a promise in it."""
    await rosa.runs("/cancel sale Hedy Lamarr")
    await rosa.presses("Next")
    rosa.types("What is behind it", WHISPERED)
    await rosa.presses("They need time…")
    assert await rosa.sends() == {}
    await office.settles()

    def found(session: Session) -> tuple[int, int, int]:
        case = session.exec(select(Case).order_by(col(Case.id).desc())).first()
        assert case
        task = session.exec(select(Task).where(col(Task.case_id) == case.id)).first()
        assert task
        return case.id or 0, case.revision, task.id or 0

    return await office.bot.database.read(found)


def presses(case_id: int, revision: int, task_id: int) -> Iterator[tuple[str, str]]:
    """Every control that carries a case or a promise, by its action_id and value."""
    for what in (*Ask, *Move):
        yield f"{ids.CASE_PRESS}.{what}", f"{what}:{case_id}:{revision}"
        yield f"{ids.CASE_PRESS}.{what}", f"{what}:{case_id}:{revision}:1"
    yield f"{ids.CASE_RESUME}.x", str(case_id)
    yield ids.CASE_TAKE_BACK, str(case_id)
    for each in TaskAsk:
        yield f"{ids.TASK_PRESS}.{each}", f"{each}:{task_id}"
    for about in RecordAsk:
        yield f"{ids.RECORD_PRESS}.{about}.{case_id}", f"{about}:{case_id}"


async def gets(office: Office, who: Rep, body: dict[str, Any]) -> str:
    answer = await office.bot.app.async_dispatch(
        AsyncBoltRequest(
            body={"team": {"id": TEAM}, "user": {"id": who.id, "team_id": TEAM}, **body}, mode="socket_mode"
        )
    )
    return str(answer.body)


def saw(office: Office, who: Rep) -> str:
    """All that somebody has before them, anywhere."""
    workspace = office.workspace
    theirs = [channel.id for channel in workspace.channels.values() if channel.owner in (None, who.id)]
    messages = [message.shown() for channel in theirs for message in workspace.seen_by(who.id, channel)]
    views = [view.content for view in workspace.modals[who.id]]
    home = workspace.homes.get(who.id)
    return json.dumps([messages, views, home.content if home else None], default=str)


async def test_no_press_of_a_colleague_shows_or_changes_anything(office: Office, rosa: Rep, sam: Rep) -> None:
    about = await has_a_case(office, rosa)
    await sam.opens_home()
    before = await office.bot.database.read(everything)
    for action_id, value in presses(*about):
        pressed = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        url = f"{office.slack.url}/respond/{office.workspace.response_url(sam.id, RENEWALS, None)}"
        for where in ({"response_url": url, "container": {"type": "message", "message_ts": "1.0"}}, {}):
            body = {"type": "block_actions", "trigger_id": office.workspace.trigger(sam.id), "actions": [pressed]}
            said = await gets(office, sam, {**body, **where})
            assert WHISPERED not in said, value
        office.workspace.modals[sam.id].clear()
    await office.settles()

    assert await office.bot.database.read(everything) == before
    assert WHISPERED not in saw(office, sam)
    assert "Hedy Lamarr" not in saw(office, sam)


def controls(voice: Voice) -> Iterator[dict[str, Any]]:
    """Every control of every surface there is, as it is used; what its numbers stand for is the first there is."""
    books, seen = prose.load(playbook_files(template_roots())), set()
    for specimen in specimens(voice, books):
        for element in _pressed(specimen.built.get("blocks", [])):
            action_id = NUMBERS.sub("1", element["action_id"])
            for choice in element.get("options") or [None]:
                value = NUMBERS.sub("1", (choice or element).get("value", ""))
                if (action_id, value) not in seen:
                    seen.add((action_id, value))
                    used = {"selected_option": {"value": value}} if choice else filled(element, "U0SAM")
                    yield {"action_id": action_id, "block_id": "b", "type": element["type"], "value": value, **used}


def _pressed(blocks: Any) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from block.get("elements", []) if block["type"] == "actions" else []
        yield from [block["accessory"]] if "action_id" in block.get("accessory", {}) else []


@contextmanager
def reached(office: Office) -> Iterator[set[str]]:
    """The listeners that have been asked for something, by name."""
    names: set[str] = set()

    def noting(listen: Callable[..., Awaitable[object]], name: str) -> Callable[..., Awaitable[object]]:
        async def note(**given: Any) -> object:
            names.add(name)
            return await listen(**given)

        return note

    for listener in office.bot.app._async_listeners:
        assert isinstance(listener, AsyncCustomListener)
        listener.ack_function = noting(listener.ack_function, listener.ack_function.__qualname__)
    yield names


async def test_every_listener_that_is_not_anybodys_is_tried_by_a_colleague(
    office: Office, rosa: Rep, sam: Rep, manager: Rep, voice: Voice
) -> None:
    await keeps_the_case(rosa)
    assert await rosa.sends() == {}
    await sets_a_discount(manager)
    await asks(office, rosa)
    case_id, revision, task_id = await has_a_case(office, rosa)
    every = {listener.ack_function.__qualname__ for listener in office.bot.app._async_listeners}  # type: ignore[attr-defined]
    before = await office.bot.database.read(everything)
    with reached(office) as names:
        for used in controls(voice):
            if used["action_id"] not in ANYBODYS_PRESSES:
                await uses(office, sam, used)
        for form in forms(voice, sam.id, {"case_id": case_id, "revision": revision, "task_id": task_id, "name": "x"}):
            if form["callback_id"] == ids.WITHDRAW_FORM:
                # Whoever hears that a customer wants it told no more takes a story out of sight.
                form["private_metadata"] = json.dumps({"story_id": 0})
            assert WHISPERED not in await gets(
                office, sam, {"type": "view_submission", "view": form, "trigger_id": "t"}
            )
        for menu in (ids.FIND_STORY, saves.ZONE, settings.ZONE, roles.USER_GROUP):
            typed = {
                "type": "block_suggestion",
                "action_id": menu,
                "block_id": f"{ids.CASE_PRESS}.{case_id}",
                "value": "",
            }
            assert WHISPERED not in await gets(office, sam, typed)
    await office.settles()

    assert every - names == ANYBODYS_LISTENERS
    assert await office.bot.database.read(everything) == before
    assert WHISPERED not in saw(office, sam)


async def uses(office: Office, who: Rep, used: dict[str, Any]) -> None:
    """Use a control in a message, and on a surface that has no place for an answer."""
    url = f"{office.slack.url}/respond/{office.workspace.response_url(who.id, RENEWALS, None)}"
    for where in ({"response_url": url, "container": {"type": "message", "message_ts": "1.0"}}, {}):
        body = {"type": "block_actions", "trigger_id": office.workspace.trigger(who.id), "actions": [used]}
        assert WHISPERED not in await gets(office, who, {**body, **where}), used
    office.workspace.modals[who.id].clear()


def filled(element: dict[str, Any], colleague: str) -> dict[str, Any]:
    """A control of a form with something in it that its reader can use."""
    kind, options = element["type"], element.get("options", [])
    typed: dict[str, dict[str, Any]] = {
        "plain_text_input": {"value": "A charger"},
        "number_input": {"value": "1"},
        "email_text_input": {"value": "ada@example.com"},
        "url_text_input": {"value": "https://example.com/ada"},
        "datepicker": {"selected_date": "2026-12-24"},
        "timepicker": {"selected_time": "10:00"},
        "datetimepicker": {"selected_date_time": 1_798_000_000},
        "users_select": {"selected_user": colleague},
        "conversations_select": {"selected_conversation": RENEWALS},
        "channels_select": {"selected_channel": RENEWALS},
        "static_select": {"selected_option": options[0] if options else None},
        "radio_buttons": {"selected_option": options[0] if options else None},
        "checkboxes": {"selected_options": options[:1]},
    }
    return {"type": kind, **typed.get(kind, {})}


def forms(voice: Voice, colleague: str, carried: dict[str, object]) -> Iterator[dict[str, Any]]:
    """Every form there is, filled in by a colleague as if it were about that case."""
    books = prose.load(playbook_files(template_roots()))
    shown = {str(each.built.get("callback_id")): each.built for each in specimens(voice, books) if each.is_view}
    for callback_id in sorted(each for each in shown.keys() & FORMS if each not in ANYBODYS):
        view: dict[str, Any] = shown[callback_id]
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        values = {
            block["block_id"]: {block["element"]["action_id"]: filled(block["element"], colleague)} for block in inputs
        }
        carries = {**json.loads(view.get("private_metadata") or "{}"), **carried, "response_url": None}
        yield {
            "id": "V1",
            "root_view_id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "blocks": view["blocks"],
            "private_metadata": json.dumps(carries),
            "state": {"values": values},
        }


async def test_no_form_of_a_colleague_shows_or_changes_anything(
    office: Office, rosa: Rep, sam: Rep, voice: Voice
) -> None:
    case_id, revision, task_id = await has_a_case(office, rosa)
    before = await office.bot.database.read(everything)
    about = {"case_id": case_id, "revision": revision, "task_id": task_id, "name": "x", "help": True}
    tried = [*forms(voice, sam.id, about)]
    assert {each["callback_id"] for each in tried} == FORMS - ANYBODYS
    for view in tried:
        said = await gets(office, sam, {"type": "view_submission", "view": view, "trigger_id": "t"})
        assert WHISPERED not in said, view["callback_id"]
        assert "Hedy Lamarr" not in said, view["callback_id"]
    await office.settles()

    assert await office.bot.database.read(everything) == before


async def test_a_manager_reads_the_history_and_whom_it_was_handed_to_works_it(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await has_a_case(office, rosa)
    await manager.goes_to(RENEWALS).runs("/saves")
    await manager.presses("A customer…")
    assert await manager.types("Customer’s name, or a part of it", "Hedy").sends() == {}
    await manager.presses("History…")
    manager.sees("Hedy Lamarr")
