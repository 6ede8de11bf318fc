"""Every command, action, callback and block id, once: builders write them and listeners match them."""

from enum import StrEnum

CANCEL = "cancel"
SOLIDIFY = "solidify"
STORY = "story"
RECONNECT = "reconnect"
SAVES = "saves"
COMMANDS = (CANCEL, SOLIDIFY, STORY, RECONNECT, SAVES)

SHORTCUT_CANCEL = "shortcut.cancel"
SHORTCUT_SOLIDIFY = "shortcut.solidify"
SHORTCUT_MESSAGE = "shortcut.message"

HOME_NEW = "home.new"
HOME_SOLIDIFY = "home.solidify"
HOME_RECONNECT = "home.reconnect"
HOME_SAVES = "home.saves"
HOME_STORIES = "home.stories"
HOME_SETTINGS = "home.settings"
HOME_ACCEPT = "home.accept"
HOME_TRY = "home.try"
HOME_HELP = "home.help"
HOME_PAGE = "home.page"
NO_TIPS = "home.no_tips"
HOME_ADD_PRODUCT = "home.add_product"
HOME_CHANGE_PRODUCT = "home.change_product"
HOME_MANAGERS = "home.managers"
HOME_PARKED = "home.parked"
HOME_TEAM = "home.team"
HOME_SUMMARY = "home.summary"
HOME_POLICY = "home.policy"
CASE_RESUME = "case.resume"

NEW_CASE_FORM = "case.form.new"
MESSAGE_FORM = "case.form.message"
DETAILS_FORM = "case.form.details"
COOL_OFF_FORM = "case.form.cool_off"
LEAVE_OUT_FORM = "case.form.leave_out"
REMEDY_FORM = "case.form.remedy"
NEW_DATE_FORM = "case.form.new_date"
NOT_NOW_FORM = "case.form.not_now"
MISFIT_FORM = "case.form.misfit"
IN_TOUCH_FORM = "case.form.in_touch"
COLLEAGUE_FORM = "case.form.colleague"
STORY_FORM = "story.form"
VERDICT_FORM = "story.form.verdict"
SEARCH_FORM = "story.form.search"
TOLD_FORM = "story.form.told"
WRITE_FORM = "story.form.write"
WITHDRAW_FORM = "story.form.withdraw"
HAND_OVER_FORM = "task.form.hand_over"
DROP_FORM = "task.form.drop"
HAND_ALL_FORM = "away.form.hand_all"
DATES_FORM = "saves.form.dates"
SUBSCRIBE_FORM = "saves.form.subscribe"
SWITCH_ON_FORM = "saves.form.switch_on"
CUSTOMER_FORM = "record.form.customer"
CORRECT_FORM = "record.form.correct"
FORGET_FORM = "record.form.forget"
EXPORT_FORM = "export.form"
SNOOZE_FORM = "task.form.snooze"
SOLIDIFY_FORM = "sale.form.solidify"
CALL_FORM = "sale.form.call"
MANAGERS_FORM = "role.form.managers"
PRODUCT_FORM = "library.form.product"
TEAM_FORM = "library.form.team"
POLICY_FORM = "policy.form"
APPROVAL_FORM = "approval.form"
SETTINGS_FORM = "settings.form"

CASE_PRESS = "case.press"
CASE_TAKE_BACK = "case.take_back"
TASK_PRESS = "task.press"
ROLE_PRESS = "role.press"
STORY_PRESS = "story.press"
AWAY_PRESS = "away.press"
SAVES_PRESS = "saves.press"
APPROVAL_PRESS = "approval.press"
RECORD_PRESS = "record.press"
EXPORT_PRESS = "export.press"
STORY_LOOK = "story.look"
FIND_STORY = "case.press.find_story"

WORDS = "words"
DRAFT = "draft"


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
    HEARD = "heard"
    STEPS = "steps"
    SENT = "sent"
    WAIT_UNTIL = "wait_until"
    SLOT = "slot"
    TURN_TO = "turn_to"
    TAKE_BACK = "take_back"
    NO_SHOW = "no_show"
    LEAVE_ALONE = "leave_alone"
    DETAILS = "details"
    HISTORY = "history"
    COOL_OFF = "cool_off"
    LEAVE_OUT = "leave_out"
    AGREE = "agree"
    NEW_DATE = "new_date"
    NOT_NOW = "not_now"
    MISFIT = "misfit"
    IN_TOUCH = "in_touch"
    COLLEAGUE = "colleague"
    STORY = "story"
    FIND_STORY = "find_story"
    ANOTHER_STORY = "another_story"
    WORRY = "worry"
    LANDED = "landed"
    NOT_LANDED = "not_landed"
    NOT_TOLD = "not_told"
    TAKE_LESS = "take_less"
    UNASK = "unask"
    LEAVE_LESS = "leave_less"
    CALL_BACK = "call_back"


class AwayAsk(StrEnum):
    """What a press of somebody who is away asks for."""

    COME_BACK = "come_back"
    HAND_ALL = "hand_all"
    TAKE_ALL_BACK = "take_all_back"


class RoleAsk(StrEnum):
    """What a press asks for about who manages the team."""

    ACCEPT = "accept_role"
    DECLINE = "decline_role"
    STEP_DOWN = "step_down"
    TAKE_OUT = "take_out"
    TAKE_BACK = "take_question_back"
    LEAVE_GROUP = "leave_group"


# No row has a longer number: a database server counts no further than 2,147,483,647.
_DIGITS_MOST = 9


def is_number(text: str) -> bool:
    """Whether a control carries the number of a row. What else stands there is from before an upgrade."""
    return text.isdecimal() and len(text) <= _DIGITS_MOST


class SavesAsk(StrEnum):
    """What a press among the figures asks for."""

    SPAN = "span"
    PRODUCT = "product"
    REASON = "reason"
    PLAYBOOK = "playbook"
    DATES = "dates"
    SHARE = "share"
    SUBSCRIBE = "subscribe"


class RecordAsk(StrEnum):
    """What a press in the record asks for."""

    CUSTOMER = "customer"
    HISTORY = "history"
    CORRECT = "correct"
    FORGET = "forget"


class ExportAsk(StrEnum):
    """Which files a press asks for."""

    FORM = "form"
    PAGE = "page"


class Look(StrEnum):
    """What a press among the stories asks for."""

    WORRY = "worry"
    PRODUCT = "product"
    MORE = "more"
    MINE = "mine"
    ALL = "all"
    ADD = "add"
    TELL = "tell"
    APART = "apart"
    COPY = "copy"
    CHANGE = "change"
    MEND = "mend"
    WITHDRAW = "withdraw"
    DECIDED = "decided"
    HOLDS = "holds"


class TaskAsk(StrEnum):
    """What a press on a reminder asks for."""

    DONE = "done"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    PICK = "pick"
    HAND_OVER = "hand_over"
    DROP = "drop"
    KEEP = "keep"
    UNBOOK = "unbook"
    HELD = "held"
    UNKNOWN = "unknown"
    UNDO = "undo"
    MET = "met"
    NOT_MET = "not_met"
    GONE = "gone"
