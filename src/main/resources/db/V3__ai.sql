-- A tenant's AI defaults. The row is born with the tenant. enabled_models is the one state of which models are on.
CREATE TABLE ai_config (
    tenant_id               uuid PRIMARY KEY REFERENCES tenants,
    default_model           text,
    enabled_models          text[]      NOT NULL DEFAULT '{}',
    system_prompt_templates jsonb       NOT NULL DEFAULT '[]',
    scaigrid_auth_mode      text        NOT NULL DEFAULT 'per_user_exchange',
    api_key_encrypted       text,       -- key id, nonce and AES-256-GCM ciphertext; see Secrets
    api_key_masked          text,
    api_key_number          bigint      NOT NULL DEFAULT 0,   -- counts the keys there were: what the audit trail says of a secret
    version                 bigint      NOT NULL DEFAULT 1,
    updated_at              timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    CONSTRAINT ai_config_models_max CHECK (cardinality(enabled_models) <= 500),
    CONSTRAINT ai_config_default_is_enabled CHECK (default_model IS NULL OR default_model = ANY (enabled_models)),
    CONSTRAINT ai_config_auth_mode_known CHECK (scaigrid_auth_mode IN ('per_user_exchange', 'service_token')),
    CONSTRAINT ai_config_service_token_has_key CHECK (scaigrid_auth_mode <> 'service_token' OR api_key_encrypted IS NOT NULL)
);
CREATE TRIGGER ai_config_touch BEFORE UPDATE ON ai_config FOR EACH ROW EXECUTE FUNCTION touch();

-- Of the key it is said only that there is one, and the how-manieth it is.
CREATE FUNCTION audited(c ai_config) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN c.tenant_id IS NOT NULL THEN jsonb_build_object(
    'default_model', c.default_model, 'enabled_models', c.enabled_models,
    'system_prompt_templates', c.system_prompt_templates, 'scaigrid_auth_mode', c.scaigrid_auth_mode,
    'scaigrid_api_key', CASE WHEN c.api_key_encrypted IS NOT NULL
                             THEN jsonb_build_object('number', c.api_key_number) END) END;

-- The last good catalogue that ScaiGrid gave for a tenant, kept for when it is away.
CREATE TABLE model_catalog (
    tenant_id  uuid PRIMARY KEY REFERENCES tenants,
    models     jsonb       NOT NULL,
    credential text        NOT NULL,   -- which way it was fetched; another way fetches it anew
    as_of      timestamptz NOT NULL
);

CREATE TABLE participants (
    id                    text PRIMARY KEY,
    tenant_id             uuid        NOT NULL REFERENCES tenants,
    local_id              text        NOT NULL,
    server_name           text        NOT NULL,
    display_name          text        NOT NULL,
    avatar_url            text,
    participant_type      text        NOT NULL CONSTRAINT participant_type_known
        CHECK (participant_type IN ('human', 'model', 'agent', 'helper', 'bridge', 'federated')),
    model                 text,
    configured            boolean     NOT NULL DEFAULT false,   -- the one that PUT /models/{slug}/participant configures
    system_prompt         text,
    default_response_mode text        CONSTRAINT participant_mode_known CHECK (default_response_mode IN ('streaming', 'conversational')),
    enabled               boolean     NOT NULL DEFAULT true,
    version               bigint      NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    updated_at            timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
    CONSTRAINT participant_local_id_unique UNIQUE (tenant_id, local_id),
    CONSTRAINT participant_model_has_model CHECK ((participant_type = 'model') = (model IS NOT NULL))
);
CREATE UNIQUE INDEX participant_configured_unique ON participants (tenant_id, model) WHERE configured;
CREATE TRIGGER participants_touch BEFORE UPDATE ON participants FOR EACH ROW EXECUTE FUNCTION touch();

CREATE FUNCTION audited(p participants) RETURNS jsonb LANGUAGE sql STABLE
RETURN CASE WHEN p.id IS NOT NULL THEN jsonb_build_object(
    'local_id', p.local_id, 'display_name', p.display_name, 'participant_type', p.participant_type, 'model', p.model,
    'system_prompt', p.system_prompt, 'default_response_mode', p.default_response_mode, 'enabled', p.enabled) END;
