"""How Alembic reaches the database: on the connection it is given, else on the one named by `-x url=...`."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlmodel import AutoString, SQLModel

from bot.storage.models import UtcDateTime  # and with it every table


def _plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write a migration's types without the models, which will have moved on when it runs."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True).get("url", "sqlite:///comeback.db")).begin() as own:
        _run(own)
