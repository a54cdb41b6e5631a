-- Whether a tenant's members may write their own prompts, and which of them. Born with the tenant.
CREATE TABLE prompt_studio (
    tenant_id  uuid PRIMARY KEY REFERENCES tenants,
    enabled    boolean     NOT NULL DEFAULT false,   -- is also the tenant's feature prompt_studio, changed together
    roles      text[]      NOT NULL DEFAULT '{}',
    groups     text[]      NOT NULL DEFAULT '{}',
    version    bigint      NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);
CREATE TRIGGER prompt_studio_touch BEFORE UPDATE ON prompt_studio FOR EACH ROW EXECUTE FUNCTION touch();

CREATE FUNCTION audited(s prompt_studio) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN s.tenant_id IS NOT NULL THEN jsonb_build_object(
    'enabled', s.enabled, 'allowlist', jsonb_build_object('roles', s.roles, 'groups', s.groups)) END;

-- How AI tidies a tenant's notes. Born with the tenant. model is one of ai_config.enabled_models, under that row's lock.
CREATE TABLE note_processing (
    tenant_id       uuid PRIMARY KEY REFERENCES tenants,
    enabled         boolean     NOT NULL DEFAULT false,
    model           text,
    prompt          text,
    auto_title      boolean     NOT NULL DEFAULT false,
    auto_tags       boolean     NOT NULL DEFAULT false,
    auto_categorise boolean     NOT NULL DEFAULT false,
    extract_todos   boolean     NOT NULL DEFAULT false,
    model_is_enabled boolean    NOT NULL DEFAULT true   -- says whoever sets the model, under the lock of ai_config
        CONSTRAINT note_processing_model_is_enabled CHECK (model_is_enabled),
    version         bigint      NOT NULL DEFAULT 1,
    updated_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);
CREATE TRIGGER note_processing_touch BEFORE UPDATE ON note_processing FOR EACH ROW EXECUTE FUNCTION touch();

CREATE FUNCTION audited(n note_processing) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN n.tenant_id IS NOT NULL THEN jsonb_build_object(
    'enabled', n.enabled, 'model', n.model, 'prompt', n.prompt, 'auto_title', n.auto_title, 'auto_tags', n.auto_tags,
    'auto_categorise', n.auto_categorise, 'extract_todos', n.extract_todos) END;

INSERT INTO prompt_studio (tenant_id, enabled)
SELECT id, coalesce((features ->> 'prompt_studio')::boolean, false) FROM tenants;
INSERT INTO note_processing (tenant_id) SELECT id FROM tenants;

-- Which plugins a tenant has on. The plugins themselves are data in conf/plugins.yaml.
CREATE TABLE plugin_states (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    plugin_id  text NOT NULL,
    enabled_at timestamptz,   -- null: off
    CONSTRAINT plugin_states_pk PRIMARY KEY (tenant_id, plugin_id)
);

-- What a partner switches off for all tenants below it, whatever they have on.
ALTER TABLE partners ADD COLUMN disabled_plugins text[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION audited(p partners) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN p.id IS NOT NULL THEN jsonb_build_object(
    'slug', p.slug, 'name', p.name, 'scaikey_partner_id', p.scaikey_partner_id, 'status', p.status,
    'contact_email', p.contact_email, 'parent_partner_id', p.parent_partner_id, 'max_tenants', p.max_tenants,
    'disabled_plugins', p.disabled_plugins) END;

-- Members that come and go elsewhere in the platform are reported as events, which may come late or twice.
ALTER TABLE participants
    ADD COLUMN present  boolean NOT NULL DEFAULT true,
    ADD COLUMN event_at timestamptz,   -- of the newest event applied; null for those made here
    DROP CONSTRAINT participant_local_id_unique;
CREATE UNIQUE INDEX participant_local_id_unique ON participants (tenant_id, local_id) WHERE present;
CREATE INDEX participants_by_type ON participants (tenant_id, participant_type, local_id) WHERE present;
