-- A limit on tenants counts those of the partner and of all below it, so that it cannot be passed by way of a sub-partner.
ALTER TABLE partners ADD COLUMN fleet_count bigint NOT NULL DEFAULT 0;   -- kept by tenant creation, under this row's lock

-- As before, and a second argument names a counter that the resource does not show: it moves nothing.
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hidden text[] := coalesce(TG_ARGV[1:], '{}');   -- a trigger without arguments has no array
    was jsonb := to_jsonb(OLD) - hidden;
    is_now jsonb := to_jsonb(NEW) - hidden;
BEGIN
    IF is_now IS DISTINCT FROM was THEN
        NEW.version := OLD.version + 1;
        IF TG_NARGS = 0 OR is_now - TG_ARGV[0] - 'version' IS DISTINCT FROM was - TG_ARGV[0] - 'version' THEN
            NEW.updated_at := date_trunc('milliseconds', clock_timestamp());
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER partners_touch ON partners;
CREATE TRIGGER partners_touch BEFORE UPDATE ON partners
    FOR EACH ROW EXECUTE FUNCTION touch('tenant_count', 'fleet_count');

UPDATE partners p SET fleet_count = (
    SELECT coalesce(sum(below.tenant_count), 0) FROM partners below WHERE below.lineage @> ARRAY[p.id]);

-- A key belongs to its actor as they reach: one person may be an admin of two partners. The reach of those that are kept is not known.
DELETE FROM idempotency_keys;
ALTER TABLE idempotency_keys
    ADD COLUMN reach text NOT NULL,   -- all, partner:<id> or tenant:<id>
    DROP CONSTRAINT idempotency_keys_pk,
    ADD CONSTRAINT idempotency_keys_pk PRIMARY KEY (actor_id, reach, operation, key);
