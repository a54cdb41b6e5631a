package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The largest change that each operation takes makes a record that Kafka takes by default. */
class RecordSizeTest {
    private static final int RECORD_BYTES_MAX = 1_000_000;
    private static final int MODELS = 500;
    private static final int TEMPLATES_BYTES_MAX = 300_000;
    private static final int PROMPT_MAX = 20_000;
    private static final int NAME_MAX = 100;
    private static final int LISTED_MAX = 200;
    /** All headers of a request are at most 8 KB; a quotation mark takes two bytes in JSON. */
    private static final String USER_AGENT = "\"".repeat(5_000);

    private final TestServer server = TestServer.mistreated();
    private final TestServer.Tenant tenant = server.newTenant();
    private final Api admin = tenant.admin.with("User-Agent", USER_AGENT);
    private final Random random = new Random(1);

    /** Characters of four bytes, which do not become fewer when they are compressed. */
    private String wide(int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.appendCodePoint(0x20000 + random.nextInt(0xA000));
        }
        return text.toString();
    }

    private String ascii(int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private static List<String> many(int count, IntFunction<String> each) {
        return IntStream.range(0, count).mapToObj(each).toList();
    }

    private int slugMax() {
        return server.anonymous()
                .get("/openapi.json")
                .body()
                .at("/components/schemas/ModelSlug/maxLength")
                .asInt();
    }

    /** As many templates as fit. */
    private List<Map<String, String>> templates() {
        List<Map<String, String>> templates = new ArrayList<>();
        int left = TEMPLATES_BYTES_MAX - 1_000;
        while (left > 4 * (NAME_MAX + 100)) {
            int characters = Math.min(PROMPT_MAX, left / 4 - NAME_MAX - 50);
            templates.add(Map.of("name", wide(NAME_MAX), "prompt", wide(characters)));
            left = TEMPLATES_BYTES_MAX - 1_000 - Json.bytes(templates).length;
        }
        return templates;
    }

    private void put(Api api, String path, Map<String, Object> body) {
        api.put(path, Json.text(body)).expect(200);
    }

    /** The largest record of the chain; none was refused. */
    private int largest(String chain, int entries) {
        List<AuditTopic.Event> events =
                AuditTopic.read(server.platform().kafka().bootstrapServers(), chain, entries, Wait.SOON);
        assertThat(Sql.texts(server, "SELECT reason FROM audit_parked WHERE chain = ?", chain))
                .isEmpty();
        return events.stream().mapToInt(AuditTopic.Event::bytes).max().orElseThrow();
    }

    /** Offers these models, and waits until the server's catalog has them. */
    private void offered(List<String> slugs) {
        server.platform()
                .scaiGrid()
                .setModels(slugs.stream()
                        .map(slug -> new LocalScaiGrid.Model(slug, slug, "chat", 8_192, 4_096, "active", "healthy"))
                        .toList());
        Wait.soon(() ->
                admin.get("/v1/admin/models/catalog?limit=1&q=" + slugs.get(0).substring(0, NAME_MAX))
                                .data()
                                .size()
                        == 1);
    }

    @Test
    void aiConfig_withAllModelsAndAllTemplatesReplaced() {
        int slugMax = slugMax();
        List<LocalScaiGrid.Model> usual = server.platform().scaiGrid().models();
        try {
            for (String round : List.of("one", "two")) {
                List<String> slugs = many(MODELS, i -> (round + i + "-" + ascii(slugMax)).substring(0, slugMax));
                offered(slugs);
                put(
                        admin,
                        "/v1/admin/ai-config",
                        Map.of(
                                "enabled_models",
                                slugs,
                                "default_model",
                                slugs.get(0),
                                "system_prompt_templates",
                                templates()));
            }
        } finally {
            server.platform().scaiGrid().setModels(usual);
        }
        assertThat(largest(tenant.chain, 2)).isBetween(4 * RECORD_BYTES_MAX / 5, RECORD_BYTES_MAX);
    }

    @Test
    void aiConfig_refusesTemplatesThatAreTooLarge_andNamesThem() {
        List<Map<String, String>> templates = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            templates.add(Map.of("name", "n", "prompt", wide(PROMPT_MAX)));
        }
        Api.Reply reply = admin.put("/v1/admin/ai-config", Json.text(Map.of("system_prompt_templates", templates)))
                .expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsExactly("/system_prompt_templates");
        assertThat(tenant.auditCount()).isZero();
    }

    @Test
    void prompts_ofNotesAndParticipants() {
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        for (int i = 0; i < 2; i++) {
            put(admin, "/v1/admin/note-processing", Map.of("prompt", wide(PROMPT_MAX), "model", "scailar-pro"));
            Map<String, Object> participant = Map.of(
                    "local_id",
                    "local",
                    "display_name",
                    wide(NAME_MAX),
                    "system_prompt",
                    wide(PROMPT_MAX),
                    "enabled",
                    i == 0);
            admin.put("/v1/admin/models/scailar-pro/participant", Json.text(participant));
        }
        assertThat(largest(tenant.chain, 5)).isBetween(8 * PROMPT_MAX, RECORD_BYTES_MAX);
    }

    @Test
    void allowlists() {
        for (int i = 0; i < 2; i++) {
            Map<String, Object> allowlist = Map.of(
                    "roles", many(LISTED_MAX, n -> wide(NAME_MAX)), "groups", many(LISTED_MAX, n -> wide(NAME_MAX)));
            put(admin, "/v1/admin/prompt-studio", Map.of("enabled", i == 0, "allowlist", allowlist));
        }
        assertThat(largest(tenant.chain, 2)).isBetween(4 * 4 * NAME_MAX * LISTED_MAX, RECORD_BYTES_MAX);
    }

    @Test
    void partners_withEveryPluginDisabled() {
        Api root = server.superAdmin().with("User-Agent", USER_AGENT);
        List<String> plugins =
                tenant.admin.get("/v1/admin/plugins").expect(200).data().findValuesAsText("id");
        for (int i = 0; i < 2; i++) {
            put(
                    root,
                    "/v1/admin/partners/" + tenant.partner.id,
                    Map.of("name", wide(LISTED_MAX), "disabled_plugins", i == 0 ? plugins : List.of()));
        }
        assertThat(largest("partner:" + tenant.partner.id, 3)).isBetween(8 * LISTED_MAX, RECORD_BYTES_MAX);
    }
}
