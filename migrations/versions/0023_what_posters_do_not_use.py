"""Drop what nothing reads: when a question was seen, and a report's pages and its sending."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('poster_question') as batch:
        batch.drop_column('seen_at')
    with op.batch_alter_table('feedback_report') as batch:
        batch.drop_column('mailed_at')
        batch.drop_column('pages')


def downgrade() -> None:
    with op.batch_alter_table('feedback_report') as batch:
        batch.add_column(sa.Column('pages', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('poster_question') as batch:
        batch.add_column(sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))
