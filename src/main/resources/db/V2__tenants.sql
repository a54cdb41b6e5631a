-- Partners resell ScaiWave; a partner may have partners below it. Tenants belong to a partner, or directly to the platform.

CREATE TABLE partners (
    id                uuid PRIMARY KEY,
    slug              text        NOT NULL CONSTRAINT partner_slug_unique UNIQUE,
    name              text        NOT NULL,
    scaikey_partner_id text       NOT NULL CONSTRAINT partner_scaikey_unique UNIQUE,
    status            text        NOT NULL DEFAULT 'active' CONSTRAINT partner_status_known CHECK (status IN ('active', 'suspended')),
    contact_email     text,
    parent_partner_id uuid        CONSTRAINT partner_parent_exists REFERENCES partners,
    max_tenants       bigint      CONSTRAINT partner_max_tenants_natural CHECK (max_tenants >= 0),
    lineage           uuid[]      NOT NULL,   -- itself and all above it: who reaches it. A partner never moves.
    tenant_count      bigint      NOT NULL DEFAULT 0,   -- kept by tenant creation, under this row's lock
    version           bigint      NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    updated_at        timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);
CREATE INDEX partners_by_lineage ON partners USING gin (lineage);

CREATE TABLE tenants (
    id                uuid PRIMARY KEY,
    slug              text        NOT NULL CONSTRAINT tenant_slug_unique UNIQUE,
    name              text        NOT NULL,
    scaikey_tenant_id text        NOT NULL CONSTRAINT tenant_scaikey_unique UNIQUE,
    partner_id        uuid        CONSTRAINT tenant_partner_exists REFERENCES partners,
    max_participants  bigint,
    max_rooms         bigint,
    max_storage_bytes bigint,
    ai_tokens_monthly bigint,
    features          jsonb       NOT NULL DEFAULT '{}',
    participant_count bigint      NOT NULL DEFAULT 0,   -- kept by participant creation, under this row's lock
    version           bigint      NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    updated_at        timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);
CREATE INDEX tenants_by_partner ON tenants (partner_id);

CREATE TRIGGER partners_touch BEFORE UPDATE ON partners FOR EACH ROW EXECUTE FUNCTION touch('tenant_count');
CREATE TRIGGER tenants_touch BEFORE UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION touch('participant_count');

-- audited(row): what the audit trail says of a row. NULL for no row.
CREATE FUNCTION audited(p partners) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN p.id IS NOT NULL THEN jsonb_build_object(
    'slug', p.slug, 'name', p.name, 'scaikey_partner_id', p.scaikey_partner_id, 'status', p.status,
    'contact_email', p.contact_email, 'parent_partner_id', p.parent_partner_id, 'max_tenants', p.max_tenants) END;

CREATE FUNCTION audited(t tenants) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN t.id IS NOT NULL THEN jsonb_build_object(
    'slug', t.slug, 'name', t.name, 'scaikey_tenant_id', t.scaikey_tenant_id, 'partner_id', t.partner_id,
    'limits', jsonb_build_object('max_participants', t.max_participants, 'max_rooms', t.max_rooms,
                                 'max_storage_bytes', t.max_storage_bytes, 'ai_tokens_monthly', t.ai_tokens_monthly),
    'features', t.features) END;

-- The reply to a creation, kept for the repeats of its Idempotency-Key.
CREATE TABLE idempotency_keys (
    actor_id    text        NOT NULL,
    operation   text        NOT NULL,
    key         text        NOT NULL,
    fingerprint text        NOT NULL,
    reply       jsonb,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_keys_pk PRIMARY KEY (actor_id, operation, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
