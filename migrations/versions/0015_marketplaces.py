"""Make room for marketplaces: files and their versions, ways in, questions, reflections, ballots."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
DEFAULTED = (
    'theme', 'aim', 'changes', 'findings', 'next_time', 'visibility', 'takes_feedback', 'at_stand_name',
)


def upgrade() -> None:
    op.create_table('marketplace',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('uploads_close_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('visibility', sa.String(length=32), nullable=False),
    sa.Column('takes_feedback', sa.Boolean(), nullable=False),
    sa.Column('is_moderated', sa.Boolean(), nullable=False),
    sa.Column('guests_may_write', sa.Boolean(), nullable=False),
    sa.Column('ballot_opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ballot_closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_marketplace_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_marketplace')),
    sa.UniqueConstraint('event_id', name=op.f('uq_marketplace_event_id'))
    )
    op.create_table('ballot',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_ballot_event_id_event')),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_ballot_poster_id_poster')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_ballot_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_ballot_registration_id'))
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_event_id'), ['event_id'], unique=False)

    op.create_table('feedback_report',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('batch', sa.String(length=80), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_key', sa.String(length=200), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_feedback_report_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_report'))
    )
    with op.batch_alter_table('feedback_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_report_batch'), ['batch'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_report_poster_id'), ['poster_id'], unique=False)

    op.create_table('poster_link',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_to', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_poster_link_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_poster_link_token_hash'))
    )
    with op.batch_alter_table('poster_link', schema=None) as batch_op:
        batch_op.create_index('ix_poster_link_poster', ['poster_id', 'created_at'], unique=False)

    op.create_table('poster_question',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('guest_name', sa.String(length=200), nullable=False),
    sa.Column('guest_email', sa.String(length=320), nullable=False),
    sa.Column('is_named', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_poster_question_person_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_poster_question_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_question')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_poster_question_submission_id'))
    )
    with op.batch_alter_table('poster_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_question_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_poster_question_poster', ['poster_id', 'asked_at'], unique=False)

    op.create_table('poster_version',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('raw_key', sa.String(length=200), nullable=True),
    sa.Column('file_key', sa.String(length=200), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('small_width', sa.Integer(), nullable=False),
    sa.Column('small_height', sa.Integer(), nullable=False),
    sa.Column('large_width', sa.Integer(), nullable=False),
    sa.Column('large_height', sa.Integer(), nullable=False),
    sa.Column('tile_columns', sa.Integer(), nullable=False),
    sa.Column('tile_rows', sa.Integer(), nullable=False),
    sa.Column('advice', sa.Text(), nullable=False),
    sa.Column('refusal', sa.Text(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.String(length=80), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_poster_version_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_version')),
    sa.UniqueConstraint('poster_id', 'number', name=op.f('uq_poster_version_poster_id_number'))
    )
    op.create_table('poster_visits',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_poster_visits_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_visits')),
    sa.UniqueConstraint('poster_id', name=op.f('uq_poster_visits_poster_id'))
    )
    op.create_table('reflection',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('aspect', sa.String(length=32), nullable=False),
    sa.Column('attribution', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('guest_name', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('may_quote', sa.Boolean(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reflection_person_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_reflection_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reflection')),
    sa.UniqueConstraint('submission_id', 'aspect', name=op.f('uq_reflection_submission_id_aspect'))
    )
    with op.batch_alter_table('reflection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reflection_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_reflection_poster', ['poster_id', 'written_at'], unique=False)

    op.create_table('signal',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('guest_key', sa.String(length=64), nullable=True),
    sa.Column('agrees_to_contact', sa.Boolean(), nullable=False),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('contact_email', sa.String(length=320), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_signal_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_signal_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal')),
    sa.UniqueConstraint('poster_id', 'kind', 'guest_key', name=op.f('uq_signal_poster_id_kind_guest_key')),
    sa.UniqueConstraint('poster_id', 'kind', 'person_id', name=op.f('uq_signal_poster_id_kind_person_id'))
    )
    op.create_table('stand_slot',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_stand_slot_poster_id_poster')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stand_slot'))
    )
    with op.batch_alter_table('stand_slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stand_slot_poster_id'), ['poster_id'], unique=False)

    op.create_table('contribution_report',
    sa.Column('poster_id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=True),
    sa.Column('reflection_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reported_by', sa.String(length=80), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['poster_id'], ['poster.id'], name=op.f('fk_contribution_report_poster_id_poster')),
    sa.ForeignKeyConstraint(['question_id'], ['poster_question.id'], name=op.f('fk_contribution_report_question_id_poster_question'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reflection_id'], ['reflection.id'], name=op.f('fk_contribution_report_reflection_id_reflection'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contribution_report'))
    )
    with op.batch_alter_table('contribution_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contribution_report_poster_id'), ['poster_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contribution_report_question_id'), ['question_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contribution_report_reflection_id'), ['reflection_id'], unique=False)

    op.create_table('poster_answer',
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['poster_question.id'], name=op.f('fk_poster_answer_question_id_poster_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_answer')),
    sa.UniqueConstraint('question_id', name=op.f('uq_poster_answer_question_id'))
    )
    op.create_table('poster_key',
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['poster_link.id'], name=op.f('fk_poster_key_link_id_poster_link')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_key')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_poster_key_key_hash'))
    )
    with op.batch_alter_table('poster_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_key_link_id'), ['link_id'], unique=False)

    with op.batch_alter_table('poster', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('stand', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('theme', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('aim', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('changes', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('findings', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('next_time', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('visibility', sa.String(length=32), nullable=False, server_default='attendees'))
        batch_op.add_column(sa.Column('visible_from', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('takes_feedback', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('at_stand_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('at_stand_name', sa.String(length=80), nullable=False, server_default=''))
    # A column that is unique and never empty cannot come into a table with rows in any other way.
    _give_addresses()
    with op.batch_alter_table('poster', schema=None) as batch_op:
        batch_op.alter_column('code', existing_type=sa.String(length=12), nullable=False)
        batch_op.alter_column('submitted_at', existing_type=sa.DateTime(timezone=True), nullable=True)
        for name in DEFAULTED:
            batch_op.alter_column(name, server_default=None)
        batch_op.create_unique_constraint(batch_op.f('uq_poster_code'), ['code'])
        batch_op.create_unique_constraint(batch_op.f('uq_poster_event_id_stand'), ['event_id', 'stand'])


def _give_addresses() -> None:
    poster = sa.table('poster', sa.column('id', sa.Uuid()), sa.column('code', sa.String()))
    for (poster_id,) in op.get_bind().execute(sa.select(poster.c.id)).all():
        code = ''.join(secrets.choice(ALPHABET) for _ in range(8))
        op.execute(poster.update().where(poster.c.id == poster_id).values(code=code))


def downgrade() -> None:
    op.execute('DELETE FROM poster WHERE submitted_at IS NULL')
    with op.batch_alter_table('poster', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_poster_event_id_stand'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_poster_code'), type_='unique')
        batch_op.alter_column('submitted_at',
               existing_type=sa.DateTime(timezone=True),
               nullable=False)
        batch_op.drop_column('at_stand_name')
        batch_op.drop_column('at_stand_since')
        batch_op.drop_column('hidden_at')
        batch_op.drop_column('takes_feedback')
        batch_op.drop_column('visible_from')
        batch_op.drop_column('visibility')
        batch_op.drop_column('next_time')
        batch_op.drop_column('findings')
        batch_op.drop_column('changes')
        batch_op.drop_column('aim')
        batch_op.drop_column('theme')
        batch_op.drop_column('stand')
        batch_op.drop_column('code')

    with op.batch_alter_table('poster_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poster_key_link_id'))

    op.drop_table('poster_key')
    op.drop_table('poster_answer')
    with op.batch_alter_table('contribution_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contribution_report_reflection_id'))
        batch_op.drop_index(batch_op.f('ix_contribution_report_question_id'))
        batch_op.drop_index(batch_op.f('ix_contribution_report_poster_id'))

    op.drop_table('contribution_report')
    with op.batch_alter_table('stand_slot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stand_slot_poster_id'))

    op.drop_table('stand_slot')
    op.drop_table('signal')
    with op.batch_alter_table('reflection', schema=None) as batch_op:
        batch_op.drop_index('ix_reflection_poster')
        batch_op.drop_index(batch_op.f('ix_reflection_person_id'))

    op.drop_table('reflection')
    op.drop_table('poster_visits')
    op.drop_table('poster_version')
    with op.batch_alter_table('poster_question', schema=None) as batch_op:
        batch_op.drop_index('ix_poster_question_poster')
        batch_op.drop_index(batch_op.f('ix_poster_question_person_id'))

    op.drop_table('poster_question')
    with op.batch_alter_table('poster_link', schema=None) as batch_op:
        batch_op.drop_index('ix_poster_link_poster')

    op.drop_table('poster_link')
    with op.batch_alter_table('feedback_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_report_poster_id'))
        batch_op.drop_index(batch_op.f('ix_feedback_report_batch'))

    op.drop_table('feedback_report')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_event_id'))

    op.drop_table('ballot')
    op.drop_table('marketplace')
