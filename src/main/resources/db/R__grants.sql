-- What the server's role may do. It owns nothing; it can add to the audit log and read it, and cannot change or remove an entry.
-- Repeatable: bump this number when a migration adds a table. 3
-- A server looks at its start whether it has all of these rights. To take one away needs a versioned migration.
GRANT USAGE ON SCHEMA public TO ${app_role};
GRANT SELECT, INSERT, DELETE         ON audit_outbox     TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON audit_chain      TO ${app_role};
GRANT SELECT, INSERT                 ON audit_log        TO ${app_role};
GRANT SELECT, INSERT, DELETE         ON audit_unsent     TO ${app_role};
GRANT SELECT, INSERT, DELETE         ON audit_parked     TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON audit_checkpoints TO ${app_role};
GRANT SELECT                         ON audit_floors     TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON partners         TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON tenants          TO ${app_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON ai_config        TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON model_catalog    TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON participants     TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON prompt_studio    TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON note_processing  TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON plugin_states    TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON totals           TO ${app_role};
GRANT SELECT, INSERT, UPDATE         ON activity_offsets TO ${app_role};
GRANT SELECT, INSERT, DELETE         ON activity_seen    TO ${app_role};
GRANT SELECT, UPDATE                 ON activity_state   TO ${app_role};
GRANT EXECUTE ON FUNCTION audit_make_partitions TO ${app_role};
GRANT SELECT                         ON schema_floor     TO ${app_role};
GRANT SELECT                         ON flyway_schema_history TO ${app_role};
