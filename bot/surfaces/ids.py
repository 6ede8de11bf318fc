"""Every command, action, callback and block id, once: builders write them and listeners match them."""

from enum import StrEnum

CANCEL = "cancel"

HOME_NEW = "home.new"
CASE_RESUME = "case.resume"

NEW_CASE_FORM = "case.form.new"
DETAILS_FORM = "case.form.details"
COOL_OFF_FORM = "case.form.cool_off"
LEAVE_OUT_FORM = "case.form.leave_out"
SNOOZE_FORM = "task.form.snooze"

CASE_PRESS = "case.press"
TASK_PRESS = "task.press"

WORDS = "words"


class Ask(StrEnum):
    """What a press on a card asks for beside the moves of the conversation."""

    STAYING = "staying"
    LEAVING = "leaving"
    SOFT_YES = "soft_yes"
    CARRIED_OUT = "carried_out"
    UNDO = "undo"
    HUSH = "hush"
    IDENTIFY = "identify"
    SWITCH = "switch"
    DETAILS = "details"
    COOL_OFF = "cool_off"
    LEAVE_OUT = "leave_out"


class TaskAsk(StrEnum):
    """What a press on a reminder asks for."""

    DONE = "done"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    PICK = "pick"
