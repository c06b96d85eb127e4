"""Plan that group work is forgotten which was prepared before anything planned it."""

import uuid
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

NAME = 'groupwork.forget'
KEPT_FOR = timedelta(days=365)

programme = sa.table('programme', sa.column('id', sa.Uuid()), sa.column('ends_on', sa.Date()))
event = sa.table('event', sa.column('id', sa.Uuid()), sa.column('programme_id', sa.Uuid()))
group_work = sa.table('group_work', sa.column('event_id', sa.Uuid()))
registration = sa.table('registration', sa.column('id', sa.Uuid()), sa.column('event_id', sa.Uuid()))
group_note = sa.table('group_note', sa.column('registration_id', sa.Uuid()))
job = sa.table(
    'job',
    sa.column('id', sa.Uuid()),
    sa.column('name', sa.String()),
    sa.column('arguments', sa.JSON()),
    sa.column('due_at', sa.DateTime(timezone=True)),
    sa.column('created_at', sa.DateTime(timezone=True)),
    sa.column('attempts', sa.Integer()),
    sa.column('progress_done', sa.Integer()),
    sa.column('progress_total', sa.Integer()),
    sa.column('done_at', sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    bind = op.get_bind()
    waiting = sa.select(job.c.arguments).where(job.c.name == NAME, job.c.done_at.is_(None))
    planned = {arguments['programme_id'] for arguments in bind.scalars(waiting)}
    for programme_id, ends_on in bind.execute(_with_group_work()).all():
        if str(programme_id) not in planned:
            bind.execute(job.insert().values(_forgetting(programme_id, ends_on)))


def _with_group_work() -> sa.Select:
    worked = sa.select(event.c.programme_id).join(group_work, group_work.c.event_id == event.c.id)
    noted = (
        sa.select(event.c.programme_id)
        .join(registration, registration.c.event_id == event.c.id)
        .join(group_note, group_note.c.registration_id == registration.c.id)
    )
    return sa.select(programme.c.id, programme.c.ends_on).where(
        programme.c.id.in_(worked) | programme.c.id.in_(noted)
    )


def _forgetting(programme_id, ends_on) -> dict:
    # Midnight in UTC is never before midnight in Britain, from when on it may be forgotten.
    due_at = datetime.combine(ends_on + KEPT_FOR, time(), UTC)
    return {
        'id': uuid.uuid4(),
        'name': NAME,
        'arguments': {'programme_id': str(programme_id)},
        'due_at': due_at,
        'created_at': due_at,
        'attempts': 0,
        'progress_done': 0,
        'progress_total': 0,
    }


def downgrade() -> None:
    pass  # what is planned may stay: forgetting twice is harmless
