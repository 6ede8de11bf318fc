"""Working days and hours, and how many reminders a day brings: the fields that a member and a team share."""

from collections.abc import Sequence

from babel.dates import get_day_names

from bot.coaching.hours import Work
from bot.surfaces import blocks, forms
from bot.surfaces.blocks import Block
from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

DAYS = "form.work_days"
FROM = "form.work_from"
TO = "form.work_to"
MOST = "form.daily_most"

_A_DAY_MOST = 50


def fields(voice: Voice, work: Work) -> Sequence[Block]:
    """As it is now, to be set otherwise."""
    names = get_day_names("wide", context="stand-alone", locale=voice.locale)
    week = [(voice.locale.first_week_day + turn) % len(names) for turn in range(len(names))]
    days = [str(day) for day in work.days]
    return [
        forms.field(
            voice,
            DAYS,
            blocks.checkboxes(DAYS, blocks.options_of({str(day): names[day] for day in week}), days),
            optional=False,
        ),
        forms.field(voice, FROM, blocks.time_picker(FROM, work.opens), optional=False),
        forms.field(voice, TO, blocks.time_picker(TO, work.closes), optional=False),
        forms.field(voice, MOST, blocks.number_input(MOST, work.most, 1, _A_DAY_MOST), optional=False),
    ]


def read(voice: Voice, sent: Submission) -> Work | Refused:
    """What was set; a day has to begin before it ends."""
    days, opens, closes = sent.field(DAYS).ticked, sent.text(FROM), sent.text(TO)
    typed = sent.text(MOST) or ""
    most = int(typed) if typed.isdecimal() and len(typed) <= len(str(_A_DAY_MOST)) else 0
    wrong = {
        DAYS: not days,
        TO: not (opens and closes and opens < closes),
        MOST: not 1 <= most <= _A_DAY_MOST,
    }
    told = {name: voice.label(f"error.{name.removeprefix('form.')}") for name, is_wrong in wrong.items() if is_wrong}
    if told or not opens or not closes:
        return Refused(told)
    return Work(sorted(int(day) for day in days if day.isdecimal()), opens, closes, most)
