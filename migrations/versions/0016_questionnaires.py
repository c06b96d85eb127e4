"""Keep skills questionnaires, their rounds, and what was answered under a pseudonym."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('questionnaire',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.Column('smallest_group', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_questionnaire_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire')),
    sa.UniqueConstraint('programme_id', name=op.f('uq_questionnaire_programme_id'))
    )
    op.create_table('questionnaire_version',
    sa.Column('questionnaire_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaire.id'], name=op.f('fk_questionnaire_version_questionnaire_id_questionnaire')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_version')),
    sa.UniqueConstraint('questionnaire_id', 'number', name=op.f('uq_questionnaire_version_questionnaire_id_number'))
    )
    op.create_table('wave',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('days_open', sa.Integer(), nullable=False),
    sa.Column('asks_then', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('figures', sa.JSON(), nullable=True),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_wave_event_id_event')),
    sa.ForeignKeyConstraint(['version_id'], ['questionnaire_version.id'], name=op.f('fk_wave_version_id_questionnaire_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wave')),
    sa.UniqueConstraint('event_id', name=op.f('uq_wave_event_id'))
    )
    op.create_index(op.f('ix_wave_version_id'), 'wave', ['version_id'])
    op.create_table('rating_choice',
    sa.Column('programme_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('keeps_together', sa.Boolean(), nullable=False),
    sa.Column('shows_small_team', sa.Boolean(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rating_choice_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_rating_choice_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating_choice')),
    sa.UniqueConstraint('programme_id', 'person_id', name=op.f('uq_rating_choice_programme_id_person_id'))
    )
    op.create_index(op.f('ix_rating_choice_person_id'), 'rating_choice', ['person_id'])
    op.create_table('response',
    sa.Column('wave_id', sa.Uuid(), nullable=False),
    sa.Column('respondent', sa.String(length=64), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('is_linked', sa.Boolean(), nullable=False),
    sa.Column('ratings', sa.JSON(), nullable=False),
    sa.Column('then_ratings', sa.JSON(), nullable=False),
    sa.Column('late', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('panels', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_response_team_id_team')),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_response_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
    sa.UniqueConstraint('wave_id', 'respondent', name=op.f('uq_response_wave_id_respondent'))
    )
    op.create_index('ix_response_respondent', 'response', ['respondent'])
    op.create_index('ix_response_team', 'response', ['team_id'])
    op.create_table('event_feedback',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('respondent', sa.String(length=64), nullable=False),
    sa.Column('useful', sa.Integer(), nullable=True),
    sa.Column('best', sa.Text(), nullable=False),
    sa.Column('better', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_feedback_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_feedback')),
    sa.UniqueConstraint('event_id', 'respondent', name=op.f('uq_event_feedback_event_id_respondent'))
    )


def downgrade() -> None:
    for table in ('event_feedback', 'response', 'rating_choice', 'wave', 'questionnaire_version', 'questionnaire'):
        op.drop_table(table)
