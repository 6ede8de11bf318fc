"""The form in which a member sets how they like to work, with its reader."""

from collections.abc import Mapping

from bot.coaching.members import Settings
from bot.storage.models import Member
from bot.surfaces import blocks, forms, ids, working_hours
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

PLAYBOOK = "form.default_playbook"
BOOKING = "form.booking_link"

# A name that no playbook has.
_LAST = "*last"


def settings(voice: Voice, member: Member, playbooks: Mapping[str, str]) -> View:
    """What a member may set; `playbooks` are the titles to choose from, by their names."""
    choices = {_LAST: voice.label("settings.last_playbook"), **playbooks}
    fields = [
        forms.choice(voice, PLAYBOOK, choices, member.default_playbook or _LAST),
        forms.field(voice, BOOKING, blocks.text_input(BOOKING, member.booking_link)),
        *working_hours.fields(voice, member),
    ]
    return forms.form(voice, ids.SETTINGS_FORM, "settings", Opener(), fields)


def read_settings(voice: Voice, sent: Submission) -> Settings | Refused:
    """What the member has set."""
    playbook, link = sent.text(PLAYBOOK), sent.text(BOOKING)
    if refused := forms.without_card_numbers(voice, {BOOKING: link}):
        return refused
    work = working_hours.read(voice, sent)
    link_error = {BOOKING: voice.label("error.booking_link")} if link and not forms.is_https(link) else {}
    if link_error or isinstance(work, Refused):
        return Refused({**link_error, **forms.errors_of(work)})
    return Settings(None if playbook == _LAST else playbook, link, work)
