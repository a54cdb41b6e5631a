-- The audit trail. A change writes its event into the outbox in its own statement; the audit verticle gives each event its
-- place in its chain and moves it into the log, and keeps a note of what Kafka has not acknowledged yet.

CREATE TABLE audit_outbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at    timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    chain         text        NOT NULL,
    tenant_id     uuid,
    partner_id    uuid,
    action        text        NOT NULL,
    resource_type text        NOT NULL GENERATED ALWAYS AS (split_part(action, '.', 1)) STORED,
    resource_id   text        NOT NULL,
    changes       jsonb       NOT NULL,
    actor_id      text        NOT NULL,
    actor_type    text        NOT NULL,
    actor_name    text,
    ip_address    text,
    user_agent    text,
    request_id    text
);
COMMENT ON TABLE audit_outbox IS 'Events committed with their change, not yet in the log. Claimed by presence, never by id > last.';

-- The head of each chain: where the next entry joins on.
CREATE TABLE audit_chain (
    chain   text   PRIMARY KEY,
    seq     bigint NOT NULL,
    hash    text   NOT NULL,
    last_id uuid   NOT NULL
);

CREATE TABLE audit_log (
    id            uuid        NOT NULL,
    chain         text        NOT NULL,
    seq           bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    action        text        NOT NULL,
    actor_id      text        NOT NULL,
    actor_type    text        NOT NULL,
    actor_name    text,
    resource_type text        NOT NULL,
    resource_id   text        NOT NULL,
    tenant_id     uuid,
    partner_id    uuid,
    changes       jsonb       NOT NULL,
    ip_address    text,
    user_agent    text,
    request_id    text,
    prev_hash     text        NOT NULL,
    hash          text        NOT NULL,
    CONSTRAINT audit_log_pk PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX audit_log_by_chain    ON audit_log (chain, id DESC);
CREATE INDEX audit_log_by_partner  ON audit_log (partner_id, id DESC);
CREATE INDEX audit_log_by_actor    ON audit_log (actor_id, id DESC);
CREATE INDEX audit_log_by_resource ON audit_log (resource_id, id DESC);

-- In the log, not yet acknowledged by Kafka.
CREATE TABLE audit_unsent (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL
);

-- What of one state differs from the other: the fields that changed, with this state's values.
CREATE FUNCTION audit_difference(state jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN state IS NOT NULL THEN (
    SELECT coalesce(jsonb_object_agg(field.key, field.value), '{}')
    FROM jsonb_each(state) AS field
    WHERE other IS NULL OR field.value IS DISTINCT FROM other -> field.key) END;

CREATE FUNCTION audit_changes(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('before', audit_difference(before, after), 'after', audit_difference(after, before));

-- Entries are for good: the database itself refuses to change or remove one, whoever asks.
CREATE FUNCTION audit_log_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_immutable();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_immutable();

-- Makes the partitions of this month and the next ones. The server may call it, and cannot make or drop one otherwise.
CREATE FUNCTION audit_make_partitions(months_ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    month date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partitions'));
    FOR month IN SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n)
                 FROM generate_series(0, least(months_ahead, 24)) AS n
    LOOP
        CONTINUE WHEN to_regclass(format('public.audit_log_%s', to_char(month, 'YYYY_MM'))) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.audit_log_%s PARTITION OF public.audit_log FOR VALUES FROM (%L) TO (%L)',
            to_char(month, 'YYYY_MM'), month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit_make_partitions FROM PUBLIC;

-- For every table with a version: an update that changes something moves the version, and with it the ETag. A counter, named as
-- the trigger's argument, moves the version, because the resource shows it, but not updated_at, because nobody edited anything.
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.version := OLD.version + 1;
        IF TG_NARGS = 0 OR to_jsonb(NEW) - TG_ARGV[0] - 'version' IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV[0] - 'version' THEN
            NEW.updated_at := date_trunc('milliseconds', clock_timestamp());
        END IF;
    END IF;
    RETURN NEW;
END $$;
