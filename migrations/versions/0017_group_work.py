"""Make room for group work: sessions and tables, cards, themes and votes, agreements and their letters."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('group_work',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.String(length=32), nullable=False),
    sa.Column('question', sa.Integer(), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('is_moderated', sa.Boolean(), nullable=False),
    sa.Column('seating', sa.String(length=32), nullable=False),
    sa.Column('voters', sa.String(length=32), nullable=False),
    sa.Column('dots', sa.Integer(), nullable=False),
    sa.Column('wall_first', sa.Integer(), nullable=False),
    sa.Column('wall_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wall_is_paused', sa.Boolean(), nullable=False),
    sa.Column('reading', sa.Integer(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_group_work_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_work')),
    sa.UniqueConstraint('event_id', name=op.f('uq_group_work_event_id'))
    )
    op.create_table('group_note',
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_group_note_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_note')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_group_note_registration_id'))
    )
    op.create_table('group_prompt',
    sa.Column('group_work_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['group_work_id'], ['group_work.id'], name=op.f('fk_group_prompt_group_work_id_group_work'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_prompt')),
    sa.UniqueConstraint('group_work_id', 'place', name=op.f('uq_group_prompt_group_work_id_place'))
    )
    op.create_table('group_step',
    sa.Column('group_work_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('move', sa.String(length=20), nullable=False),
    sa.Column('from_stage', sa.String(length=32), nullable=False),
    sa.Column('from_question', sa.Integer(), nullable=False),
    sa.Column('from_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['group_work_id'], ['group_work.id'], name=op.f('fk_group_step_group_work_id_group_work'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_step')),
    sa.UniqueConstraint('group_work_id', 'number', name=op.f('uq_group_step_group_work_id_number'))
    )
    op.create_table('group_table',
    sa.Column('group_work_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('joined_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['group_work_id'], ['group_work.id'], name=op.f('fk_group_table_group_work_id_group_work'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['joined_id'], ['group_table.id'], name=op.f('fk_group_table_joined_id_group_table')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_group_table_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_table')),
    sa.UniqueConstraint('code', name=op.f('uq_group_table_code')),
    sa.UniqueConstraint('group_work_id', 'number', name=op.f('uq_group_table_group_work_id_number'))
    )
    with op.batch_alter_table('group_table', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_table_group_work_id'), ['group_work_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_table_team_id'), ['team_id'], unique=False)

    op.create_table('group_agreement',
    sa.Column('group_work_id', sa.Uuid(), nullable=False),
    sa.Column('table_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('owner_team_id', sa.Uuid(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('strength', sa.Integer(), nullable=True),
    sa.Column('is_paper', sa.Boolean(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agreed_by', sa.Uuid(), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('letters_end_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['agreed_by'], ['person.id'], name=op.f('fk_group_agreement_agreed_by_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['group_work_id'], ['group_work.id'], name=op.f('fk_group_agreement_group_work_id_group_work'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['registration.id'], name=op.f('fk_group_agreement_owner_id_registration'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_team_id'], ['team.id'], name=op.f('fk_group_agreement_owner_team_id_team')),
    sa.ForeignKeyConstraint(['table_id'], ['group_table.id'], name=op.f('fk_group_agreement_table_id_group_table')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_agreement')),
    sa.UniqueConstraint('group_work_id', 'number', name=op.f('uq_group_agreement_group_work_id_number')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_group_agreement_submission_id'))
    )
    with op.batch_alter_table('group_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_agreement_group_work_id'), ['group_work_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_agreement_owner_id'), ['owner_id'], unique=False)

    op.create_table('group_arrangement',
    sa.Column('prompt_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['prompt_id'], ['group_prompt.id'], name=op.f('fk_group_arrangement_prompt_id_group_prompt'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_arrangement')),
    sa.UniqueConstraint('prompt_id', 'number', name=op.f('uq_group_arrangement_prompt_id_number'))
    )
    with op.batch_alter_table('group_arrangement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_arrangement_prompt_id'), ['prompt_id'], unique=False)

    op.create_table('group_card',
    sa.Column('group_work_id', sa.Uuid(), nullable=False),
    sa.Column('prompt_id', sa.Uuid(), nullable=True),
    sa.Column('table_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['group_work_id'], ['group_work.id'], name=op.f('fk_group_card_group_work_id_group_work'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_group_card_person_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['prompt_id'], ['group_prompt.id'], name=op.f('fk_group_card_prompt_id_group_prompt')),
    sa.ForeignKeyConstraint(['table_id'], ['group_table.id'], name=op.f('fk_group_card_table_id_group_table')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_card')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_group_card_submission_id'))
    )
    with op.batch_alter_table('group_card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_card_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_card_prompt_id'), ['prompt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_card_table_id'), ['table_id'], unique=False)
        batch_op.create_index('ix_group_card_work', ['group_work_id', 'prompt_id'], unique=False)

    op.create_table('group_flip_chart',
    sa.Column('table_id', sa.Uuid(), nullable=False),
    sa.Column('prompt_id', sa.Uuid(), nullable=True),
    sa.Column('raw_key', sa.String(length=200), nullable=True),
    sa.Column('file_key', sa.String(length=200), nullable=True),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('refusal', sa.Text(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['prompt_id'], ['group_prompt.id'], name=op.f('fk_group_flip_chart_prompt_id_group_prompt'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['table_id'], ['group_table.id'], name=op.f('fk_group_flip_chart_table_id_group_table'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_flip_chart'))
    )
    with op.batch_alter_table('group_flip_chart', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_flip_chart_table_id'), ['table_id'], unique=False)

    op.create_table('group_scribe',
    sa.Column('table_id', sa.Uuid(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['table_id'], ['group_table.id'], name=op.f('fk_group_scribe_table_id_group_table'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_scribe')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_group_scribe_key_hash'))
    )
    with op.batch_alter_table('group_scribe', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_scribe_table_id'), ['table_id'], unique=False)

    op.create_table('group_seat',
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('table_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_group_seat_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['table_id'], ['group_table.id'], name=op.f('fk_group_seat_table_id_group_table'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_seat')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_group_seat_registration_id'))
    )
    with op.batch_alter_table('group_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_seat_table_id'), ['table_id'], unique=False)

    op.create_table('group_theme',
    sa.Column('prompt_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['prompt_id'], ['group_prompt.id'], name=op.f('fk_group_theme_prompt_id_group_prompt'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_theme'))
    )
    with op.batch_alter_table('group_theme', schema=None) as batch_op:
        batch_op.create_index('ix_group_theme_prompt', ['prompt_id', 'place'], unique=False)

    op.create_table('group_dots',
    sa.Column('prompt_id', sa.Uuid(), nullable=False),
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.Column('table_id', sa.Uuid(), nullable=True),
    sa.Column('registration_id', sa.Uuid(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['prompt_id'], ['group_prompt.id'], name=op.f('fk_group_dots_prompt_id_group_prompt'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_group_dots_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['table_id'], ['group_table.id'], name=op.f('fk_group_dots_table_id_group_table'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['group_theme.id'], name=op.f('fk_group_dots_theme_id_group_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_dots')),
    sa.UniqueConstraint('theme_id', 'registration_id', name=op.f('uq_group_dots_theme_id_registration_id')),
    sa.UniqueConstraint('theme_id', 'table_id', name=op.f('uq_group_dots_theme_id_table_id'))
    )
    with op.batch_alter_table('group_dots', schema=None) as batch_op:
        batch_op.create_index('ix_group_dots_prompt', ['prompt_id'], unique=False)

    op.create_table('group_follow_up',
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['group_agreement.id'], name=op.f('fk_group_follow_up_agreement_id_group_agreement'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_follow_up')),
    sa.UniqueConstraint('agreement_id', 'months', name=op.f('uq_group_follow_up_agreement_id_months'))
    )
    op.create_table('group_theme_card',
    sa.Column('theme_id', sa.Uuid(), nullable=False),
    sa.Column('card_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['card_id'], ['group_card.id'], name=op.f('fk_group_theme_card_card_id_group_card'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['group_theme.id'], name=op.f('fk_group_theme_card_theme_id_group_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_theme_card')),
    sa.UniqueConstraint('theme_id', 'card_id', name=op.f('uq_group_theme_card_theme_id_card_id'))
    )
    with op.batch_alter_table('group_theme_card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_theme_card_card_id'), ['card_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('group_theme_card', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_theme_card_card_id'))

    op.drop_table('group_theme_card')
    op.drop_table('group_follow_up')
    with op.batch_alter_table('group_dots', schema=None) as batch_op:
        batch_op.drop_index('ix_group_dots_prompt')

    op.drop_table('group_dots')
    with op.batch_alter_table('group_theme', schema=None) as batch_op:
        batch_op.drop_index('ix_group_theme_prompt')

    op.drop_table('group_theme')
    with op.batch_alter_table('group_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_seat_table_id'))

    op.drop_table('group_seat')
    with op.batch_alter_table('group_scribe', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_scribe_table_id'))

    op.drop_table('group_scribe')
    with op.batch_alter_table('group_flip_chart', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_flip_chart_table_id'))

    op.drop_table('group_flip_chart')
    with op.batch_alter_table('group_card', schema=None) as batch_op:
        batch_op.drop_index('ix_group_card_work')
        batch_op.drop_index(batch_op.f('ix_group_card_table_id'))
        batch_op.drop_index(batch_op.f('ix_group_card_prompt_id'))
        batch_op.drop_index(batch_op.f('ix_group_card_person_id'))

    op.drop_table('group_card')
    with op.batch_alter_table('group_arrangement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_arrangement_prompt_id'))

    op.drop_table('group_arrangement')
    with op.batch_alter_table('group_agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_agreement_owner_id'))
        batch_op.drop_index(batch_op.f('ix_group_agreement_group_work_id'))

    op.drop_table('group_agreement')
    with op.batch_alter_table('group_table', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_table_team_id'))
        batch_op.drop_index(batch_op.f('ix_group_table_group_work_id'))

    op.drop_table('group_table')
    op.drop_table('group_step')
    op.drop_table('group_prompt')
    op.drop_table('group_note')
    op.drop_table('group_work')
