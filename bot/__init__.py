"""Comeback: a Slack app that stands beside a rep while a customer cancels."""

__version__ = "0.1.0"
