"""Keep what each team would like to be told of it in an event's story."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('team_part',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_team_part_event_id_event')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_part_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_part')),
    sa.UniqueConstraint('event_id', 'team_id', name=op.f('uq_team_part_event_id_team_id'))
    )
    op.create_index(op.f('ix_team_part_team_id'), 'team_part', ['team_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_team_part_team_id'), table_name='team_part')
    op.drop_table('team_part')
