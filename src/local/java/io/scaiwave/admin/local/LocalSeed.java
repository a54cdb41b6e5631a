package io.scaiwave.admin.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the partner acme and its tenant acme-main through the API, as anybody would, or finds them there; then brings them to life. */
final class LocalSeed {
    static final String PARTNER = "acme";
    static final String TENANT = "acme-main";

    private static final String ALIVE = "alive";
    private static final int PAGE = 100;

    private final LocalPlatform platform;
    private final LocalClient root;

    LocalSeed(String api, LocalPlatform platform) {
        this.platform = platform;
        this.root = new LocalClient(api, LocalScreen.superAdmin(platform.scaiKey()));
    }

    /** @param folder where it is noted that the tenant has been brought to life, which is done once */
    void make(Path folder) throws IOException, InterruptedException {
        String partner = partner(PARTNER, "Acme", null);
        String tenant = tenant(TENANT, "Acme Main", partner);
        if (tenant != null && !Files.exists(folder.resolve(ALIVE))) {
            new LocalLife(this, platform, root.api(), partner, tenant).make();
        }
        Files.writeString(folder.resolve(ALIVE), "");
    }

    /** The id of the partner, made or found. */
    String partner(String slug, String name, String parent) throws IOException, InterruptedException {
        LocalClient.Reply reply = root.send(
                "POST", "/v1/admin/partners", """
                {"slug": "%1$s", "name": "%2$s", "scaikey_partner_id": "%1$s", "contact_email": "ops@%1$s.example",
                 "max_tenants": 25, "parent_partner_id": %3$s}""".formatted(slug, name, parent == null ? null : '"' + parent + '"'));
        return reply.status() == LocalClient.CONFLICT
                ? found(slug)
                : reply.data().path("id").asText();
    }

    /** The id of the tenant that was made; null when it was there already. */
    String tenant(String slug, String name, String partner) throws IOException, InterruptedException {
        LocalClient.Reply reply = root.send("POST", "/v1/admin/tenants", """
                {"slug": "%1$s", "name": "%2$s", "scaikey_tenant_id": "%1$s", "partner_id": "%3$s", "limits":
                 {"max_participants": 500, "max_rooms": 1000, "max_storage_bytes": 107374182400, "ai_tokens_monthly": 50000000}}""".formatted(slug, name, partner));
        return reply.status() == LocalClient.CONFLICT
                ? null
                : reply.data().path("id").asText();
    }

    private String found(String slug) throws IOException, InterruptedException {
        for (int offset = 0; ; offset += PAGE) {
            JsonNode page = root.send("GET", "/v1/admin/partners?limit=" + PAGE + "&offset=" + offset, null)
                    .data();
            for (JsonNode partner : page) {
                if (slug.equals(partner.path("slug").asText())) {
                    return partner.path("id").asText();
                }
            }
            if (page.size() < PAGE) {
                throw new IllegalStateException(
                        "The API says that the partner " + slug + " exists, and does not list it");
            }
        }
    }
}
