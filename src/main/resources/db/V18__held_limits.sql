-- The limits that somebody above a partner has set for it, and how high they stand: 0 is the platform, 1 a partner at the top, and so on
-- down the lineage. Who stands lower may add to them and not take away. What was set before this is nobody's.
-- {"suspended": 0, "max_tenants": {"by": 0, "limit": 10}, "plugins": {"scaiwave.web": 1}}
ALTER TABLE partners ADD COLUMN held jsonb NOT NULL DEFAULT '{}';

-- Whether who stands there may make p become n.
CREATE FUNCTION partner_permits(p partners, n partners, standing int) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN (n.status IS NOT DISTINCT FROM p.status OR n.status = 'suspended'
        OR standing <= coalesce((p.held ->> 'suspended')::int, standing))
   AND (n.max_tenants IS NOT DISTINCT FROM p.max_tenants
        OR standing <= coalesce((p.held #>> '{max_tenants,by}')::int, standing)
        OR coalesce(n.max_tenants <= (p.held #>> '{max_tenants,limit}')::bigint, false))
   AND NOT EXISTS (SELECT FROM jsonb_each_text(p.held -> 'plugins') AS off (plugin, by)
                   WHERE off.by::int < standing AND off.plugin <> ALL (n.disabled_plugins));

-- What is held when who stands there has made p become n; p is null for a new one.
CREATE FUNCTION partner_held(p partners, n partners, standing int) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN jsonb_strip_nulls(jsonb_build_object(
    'suspended', CASE WHEN n.status = 'suspended' AND p.status IS DISTINCT FROM 'suspended' THEN to_jsonb(standing)
                      WHEN n.status = 'suspended' THEN p.held -> 'suspended' END,
    'max_tenants', CASE WHEN n.max_tenants IS NOT DISTINCT FROM p.max_tenants
                          OR standing > coalesce((p.held #>> '{max_tenants,by}')::int, standing) THEN p.held -> 'max_tenants'
                        WHEN n.max_tenants IS NOT NULL THEN jsonb_build_object('by', standing, 'limit', n.max_tenants) END,
    'plugins', (SELECT nullif(jsonb_strip_nulls(jsonb_object_agg(
                           plugin, CASE WHEN plugin = ANY (p.disabled_plugins) THEN p.held -> 'plugins' -> plugin
                                        ELSE to_jsonb(standing) END)), '{}')
                FROM unnest(n.disabled_plugins) AS plugin)));

DROP TRIGGER partners_touch ON partners;
CREATE TRIGGER partners_touch BEFORE UPDATE ON partners
    FOR EACH ROW EXECUTE FUNCTION touch('tenant_count', 'fleet_count', 'held');
