"""Keep the file of an event's stand cards, which later work makes."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('card_file',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('size', sa.Enum('a5', 'a4', name='cardsize', native_enum=False, length=32), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_key', sa.String(length=200), nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_card_file_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_file')),
    sa.UniqueConstraint('event_id', 'size', name=op.f('uq_card_file_event_id_size'))
    )


def downgrade() -> None:
    op.drop_table('card_file')
