"""Keep members of the network, what teams are asked, and exchanges of contact details."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('network_member',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('shows_team', sa.Boolean(), nullable=False),
    sa.Column('shows_role', sa.Boolean(), nullable=False),
    sa.Column('shows_email', sa.Boolean(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('gets_digest', sa.Boolean(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_network_member_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_network_member_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_member')),
    sa.UniqueConstraint('programme_id', 'person_id', name=op.f('uq_network_member_programme_id_person_id'))
    )
    op.create_index(op.f('ix_network_member_person_id'), 'network_member', ['person_id'])
    op.create_table('network_topic',
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['network_member.id'], name=op.f('fk_network_topic_member_id_network_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_topic')),
    sa.UniqueConstraint('member_id', 'key', name=op.f('uq_network_topic_member_id_key'))
    )
    op.create_table('team_request',
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('gives_address', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_request_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_request_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_request'))
    )
    op.create_index(op.f('ix_team_request_team_id'), 'team_request', ['team_id'])
    op.create_index('ix_team_request_person', 'team_request', ['person_id', 'asked_at'])
    op.create_table('interest_letter',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_interest_letter_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interest_letter'))
    )
    op.create_index('ix_interest_letter_poster', 'interest_letter', ['poster_id', 'sent_at'])
    op.create_table('contact_exchange',
    sa.Column('asker_id', sa.Uuid(), nullable=False),
    sa.Column('asked_id', sa.Uuid(), nullable=False),
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['asked_id'], ['person.id'], name=op.f('fk_contact_exchange_asked_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_contact_exchange_asker_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_contact_exchange_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_exchange')),
    sa.UniqueConstraint('asker_id', 'asked_id', name=op.f('uq_contact_exchange_asker_id_asked_id'))
    )
    op.create_index(op.f('ix_contact_exchange_asked_id'), 'contact_exchange', ['asked_id'])
    op.create_index('ix_contact_exchange_asker', 'contact_exchange', ['asker_id', 'asked_at'])


def downgrade() -> None:
    op.drop_table('contact_exchange')
    op.drop_table('interest_letter')
    op.drop_table('team_request')
    op.drop_table('network_topic')
    op.drop_table('network_member')
