"""A case is for its rep, whom it was handed to, and managers: tried with every press and every form there is."""

import json
from collections.abc import Iterator
from typing import Any

from slack_bolt.async_app import AsyncBoltRequest
from sqlmodel import Session, SQLModel, select

from bot.app import playbook_files, template_roots
from bot.coaching import prose
from bot.coaching.moves import Move
from bot.playground.workspace import TEAM
from bot.storage.models import Approval, Case, Customer, Mission, Post, Remedy, Story, Task
from bot.surfaces import ids
from bot.surfaces.ids import Ask, RecordAsk, TaskAsk
from bot.surfaces.specimens import specimens
from bot.surfaces.words import Voice
from tests.conversations.office import RENEWALS, Office, Rep

WHISPERED = "The bills are high, she whispers."
KEPT: tuple[type[SQLModel], ...] = (Case, Customer, Mission, Task, Remedy, Approval, Post, Story)
FORMS = {value for name, value in vars(ids).items() if name.endswith("_FORM")}
# What anybody may begin: a case, a sale or a story of their own.
ANYBODYS = {ids.NEW_CASE_FORM, ids.MESSAGE_FORM, ids.SOLIDIFY_FORM, ids.WRITE_FORM}


def everything(session: Session) -> str:
    """All that is kept of cases, as it stands."""
    return json.dumps(
        [[row.model_dump(mode="json") for row in session.exec(select(kind)).all()] for kind in KEPT], sort_keys=True
    )


async def has_a_case(office: Office, rosa: Rep) -> tuple[int, int, int]:
    """Rosa's case, its revision, and a promise in it."""
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    rosa.types("What is behind it", WHISPERED)
    await rosa.presses("They need time…")
    assert await rosa.sends() == {}
    await office.settles()

    def found(session: Session) -> tuple[int, int, int]:
        case, task = session.exec(select(Case)).one(), session.exec(select(Task)).first()
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
    assert "Ada Lovelace" not in saw(office, sam)


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
        assert "Ada Lovelace" not in said, view["callback_id"]
    await office.settles()

    assert await office.bot.database.read(everything) == before


async def test_a_manager_reads_the_history_and_whom_it_was_handed_to_works_it(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await has_a_case(office, rosa)
    await manager.goes_to(RENEWALS).runs("/saves")
    await manager.presses("A customer…")
    assert await manager.types("Customer’s name, or a part of it", "Ada").sends() == {}
    await manager.presses("History…")
    manager.sees("Ada Lovelace")
