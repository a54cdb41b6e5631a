-- What one caller sends or asks for holds up nobody else.

-- No text of a client stands in an index of the log: one too long for an index would stop its chain. Filters are answered step by
-- step along a chain instead; times find their place in it by an index, because created_at does not run backwards in a chain.
DROP INDEX audit_log_by_actor;
DROP INDEX audit_log_by_resource;
CREATE INDEX audit_log_by_time ON audit_log (chain, created_at, id);

-- How large the changes are, so that nobody has to unpack them to know. Null for entries that are older than this column.
ALTER TABLE audit_log ADD COLUMN bytes int;

-- Every entry fits a record of 1,000,000 bytes, which Kafka takes by default: what is not changes is at most 50,000 bytes.
ALTER TABLE audit_outbox
    ADD COLUMN bytes int NOT NULL GENERATED ALWAYS AS (octet_length(changes::text)) STORED,
    ADD CONSTRAINT audit_outbox_fits_record CHECK (bytes <= 950000) NOT VALID;

-- Before and after stand in one entry, together with 500 slugs in each.
ALTER TABLE ai_config
    ADD CONSTRAINT ai_config_templates_bytes CHECK (octet_length(system_prompt_templates::text) <= 300000) NOT VALID;

-- A partner's row names all above it.
ALTER TABLE partners ADD CONSTRAINT partner_depth CHECK (cardinality(lineage) <= 32) NOT VALID;

-- As before, but not from the beginning of time: an event that is older than two years, or of a clock that was wrong, is parked.
CREATE OR REPLACE FUNCTION audit_make_partitions(months_ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    oldest timestamptz := greatest(now() - interval '24 months', least(now(), (SELECT min(created_at) FROM audit_outbox)));
    first date := date_trunc('month', oldest AT TIME ZONE 'UTC');
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
