"""Keep which accreditor asks for feedback before a certificate is handed out."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('feedback_demand',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('accreditor', sa.Text(), nullable=False),
    sa.Column('demanded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_feedback_demand_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_demand')),
    sa.UniqueConstraint('event_id', name=op.f('uq_feedback_demand_event_id'))
    )


def downgrade() -> None:
    op.drop_table('feedback_demand')
