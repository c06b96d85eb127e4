"""Make the tables of registration."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('personal_code',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('short_code', sa.String(length=6), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_personal_code_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_personal_code_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_code')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_personal_code_code_hash')),
    sa.UniqueConstraint('person_id', 'programme_id', 'version', name=op.f('uq_personal_code_person_id_programme_id_version')),
    sa.UniqueConstraint('programme_id', 'short_code', name=op.f('uq_personal_code_programme_id_short_code'))
    )
    op.create_table('invitation_list',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('headers', sa.JSON(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_invitation_list_account_id_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_invitation_list_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_list'))
    )
    with op.batch_alter_table('invitation_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_list_event_id'), ['event_id'], unique=False)

    op.create_table('registration',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=100), nullable=False),
    sa.Column('photo_consent', sa.Boolean(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=True),
    sa.Column('calendar_sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('booked_by_kind', sa.String(length=20), nullable=False),
    sa.Column('booked_by_id', sa.Uuid(), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_registration_event_id_event')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_registration_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_registration_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('event_id', 'person_id', name=op.f('uq_registration_event_id_person_id')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_registration_submission_id'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index('ix_registration_event_status', ['event_id', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_team_id'), ['team_id'], unique=False)

    op.create_table('access_need',
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('diet', sa.String(length=40), nullable=False),
    sa.Column('diet_other', sa.Text(), nullable=False),
    sa.Column('adjustments', sa.JSON(), nullable=False),
    sa.Column('access_other', sa.Text(), nullable=False),
    sa.Column('wants_call', sa.Boolean(), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('call_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('call_done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('call_note', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_access_need_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_need')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_access_need_registration_id'))
    )


def downgrade() -> None:
    op.drop_table('access_need')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_team_id'))
        batch_op.drop_index(batch_op.f('ix_registration_person_id'))
        batch_op.drop_index('ix_registration_event_status')

    op.drop_table('registration')
    with op.batch_alter_table('invitation_list', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_list_event_id'))

    op.drop_table('invitation_list')
    op.drop_table('personal_code')
