package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.EventStream;
import io.scaiwave.admin.testing.TestServer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways in that the table of who may do what does not try: what one was given used in the name of another, and ids in odd places. */
class StrangersDoorsTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final String TENANTS = "/v1/admin/tenants";
    private static final String TENANT_ID = "X-Tenant-Id";

    private static final TestServer SERVER = TestServer.shared();
    private static final TestServer.Tenant VICTIM = SERVER.newTenant();
    private static final TestServer.Tenant OWN = SERVER.newTenant();

    static {
        VICTIM.changes(3);
        OWN.changes(1);
    }

    /** An admin of a tenant and an admin of its partner; neither has anything to do with the victim. */
    static Stream<Api> strangers() {
        return Stream.of(OWN.admin, OWN.partner.admin);
    }

    private static void assertNothingOfTheVictim(Api.Reply reply) {
        assertThat(reply.text())
                .doesNotContain(VICTIM.id)
                .doesNotContain(VICTIM.partner.id)
                .doesNotContain(VICTIM.scaiKeyId);
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void filters_withIdsOfTheVictim_findNothing(Api stranger) {
        for (String query : List.of(
                "resource_id=" + VICTIM.id,
                "resource_type=tenant&resource_id=" + VICTIM.id,
                "resource_type=partner&resource_id=" + VICTIM.partner.id,
                "actor_id=root&resource_id=" + VICTIM.id)) {
            for (String type : List.of("application/json", "application/x-ndjson", "text/csv")) {
                Api.Reply reply =
                        stranger.with("Accept", type).get(AUDIT + "?" + query).expect(200);
                if (type.equals("application/json")) {
                    assertThat(reply.data()).isEmpty();
                } else {
                    assertThat(reply.text().lines().filter(line -> line.contains("\"hash\"") || line.startsWith("01")))
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void cursors_ofTheVictim_showOnlyOnesOwn(Api stranger) {
        String cursor = VICTIM.admin
                .get(AUDIT + "?limit=1")
                .expect(200)
                .meta()
                .path("next_cursor")
                .asText();
        Api.Reply page = stranger.get(AUDIT + "?limit=1000&cursor=" + cursor).expect(200);
        assertNothingOfTheVictim(page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant_admin", "partner_admin"})
    void eventIds_ofTheVictim_showOnlyOnesOwn(String role) {
        String id = VICTIM.admin
                .get(AUDIT + "?limit=1")
                .expect(200)
                .data()
                .get(0)
                .path("id")
                .asText();
        Map<String, Object> claims = new HashMap<>(Map.of("sub", TestServer.unique("stranger"), "role", role));
        claims.put(
                role.equals("tenant_admin") ? "tenant_id" : "partner_id",
                role.equals("tenant_admin") ? OWN.scaiKeyId : OWN.partner.scaiKeyId);
        String token = SERVER.platform().scaiKey().es256Token(claims);
        try (EventStream stream = new EventStream(
                SERVER.port(), AUDIT, Map.of("Authorization", "Bearer " + token, "Last-Event-ID", id))) {
            VICTIM.change("during").expect(200);
            OWN.change("during").expect(200);
            JsonNode entry = stream.event();
            while (!entry.path("action").asText().equals("ai_config.update")) {
                assertThat(entry.toString()).doesNotContain(VICTIM.id).doesNotContain(VICTIM.partner.id);
                entry = stream.event();
            }
            assertThat(entry.path("chain").asText()).isEqualTo(OWN.chain);
        }
    }

    @Test
    void idempotencyKeys_areNotShared() {
        String key = TestServer.unique("key");
        String slug = TestServer.unique("slug");
        String body = "{\"slug\": \"%1$s\", \"name\": \"n\", \"scaikey_tenant_id\": \"%1$s\"}".formatted(slug);
        Api same = VICTIM.partner.as(Map.of("sub", "the same")).with("Idempotency-Key", key);
        String made = same.post(TENANTS, body).expect(201).data().path("id").asText();
        assertThat(same.post(TENANTS, body).expect(201).header("Idempotent-Replayed"))
                .isEqualTo("true");
        for (Api other : List.of(
                OWN.partner.as(Map.of("sub", "the same")),
                VICTIM.partner.as(Map.of("sub", "another")),
                SERVER.as(Map.of("sub", "the same", "role", "super_admin")))) {
            Api.Reply reply = other.with("Idempotency-Key", key).post(TENANTS, body);
            assertThat(reply.expect(409).header("Idempotent-Replayed")).isNull();
            assertThat(reply.text()).doesNotContain(made);
        }
    }

    /** A tenant's admin with its own token, who says in every way there is that it is about the victim. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/admin/ai-config?tenant_id=%s",
                "/v1/admin/ai-config?X-Tenant-Id=%s",
                "/v1/admin/ai-config;tenant=%s",
                "/v1/admin/%s/ai-config",
                "/v1/admin/tenants/%s",
                "/v1/admin/tenants/%s/ai-config",
                "/v1/admin/partners/..%%2ftenants%%2f%s",
                "/v1/admin/partners/%s%%2f..%%2fai-config",
                "/v1/admin/partners/..%%252f%s",
                "/v1/admin/ai-config%%3ftenant_id=%s",
                "/v1/admin/audit?chain=tenant:%s",
                "/v1/admin/audit?tenant_id=%s",
                "/v1/admin/audit?partner_id=%s",
                "http://127.0.0.1/v1/admin/ai-config?tenant_id=%s",
                "http://%s@127.0.0.1/v1/admin/ai-config",
            })
    void noOtherPlaceOfARequest_namesATenant(String target) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            RawConnection.Reply reply = connection.exchange("GET", target.formatted(VICTIM.id), token());
            assertThat(reply.body())
                    .doesNotContain(VICTIM.chain)
                    .doesNotContain(VICTIM.scaiKeyId)
                    .doesNotContain("\"data\":{\"id\":\"" + VICTIM.id);
            assertThat(reply.status()).as(reply.body()).isIn(200, 400, 403, 404, 422);
            if (reply.status() == 200) {
                assertThat(reply.headers().get("etag"))
                        .isEqualTo(OWN.admin.get("/v1/admin/ai-config").header("ETag"));
            }
        }
    }

    private static String token() {
        return "Authorization: Bearer "
                + SERVER.platform()
                        .scaiKey()
                        .es256Token(Map.of(
                                "sub",
                                TestServer.unique("stranger"),
                                "role",
                                "tenant_admin",
                                "tenant_id",
                                OWN.scaiKeyId))
                + "\r\n";
    }

    /** Two headers, lists, other spellings, and letters that look alike: none is the victim's tenant, and none is passed over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Tenant-Id: {own}\r\nX-Tenant-Id: {victim}\r\n",
                "X-Tenant-Id: {victim}\r\nX-Tenant-Id: {own}\r\n",
                "X-Tenant-Id: {own},{victim}\r\n",
                "X-Tenant-Id: {own}, {victim}\r\n",
                "x-tenant-id: {victim}\r\n",
                "X-TENANT-ID: {VICTIM}\r\n",
                "X-Tenant-Id: {{victim}}\r\n",
                "X-Tenant-Id: urn:uuid:{victim}\r\n",
                "X-Tenant-Id:\t{victim}\t\r\n",
                "X-Tenant-Id: \u0430{victim}\r\n",
            })
    void tenantHeaders_ofEverySort_showNothingOfTheVictim(String lines) {
        String header = lines.replace("{own}", OWN.id)
                .replace("{victim}", VICTIM.id)
                .replace("{VICTIM}", VICTIM.id.toUpperCase(Locale.ROOT));
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            RawConnection.Reply reply = connection.exchange("GET", "/v1/admin/ai-config", token() + header);
            assertThat(reply.status()).as(reply.body()).isIn(400, 403, 422);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Original-URL: /v1/admin/partners/{victim}",
                "X-Rewrite-URL: /v1/admin/partners/{victim}",
                "X-HTTP-Method-Override: PUT",
                "X-Forwarded-Prefix: /v1/admin/partners",
                "X-User: root",
                "X-Role: super_admin",
                "Forwarded: for=127.0.0.1;host=internal",
                "Connection: Authorization, X-Tenant-Id",
                "Cookie: tenant_id={victim}",
            })
    void headersThatOthersObey_changeNothing(String line) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            RawConnection.Reply reply = connection.exchange(
                    "GET", "/v1/admin/ai-config", token() + line.replace("{victim}", VICTIM.id) + "\r\n");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.headers().get("etag"))
                    .isEqualTo(OWN.admin.get("/v1/admin/ai-config").header("ETag"));
        }
    }

    /** What hides in a body, or behind a head that can be read in two ways, is never a request of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: {length}\r\n",
                "content-length:{length}\r\n",
                "Content-Length: 0{length}\r\n",
                "X-A: b\r\nContent-Length:\r\n {length}\r\n",
                "Transfer-Encoding:\r\n chunked\r\nContent-Length: {length}\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n",
                "Content-Length: {length}\r\nTransfer-Encoding: CHUNKED\r\n",
                "Transfer-Encoding: \"chunked\"\r\nContent-Length: {length}\r\n",
                "Transfer-Encoding: chunked;q=1\r\nContent-Length: {length}\r\n",
                "Transfer_Encoding: chunked\r\nContent-Length: {length}\r\n",
                "Content-Length: {length}\r\nContent-Length: 0\r\n",
                "Host: other\r\nContent-Length: {length}\r\n",
            })
    void hiddenRequests_areNotAnswered(String lines) {
        String hidden = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String head = lines.replace("{length}", Integer.toString(hidden.length()));
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            connection.write("GET /v1/admin/ai-config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s\r\n%s"
                    .formatted(token(), head, hidden));
            assertThat(connection.readToTheEnd().split("HTTP/1.1 \\d{3} ", -1)).hasSize(2);
        }
    }

    @Test
    void confusables_inFilters_areOtherTexts() {
        TestServer.Tenant tenant = SERVER.newTenant();
        tenant.changes(1);
        for (String action : List.of(
                "ai_config.update",
                "aı_config.update",
                "ai_config.updatе",
                "ai_config.update%20",
                "AI_CONFIG.UPDATE",
                "ai%EF%BC%BFconfig.update",
                "ai_config%E2%80%8B.update",
                "ai_config.upd%C3%A1te",
                "%25",
                "ai_config._pdate")) {
            String encoded = action.replace("ı", "%C4%B1").replace("е", "%D0%B5");
            Api.Reply reply = tenant.admin.get(AUDIT + "?action=" + encoded);
            if (action.equals("ai_config.update")) {
                assertThat(reply.expect(200).data()).hasSize(1);
            } else if (reply.status() == 200) {
                assertThat(reply.data()).as(action).isEmpty();
            } else {
                reply.expect(422);
            }
        }
    }

    @Test
    void tenThousandHeaders_andLongQueries_areRefused() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            names.append("X-").append(i).append(": 1\r\n");
        }
        assertRefused("/v1/admin/ai-config", names.toString(), 431);
        assertRefused(AUDIT + "?" + "action=a&".repeat(400) + "limit=1", "", 422);
        assertRefused(AUDIT + "?" + "&".repeat(3_000), "", 200, 422, 400);
        assertRefused(AUDIT + "?action=" + "%C3%A4".repeat(600), "", 422);
        assertRefused(AUDIT + "?" + "a".repeat(100_000), "", 414);
    }

    private static void assertRefused(String target, String headers, Integer... statuses) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            connection.writeIfOpen(
                    "GET %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n".formatted(target, token(), headers));
            RawConnection.Reply reply = connection.read(false);
            assertThat(reply.status()).as(reply.body()).isIn((Object[]) statuses);
        }
    }

    /** Last-Event-ID, If-Match and the like may be what another has been given; here they tell nothing of it. */
    @ParameterizedTest
    @MethodSource("strangers")
    void tags_ofTheVictim_tellNothing(Api stranger) {
        String tag = VICTIM.admin.get("/v1/admin/ai-config").expect(200).header("ETag");
        Api there = stranger.with(TENANT_ID, VICTIM.id);
        there.with("If-None-Match", tag).get("/v1/admin/ai-config").expect(403, "SW_AUTH_TENANT_MISMATCH");
        there.with("If-Match", tag).put("/v1/admin/ai-config", "{}").expect(403, "SW_AUTH_TENANT_MISMATCH");
        Api here = stranger.with(TENANT_ID, OWN.id);
        here.with("If-None-Match", tag).get("/v1/admin/ai-config").expect(200);
        here.with("If-Match", tag).put("/v1/admin/ai-config", "{}").expect(412);
        here.with("If-Match", "*").put("/v1/admin/ai-config", "{}").expect(200);
    }
}
