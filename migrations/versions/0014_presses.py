"""Write down each press of a button, so that a form that arrives twice has one effect."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('press',
    sa.Column('pressed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('led_to', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_press'))
    )
    op.create_index(op.f('ix_press_pressed_at'), 'press', ['pressed_at'])


def downgrade() -> None:
    op.drop_table('press')
