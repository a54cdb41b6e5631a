-- What the trail needs goes through functions of the owner, which check the link: an event leaves the outbox only with its entry, a
-- head moves only by an entry that joins it, a checkpoint only up. The server's role may do the same in no other way.

-- Of the oldest events the first of each chain, then the second, and so on: a chain with many does not hold up the others. They are
-- locked until they are appended, or the transaction ends. The outbox is full one moment and empty the next, so that what PostgreSQL
-- believes of its size is of no use: planned for an empty one, a join of a thousand events with themselves took a second.
CREATE FUNCTION audit_claim(shards smallint[], at_most bigint, bytes_max bigint, but text[]) RETURNS SETOF audit_outbox
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
    SELECT * FROM audit_outbox WHERE id = ANY (ARRAY(
        SELECT id FROM (
            SELECT id, row_number() OVER turns AS turn, sum(bytes) OVER turns - bytes AS bytes_before
            FROM (SELECT id, bytes, row_number() OVER (PARTITION BY chain ORDER BY id) AS place
                  FROM (SELECT id, chain, bytes FROM audit_outbox
                        WHERE shard = ANY (shards) AND chain <> ALL (but)
                        ORDER BY id LIMIT 5000) AS oldest) AS placed
            WINDOW turns AS (ORDER BY place, id)) AS sized
        WHERE turn <= at_most AND bytes_before < bytes_max))
    FOR UPDATE
$$;

CREATE FUNCTION audit_claim_one(event bigint) RETURNS SETOF audit_outbox
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM audit_outbox WHERE id = event FOR UPDATE
$$;

-- The heads of these events' chains, locked: two that append to one chain wait for one another.
CREATE FUNCTION audit_heads(events bigint[]) RETURNS SETOF audit_chain
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO audit_chain (chain, partner_id, seq, hash, last_id)
    SELECT DISTINCT ON (chain) chain, partner_id, 0, repeat('0', 64), '00000000-0000-0000-0000-000000000000'
    FROM audit_outbox o WHERE id = ANY (events) AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.chain = o.chain)
    ORDER BY chain, id ON CONFLICT (chain) DO NOTHING;
    SELECT * FROM audit_chain WHERE chain IN (SELECT o.chain FROM audit_outbox o WHERE o.id = ANY (events))
    ORDER BY chain FOR UPDATE
$$;

-- Moves events into the log as these entries: each says what its event says, and joins the one before it. All of them, or none.
CREATE FUNCTION audit_append(events bigint[], entries jsonb, streaming boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moved bigint;
    heads bigint;
    ends  bigint;
BEGIN
    WITH batch AS MATERIALIZED (
        SELECT * FROM ROWS FROM (unnest(events), jsonb_populate_recordset(NULL::audit_log, entries)) AS b (event)),
    gone AS (DELETE FROM audit_outbox WHERE id = ANY (events) RETURNING *),
    linked AS MATERIALIZED (
        SELECT b.*, o.traceparent, o.created_at AS made,
               coalesce(lag(b.created_at) OVER follows, date_trunc('milliseconds', c.last_at)) AS at_before,
               b.seq = coalesce(lag(b.seq) OVER follows, c.seq) + 1
                   AND b.prev_hash = coalesce(lag(b.hash) OVER follows, c.hash)
                   AND b.id > coalesce(lag(b.id) OVER follows, c.last_id)
                   AND b.hash ~ '^[0-9a-f]{64}$' AS joins,
               (b.action, b.actor_id, b.actor_type, b.actor_name, b.delegate_id, b.resource_type, b.resource_id, b.tenant_id,
                b.partner_id, b.ip_address, b.user_agent, b.request_id)
                   IS NOT DISTINCT FROM
               (o.action, o.actor_id, o.actor_type, o.actor_name, o.delegate_id, o.resource_type, o.resource_id, o.tenant_id,
                o.partner_id, o.ip_address, o.user_agent, o.request_id)
                   AND b.changes = o.changes AS says
        FROM batch b JOIN gone o ON o.id = b.event AND o.chain = b.chain JOIN audit_chain c ON c.chain = b.chain
        WINDOW follows AS (PARTITION BY b.chain ORDER BY b.seq)),
    logged AS (
        INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, actor_name, delegate_id, resource_type,
                               resource_id, tenant_id, partner_id, changes, ip_address, user_agent, request_id, prev_hash, hash,
                               bytes)
        SELECT id, chain, seq, created_at, action, actor_id, actor_type, actor_name, delegate_id, resource_type, resource_id,
               tenant_id, partner_id, changes, ip_address, user_agent, request_id, prev_hash, hash, octet_length(changes::text)
        FROM linked
        -- At the event's time; later when the chain is, earlier when it was made by a clock that was ahead.
        WHERE joins AND says AND (
            created_at = greatest(at_before, date_trunc('milliseconds', made))
            OR (created_at < made AND (created_at = at_before
                OR created_at BETWEEN greatest(at_before, clock_timestamp() - interval '5 minutes') AND clock_timestamp())))
        RETURNING id),
    unsent AS (
        INSERT INTO audit_unsent (entry_id, created_at, shard, traceparent)
        SELECT id, created_at, audit_shard(chain), traceparent FROM linked WHERE streaming ORDER BY id),
    moves AS (
        UPDATE audit_chain c SET seq = h.seq, hash = h.hash, last_id = h.id, last_at = h.created_at
        FROM (SELECT DISTINCT ON (chain) chain, seq, hash, id, created_at FROM linked ORDER BY chain, seq DESC) AS h
        WHERE c.chain = h.chain
        RETURNING 1)
    SELECT (SELECT count(*) FROM logged), (SELECT count(*) FROM moves), (SELECT count(DISTINCT chain) FROM batch)
    INTO moved, heads, ends;
    IF moved IS DISTINCT FROM jsonb_array_length(entries) OR moved <> cardinality(events) OR heads <> ends THEN
        RAISE EXCEPTION 'the entries do not say what their events say, or do not join their chains'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

-- Sets an event aside that the log does not take; gives its chain.
CREATE FUNCTION audit_park(culprit bigint, why text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (DELETE FROM audit_outbox WHERE id = culprit RETURNING *)
    INSERT INTO audit_parked (chain, reason, event) SELECT chain, why, to_jsonb(gone) FROM gone RETURNING chain
$$;

-- Gives so many of the events parked up to this one another try, oldest first; says how many.
CREATE FUNCTION audit_unpark(up_to bigint, at_most bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH again AS (
        DELETE FROM audit_parked WHERE id IN (
            SELECT id FROM audit_parked WHERE event IS NOT NULL AND id <= up_to ORDER BY id LIMIT at_most)
        RETURNING id, event),
    back AS (
        INSERT INTO audit_outbox (created_at, chain, tenant_id, partner_id, actor_id, actor_type, actor_name, delegate_id,
                                  ip_address, user_agent, request_id, traceparent, action, resource_id, changes)
        SELECT created_at, chain, tenant_id, partner_id, actor_id, actor_type, actor_name, delegate_id,
               ip_address, user_agent, request_id, traceparent, action, resource_id, changes
        FROM (SELECT again.id AS place, e.* FROM again, jsonb_populate_record(NULL::audit_outbox, again.event) e) AS parked
        ORDER BY place
        RETURNING 1)
    SELECT count(*) FROM back
$$;

-- Takes entries out of the queue: Kafka has them, or refuses them; those are parked.
CREATE FUNCTION audit_sent(positions bigint[], refused uuid[], reasons text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH parked AS (
        INSERT INTO audit_parked (chain, reason, entry_id, seq, created_at)
        SELECT l.chain, r.reason, l.id, l.seq, l.created_at
        FROM unnest(refused, reasons) AS r (id, reason) JOIN audit_log l USING (id))
    DELETE FROM audit_unsent WHERE position = ANY (positions)
$$;

-- What Kafka has at last is parked no longer.
CREATE FUNCTION audit_sent_again(sent uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM audit_parked WHERE entry_id = ANY (sent)
$$;

-- Keeps signed heads: each is later than the one before, and not later than its chain.
CREATE FUNCTION audit_sign(checkpoints jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO audit_checkpoints AS k (chain, seq, hash, signed_at, key_id, signature)
    SELECT n.chain, n.seq, n.hash, n.signed_at, n.key_id, n.signature
    FROM jsonb_populate_recordset(NULL::audit_checkpoints, checkpoints) n JOIN audit_chain c ON c.chain = n.chain
    WHERE n.seq < c.seq OR (n.seq = c.seq AND n.hash = c.hash)
    ON CONFLICT (chain) DO UPDATE
    SET seq = excluded.seq, hash = excluded.hash, signed_at = excluded.signed_at, key_id = excluded.key_id,
        signature = excluded.signature, published = false
    WHERE k.seq < excluded.seq
$$;

CREATE FUNCTION audit_published(checkpoints jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE audit_checkpoints k SET published = true
    FROM jsonb_populate_recordset(NULL::audit_checkpoints, checkpoints) AS sent
    WHERE k.chain = sent.chain AND k.seq = sent.seq
$$;

REVOKE ALL ON FUNCTION audit_claim, audit_claim_one, audit_heads, audit_append, audit_park, audit_unpark, audit_sent,
    audit_sent_again, audit_sign, audit_published FROM PUBLIC;

-- One month of the log, which is read through the log and its policy alone. None of before ten years ago, nor of the far future, so
-- that a wrong date in an event or entry does not make hundreds.
CREATE FUNCTION audit_make_month(month date) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    name text := format('audit_log_%s', to_char(month, 'YYYY_MM'));
BEGIN
    IF to_regclass('public.' || name) IS NOT NULL OR NOT month BETWEEN now() - interval '10 years' AND now() + interval '24 months' THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partitions'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.audit_log FOR VALUES FROM (%L) TO (%L)',
        name, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
    EXECUTE format('CREATE OR REPLACE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON public.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_is_immutable()', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
END $$;
REVOKE ALL ON FUNCTION audit_make_month FROM PUBLIC;

-- As before; what a restored database lacks of older months, recover makes.
CREATE OR REPLACE FUNCTION audit_make_partitions(months_ahead int) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT audit_make_month(month::date) FROM generate_series(
        date_trunc('month', greatest(now() - interval '24 months', least(
            now(),
            (SELECT max(to_date(right(relname, 7), 'YYYY_MM')) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
             WHERE inhparent = 'public.audit_log'::regclass),
            (SELECT min(created_at) FROM audit_outbox))) AT TIME ZONE 'UTC'),
        date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => least(months_ahead, 24)), '1 month') AS month
$$;

-- What the functions do is done in no other way, and of a row no more is changed than an operation changes. Not where the server
-- runs as the owner: that is warned of at its start, and the functions need these rights.
DO $$
BEGIN
    IF '"' || replace(current_user, '"', '""') || '"' <> '${app_role}' THEN
        REVOKE DELETE ON audit_outbox, audit_unsent, audit_parked FROM ${app_role};
        REVOKE INSERT ON audit_chain, audit_log, audit_unsent, audit_parked, audit_checkpoints FROM ${app_role};
        REVOKE UPDATE ON audit_chain, audit_checkpoints, partners, tenants, idempotency_keys, ai_config, model_catalog,
            participants, prompt_studio, note_processing, plugin_states, totals, activity_offsets, activity_state FROM ${app_role};
    END IF;
END $$;

UPDATE schema_floor SET version = 16;
