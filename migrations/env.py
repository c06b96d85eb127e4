"""How migrations run: over the application's own engine, in one transaction."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.plumbing.database import Moment, guests_may_write

database = current_app.extensions["migrate"].db


def as_plain_type(kind: str, item: object, _autogen_context: object) -> str | bool:
    """Write our own types as plain ones, since a migration outlives the code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def is_different(_context, _inspected, _metadata, inspected_type, metadata_type) -> bool | None:
    """Compare types as they stand in the database; an Enum of ours is a String there."""
    if isinstance(metadata_type, sa.Enum):
        return not isinstance(inspected_type, sa.String)
    return None


def run() -> None:
    """Run the migrations that are asked for."""
    with guests_may_write(), database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=as_plain_type,
            compare_type=is_different,
            render_as_batch=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
