"""Keep the public story of an event: its versions and pictures, who may be named, and comments."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('write_up',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('edit', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('published_number', sa.Integer(), nullable=True),
    sa.Column('first_published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('takes_comments', sa.Boolean(), nullable=False),
    sa.Column('comment_days', sa.Integer(), nullable=False),
    sa.Column('most_links', sa.Integer(), nullable=False),
    sa.Column('held_words', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_write_up_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_write_up')),
    sa.UniqueConstraint('event_id', name=op.f('uq_write_up_event_id'))
    )
    op.create_table('comment',
    sa.Column('write_up_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('held_because', sa.String(length=200), nullable=False),
    sa.Column('wants_word', sa.Boolean(), nullable=False),
    sa.Column('wants_others', sa.Boolean(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['write_up_id'], ['write_up.id'], name=op.f('fk_comment_write_up_id_write_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_comment_submission_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_comment_token_hash'))
    )
    op.create_index(op.f('ix_comment_email'), 'comment', ['email'])
    op.create_index(op.f('ix_comment_write_up'), 'comment', ['write_up_id', 'status', 'written_at'])
    op.create_table('mention',
    sa.Column('write_up_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agrees', sa.Boolean(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mention_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['write_up_id'], ['write_up.id'], name=op.f('fk_mention_write_up_id_write_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mention')),
    sa.UniqueConstraint('write_up_id', 'person_id', name=op.f('uq_mention_write_up_id_person_id'))
    )
    op.create_index(op.f('ix_mention_person_id'), 'mention', ['person_id'])
    op.create_table('write_up_picture',
    sa.Column('write_up_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('raw_key', sa.String(length=200), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('refusal', sa.Text(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.String(length=200), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['write_up_id'], ['write_up.id'], name=op.f('fk_write_up_picture_write_up_id_write_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_write_up_picture')),
    sa.UniqueConstraint('write_up_id', 'number', name=op.f('uq_write_up_picture_write_up_id_number'))
    )
    op.create_table('write_up_version',
    sa.Column('write_up_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by', sa.String(length=200), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_aside', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['write_up_id'], ['write_up.id'], name=op.f('fk_write_up_version_write_up_id_write_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_write_up_version')),
    sa.UniqueConstraint('write_up_id', 'number', name=op.f('uq_write_up_version_write_up_id_number'))
    )
    op.create_table('moderation_link',
    sa.Column('comment_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_moderation_link_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_moderation_link_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_moderation_link_token_hash'))
    )
    op.create_index(op.f('ix_moderation_link_comment_id'), 'moderation_link', ['comment_id'])
    op.create_table('pictured_person',
    sa.Column('picture_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pictured_person_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['picture_id'], ['write_up_picture.id'], name=op.f('fk_pictured_person_picture_id_write_up_picture'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pictured_person')),
    sa.UniqueConstraint('picture_id', 'person_id', name=op.f('uq_pictured_person_picture_id_person_id'))
    )
    op.create_index(op.f('ix_pictured_person_person_id'), 'pictured_person', ['person_id'])


def downgrade() -> None:
    for table in (
        'pictured_person', 'moderation_link', 'write_up_version', 'write_up_picture', 'mention', 'comment', 'write_up'
    ):
        op.drop_table(table)
