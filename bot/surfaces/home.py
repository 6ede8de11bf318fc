"""What I have open: as the App Home, and as the answer to `/cancel list`."""

from collections.abc import Sequence
from datetime import datetime

from bot.coaching import policies
from bot.coaching.home import Agenda
from bot.coaching.insight import Insight
from bot.coaching.library import Library
from bot.coaching.reminders import Reminder
from bot.storage.models import Case, OutboxRow
from bot.surfaces import blocks, ids, summaries, verifiers
from bot.surfaces import policies as limits
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.cases import named, open_card, outcome_of
from bot.surfaces.manifest import command_of
from bot.surfaces.words import Voice, person

SHOWN_MOST = 10


def home(voice: Voice, agenda: Agenda, now: datetime, prefix: str) -> View:
    """The App Home: one thing to start, then what waits, then what managers set for the team."""
    new = blocks.button(ids.HOME_NEW, voice.label("press.new"), "new", style="primary")
    sale = blocks.button(ids.HOME_SOLIDIFY, voice.label("press.solidify"), "solidify")
    stories = blocks.button(ids.HOME_STORIES, voice.label("press.stories"), "stories")
    coming = blocks.button(ids.HOME_RECONNECT, voice.label("press.reconnect"), "reconnect")
    saves = blocks.button(ids.HOME_SAVES, voice.label("press.saves"), "saves")
    settings = blocks.button(ids.HOME_SETTINGS, voice.label("press.settings"), "settings")
    welcome = voice.text("home/welcome", command=command_of(prefix, ids.CANCEL))
    return {
        "type": "home",
        "blocks": [
            blocks.header(voice.label("home.title")),
            blocks.section(welcome),
            blocks.actions("home", [new, sale, coming, stories, saves, settings]),
            *_agenda(voice, agenda, now),
            *_waiting(voice, agenda),
            *_insight(voice, agenda.insight),
            *verifiers.queue_at_home(voice, agenda.queue),
            *_parked(voice, agenda.parked),
            *_team(voice, agenda, now),
        ],
    }


def listing(voice: Voice, agenda: Agenda, now: datetime) -> Message:
    """The same list as a message, for a rep who asked for it."""
    text = voice.text(
        "home/spoken",
        cases=[person(named(voice, name)) for _, name in agenda.cases],
        tasks=[person(named(voice, reminder.name)) for reminder in agenda.tasks],
        case_count=agenda.case_count,
        task_count=agenda.task_count,
    )
    return blocks.message(text, _agenda(voice, agenda, now))


def _agenda(voice: Voice, agenda: Agenda, now: datetime) -> Sequence[Block]:
    return [
        blocks.header(voice.label("home.tasks")),
        *(_task(voice, reminder, now) for reminder in agenda.tasks),
        *_rest(voice, "home/tasks_rest", agenda.task_count, len(agenda.tasks)),
        blocks.header(voice.label("home.cases")),
        *(_case(voice, case, about) for case, about in agenda.cases),
        *_rest(voice, "home/cases_rest", agenda.case_count, len(agenda.cases)),
    ]


def _waiting(voice: Voice, agenda: Agenda) -> Sequence[Block]:
    """Cases that wait too long; a manager sees whose they are."""
    waiting, me = agenda.waiting, agenda.member.user_id
    if not waiting.cases:
        return []
    told = [
        blocks.section(
            voice.text(
                "home/waiting",
                name=person(named(voice, about)),
                rep=case.rep_id if case.rep_id != me else None,
                touched=voice.moment(case.touched_at),
            ),
            open_card(voice, f"waiting.{case.id}", case.id or 0, "resume") if case.rep_id == me else None,
        )
        for case, about in waiting.cases
    ]
    rest = _rest(voice, "home/waiting_rest", waiting.count, len(waiting.cases))
    return [blocks.header(voice.label("home.waiting")), *told, *rest]


def _insight(voice: Voice, insight: Insight | None) -> Sequence[Block]:
    """Where one's own conversations end most, with a line on what helps."""
    if insight is None:
        return []
    told = voice.text(
        "home/insight", rate=summaries.rate(voice, insight.ended), step=insight.step.title, aim=insight.step.aim
    )
    return [blocks.header(voice.label("home.insight")), blocks.section(told)]


def _parked(voice: Voice, parked: Sequence[OutboxRow]) -> Sequence[Block]:
    """What Slack refused, for a manager to try again or to leave."""
    blocks_of = [block for row in parked for block in _refused(voice, row)]
    return [blocks.header(voice.label("home.parked")), *blocks_of] if parked else []


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
        return _library(voice, agenda.library, now)
    if not agenda.member.is_admin:
        return []
    accept = blocks.button(ids.HOME_ACCEPT, voice.label("manage.accept"), "accept")
    return [blocks.header(voice.label("home.team")), blocks.section(voice.text("library/accept"), accept)]


def _library(voice: Voice, library: Library, now: datetime) -> Sequence[Block]:
    team, products = library.team, library.products
    told = voice.text(
        "library/team",
        products=[person(product.name) for product in products[:SHOWN_MOST]],
        more=max(len(products) - SHOWN_MOST, 0),
        heard_channel=team.heard_channel,
        help_channel=team.help_channel,
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
        blocks.button(ids.HOME_MANAGERS, voice.label("manage.managers"), "managers"),
    ]
    # A menu under a new id has nothing chosen: Slack does not tell of the same choice twice in one menu.
    row = blocks.actions(f"{ids.HOME_TEAM}.{int(now.timestamp())}", controls)
    return [blocks.header(voice.label("home.team")), blocks.section(told), row]


def _rest(voice: Voice, template: str, count: int, shown: int) -> Sequence[Block]:
    """What an empty list says, or how many more there are."""
    said = voice.text(template, count=count, more=count - shown)
    return [blocks.context(said)] if said else []


def _task(voice: Voice, reminder: Reminder, now: datetime) -> Block:
    task = reminder.task
    told = voice.text(
        "home/task",
        name=person(named(voice, reminder.name)),
        what=voice.label(f"task.{task.kind}"),
        when=voice.moment(task.due_at),
        overdue=task.due_at < now,
    )
    return blocks.section(told, open_card(voice, f"task.{task.id}", reminder.card) if reminder.card else None)


def _case(voice: Voice, case: Case, about: str | None) -> Block:
    told = voice.text(
        "home/case",
        name=person(named(voice, about)),
        state=outcome_of(voice, case),
        touched=voice.moment(case.touched_at),
    )
    return blocks.section(told, open_card(voice, f"case.{case.id}", case.id or 0, "resume"))
