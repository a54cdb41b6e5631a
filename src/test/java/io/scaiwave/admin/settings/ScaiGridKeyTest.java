package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.LogLines;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tenant's ScaiGrid key: kept and used, never shown. */
class ScaiGridKeyTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String KEY = "sgk_5f0e2b7c9a41d8361234";
    private static final String MASKED = "sgk_…1234";
    private static final String FIRST = "{\"number\": 1}";
    private static final Duration STREAMED = Duration.ofSeconds(20);

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private static String body(String key) {
        return "{\"scaigrid_api_key\": \"%s\"}".formatted(key);
    }

    private Api.Reply put(String json) {
        return tenant.admin.put(AI_CONFIG, json).expect(200);
    }

    private Entry keyChanged(String before, String after) {
        return new Entry(
                "ai_config.update",
                tenant.id,
                "{\"before\": {\"scaigrid_api_key\": %s}, \"after\": {\"scaigrid_api_key\": %s}}"
                        .formatted(before, after));
    }

    private String encrypted() {
        return Sql.texts(server, "SELECT api_key_encrypted FROM ai_config WHERE tenant_id = ?::uuid", tenant.id)
                .get(0);
    }

    @Test
    void key_isReadMaskedAndStoredEncrypted() {
        Api.Reply reply = put(body(KEY));
        assertThat(reply.data().path("scaigrid_api_key").asText()).isEqualTo(MASKED);
        assertThat(tenant.admin.get(AI_CONFIG).expect(200).body()).isEqualTo(reply.body());
        log.says(reply, keyChanged("null", FIRST));
        assertThat(encrypted()).matches("local-1:[A-Za-z0-9+/]+=*");
    }

    @Test
    void key_isNowhereReadable() {
        put("{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}".formatted(KEY));
        Api.Reply dryRun = tenant.admin
                .put(AI_CONFIG + "?dry_run=true", body("sgk_another_key_9999"))
                .expect(200);
        assertThat(dryRun.body().toString()).doesNotContain("another_key");
        Api.Reply refused = tenant.admin
                .put(AI_CONFIG, "{\"unknown\": 1, " + body(KEY).substring(1))
                .expect(422);
        assertThat(refused.body().toString()).doesNotContain(KEY);
        server.settle();
        assertThat(tenant.admin.get("/v1/admin/audit").expect(200).body().toString())
                .doesNotContain(KEY)
                .doesNotContain("1234\"");
        for (String table : Sql.texts(server, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            assertThat(Sql.texts(server, "SELECT t::text FROM \"%s\" t".formatted(table)))
                    .as(table)
                    .noneMatch(row -> row.contains(KEY));
        }
        assertThat(AuditTopic.read(server.platform().kafka().bootstrapServers(), "tenant:" + tenant.id, 1, STREAMED))
                .hasSize(1)
                .noneMatch(event -> event.value().toString().contains(KEY));
    }

    @ParameterizedTest
    @CsvSource({"abcdefghijkl, …ijkl", "abcdefghijklmno, …lmno", "abcdefghijklmnop, abcd…mnop"})
    void key_ofFewCharacters_showsFewerOfThem(String key, String masked) {
        assertThat(put(body(key)).data().path("scaigrid_api_key").asText()).isEqualTo(masked);
        assertThat(put(body(masked)).data().path("scaigrid_api_key").asText()).isEqualTo(masked);
    }

    @Test
    void key_sentMaskedIsNoChange() {
        Api.Reply before = put(body(KEY));
        String stored = encrypted();
        Api.Reply reply = put(body(MASKED));
        assertThat(reply.body()).isEqualTo(before.body());
        assertThat(reply.header("ETag")).isEqualTo(before.header("ETag"));
        log.says(reply);
        assertThat(encrypted()).isEqualTo(stored);
    }

    /** As when the key of SCAIWAVE_SECRET_KEYS that encrypted it is gone. */
    @Test
    void key_thatIsLost_isMissedWhereItIsNeeded_andCanBeSetAgain() {
        String good = server.platform().scaiGrid().serviceKey();
        put("{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}".formatted(good));
        Sql.change(
                server,
                "UPDATE ai_config SET api_key_encrypted = 'gone' || substr(api_key_encrypted, 8) WHERE tenant_id = ?::uuid",
                tenant.id);
        try (LogLines lines = LogLines.of("io.scaiwave.admin.models.Credentials")) {
            for (int i = 0; i < 3; i++) {
                tenant.admin.get("/v1/admin/models/catalog").expect(503, "SW_AI_NO_TOKEN");
            }
            tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(503, "SW_AI_NO_TOKEN");
            assertThat(lines.texts()).singleElement().asString().contains(tenant.id, "no key with the id gone");
        }
        tenant.admin.get(AI_CONFIG).expect(200);
        put("{\"default_model\": null}");
        put(body(good));
        tenant.admin.get("/v1/admin/models/catalog").expect(200);
    }

    /** Else a dry run would tell whether a guess is right. */
    @Test
    void key_givenIsAlwaysAChange_theStoredOneToo() {
        put(body(KEY));
        String stored = encrypted();
        for (String guess : List.of(KEY, "sgk_5f0e2b7c9a41d8361235")) {
            Api.Reply dryRun =
                    tenant.admin.put(AI_CONFIG + "?dry_run=true", body(guess)).expect(200);
            assertThat(dryRun.body()
                            .at("/meta/audit_entry/changes/after/scaigrid_api_key")
                            .toString())
                    .isEqualTo("{\"number\":2}");
        }
        log.says(put(body(KEY)), keyChanged(FIRST, "{\"number\": 2}"));
        assertThat(encrypted()).isNotEqualTo(stored);
    }

    @Test
    void key_staysWhenAllThatWasReadIsSentBackWithAChange() {
        put(body(KEY));
        String stored = encrypted();
        Api.Reply reply =
                put("{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}".formatted(MASKED));
        log.says(reply, new Entry("ai_config.update", tenant.id, """
                {"before": {"scaigrid_auth_mode": "per_user_exchange"}, "after": {"scaigrid_auth_mode": "service_token"}}"""));
        assertThat(encrypted()).isEqualTo(stored);
    }

    @Test
    void key_thatLooksTheSameMaskedIsAChange() {
        put(body(KEY));
        String stored = encrypted();
        Api.Reply reply = put(body("sgk_0000000000000001234"));
        assertThat(reply.data().path("scaigrid_api_key").asText()).isEqualTo(MASKED);
        log.says(reply, keyChanged(FIRST, "{\"number\": 2}"));
        assertThat(encrypted()).isNotEqualTo(stored);
    }

    @Test
    void key_isClearedByNullUnlessItIsNeeded() {
        put("{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}".formatted(KEY));
        String none = "{\"scaigrid_api_key\": null}";
        Api.Reply refused = tenant.admin.put(AI_CONFIG, none).expect(422, "SW_VALIDATION_FAILED");
        assertThat(refused.fields()).containsExactly("/scaigrid_api_key");
        log.says(refused);
        put("{\"scaigrid_auth_mode\": \"per_user_exchange\"}");
        Api.Reply cleared = put(none);
        assertThat(cleared.data().path("scaigrid_api_key").isNull()).isTrue();
        log.says(cleared, keyChanged(FIRST, "null"));
        assertThat(encrypted()).isNull();
        log.says(put(body(KEY)), keyChanged("null", "{\"number\": 2}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "…9999",
                "…",
                "…1234",
                "…5f0e2b7c1234",
                "elevenchars",
                "with blanks in",
                "schlüssel-mit-umlaut",
                "sgk_😀😀😀😀1234",
                "sgk_tab\\there12"
            })
    void key_thatIsNoneIsRefused(String key) {
        for (String before : List.of("null", "\"" + KEY + "\"")) {
            put("{\"scaigrid_api_key\": %s}".formatted(before));
            Api.Reply reply = tenant.admin.put(AI_CONFIG, body(key)).expect(422, "SW_VALIDATION_FAILED");
            assertThat(reply.fields()).containsOnly("/scaigrid_api_key");
            log.says(reply);
        }
    }

    @Test
    void key_maskedIsRefusedWhereThereIsNone() {
        Api.Reply reply = tenant.admin.put(AI_CONFIG, body(MASKED)).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsExactly("/scaigrid_api_key");
        assertThat(encrypted()).isNull();
    }
}
