"""The numbers as files: for a manager alone, in the background, without names unless they are asked for."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from bot.coaching.exports import KIND
from bot.jobs.exports import Exports
from bot.storage.models import SharedFile
from bot.storage.outbox import Claimed, claim
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import asks as asks_for_more
from tests.conversations.test_policies import sets_a_discount
from tests.conversations.test_the_library import adds
from tests.conversations.test_true_stories import comes_to_the_story, has_written
from tests.conversations.test_undeliverable import refuses

EVERYTHING = [
    "The cases that were closed in these days",
    "Their steps, outcomes and corrections",
    "What was promised in them, and when it was done",
    "Stories told in them, and whether they landed",
    "What was asked of managers in them, and what they decided",
]
NAMES = "With names, and with what was written down"


async def handles(rosa: Rep, name: str = "Ada Lovelace", why: str = "Her brother laughed at it") -> Rep:
    await rosa.runs(f"/cancel {name}")
    await rosa.presses("Next")
    rosa.types("What is behind it", why)
    await rosa.presses("Worried or unsure")
    await rosa.presses("They’re leaving")
    return rosa


async def asks(manager: Rep, *, named: bool = False, what: list[str] | None = None) -> Rep:
    manager.goes_to(RENEWALS)
    await manager.runs("/saves export")
    manager.types("What is in it", what or EVERYTHING)
    if named:
        manager.types("Names and words", [NAMES])
    assert await manager.sends() == {}
    return manager


def files(rep: Rep) -> Mapping[str, str]:
    """Every file in their messages with the app, by what it holds."""
    found = [file for message in rep.goes_to("dm").messages for file in message.files]
    return {file.name.partition("_")[0]: (file.content or b"").decode("utf-8-sig") for file in found}


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text))]


async def test_a_manager_gets_the_files_by_dm_and_hears_when_it_is_done(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa)
    await asks(manager)
    manager.sees("It is on its way")
    await manager.closes()
    await office.settles()

    sent = files(manager)
    assert {*sent} == {"cases", "steps", "reminders", "stories", "approvals"}
    assert "Your export of Nov 23, 2026 to Nov 29, 2026 is done: 1 case, in 5 files below." in manager.everything
    assert "is being made" not in manager.everything, "one message says how far it is, and that it is done"


async def test_without_names_there_is_nobody_and_nothing_that_was_typed(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    await rosa.presses("They’re staying")
    await rosa.presses("It landed")
    await handles(rosa, "Grace Hopper")
    await asks(manager)
    await office.settles()

    everything = "\n".join(files(manager).values())
    for name in ("Ada", "Grace", "Hopper", "U0ROSA", "U0SAM", "brother", "payments"):
        assert name not in everything
    cases, steps = rows(files(manager)["cases"]), rows(files(manager)["steps"])
    ended = [(case["outcome"], case["cause"], case["kind"]) for case in cases]
    assert ended == [("saved", "fear", "sale"), ("left", "fear", "sale")]
    assert len({case["rep"] for case in cases}) == 1
    assert re.fullmatch(r"rep [0-9a-f]{12}", cases[0]["rep"])
    assert len({case["customer"] for case in cases}) == 2
    assert {step["by"] for step in steps} == {cases[0]["rep"]}
    assert {"why", "mission"} <= {step["to"] for step in steps if step["what"] == "step"}
    promised = [(task["kind"], task["done_at"]) for task in rows(files(manager)["reminders"])]
    assert promised == [("check_in", ""), ("carry_out", "")]
    assert [story["landed"] for story in rows(files(manager)["stories"])] == ["yes"]


async def test_a_pseudonym_is_another_one_in_the_next_export(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    seen = set()
    for _ in range(2):
        await asks(manager, what=EVERYTHING[:1])
        await office.settles()
        seen.add(rows(files(manager)["cases"])[0]["rep"])

    assert len(seen) == 2


async def test_with_names_it_says_whom_it_names_and_runs_in_no_spreadsheet(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa, '=HYPERLINK("https://example.com")', why="+1 for leaving")
    await asks(manager, named=True)
    await office.settles()

    (case,) = rows(files(manager)["cases"])
    assert (case["rep"], case["customer"], case["why"]) == (
        "U0ROSA",
        '\'=HYPERLINK("https://example.com")',
        "'+1 for leaving",
    )
    assert "Names and words are in them" in manager.goes_to("dm").everything


async def test_what_was_corrected_stands_in_it_with_both(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    await rosa.presses("History…")
    await rosa.presses("Correct the outcome…")
    rosa.types("How it really ended", "Staying").types("How that is known now", "She called.")
    assert await rosa.sends() == {}
    await asks(manager, named=True)
    await office.settles()

    corrected = [step for step in rows(files(manager)["steps"]) if step["what"] == "corrected"]
    assert [(step["from"], step["to"], step["because"]) for step in corrected] == [("left", "saved", "She called.")]
    assert rows(files(manager)["cases"])[0]["outcome"] == "saved"


async def test_it_is_narrowed_to_a_reason(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    await handles(rosa, "Grace Hopper")
    await rosa.presses("Note and details…")
    assert await rosa.types("Reason", "Cost").sends() == {}
    manager.goes_to(RENEWALS)
    await manager.runs("/saves export")
    manager.types("For one reason alone", "Cost")
    assert await manager.sends() == {}
    await office.settles()

    assert [case["reason"] for case in rows(files(manager)["cases"])] == ["cost"]


async def test_a_second_one_waits_until_the_first_is_done(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    await asks(manager)
    manager.goes_to(RENEWALS)
    await manager.runs("/saves export")
    assert "still on its way" in next(iter((await manager.sends()).values()))

    await office.settles()
    assert await manager.sends() == {}


async def test_one_that_slack_refused_for_good_is_in_nobodys_way(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    office.slack.troubles.append(refuses("files.completeUploadExternal", "channel_not_found"))
    await asks(manager)
    await office.settles()
    office.slack.troubles.clear()
    await manager.closes()
    await manager.opens_home()
    manager.sees("*An export* for <@U0MINA>", "channel_not_found")

    await asks(manager)
    await office.settles()
    assert "cases" in files(manager)


async def test_one_that_is_too_large_for_slack_says_what_to_do(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    office.slack.troubles.append(refuses("files.getUploadURLExternal", "file_upload_size_restricted"))
    await asks(manager)
    await office.settles()

    assert "larger than Slack takes. Please ask for fewer days at a time." in manager.goes_to("dm").everything


async def test_what_breaks_off_is_made_anew_and_one_message_tells_of_it(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa)
    office.slack.troubles.append(refuses("files.completeUploadExternal", "internal_error"))
    await asks(manager)
    await office.settles()
    office.slack.troubles.clear()
    await office.later(minutes=1)

    told = [message for message in manager.goes_to("dm").messages if "Your export" in message.text]
    assert len(told) == 1
    assert "is done" in told[0].text
    assert "cases" in files(manager)


async def test_a_large_one_says_meanwhile_how_far_it_is(office: Office, rosa: Rep, manager: Rep) -> None:
    for name in ("Ada Lovelace", "Grace Hopper", "Mary Jackson"):
        await handles(rosa, name)
    outbox = office.bot.outbox
    made = outbox.slow[KIND]
    assert isinstance(made, Exports)
    outbox.slow = {KIND: replace(made, page_most=1)}
    told: list[str] = []

    def listen(method: str, arguments: dict[str, object]) -> None:
        if method in ("chat.postMessage", "chat.update"):
            told.append(str(arguments.get("text")))

    office.slack.troubles.append(listen)
    await asks(manager)
    await office.settles()

    assert [re.findall(r"\d of 3", text) for text in told if "is being made" in text] == [
        ["0 of 3"],
        ["1 of 3"],
        ["2 of 3"],
        ["3 of 3"],
    ]
    assert len(rows(files(manager)["cases"])) == 3


async def test_dates_the_wrong_way_round_and_nothing_to_send_are_said_beside_the_field(manager: Rep) -> None:
    manager.goes_to(RENEWALS)
    await manager.runs("/saves export")
    manager.types("From", "2026-11-25").types("To", "2026-11-20").types("What is in it", [EVERYTHING[0]])

    assert await manager.sends() == {"To": "The last day comes before the first. Please choose a later one here."}


async def test_only_managers_get_one(rosa: Rep) -> None:
    await rosa.runs("/saves export")

    rosa.sees("That is for this team’s managers")


async def test_the_page_opens_anywhere_and_names_nobody(office: Office, rosa: Rep, manager: Rep) -> None:
    for name in ("Ada Lovelace", "Grace Hopper"):
        await handles(rosa, name)
    manager.goes_to(RENEWALS)
    await manager.runs("/saves")
    await manager.presses("One page")
    manager.sees("It is on its way")
    await office.settles()

    page = files(manager)["saves"]
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    assert "0 of 2" in page
    assert "%" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL), "two are too few for a percentage"
    assert not re.findall(r"src=|href=|url\(|<script", page)
    assert not any(name in page for name in ("Ada", "Grace", "Lovelace", "U0ROSA", "brother"))


async def test_what_was_asked_of_managers_has_a_file_of_its_own(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks_for_more(office, rosa)
    await manager.goes_to("dm").presses("Approve")
    await office.settles()
    await rosa.goes_to(RENEWALS).presses("They’re staying")
    await asks(manager, what=EVERYTHING[-1:])
    await office.settles()

    (asked,) = rows(files(manager)["approvals"])
    assert (asked["percent"], asked["months"], asked["value"], asked["verdict"]) == ("30", "6", "180.00", "approved")
    assert asked["decided_by"].startswith("rep ")
    assert "words" not in asked


async def test_a_file_that_is_there_is_remembered_and_sent_once_whatever_comes_after(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa)

    def done_is_refused(method: str, arguments: dict[str, object]) -> object:
        is_done = method == "chat.update" and "is done" in str(arguments)
        return refuses("chat.update", "internal_error")(method, {}) if is_done else None

    office.slack.troubles.append(done_is_refused)  # type: ignore[arg-type]
    await asks(manager, named=True)
    await office.later(minutes=1)

    sent = [file.id for message in manager.goes_to("dm").messages for file in message.files]
    assert len(sent) == len(EVERYTHING)
    kept = await office.bot.database.read(lambda session: session.exec(select(SharedFile.file_id)).all())
    assert sorted(kept) == sorted(sent)


async def test_uploads_may_take_their_time_each(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)

    def slowly(method: str, _arguments: dict[str, object]) -> None:
        if method == "files.getUploadURLExternal":
            office.clock.advance(timedelta(minutes=4))

    def others_would_take(method: str, _arguments: dict[str, object]) -> None:
        if method == "files.completeUploadExternal":
            with office.bot.database.begin() as session:
                taken.extend(claim(session, "another", office.clock.now()))

    taken: list[Claimed] = []
    office.slack.troubles += [slowly, others_would_take]
    await asks(manager)
    await office.settles()

    assert not any(row.kind == KIND for row in taken)
    assert {*files(manager)} == {"cases", "steps", "reminders", "stories", "approvals"}


async def test_without_names_a_word_that_nobody_could_choose_is_left_out(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await adds(manager, "Corner sofa")
    await has_written(office, sam, product="Ada’s own sofa", worry="Her brother")
    await handles(rosa)
    await rosa.presses("Note and details…")
    rosa.types("Product or plan", "Corner sofa").types("Kind of customer", "Ada’s family").types("Reason", "Cost")
    assert await rosa.sends() == {}
    await asks(manager)
    await office.settles()

    (case,) = rows(files(manager)["cases"])
    assert (case["product"], case["customer_kind"], case["reason"]) == ("Corner sofa", "", "cost")
    await asks(manager, named=True)
    await office.settles()
    (case,) = rows(files(manager)["cases"])
    assert (case["product"], case["customer_kind"], case["reason"]) == ("Corner sofa", "Ada’s family", "cost")


async def test_what_it_is_narrowed_to_stands_in_the_form_and_in_what_comes(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await handles(rosa)
    manager.goes_to(RENEWALS)
    await manager.runs("/saves")
    await manager.picks("playbook", "Save an order or subscription")
    await manager.presses("Export…")
    assert manager.screen.held("By one playbook alone") == "Save an order or subscription"
    manager.types("By one playbook alone", "Save a sale").types("What is in it", EVERYTHING[:1])
    assert await manager.sends() == {}
    await manager.closes()
    await office.settles()

    assert len(rows(files(manager)["cases"])) == 1
    assert "Your export of Nov 23, 2026 to Nov 29, 2026, for Save a sale alone, is done" in manager.everything


async def test_a_program_that_splits_elsewhere_finds_no_formula_either(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa, why="x;=1+1\t@y\n-z")
    await asks(manager, named=True, what=EVERYTHING[:1])
    await office.settles()

    text = files(manager)["cases"]
    assert rows(text)[0]["why"] == "x;'=1+1\t'@y\n'-z"
    assert not [cell for cell in re.split(r"[;\t\r\n]", text) if cell[:1] in ("=", "+", "-", "@")]
    assert text.startswith('"case","opened_at"')


async def test_one_that_fails_on_and_on_ends_and_says_so(office: Office, rosa: Rep, manager: Rep) -> None:
    await handles(rosa)
    office.slack.troubles.append(refuses("files.completeUploadExternal", "internal_error"))
    await asks(manager)
    for _ in range(10):
        await office.later(hours=1)
    assert "could not be made" in manager.goes_to("dm").everything

    office.slack.troubles.clear()
    manager.goes_to(RENEWALS)
    await manager.closes()
    await asks(manager)
    await office.settles()
    assert "cases" in files(manager)
