"""What the coach declines to do, told apart so that each gets its own kind sentence."""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was declined; a text of the same name explains it."""

    CARD_NUMBER = "card_number"
    NOT_YOURS = "not_yours"
    GONE = "gone"
    YOUR_OWN = "your_own"
    TOO_LATE = "too_late"
    NO_HELP_CHANNEL = "no_help_channel"
    NAMED = "named"
    NOT_AN_ADMIN = "not_an_admin"
    NOT_A_MANAGER = "not_a_manager"
    NAME_TAKEN = "name_taken"
    LIBRARY_FULL = "library_full"
    NOT_A_VERIFIER = "not_a_verifier"
    OWN_STORY = "own_story"
    NOT_YOUR_STORY = "not_your_story"
    CONSENT_AGAIN = "consent_again"
    NOT_TOLD = "not_told"
    THEIR_OWN = "their_own"
    LEFT_ALONE = "left_alone"
    LONG_AGO = "long_ago"
    LIMIT_IS_NEW = "limit_is_new"
    NOT_AN_APPROVER = "not_an_approver"
    OWN_REQUEST = "own_request"
    MORE_THAN_ASKED = "more_than_asked"
    FORGOTTEN = "forgotten"
    CORRECTED_MEANWHILE = "corrected_meanwhile"
    NOTHING_TO_CORRECT = "nothing_to_correct"
    EXPORT_RUNS = "export_runs"
    MADE_UP = "made_up"
    TAKEN = "taken"
    ELSEWHERE = "elsewhere"
    OWN_MESSAGE = "own_message"
    NO_SUMMARY = "no_summary"
    OUTDATED = "outdated"


class Declined(Exception):  # noqa: N818 - an answer, not a fault
    """A request that was understood and not carried out. Nothing has changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
