"""Make the tables of checkin."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('checkin_point',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('address_code', sa.String(length=12), nullable=False),
    sa.Column('code_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_checkin_point_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkin_point')),
    sa.UniqueConstraint('address_code', name=op.f('uq_checkin_point_address_code')),
    sa.UniqueConstraint('event_id', 'name', name=op.f('uq_checkin_point_event_id_name'))
    )
    with op.batch_alter_table('checkin_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkin_point_event_id'), ['event_id'], unique=False)

    op.create_table('head_count',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('here', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counted_by', sa.String(length=80), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=80), nullable=False),
    sa.Column('resolution', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_head_count_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_head_count'))
    )
    with op.batch_alter_table('head_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_head_count_event_id'), ['event_id'], unique=False)

    op.create_table('attendance',
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('method', sa.String(length=32), nullable=True),
    sa.Column('flag', sa.String(length=40), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_attendance_event_id_event')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_attendance_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_attendance_registration_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_event_status', ['event_id', 'status'], unique=False)

    op.create_table('door_link',
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['point_id'], ['checkin_point.id'], name=op.f('fk_door_link_point_id_checkin_point')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_door_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_door_link_token_hash'))
    )
    with op.batch_alter_table('door_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_door_link_point_id'), ['point_id'], unique=False)

    op.create_table('door_device',
    sa.Column('door_link_id', sa.Uuid(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('steward_name', sa.String(length=80), nullable=False),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['door_link_id'], ['door_link.id'], name=op.f('fk_door_device_door_link_id_door_link')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_door_device')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_door_device_key_hash'))
    )
    with op.batch_alter_table('door_device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_door_device_door_link_id'), ['door_link_id'], unique=False)

    op.create_table('attendance_event',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=True),
    sa.Column('sender', sa.Uuid(), nullable=False),
    sa.Column('scan_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('method', sa.String(length=32), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=True),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('actor_kind', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_label', sa.String(length=80), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_doubtful', sa.Boolean(), nullable=False),
    sa.Column('flag', sa.String(length=40), nullable=False),
    sa.Column('undoes_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['door_device.id'], name=op.f('fk_attendance_event_device_id_door_device')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_attendance_event_event_id_event')),
    sa.ForeignKeyConstraint(['point_id'], ['checkin_point.id'], name=op.f('fk_attendance_event_point_id_checkin_point')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_attendance_event_registration_id_registration')),
    sa.ForeignKeyConstraint(['undoes_id'], ['attendance_event.id'], name=op.f('fk_attendance_event_undoes_id_attendance_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_event')),
    sa.UniqueConstraint('sender', 'scan_id', name=op.f('uq_attendance_event_sender_scan_id'))
    )
    with op.batch_alter_table('attendance_event', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_event_event', ['event_id', 'recorded_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_event_registration_id'), ['registration_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('attendance_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_event_registration_id'))
        batch_op.drop_index('ix_attendance_event_event')

    op.drop_table('attendance_event')
    with op.batch_alter_table('door_device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_door_device_door_link_id'))

    op.drop_table('door_device')
    with op.batch_alter_table('door_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_door_link_point_id'))

    op.drop_table('door_link')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index('ix_attendance_event_status')

    op.drop_table('attendance')
    with op.batch_alter_table('head_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_head_count_event_id'))

    op.drop_table('head_count')
    with op.batch_alter_table('checkin_point', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkin_point_event_id'))

    op.drop_table('checkin_point')
