"""Make the tables of programmes."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('programme',
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('certificate_prefix', sa.String(length=12), nullable=False),
    sa.Column('host_organisation', sa.String(length=200), nullable=False),
    sa.Column('commissioner', sa.String(length=200), nullable=False),
    sa.Column('aims', sa.Text(), nullable=False),
    sa.Column('contact_email', sa.String(length=320), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('signatory_name', sa.String(length=200), nullable=False),
    sa.Column('signatory_role', sa.String(length=200), nullable=False),
    sa.Column('care_needs_kept_days', sa.Integer(), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('slug', name=op.f('uq_programme_slug'))
    )
    op.create_table('team',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('stage_order', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_team_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('programme_id', 'slug', name=op.f('uq_team_programme_id_slug'))
    )
    op.create_table('coach_assignment',
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_coach_assignment_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_coach_assignment_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coach_assignment')),
    sa.UniqueConstraint('team_id', 'person_id', 'from_on', name=op.f('uq_coach_assignment_team_id_person_id_from_on'))
    )
    with op.batch_alter_table('coach_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coach_assignment_person_id'), ['person_id'], unique=False)

    op.create_table('staff_role',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_staff_role_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_staff_role_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_role')),
    sa.UniqueConstraint('account_id', 'programme_id', 'role', name=op.f('uq_staff_role_account_id_programme_id_role'))
    )
    with op.batch_alter_table('staff_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_role_programme_id'), ['programme_id'], unique=False)

    op.create_table('team_membership',
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_membership_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_membership_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_membership')),
    sa.UniqueConstraint('team_id', 'person_id', 'joined_on', name=op.f('uq_team_membership_team_id_person_id_joined_on'))
    )
    with op.batch_alter_table('team_membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_membership_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_team_membership_team', ['team_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('team_membership', schema=None) as batch_op:
        batch_op.drop_index('ix_team_membership_team')
        batch_op.drop_index(batch_op.f('ix_team_membership_person_id'))

    op.drop_table('team_membership')
    with op.batch_alter_table('staff_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_role_programme_id'))

    op.drop_table('staff_role')
    with op.batch_alter_table('coach_assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coach_assignment_person_id'))

    op.drop_table('coach_assignment')
    op.drop_table('team')
    op.drop_table('programme')
