"""What I have open: as the App Home, and as the answer to `/cancel list`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.coaching import policies
from bot.coaching import waiting as waits
from bot.coaching.errors import Declined, Reason
from bot.coaching.home import Agenda
from bot.coaching.homes import Page
from bot.coaching.insight import Insight
from bot.coaching.library import Library
from bot.coaching.openings import MadeUp
from bot.coaching.reminders import Reminder
from bot.coaching.setup import Checklist, Welcome
from bot.storage.models import Case, OutboxRow
from bot.surfaces import approvals, blocks, ids, summaries, verifiers
from bot.surfaces import policies as limits
from bot.surfaces.blocks import Block, Element, Message, View
from bot.surfaces.cases import in_list, open_card, outcome_of
from bot.surfaces.manifest import command_of
from bot.surfaces.reconnecting import away_still
from bot.surfaces.words import Voice, few, person

SHOWN_MOST = 10

_PAGES: Mapping[str, int] = {"tasks": SHOWN_MOST, "cases": SHOWN_MOST, "waiting": waits.SHOWN_MOST}

_BEGINNINGS: Mapping[str, str] = {
    ids.HOME_SOLIDIFY: "solidify",
    ids.HOME_RECONNECT: "reconnect",
}
_WAYS_ON: Mapping[str, str] = {
    ids.HOME_STORIES: "stories",
    ids.HOME_SAVES: "saves",
    ids.HOME_SETTINGS: "settings",
    ids.HOME_HELP: "help_me",
}


def home(voice: Voice, agenda: Agenda, now: datetime, prefix: str) -> View:
    """The App Home: what to start, what needs me now, how it goes, what managers set for the team, and the ways on."""
    welcome = voice.text("home/welcome", command=command_of(prefix, ids.CANCEL))
    return {
        "type": "home",
        "blocks": [
            blocks.header(voice.label("home.title")),
            blocks.section(welcome),
            blocks.actions("home", [*_beginnings(voice, agenda)]),
            *away_still(voice, agenda.member, now),
            *_week(voice, agenda),
            *_requests(voice, agenda),
            *verifiers.queue_at_home(voice, agenda.queue),
            *_agenda(voice, agenda, now),
            *_waiting(voice, agenda),
            *_insight(voice, agenda.insight),
            *_parked(voice, agenda),
            *_checklist(voice, agenda.checklist),
            *_team(voice, agenda, now),
            blocks.actions("home.on", [*_buttons(voice, _WAYS_ON)]),
        ],
    }


def _beginnings(voice: Voice, agenda: Agenda) -> Iterator[Element]:
    """What can be begun here. Whoever is new may try it with somebody who does not exist."""
    yield blocks.button(ids.HOME_NEW, voice.label("press.new"), "new", style="primary")
    if agenda.week and not agenda.week.has_begun:
        yield try_it(voice)
    yield from _buttons(voice, _BEGINNINGS)


def _buttons(voice: Voice, names: Mapping[str, str]) -> Iterator[Element]:
    for action_id, name in names.items():
        yield blocks.button(action_id, voice.label(f"press.{name}"), name)


def try_it(voice: Voice) -> Element:
    """A customer who does not exist."""
    return blocks.button(ids.HOME_TRY, voice.label("press.try"), "try")


def no_tips(voice: Voice) -> Element:
    """Not again."""
    return blocks.button(ids.NO_TIPS, voice.label("press.no_tips"), "no_tips")


def _week(voice: Voice, agenda: Agenda) -> Sequence[Block]:
    """How the week goes: for a rep their own; for a manager, the team's first."""
    week, manages = agenda.week, agenda.member.manages_since is not None
    if week is None or not (week.team if manages else week.own).whole:
        return []
    own, team = (summaries.rate(voice, each) if each.whole else None for each in (week.own, week.team))
    return [blocks.context(voice.text("home/week", own=own, team=team, manages=manages, is_last=week.is_last))]


def _requests(voice: Voice, agenda: Agenda) -> Sequence[Block]:
    """What reps ask for above the limits, to be decided right here."""
    told = [block for each, title in agenda.requests for block in approvals.waiting(voice, each, title)]
    rest = _rest(voice, "home/requests_rest", agenda.request_count, len(agenda.requests))
    return [blocks.header(voice.label("home.requests")), *told, *rest] if told else []


def _checklist(voice: Voice, found: Checklist | None) -> Sequence[Block]:
    """What is left to set up, until all of it is, or nobody wants to be told."""
    if found is None or found.is_done:
        return []
    steps = [(voice.label(f"checklist.{name}"), is_done) for name, is_done in vars(found).items()]
    told = voice.text("home/checklist", steps=steps)
    return [blocks.header(voice.label("home.checklist")), blocks.section(told, no_tips(voice))]


def welcome(voice: Voice, found: Welcome) -> Message:
    """The one message for whoever is new: one thing to do, and a way to hear no more of it."""
    text = voice.text(f"home/welcome_{'manager' if found.installs else 'rep'}", has_begun=found.has_begun)
    accept = blocks.button(ids.HOME_ACCEPT, voice.label("manage.accept"), "accept", style="primary")
    begin = accept if found.installs else try_it(voice)
    return blocks.message([blocks.section(text), blocks.actions("welcome", [begin, no_tips(voice)])])


def no_more_tips(voice: Voice, prefix: str) -> Message:
    """What stands in its place once that is pressed."""
    text = voice.text("home/no_tips", command=command_of(prefix, ids.CANCEL))
    return blocks.remark(text)


def tried(voice: Voice) -> View:
    """Where the card of a made-up customer is."""
    told = voice.text("home/tried", name=voice.label("made_up.name"))
    return blocks.word(voice.label("form.tried_title"), voice.label("form.understood"), told)


def made_up(voice: Voice) -> MadeUp:
    """Somebody who does not exist."""
    return MadeUp(voice.label("made_up.name"), voice.label("made_up.hoped"))


def helped(voice: Voice, prefix: str, managers: Sequence[str], support: str) -> View:
    """What there is to type, and whom to ask."""
    commands = [(command_of(prefix, name), voice.label(f"manifest.{name}_description")) for name in ids.COMMANDS]
    asked, more = few(managers)
    told = voice.text("home/help", commands=commands, managers=asked, more=more, support=support)
    content = [blocks.section(told), blocks.actions("help", [try_it(voice)])]
    return blocks.sheet(voice.label("form.help_title"), voice.label("form.leave"), content)


def listing(voice: Voice, agenda: Agenda, now: datetime) -> Message:
    """The same list as a message, for a rep who asked for it."""
    return blocks.message(_agenda(voice, agenda, now))


def _agenda(voice: Voice, agenda: Agenda, now: datetime) -> Sequence[Block]:
    if not (agenda.task_count or agenda.case_count):
        # A good moment to breathe, unless something of others' waits.
        others_wait = bool(agenda.requests or agenda.waiting.cases or (agenda.queue and agenda.queue.count))
        told = voice.text("home/nothing_open", waits=others_wait)
        return [blocks.header(voice.label("home.cases")), blocks.context(told)]
    return [
        blocks.header(voice.label("home.tasks")),
        *(_task(voice, reminder, now) for reminder in agenda.tasks),
        *_rest(voice, "home/tasks_rest", agenda.task_count, agenda.page.tasks + len(agenda.tasks)),
        *_pages(voice, "tasks", agenda, agenda.task_count),
        blocks.header(voice.label("home.cases")),
        *(_case(voice, case, about) for case, about in agenda.cases),
        *_rest(voice, "home/cases_rest", agenda.case_count, agenda.page.cases + len(agenda.cases)),
        *_pages(voice, "cases", agenda, agenda.case_count),
    ]


def _pages(voice: Voice, of: str, agenda: Agenda, count: int) -> Sequence[Block]:
    """The ways on and back in a list that is longer than there is room for, on the Home."""
    if agenda.week is None:
        return []
    here = agenda.page
    at = getattr(here, of)
    ways = {"earlier": at - _PAGES[of], "later": at + _PAGES[of]}
    buttons = [
        blocks.button(
            f"{ids.HOME_PAGE}.{of}.{way}",
            voice.label(f"press.{way}"),
            page_value(replace(here, **{of: to})),
            of=voice.label(f"home.{of}"),
        )
        for way, to in ways.items()
        if 0 <= to < count
    ]
    return [blocks.actions(f"{ids.HOME_PAGE}.{of}", buttons)] if buttons else []


def page_value(page: Page) -> str:
    """What a button carries that leads to another page, for `read_page`."""
    return f"{page.tasks}:{page.cases}:{page.waiting}"


def read_page(value: str | None) -> Page:
    """Raises `Declined` for a button of a kind that is no longer made."""
    places = (value or "").split(":")
    if len(places) != len(_PAGES) or not all(map(ids.is_number, places)):
        raise Declined(Reason.GONE)
    return Page(*map(int, places))


def _waiting(voice: Voice, agenda: Agenda) -> Sequence[Block]:
    """Cases that wait too long; a manager sees whose they are."""
    waiting, me = agenda.waiting, agenda.member.user_id
    if not waiting.cases:
        return []
    told = [
        blocks.section(
            voice.text(
                "home/waiting",
                name=in_list(voice, about),
                rep=case.rep_id if case.rep_id != me else None,
                touched=voice.moment(case.touched_at),
            ),
            open_card(voice, f"waiting.{case.id}", case.id or 0, about, "resume") if case.rep_id == me else None,
        )
        for case, about in waiting.cases
    ]
    rest = _rest(voice, "home/waiting_rest", waiting.count, agenda.page.waiting + len(waiting.cases))
    return [blocks.header(voice.label("home.waiting")), *told, *rest, *_pages(voice, "waiting", agenda, waiting.count)]


def _insight(voice: Voice, insight: Insight | None) -> Sequence[Block]:
    """Where one's own conversations end most, with a line on what helps."""
    if insight is None:
        return []
    told = voice.text(
        "home/insight", rate=summaries.rate(voice, insight.ended), step=insight.step.title, aim=insight.step.aim
    )
    return [blocks.header(voice.label("home.insight")), blocks.section(told)]


def _parked(voice: Voice, agenda: Agenda) -> Sequence[Block]:
    """What Slack refused, for a manager to try again or to leave."""
    told = [block for row in agenda.parked for block in _refused(voice, row)]
    rest = [blocks.context(voice.label("home.more_parked"))] if agenda.more_parked else []
    return [blocks.header(voice.label("home.parked")), *told, *rest] if told else []


def _refused(voice: Voice, row: OutboxRow) -> Sequence[Block]:
    told = voice.text(
        "home/parked",
        what=voice.label(f"delivery.{row.kind}"),
        to=row.user_id,
        why=row.last_error,
        when=voice.moment(row.parked_at or row.due_at),
    )
    again = blocks.button(f"{ids.HOME_PARKED}.again.{row.id}", voice.label("manage.try_again"), f"again:{row.id}")
    leave = blocks.button(f"{ids.HOME_PARKED}.leave.{row.id}", voice.label("manage.give_up"), f"leave:{row.id}")
    return [blocks.section(told), blocks.actions(f"{ids.HOME_PARKED}.{row.id}", [again, leave])]


def _team(voice: Voice, agenda: Agenda, now: datetime) -> Sequence[Block]:
    """What a manager may set; for whoever could become one, that they can."""
    if agenda.library:
        return _library(voice, agenda.library, agenda.summary_channels, now)
    if not agenda.member.is_admin:
        return []
    accept = blocks.button(ids.HOME_ACCEPT, voice.label("manage.accept"), "accept")
    return [blocks.header(voice.label("home.team")), blocks.section(voice.text("library/accept"), accept)]


def _library(voice: Voice, library: Library, summaries_in: Sequence[str], now: datetime) -> Sequence[Block]:
    team, products = library.team, library.products
    told = voice.text(
        "library/team",
        products=[person(product.name) for product in products[:SHOWN_MOST]],
        more=max(len(products) - SHOWN_MOST, 0),
        heard_channel=team.heard_channel,
        help_channel=team.help_channel,
        summaries=summaries_in[:SHOWN_MOST],
        verifier=team.verifier_id,
        days=team.withdrawal_days,
        limits=limits.told(voice, policies.of_team(team)),
    )
    options = [blocks.option(product.name, str(product.id)) for product in products]
    change = blocks.select(ids.HOME_CHANGE_PRODUCT, options, None, voice.label("placeholder.change_product"))
    controls = [
        blocks.button(ids.HOME_ADD_PRODUCT, voice.label("manage.add_product"), "add"),
        *([change] if products else []),
        limits.menu(voice),
        blocks.button(ids.HOME_TEAM, voice.label("manage.team"), "team"),
        blocks.button(ids.HOME_SUMMARY, voice.label("manage.summary"), "summary"),
        blocks.button(ids.HOME_MANAGERS, voice.label("manage.managers"), "managers"),
    ]
    # A menu under a new id has nothing chosen: Slack does not tell of the same choice twice in one menu.
    row = blocks.actions(f"{ids.HOME_TEAM}.{now.timestamp():.6f}", controls)
    return [blocks.header(voice.label("home.team")), blocks.section(told), row]


def _rest(voice: Voice, template: str, count: int, shown: int) -> Sequence[Block]:
    """What an empty list says, or how many more there are."""
    said = voice.text(template, count=count, more=count - shown)
    return [blocks.context(said)] if said else []


def _task(voice: Voice, reminder: Reminder, now: datetime) -> Block:
    task = reminder.task
    told = voice.text(
        "home/task",
        name=in_list(voice, reminder.name),
        what=voice.label(f"task.{task.kind}"),
        when=voice.moment(task.due_at),
        overdue=task.due_at < now,
    )
    return blocks.section(
        told, open_card(voice, f"task.{task.id}", reminder.card, reminder.name) if reminder.card else None
    )


def _case(voice: Voice, case: Case, about: str | None) -> Block:
    told = voice.text(
        "home/case",
        name=in_list(voice, about),
        state=outcome_of(voice, case),
        touched=voice.moment(case.touched_at),
    )
    return blocks.section(told, open_card(voice, f"case.{case.id}", case.id or 0, about, "resume"))
