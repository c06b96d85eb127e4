"""Keep which certificates were issued together, and the files made for the printer."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('certificate_issue') as table:
        table.add_column(
            sa.Column('batch', sa.String(length=80), nullable=False, server_default='')
        )
        table.create_index(op.f('ix_certificate_issue_batch'), ['batch'])
    op.create_table('print_file',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('order', sa.String(length=32), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_key', sa.String(length=120), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_print_file_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_file'))
    )
    op.create_index(op.f('ix_print_file_programme_id'), 'print_file', ['programme_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_print_file_programme_id'), table_name='print_file')
    op.drop_table('print_file')
    with op.batch_alter_table('certificate_issue') as table:
        table.drop_index(op.f('ix_certificate_issue_batch'))
        table.drop_column('batch')
