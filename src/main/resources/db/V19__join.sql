-- An entry is made of its event: it is only said where it joins its chain, so that it cannot say anything else than the event does, and
-- nothing has to be read and compared. All of them, or none. Each event is found by its id, and its chain by its name, whatever
-- PostgreSQL believes of the sizes of the outbox and the batch.
CREATE FUNCTION audit_join(events bigint[], ids uuid[], seqs bigint[], times timestamptz[], prev_hashes text[], hashes text[],
                           streaming boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    moved bigint;
    heads bigint;
    ends  bigint;
BEGIN
    WITH gone AS (
        DELETE FROM audit_outbox o
        USING unnest(events, ids, seqs, times, prev_hashes, hashes) AS e (event, entry_id, seq, at, prev_hash, hash), audit_chain c
        WHERE o.id = e.event AND c.chain = o.chain
        RETURNING o.*, e.entry_id, e.seq, e.at, e.prev_hash, e.hash,
                  c.seq AS head_seq, c.hash AS head_hash, c.last_id AS head_id, date_trunc('milliseconds', c.last_at) AS head_at),
    linked AS MATERIALIZED (
        SELECT *,
               seq = coalesce(lag(seq) OVER follows, head_seq) + 1
                   AND prev_hash = coalesce(lag(hash) OVER follows, head_hash)
                   AND entry_id > coalesce(lag(entry_id) OVER follows, head_id)
                   AND length(hash) = 64 AND ltrim(hash, '0123456789abcdef') = '' AS joins, -- a pattern takes 50 times as long
               coalesce(lag(at) OVER follows, head_at) AS at_before,
               lead(seq) OVER follows IS NULL AS ends
        FROM gone WINDOW follows AS (PARTITION BY chain COLLATE "C" ORDER BY seq)),
    logged AS (
        INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, actor_name, delegate_id, resource_type,
                               resource_id, tenant_id, partner_id, changes, ip_address, user_agent, request_id, prev_hash, hash,
                               bytes)
        SELECT entry_id, chain, seq, at, action, actor_id, actor_type, actor_name, delegate_id, resource_type,
               resource_id, tenant_id, partner_id, changes, ip_address, user_agent, request_id, prev_hash, hash,
               bytes
        FROM linked
        -- At the event's time; later when the chain is, earlier when it was made by a clock that was ahead.
        WHERE joins AND (
            at = greatest(at_before, date_trunc('milliseconds', created_at))
            OR (at < created_at AND (at = at_before
                OR at BETWEEN greatest(at_before, clock_timestamp() - interval '5 minutes') AND clock_timestamp())))
        RETURNING 1),
    unsent AS (
        INSERT INTO audit_unsent (entry_id, created_at, shard, traceparent)
        SELECT entry_id, at, shard, traceparent FROM linked WHERE streaming ORDER BY entry_id),
    moves AS (
        UPDATE audit_chain c SET seq = l.seq, hash = l.hash, last_id = l.entry_id, last_at = l.at
        FROM linked l WHERE l.ends AND c.chain = l.chain
        RETURNING 1)
    SELECT (SELECT count(*) FROM logged), (SELECT count(*) FROM moves), (SELECT count(*) FROM linked WHERE linked.ends)
    INTO moved, heads, ends;
    IF moved IS DISTINCT FROM cardinality(events) OR heads <> ends THEN
        RAISE EXCEPTION 'the entries do not join their chains' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;
REVOKE ALL ON FUNCTION audit_join FROM PUBLIC;

-- For servers of the release before, during a rolling upgrade.
CREATE OR REPLACE FUNCTION audit_append(events bigint[], entries jsonb, streaming boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT audit_join(events, array_agg(id ORDER BY ordinality), array_agg(seq ORDER BY ordinality),
                      array_agg(created_at ORDER BY ordinality), array_agg(prev_hash ORDER BY ordinality),
                      array_agg(hash ORDER BY ordinality), streaming)
    FROM jsonb_populate_recordset(NULL::audit_log, entries) WITH ORDINALITY
$$;
