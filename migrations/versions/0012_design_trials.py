"""Keep how trying the certificate designs went."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('design_trial',
        sa.Column('programme_id', sa.Uuid(), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.Column('refusal', sa.Text(), nullable=False),
        sa.Column('tried_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_design_trial_programme_id_programme')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_design_trial')),
        sa.UniqueConstraint('programme_id', 'fingerprint', name=op.f('uq_design_trial_programme_id_fingerprint')),
    )


def downgrade() -> None:
    op.drop_table('design_trial')
