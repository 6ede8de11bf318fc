"""Errors of the database, as they may stand in a log."""

from sqlalchemy.exc import DBAPIError


class DatabaseFaultError(Exception):
    """What a database has refused, without the row that it was about."""


def without_rows(error: Exception) -> Exception:
    """The error as it may be logged: a server quotes the row that it refuses, and so whatever was typed there."""
    if not isinstance(error, DBAPIError):
        return error
    refused = error.orig
    code = getattr(refused, "sqlstate", None) or getattr(refused, "sqlite_errorname", None)
    constraint = getattr(getattr(refused, "diag", None), "constraint_name", None)
    told = (type(error).__name__, type(refused).__name__, code, constraint, error.statement)
    return DatabaseFaultError(", ".join(filter(None, told))).with_traceback(error.__traceback__)
