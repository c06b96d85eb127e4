"""Say of each event whether posters are shown and certificates of attendance given."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shows_posters', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('gives_certificates', sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.alter_column('shows_posters', server_default=None)
        batch_op.alter_column('gives_certificates', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('gives_certificates')
        batch_op.drop_column('shows_posters')
