-- Who acted for the actor, by a delegated token (RFC 8693, act). The last change to v1 of an entry, made before its first release.
ALTER TABLE audit_outbox ADD COLUMN delegate_id text;
ALTER TABLE audit_log    ADD COLUMN delegate_id text;
