package io.scaiwave.admin.settings;

import io.scaiwave.admin.testing.TestServer;
import java.util.List;

/** The settings that are read with GET and merged into with PUT, and what their tests say of each. */
enum Setting {
    AI_CONFIG(
            "ai-config",
            "{\"default_model\": null, \"enabled_models\": [], \"system_prompt_templates\": []}",
            """
            {"default_model": "claude-sonnet-4-6", "enabled_models": ["claude-sonnet-4-6", "partner/acme/legal-7b"],
             "system_prompt_templates": [{"name": "Friendly", "prompt": "Be kind."}]}""",
            """
            {"default_model": "claude-sonnet-4-6"}
            {"scaigrid_api_key": null, "scaigrid_auth_mode": "per_user_exchange"}
            """,
            "{\"system_prompt_templates\": [{\"name\": \"n%d\", \"prompt\": \"p\"}]}"),
    PROMPT_STUDIO(
            "prompt-studio",
            "{\"enabled\": false, \"allowlist\": {\"roles\": [], \"groups\": []}}",
            "{\"enabled\": true, \"allowlist\": {\"roles\": [\"author\", \"editor\"], \"groups\": [\"Care\"]}}",
            """
            {"enabled": true}
            {"allowlist": {}}
            {"allowlist": {"groups": ["Care"]}}
            """,
            "{\"allowlist\": {\"roles\": [\"r%d\"]}}"),
    NOTE_PROCESSING("note-processing", """
            {"enabled": false, "model": null, "prompt": null, "auto_title": false, "auto_tags": false,
             "auto_categorise": false, "extract_todos": false}""", """
            {"enabled": true, "model": "partner/acme/legal-7b", "prompt": "Keep titles short.", "auto_title": true,
             "auto_tags": true, "auto_categorise": true, "extract_todos": true}""", """
            {"model": "partner/acme/legal-7b"}
            {"auto_tags": true}
            """, "{\"prompt\": \"p%d\"}") {
        @Override
        void prepare(TestServer.Tenant tenant) {
            tenant.admin
                    .put("/v1/admin/ai-config", "{\"enabled_models\": [\"partner/acme/legal-7b\", \"scailar-pro\"]}")
                    .expect(200);
        }
    };

    final String path;
    final String action;

    /** Every field that PUT changes: of a new tenant, and all of them set to something else. */
    final String defaults;

    final String whole;

    private final String unchanging;
    private final String numbered;

    Setting(String name, String defaults, String whole, String unchanging, String numbered) {
        this.path = "/v1/admin/" + name;
        this.action = name.replace('-', '_') + ".update";
        this.defaults = defaults;
        this.whole = whole;
        this.unchanging = unchanging;
        this.numbered = numbered;
    }

    /** Bodies that change nothing where the settings are {@link #whole}. */
    List<String> unchanging() {
        return unchanging.lines().toList();
    }

    /** The body of the n-th of many changes. */
    String change(int n) {
        return numbered.formatted(n);
    }

    /** What must be before these settings can be made. */
    void prepare(TestServer.Tenant tenant) {}
}
