"""Slack gestures in: one file a feature, each with `register(app, services)`."""

from slack_bolt.async_app import AsyncApp

from bot.listeners import (
    cases,
    errors,
    home,
    library,
    reconnecting,
    reminders,
    sales,
    saves,
    settings,
    stories,
    verifiers,
)
from bot.listeners.context import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen for everything."""
    for feature in (cases, sales, reminders, reconnecting, saves, home, library, settings, stories, verifiers, errors):
        feature.register(app, services)
