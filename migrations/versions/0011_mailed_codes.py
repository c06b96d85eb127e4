"""Keep the codes mailed to visitors, and until when a visit counts as proven."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proven_until', sa.DateTime(timezone=True), nullable=True))
    op.create_table('mailed_code',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wrong_tries', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mailed_code_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_mailed_code_visit_id_visit'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailed_code'))
    )
    with op.batch_alter_table('mailed_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mailed_code_visit_id'), ['visit_id'], unique=False)
        batch_op.create_index('ix_mailed_code_person', ['person_id', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_table('mailed_code')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_column('proven_until')
