"""Keep with a mailed code the address that its owner wants to have from now on."""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('mailed_code') as batch_op:
        batch_op.add_column(sa.Column('new_address', sa.String(length=320), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('mailed_code') as batch_op:
        batch_op.drop_column('new_address')
