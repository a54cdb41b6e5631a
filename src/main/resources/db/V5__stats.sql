-- What the platform reports on the activity topic, kept as running totals. Reading them never counts anything.
CREATE TABLE totals (
    tenant_id uuid   NOT NULL REFERENCES tenants,
    period    text   NOT NULL,   -- 'YYYY-MM' in UTC, or '' for what has no period
    metric    text   NOT NULL,
    label     text   NOT NULL,   -- the room's or participant's type, the model's slug, or ''
    value     bigint NOT NULL,   -- below zero while the event that adds is still to come
    CONSTRAINT totals_pk PRIMARY KEY (tenant_id, period, metric, label)
);

-- Up to where the topic has been applied: written with what was applied, so that a crash neither loses nor doubles.
CREATE TABLE activity_offsets (
    topic       text   NOT NULL,
    partition   int    NOT NULL,
    next_offset bigint NOT NULL,
    CONSTRAINT activity_offsets_pk PRIMARY KEY (topic, partition)
);

-- Events that have been counted; a repeat is known by its place here.
CREATE TABLE activity_seen (
    event   uuid        NOT NULL CONSTRAINT activity_seen_pk PRIMARY KEY,   -- the first 128 bits of SHA-256(source, NUL, id)
    seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX activity_seen_by_age ON activity_seen (seen_at);

-- One row: everything that was on the topic before as_of is in the totals.
CREATE TABLE activity_state (
    only_row boolean     NOT NULL DEFAULT true CONSTRAINT activity_state_pk PRIMARY KEY CHECK (only_row),
    as_of    timestamptz NOT NULL
);
INSERT INTO activity_state (as_of) VALUES ('epoch');

-- Participants are counted where they are kept, whoever writes them. Those made through the API are counted in
-- tenants.participant_count by their statement, against the limit; what the platform reports is counted there as it comes.
CREATE FUNCTION participants_moved(tenant uuid, type text, difference bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO totals VALUES (tenant, '', 'participants', type, difference)
    ON CONFLICT ON CONSTRAINT totals_pk DO UPDATE SET value = totals.value + excluded.value;
    IF type <> 'model' THEN
        UPDATE tenants SET participant_count = participant_count + difference WHERE id = tenant;
    END IF;
END $$;

CREATE FUNCTION participants_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM participants_moved(tenant_id, participant_type, count(*))
        FROM after WHERE present GROUP BY tenant_id, participant_type;
    ELSE
        PERFORM participants_moved(tenant_id, participant_type, sum(difference))
        FROM (SELECT tenant_id, participant_type, 1 AS difference FROM after WHERE present
              UNION ALL
              SELECT tenant_id, participant_type, -1 FROM before WHERE present) AS moved
        GROUP BY tenant_id, participant_type HAVING sum(difference) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER participants_counted_in AFTER INSERT ON participants
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION participants_counted();
CREATE TRIGGER participants_counted_on AFTER UPDATE ON participants
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION participants_counted();

INSERT INTO totals
SELECT tenant_id, '', 'participants', participant_type, count(*) FROM participants WHERE present GROUP BY tenant_id, participant_type;

-- An id that one tenant has used is no other's.
CREATE FUNCTION participants_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'participant % belongs to another tenant', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_stays_in_tenant';
END $$;
CREATE TRIGGER participants_stay BEFORE UPDATE ON participants
    FOR EACH ROW WHEN (OLD.tenant_id <> NEW.tenant_id) EXECUTE FUNCTION participants_stay();
