-- A second wall: what a statement sees and changes is bounded by the scope that it runs in, whatever its own conditions say. The
-- setting scaiwave.scope names it: tenant:<id>, partner:<id> (the partner and all below it), platform, or * for everything, which is
-- the server's own work. Without one there are no rows. The owner of the tables is not bound.

-- Each is asked once for a statement, from a subselect, and not for a row. But for scope_is_all where tables are read by key: it makes
-- the policy dearer than the statement's own condition, which then comes first when all of a small table is read.
CREATE FUNCTION scope_name() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('scaiwave.scope', true), '');

CREATE FUNCTION scope_is_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(scope_name() = '*', false);

CREATE FUNCTION scope_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN starts_with(scope_name(), 'tenant:') THEN substr(scope_name(), 8)::uuid END;

-- What a partner's lineage must hold to be in scope: nothing, for everything, because each holds that.
CREATE FUNCTION scope_lineage() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN scope_is_all() THEN '{}'::uuid[]
            WHEN starts_with(scope_name(), 'partner:') THEN ARRAY[substr(scope_name(), 9)::uuid] END;

ALTER TABLE partners ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON partners USING (lineage @> (SELECT scope_lineage()));

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON tenants USING (
    id = (SELECT scope_tenant()) OR scope_is_all()
    OR EXISTS (SELECT FROM partners p WHERE p.id = tenants.partner_id));

DO $$
DECLARE
    named regclass;
BEGIN
    FOREACH named IN ARRAY ARRAY['ai_config', 'model_catalog', 'participants', 'prompt_studio', 'note_processing',
                                 'plugin_states', 'totals']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', named);
        EXECUTE format('CREATE POLICY scope ON %s USING (tenant_id = (SELECT scope_tenant()) OR scope_is_all())', named);
    END LOOP;
    -- A chain has its scope's name; a partner sees those of all below it too.
    FOREACH named IN ARRAY ARRAY['audit_outbox', 'audit_chain', 'audit_log']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', named);
        EXECUTE format('CREATE POLICY scope ON %1$s USING (
            chain = (SELECT scope_name()) OR (SELECT scope_is_all())
            OR EXISTS (SELECT FROM partners p WHERE p.id = %1$s.partner_id))', named);
    END LOOP;
    FOREACH named IN ARRAY ARRAY['audit_unsent', 'audit_parked', 'audit_checkpoints', 'audit_floors']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', named);
        EXECUTE format('CREATE POLICY scope ON %s USING ((SELECT scope_is_all()))', named);
    END LOOP;
    -- A month has no policy: who is not the owner reads it through the log, or not at all.
    FOR named IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'audit_log'::regclass LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', named);
    END LOOP;
END $$;

-- A reply is for the scope that it was given in.
ALTER TABLE idempotency_keys ADD COLUMN scope text;
UPDATE idempotency_keys SET scope = CASE
    WHEN position(' ' IN operation) > 0 THEN 'tenant:' || split_part(operation, ' ', 2)
    WHEN reach = 'all' THEN '*' ELSE reach END;
ALTER TABLE idempotency_keys ALTER COLUMN scope SET NOT NULL, ALTER COLUMN scope SET DEFAULT scope_name();
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON idempotency_keys USING (scope = (SELECT scope_name()) OR (SELECT scope_is_all()));

-- What crosses scopes by its nature is done by the owner, for one tenant or partner at a time.

-- The plugins that the partners above a tenant have switched off for it.
CREATE FUNCTION plugins_off_above(tenant uuid) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT unnest(above.disabled_plugins)
    FROM tenants t JOIN partners own ON own.id = t.partner_id JOIN partners above ON above.id = ANY (own.lineage)
    WHERE t.id = tenant AND (scope_is_all() OR t.id = scope_tenant())
$$;

-- The rows of the partner and of all above it are locked and counted first, so that no number of parallel creations exceeds a
-- max_tenants; all creations lock in one order. Each of them counts, or none. False: one is full.
CREATE FUNCTION tenant_has_room(parent uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    path uuid[] := (SELECT p.lineage FROM partners p WHERE p.id = parent AND p.lineage @> scope_lineage());
BEGIN
    PERFORM FROM partners WHERE id = ANY (path) ORDER BY id FOR NO KEY UPDATE;
    IF path IS NULL OR EXISTS (SELECT FROM partners WHERE id = ANY (path) AND fleet_count >= max_tenants) THEN
        RETURN false;
    END IF;
    UPDATE partners SET fleet_count = fleet_count + 1, tenant_count = tenant_count + (id = parent)::int WHERE id = ANY (path);
    RETURN true;
END $$;

-- A tenant is born with its settings.
CREATE FUNCTION tenant_born() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO ai_config (tenant_id) VALUES (NEW.id);
    INSERT INTO prompt_studio (tenant_id, enabled)
    VALUES (NEW.id, coalesce((NEW.features ->> 'prompt_studio')::boolean, false));
    INSERT INTO note_processing (tenant_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tenant_born AFTER INSERT ON tenants FOR EACH ROW EXECUTE FUNCTION tenant_born();
REVOKE ALL ON FUNCTION plugins_off_above, tenant_has_room, tenant_born FROM PUBLIC;

