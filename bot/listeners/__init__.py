"""Slack gestures in: one file a feature, each with `register(app, services)`."""

from slack_bolt.async_app import AsyncApp

from bot.listeners import (
    approvals,
    cases,
    door,
    drafts,
    errors,
    exports,
    forgetting,
    home,
    library,
    policies,
    reconnecting,
    record,
    reminders,
    roles,
    sales,
    saves,
    settings,
    shortcuts,
    stories,
    verifiers,
)
from bot.listeners.context import Services

_FEATURES = (
    door,
    drafts,
    cases,
    shortcuts,
    sales,
    reminders,
    reconnecting,
    saves,
    exports,
    record,
    forgetting,
    home,
    library,
    policies,
    roles,
    settings,
    stories,
    verifiers,
    approvals,
    errors,
)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for everything."""
    for feature in _FEATURES:
        feature.register(app, services)
