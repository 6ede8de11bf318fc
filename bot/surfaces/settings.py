"""The form in which a member sets how they like to work, with its reader."""

from collections.abc import Mapping

from bot.coaching import hours
from bot.coaching.members import TOLD, Settings
from bot.storage.models import Member, Team
from bot.surfaces import blocks, forms, ids, timezones, working_hours
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

PLAYBOOK = "form.default_playbook"
BOOKING = "form.booking_link"
CARDS = "form.shown"
ZONE = "form.own_timezone"
WANTED = "form.told"

# A name that no playbook has.
_LAST = "*last"
_CUES = "cues"


def settings(voice: Voice, member: Member, team: Team, playbooks: Mapping[str, str]) -> View:
    """What a member may set, over what the team has; `playbooks` are the titles to choose from, by their names."""
    choices = {_LAST: voice.label("settings.last_playbook"), **playbooks}
    cues = blocks.option(voice.label("settings.cues_only"), _CUES)
    told = {each: voice.label(f"told.{each}") for each in TOLD}
    wanted = [each for each in TOLD if each not in member.unwanted]
    fields = [
        forms.choice(voice, PLAYBOOK, choices, member.default_playbook or _LAST),
        forms.field(voice, CARDS, blocks.checkboxes(CARDS, [cues], [_CUES] if member.cues_only else [])),
        forms.field(voice, BOOKING, blocks.text_input(BOOKING, member.booking_link)),
        forms.field(voice, ZONE, timezones.menu(voice, ZONE, member.own_timezone)),
        *working_hours.fields(voice, hours.as_set(member, team)),
        forms.field(voice, WANTED, blocks.checkboxes(WANTED, blocks.options_of(told), wanted)),
    ]
    return forms.form(voice, ids.SETTINGS_FORM, "settings", Opener(), fields)


def read_settings(voice: Voice, sent: Submission) -> Settings | Refused:
    """What the member has set."""
    playbook, link = sent.text(PLAYBOOK), sent.text(BOOKING)
    if refused := forms.without_card_numbers(voice, {BOOKING: link}):
        return refused
    work = working_hours.read(voice, sent)
    zone = sent.text(ZONE)
    if zone and zone not in timezones.known():
        return Refused({ZONE: voice.label("error.summary_zone")})
    link_error = {BOOKING: voice.label("error.booking_link")} if link and not forms.is_https(link) else {}
    if link_error or isinstance(work, Refused):
        return Refused({**link_error, **forms.errors_of(work)})
    wanted = sent.field(WANTED).ticked
    return Settings(
        None if playbook == _LAST else playbook,
        link,
        work,
        zone,
        cues_only=_CUES in sent.field(CARDS).ticked,
        unwanted=[each for each in TOLD if each not in wanted],
    )
