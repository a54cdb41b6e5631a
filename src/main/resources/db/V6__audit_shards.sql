-- The audit trail for several nodes. Each chain belongs to one of 16 shards; whoever holds a shard's advisory lock drains it.

CREATE FUNCTION audit_shard(chain text) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (get_byte(decode(md5(chain), 'hex'), 0) % 16)::smallint;

ALTER TABLE audit_outbox ADD COLUMN shard smallint NOT NULL GENERATED ALWAYS AS (audit_shard(chain)) STORED;

ALTER TABLE audit_unsent ADD COLUMN shard smallint;
UPDATE audit_unsent u SET shard = audit_shard(l.chain) FROM audit_log l WHERE l.id = u.entry_id AND l.created_at = u.created_at;
ALTER TABLE audit_unsent ALTER COLUMN shard SET NOT NULL;

-- A head exists before its first entry, so that it can be locked: whoever appends to a chain holds its head's row, whatever
-- became of the advisory lock. last_at keeps a chain's created_at from running backwards, so that what retention drops is
-- always the oldest part of each chain.
ALTER TABLE audit_chain
    ADD COLUMN partner_id uuid,
    ADD COLUMN last_at timestamptz NOT NULL DEFAULT 'epoch';
UPDATE audit_chain c SET partner_id = l.partner_id, last_at = l.created_at FROM audit_log l WHERE l.id = c.last_id;
CREATE INDEX audit_chain_by_last_id ON audit_chain (last_id);

-- Read forwards by exports and live streams, backwards by the list.
DROP INDEX audit_log_by_chain;
CREATE INDEX audit_log_by_chain ON audit_log (chain, id);

-- What cannot go on by itself and must not hold up the rest: an event that the log does not take, an entry that Kafka does not.
CREATE TABLE audit_parked (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parked_at  timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    chain      text        NOT NULL,
    reason     text        NOT NULL,
    event      jsonb,        -- an event that is not in the log
    entry_id   uuid,         -- an entry that is in the log and not on Kafka
    seq        bigint,
    created_at timestamptz,
    CONSTRAINT audit_parked_one CHECK ((event IS NULL) <> (entry_id IS NULL))
);
CREATE INDEX audit_parked_by_entry ON audit_parked (chain, seq);

-- The signed head of each chain, as it was last published: a log that ends before it has lost its tail.
CREATE TABLE audit_checkpoints (
    chain     text        PRIMARY KEY,
    seq       bigint      NOT NULL,
    hash      text        NOT NULL,
    signed_at timestamptz NOT NULL,
    key_id    text        NOT NULL,
    signature text        NOT NULL,
    published boolean     NOT NULL DEFAULT false
);

-- Where a chain begins after retention: the signed last entry of what was dropped. Written by the owner alone.
CREATE TABLE audit_floors (
    chain     text        PRIMARY KEY,
    seq       bigint      NOT NULL,
    hash      text        NOT NULL,
    signed_at timestamptz NOT NULL,
    key_id    text        NOT NULL,
    signature text        NOT NULL
);

-- Makes the partitions from the month of the oldest waiting event to the ones ahead. A partition does not inherit the trigger
-- against TRUNCATE; each gets its own.
CREATE OR REPLACE FUNCTION audit_make_partitions(months_ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', least(now(), (SELECT min(created_at) FROM audit_outbox)) AT TIME ZONE 'UTC');
    month date;
    name  text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partitions'));
    FOR month IN SELECT generate_series(first, date_trunc('month', now() AT TIME ZONE 'UTC')
                                               + make_interval(months => least(months_ahead, 24)), '1 month')
    LOOP
        name := format('audit_log_%s', to_char(month, 'YYYY_MM'));
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_log FOR VALUES FROM (%L) TO (%L)',
            name, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
        EXECUTE format('CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON public.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_is_immutable()', name);
    END LOOP;
END $$;
DO $$
DECLARE
    partition regclass;
BEGIN
    FOR partition IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'audit_log'::regclass LOOP
        EXECUTE format('CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON %s
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_immutable()', partition);
    END LOOP;
END $$;
