-- The table that audit-to-database.json writes, and what reads it. The text of an event is kept as it was, byte for byte.
CREATE TABLE audit_records (
    __connect_topic     text,
    __connect_partition integer,
    __connect_offset    bigint,
    event               text NOT NULL,
    id                  uuid GENERATED ALWAYS AS ((event::jsonb ->> 'id')::uuid) STORED,
    PRIMARY KEY (__connect_topic, __connect_partition, __connect_offset)
);
CREATE INDEX audit_records_id ON audit_records (id);

-- Each event once: the server repeats some, and a replay sends them again.
CREATE VIEW audit_events AS
SELECT DISTINCT ON (id) id, event::jsonb -> 'data' AS entry, event
FROM audit_records
ORDER BY id, __connect_offset;

-- What the connector's user may do.
GRANT SELECT, INSERT, UPDATE ON audit_records TO connect;
