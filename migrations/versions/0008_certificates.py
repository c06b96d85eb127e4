"""Make the tables of certificates."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('certificate_register',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('last_serial', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_certificate_register_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_register')),
    sa.UniqueConstraint('programme_id', name=op.f('uq_certificate_register_programme_id'))
    )
    op.create_table('completion_rule',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('holder', sa.String(length=32), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_completion_rule_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_rule')),
    sa.UniqueConstraint('programme_id', 'holder', name=op.f('uq_completion_rule_programme_id_holder'))
    )
    op.create_table('certificate_issue',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('holder', sa.String(length=32), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('award', sa.String(length=80), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=26), nullable=False),
    sa.Column('design', sa.String(length=40), nullable=False),
    sa.Column('design_version', sa.String(length=20), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by', sa.String(length=200), nullable=False),
    sa.Column('by_exception', sa.Boolean(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_key', sa.String(length=120), nullable=True),
    sa.Column('pdf_sha256', sa.String(length=64), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revocation_category', sa.String(length=40), nullable=False),
    sa.Column('revocation_reason', sa.Text(), nullable=False),
    sa.Column('superseded_by_id', sa.Uuid(), nullable=True),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_certificate_issue_event_id_event')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_certificate_issue_person_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_certificate_issue_programme_id_programme')),
    sa.ForeignKeyConstraint(['superseded_by_id'], ['certificate_issue.id'], name=op.f('fk_certificate_issue_superseded_by_id_certificate_issue')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_certificate_issue_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_issue')),
    sa.UniqueConstraint('code', name=op.f('uq_certificate_issue_code')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_issue_number')),
    sa.UniqueConstraint('programme_id', 'holder_id', 'award', 'revision', name=op.f('uq_certificate_issue_programme_id_holder_id_award_revision')),
    sa.UniqueConstraint('programme_id', 'serial', name=op.f('uq_certificate_issue_programme_id_serial'))
    )
    with op.batch_alter_table('certificate_issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_issue_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_issue_team_id'), ['team_id'], unique=False)

    op.create_table('rule_criterion',
    sa.Column('rule_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('event_kind', sa.String(length=32), nullable=True),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('minimum_minutes', sa.Integer(), nullable=False),
    sa.Column('members_needed', sa.Integer(), nullable=False),
    sa.Column('make_up_counts', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('needed >= 0', name=op.f('ck_rule_criterion_needed_not_negative')),
    sa.ForeignKeyConstraint(['rule_id'], ['completion_rule.id'], name=op.f('fk_rule_criterion_rule_id_completion_rule'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_criterion')),
    sa.UniqueConstraint('rule_id', 'position', name=op.f('uq_rule_criterion_rule_id_position'))
    )
    op.create_table('completion_exception',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('holder', sa.String(length=32), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('criterion_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('granted_by', sa.String(length=200), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['criterion_id'], ['rule_criterion.id'], name=op.f('fk_completion_exception_criterion_id_rule_criterion')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_completion_exception_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_exception'))
    )
    with op.batch_alter_table('completion_exception', schema=None) as batch_op:
        batch_op.create_index('ix_completion_exception_holder', ['holder_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_completion_exception_programme_id'), ['programme_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('completion_exception', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_completion_exception_programme_id'))
        batch_op.drop_index('ix_completion_exception_holder')

    op.drop_table('completion_exception')
    op.drop_table('rule_criterion')
    with op.batch_alter_table('certificate_issue', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_issue_team_id'))
        batch_op.drop_index(batch_op.f('ix_certificate_issue_person_id'))

    op.drop_table('certificate_issue')
    op.drop_table('completion_rule')
    op.drop_table('certificate_register')
