"""Keep with a letter where a mail program ends letters like it."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('letter') as batch_op:
        batch_op.add_column(sa.Column('leave_url', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('letter') as batch_op:
        batch_op.drop_column('leave_url')
