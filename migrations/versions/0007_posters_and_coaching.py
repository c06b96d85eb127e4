"""Make the tables of posters and coaching."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coach_visit',
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('coach_id', sa.Uuid(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('met_with', sa.Text(), nullable=False),
    sa.Column('tools_used', sa.Text(), nullable=False),
    sa.Column('shared_notes', sa.Text(), nullable=False),
    sa.Column('private_notes', sa.Text(), nullable=False),
    sa.Column('next_step', sa.Text(), nullable=False),
    sa.Column('next_visit_on', sa.Date(), nullable=True),
    sa.Column('submission_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['person.id'], name=op.f('fk_coach_visit_coach_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_coach_visit_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coach_visit')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_coach_visit_submission_id'))
    )
    with op.batch_alter_table('coach_visit', schema=None) as batch_op:
        batch_op.create_index('ix_coach_visit_team', ['team_id', 'visited_on'], unique=False)

    op.create_table('poster',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_poster_event_id_event')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_poster_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster')),
    sa.UniqueConstraint('event_id', 'team_id', name=op.f('uq_poster_event_id_team_id'))
    )
    with op.batch_alter_table('poster', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_team_id'), ['team_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('poster', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poster_team_id'))

    op.drop_table('poster')
    with op.batch_alter_table('coach_visit', schema=None) as batch_op:
        batch_op.drop_index('ix_coach_visit_team')

    op.drop_table('coach_visit')
