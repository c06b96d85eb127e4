"""Keep where people stood in a round's figures who took their answers back."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('wave') as batch:
        batch.add_column(sa.Column('gone', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('wave') as batch:
        batch.alter_column('gone', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('wave') as batch:
        batch.drop_column('gone')
