"""Every state that a surface can be in, built from rows with fixed ids and times.

The golden files, the limits, Slack's own models, hostile names, and what is left over are all held against these.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.coaching.cases import Card, Notice
from bot.coaching.errors import Reason
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.surfaces import cases, forms, home, made_up, problems
from bot.surfaces.forms import Refused
from bot.surfaces.manifest import manifest
from bot.surfaces.words import person
from tests.surfaces.home_states import HOMES
from tests.surfaces.library_states import LIBRARY, LIBRARY_ANSWERS
from tests.surfaces.playbook_states import PLAYBOOK_ANSWERS, PLAYBOOKS
from tests.surfaces.policy_states import POLICIES, POLICY_ANSWERS
from tests.surfaces.record_states import RECORD_ANSWERS, RECORDS
from tests.surfaces.reminder_states import RECONNECTING, REMINDER_ANSWERS, REMINDERS
from tests.surfaces.role_states import ROLE_ANSWERS, ROLES
from tests.surfaces.sale_states import SALE_ANSWERS, SALES
from tests.surfaces.scenes import (
    COMMAND,
    MISSION,
    NOW,
    ORIGIN,
    SAM,
    TODAY,
    Built,
    Scene,
    history,
    namesakes,
    other_cases,
    said,
    submission,
    told,
)
from tests.surfaces.story_states import STORIES, STORY_ANSWERS
from tests.surfaces.summary_states import SUMMARIES, SUMMARY_ANSWERS


def refused(scene: Scene, **typed: str) -> Built:
    """What a form answers to values that cannot be taken."""
    values = {
        forms.NAME: {"value": typed.get("name")},
        forms.VALUE: {"value": typed.get("value")},
        forms.RECONNECT: {"selected_date": typed.get("reconnect_on")},
    }
    sent = submission(values)
    read = forms.read_details(scene.voice, sent, TODAY)
    assert isinstance(read, Refused)
    return {"response_action": "errors", "errors": read.errors}


def no_day_picked(scene: Scene) -> Built:
    read = forms.read_cool_off(scene.voice, submission({forms.COOL_OFF_UNTIL: {"selected_date": None}}), TODAY)
    assert isinstance(read, Refused)
    return {"response_action": "errors", "errors": read.errors}


def details(scene: Scene, card: Card) -> Built:
    return forms.details(scene.voice, card, ORIGIN, TODAY)


FILLED = {
    "reason": "cost",
    "product": "Corner sofa",
    "heard_through": "phone",
    "value_minor": 1_200_50,
    "currency": "USD",
    "bought_on": date(2026, 11, 20),
    "link": "https://crm.example/7",
    "words": {"note": "Ask about\nthe colour"},
}

CORRECTED = [
    {"at": NOW.isoformat(), "by": SAM, "was": "left", "outcome": "saved", "corrected_why": "She called & <stays>."}
]

CARDS: Mapping[str, Callable[[Scene], Built]] = {
    "card_first": lambda scene: scene.shown(),
    "card_first_unnamed": lambda scene: replace(scene, name=None).shown(),
    "card_first_with_history": lambda scene: scene.shown(history=history(scene)),
    "card_first_with_namesakes": lambda scene: scene.shown(
        customer=None, customer_id=None, called=scene.name, namesakes=namesakes(scene)
    ),
    "card_first_in_other_words": lambda scene: scene.shown(variant=1, words={"thought": "The gym, in March"}),
    "card_gate": lambda scene: scene.shown("why", words={"why": "Her <brother> laughed"}),
    "card_deeper": lambda scene: scene.shown("deeper", noes=1),
    "card_cost": lambda scene: scene.shown("cost"),
    "card_mission_kept": lambda scene: scene.shown("mission", cause="fear", mission=MISSION),
    "card_hopes": lambda scene: scene.shown("mission", cause="fear"),
    "card_likeness": lambda scene: scene.shown("story", cause="fear"),
    "card_future": lambda scene: scene.shown("future", cause="fear"),
    "card_agree": lambda scene: scene.shown("agree", cause="fear"),
    "card_rethink": lambda scene: scene.shown("rethink", cause="legitimate"),
    "card_settle": lambda scene: scene.shown("settle", cause="legitimate"),
    "card_letting_go": lambda scene: scene.shown("goodbye", letting_go=True),
    "card_cues_only": lambda scene: scene.shown("why", cues_only=True),
    **{
        f"card_notice_{notice}": lambda scene, notice=notice: scene.shown("future", notice=notice)  # type: ignore[misc]
        for notice in Notice
    },
    "card_saved": lambda scene: scene.over(Outcome.SAVED, TaskKind.CHECK_IN),
    "card_saved_soft": lambda scene: scene.over(Outcome.SAVED, TaskKind.SOFT_YES_CALL, soft_yes=True),
    "card_saved_on_another_plan": lambda scene: scene.over(Outcome.CHANGED_PLAN, TaskKind.CHECK_IN),
    "card_saved_cues_only": lambda scene: scene.over(Outcome.SAVED, TaskKind.CHECK_IN, cues_only=True),
    "card_saved_kept": lambda scene: scene.over(Outcome.PAUSED, TaskKind.CHECK_IN, notice=Notice.KEPT),
    "card_rescheduled": lambda scene: scene.over(Outcome.RESCHEDULED, TaskKind.CHECK_IN),
    "card_left": lambda scene: scene.over(Outcome.LEFT, TaskKind.CARRY_OUT, TaskKind.HELLO),
    "card_cool_off": lambda scene: scene.over(Outcome.COOL_OFF, TaskKind.COOL_OFF_CALL),
    "card_mistake": lambda scene: scene.over(Outcome.MISTAKE),
    "card_corrected": lambda scene: scene.over(Outcome.SAVED, TaskKind.CHECK_IN, trail=CORRECTED),
    "card_removed": lambda scene: scene.over(Outcome.FORGOTTEN),
    "card_duplicate": lambda scene: scene.over(Outcome.DUPLICATE),
}

FORMS: Mapping[str, Callable[[Scene], Built]] = {
    "form_new_case": lambda scene: forms.new_case(scene.voice),
    "form_details_empty": lambda scene: details(scene, replace(scene, name=None).card()),
    "form_details_filled": lambda scene: details(scene, scene.card("why", **FILLED)),
    "form_details_saved": lambda scene: details(
        scene, scene.closed(Outcome.PAUSED, TaskKind.CHECK_IN, **FILLED, remedy="fix")
    ),
    "form_details_left": lambda scene: details(scene, scene.closed(Outcome.LEFT, TaskKind.CARRY_OUT, TaskKind.HELLO)),
    "form_cool_off": lambda scene: forms.cool_off(scene.voice, ORIGIN, TODAY),
    "form_leave_out": lambda scene: forms.leave_out(scene.voice, other_cases(scene), ORIGIN),
    "word_opened": lambda scene: said(scene, "opened", scene.voice.text("cases/opened")),
    "word_settings_kept": lambda scene: said(scene, "settings_kept", scene.voice.text("home/settings_kept")),
    "word_problem": lambda scene: problems.sheet(scene.voice, problems.unexpected(scene.voice, "0f3a9c1e", "")),
    "word_resumed": lambda scene: said(
        scene, "resumed", scene.voice.text("cases/resumed", name=person(cases.named(scene.voice, scene.name)))
    ),
}

LISTS: Mapping[str, Callable[[Scene], Built]] = {
    "list_empty": lambda scene: home.listing(scene.voice, scene.agenda(0), NOW),
    "list_full": lambda scene: home.listing(scene.voice, scene.agenda(5), NOW),
    "list_over_the_limit": lambda scene: home.listing(scene.voice, scene.agenda(home.SHOWN_MOST, 1), NOW),
    "home_empty": lambda scene: home.home(scene.voice, scene.agenda(0), NOW, ""),
    "home_full": lambda scene: home.home(scene.voice, scene.agenda(5), NOW, ""),
    "home_over_the_limit": lambda scene: home.home(scene.voice, scene.agenda(home.SHOWN_MOST, 5), NOW, ""),
}

TEXTS: Mapping[str, Callable[[Scene], Built]] = {
    "help": lambda scene: told(scene.voice.text("cases/help", command=COMMAND, books=[scene.playbook])),
    **{
        f"error_{reason}": lambda scene, reason=reason: problems.message(  # type: ignore[misc]
            problems.declined(scene.voice, reason, "0f3a9c1e", "")
        )
        for reason in Reason
    },
    "error_unexpected": lambda scene: problems.message(problems.unexpected(scene.voice, "0f3a9c1e", made_up.SUPPORT)),
}

SURFACES: Mapping[str, Callable[[Scene], Built]] = {
    **CARDS,
    **PLAYBOOKS,
    **FORMS,
    **LISTS,
    **LIBRARY,
    **HOMES,
    **SALES,
    **STORIES,
    **SUMMARIES,
    **ROLES,
    **POLICIES,
    **RECORDS,
    **REMINDERS,
    **RECONNECTING,
    **TEXTS,
}

# What Slack gets that is neither a message nor a view.
ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "form_refuses_a_card_number": lambda scene: refused(scene, name="4111 1111 1111 1111"),
    "form_refuses_an_amount_and_a_past_day": lambda scene: refused(scene, value="abc", reconnect_on="2026-11-23"),
    "form_refuses_no_day": no_day_picked,
    **LIBRARY_ANSWERS,
    **SALE_ANSWERS,
    **STORY_ANSWERS,
    **SUMMARY_ANSWERS,
    **ROLE_ANSWERS,
    **POLICY_ANSWERS,
    **RECORD_ANSWERS,
    **PLAYBOOK_ANSWERS,
    **REMINDER_ANSWERS,
    "manifest": lambda scene: manifest(scene.voice, ""),
    "manifest_over_http": lambda scene: manifest(scene.voice, "acme-", "https://bot.example/slack/events"),
}

STATES: Mapping[str, Callable[[Scene], Built]] = {**SURFACES, **ANSWERS}
