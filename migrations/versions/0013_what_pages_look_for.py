"""Let pages find letters, changes, undone lines and certificates without reading all of them."""

from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

INDEXES = (
    ('ix_attendance_event_undoes_id', 'attendance_event', ['undoes_id']),
    ('ix_audit_at', 'audit_entry', ['at']),
    ('ix_certificate_issue_holder', 'certificate_issue', ['holder_id']),
    ('ix_letter_address', 'letter', ['to_address', 'created_at']),
    ('ix_letter_created', 'letter', ['created_at']),
    ('ix_letter_state', 'letter', ['state', 'created_at']),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
