"""What Slack sends, signed: bytes ready for the wire, so that no round pays for making them.

Shapes: docs.slack.dev/interactivity/implementing-slash-commands, docs.slack.dev/reference/interaction-payloads.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from bot.playground.server import SIGNING_SECRET
from tests.benchmarks.load import Call

_TEAM = "T0BENCH"
_REP = "U0BENCH"
_CHANNEL = "C0BENCH"

_SIGNER = SignatureVerifier(SIGNING_SECRET)


@dataclass(frozen=True)
class Gesture:
    """What somebody did, as Slack tells of it, and what the answer has to hold."""

    form: Mapping[str, str]
    wanted: str = ""

    def call(self, url: str) -> Call:
        """The whole request, signed: good for five minutes from now."""
        return Call(_signed(url, urlencode(self.form)), self.wanted.encode())


def command(text: str, wanted: str) -> Gesture:
    """`/cancel` with this text."""
    form = {
        "token": "unused",
        "team_id": _TEAM,
        "team_domain": "bench",
        "channel_id": _CHANNEL,
        "channel_name": "renewals",
        "user_id": _REP,
        "user_name": "rep",
        "command": "/cancel",
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1/unused",
        "trigger_id": "1.2.3",
    }
    return Gesture(form, wanted)


def press(button: Mapping[str, str], response_url: str) -> Gesture:
    """A press on a button of a card that only the rep sees. `button` is as the app sent it."""
    payload: Mapping[str, object] = {
        "type": "block_actions",
        "user": {"id": _REP, "username": "rep", "name": "rep", "team_id": _TEAM},
        "team": {"id": _TEAM, "domain": "bench"},
        "api_app_id": "A0BENCH",
        "token": "unused",
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {
            "type": "message",
            "message_ts": "1764000000.000100",
            "channel_id": _CHANNEL,
            "is_ephemeral": True,
        },
        "channel": {"id": _CHANNEL, "name": "renewals"},
        "trigger_id": "1.2.3",
        "response_url": response_url,
        "state": {"values": {}},
        "actions": [{**button, "block_id": "case.press", "action_ts": "1764000000.000200"}],
    }
    return Gesture({"payload": json.dumps(payload)})


def _signed(url: str, body: str) -> bytes:
    timestamp, to = str(int(time())), urlsplit(url)
    head = (
        f"POST {to.path} HTTP/1.1",
        f"Host: {to.netloc}",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept: application/json,*/*",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"X-Slack-Request-Timestamp: {timestamp}",
        f"X-Slack-Signature: {_SIGNER.generate_signature(timestamp=timestamp, body=body)}",
    )
    return "\r\n".join((*head, "", body)).encode()
