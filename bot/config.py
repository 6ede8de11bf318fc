"""Settings, read once from the environment (and a `.env` file beside the process)."""

from pathlib import Path
from typing import Annotated, Literal

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def _with_final_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _address(url: str) -> str:
    try:
        make_url(url)
    except ArgumentError:
        raise ValueError("not a database address; one reads like sqlite:///comeback.db") from None
    return url


def _locale(name: str) -> str:
    try:
        Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("not a locale; one reads like de-DE") from None
    return name


class Settings(BaseSettings):
    """Everything a deployment may set; names and defaults are a contract with those who run it."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(_with_final_slash)] = "https://slack.com/api/"

    database_url: Annotated[str, AfterValidator(_address)] = "sqlite:///comeback.db"
    sqlite_synchronous: Literal["NORMAL", "FULL"] = "NORMAL"

    host: str = "0.0.0.0"  # noqa: S104 - Slack has to reach it; a deployment narrows it with HOST
    port: int = Field(default=3000, ge=0, le=65535)

    templates_dir: Path | None = None
    default_locale: Annotated[str, AfterValidator(_locale)] = "en-US"
    command_prefix: str = Field(default="", pattern=r"^[a-z0-9_-]{0,20}$")
    support_contact: str = Field(default="", max_length=200)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
