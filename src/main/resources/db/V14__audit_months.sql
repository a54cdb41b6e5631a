-- As before, and from the newest month that there is: a database that was restored from an old backup lacks those since.
CREATE OR REPLACE FUNCTION audit_make_partitions(months_ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    newest date := (SELECT max(to_date(right(relname, 7), 'YYYY_MM')) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                    WHERE inhparent = 'public.audit_log'::regclass);
    oldest timestamptz := greatest(
        now() - interval '24 months', least(now(), newest, (SELECT min(created_at) FROM audit_outbox)));
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
