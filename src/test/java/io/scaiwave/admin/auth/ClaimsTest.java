package io.scaiwave.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a well signed token must say to be taken, and that nothing it says breaks the server. */
class ClaimsTest {
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String INVALID = "SW_AUTH_INVALID_TOKEN";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final Map<String, Object> claims =
            Map.of("sub", "admin", "roles", List.of("tenant_admin", "super_admin"), "tenant_id", tenant.scaiKeyId);

    /** With the claims of an admin, one of which differs. */
    private Api.Reply read(String claim, Object value) {
        Map<String, Object> changed = new HashMap<>(claims);
        changed.put(claim, value);
        return server.anonymous()
                .withToken(server.platform().scaiKey().es256Token(changed))
                .get(CONFIG);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    static Stream<Map.Entry<String, Object>> oddClaims() {
        return Stream.of(
                Map.entry("exp", String.valueOf(now() + 3600)),
                Map.entry("exp", true),
                Map.entry("exp", List.of(now() + 3600)),
                Map.entry("exp", -1e300),
                Map.entry("nbf", "0"),
                Map.entry("nbf", Map.of()),
                Map.entry("iat", "yesterday"),
                Map.entry("sub", 7),
                Map.entry("sub", ""),
                Map.entry("sub", List.of("admin")),
                Map.entry("sub", "ad\0min"),
                Map.entry("iss", 7),
                Map.entry("iss", List.of("https://scaikey.local")),
                Map.entry("iss", "https://scaikey.local/"),
                Map.entry("aud", 7),
                Map.entry("aud", List.of()),
                Map.entry("aud", List.of(7)),
                Map.entry("aud", List.of("scaigrid", "scaiwave2")),
                Map.entry("aud", Map.of("scaiwave", true)),
                Map.entry("aud", "scaiwave scaigrid"));
    }

    @ParameterizedTest
    @MethodSource("oddClaims")
    void claims_thatATokenStandsOnMustBeWellFormed(Map.Entry<String, Object> odd) {
        Api.Reply reply = read(odd.getKey(), odd.getValue());
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(401);
    }

    @Test
    void claims_needASubjectAndTakeSeveralAudiences() {
        Map<String, Object> nobody = new HashMap<>(claims);
        nobody.remove("sub");
        server.anonymous()
                .withToken(server.platform().scaiKey().es256Token(nobody))
                .get(CONFIG)
                .expect(401, INVALID);
        read("sub", null).expect(401, INVALID);
        read("aud", List.of("scaigrid", "scaiwave")).expect(200);
    }

    static Stream<Map.Entry<String, Object>> textsOfTheTrail() {
        List<String> unfit = List.of(
                "a\0b",
                "a\nb",
                "a\tb",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u2028b",
                "a\u202eb",
                "a\u2066b",
                "a\u200fb",
                "  ");
        return Stream.of("sub", "tenant_id", "partner_id", "name", "email")
                .flatMap(claim -> unfit.stream().map(text -> Map.entry(claim, text)));
    }

    /** Who somebody is must fit into the trail as it stands; a name that does not is left out, since it identifies nobody. */
    @ParameterizedTest
    @MethodSource("textsOfTheTrail")
    void claims_ofTheTrailMisleadNobody(Map.Entry<String, Object> odd) {
        boolean name = odd.getKey().equals("name") || odd.getKey().equals("email");
        Map<String, Object> changed = new HashMap<>(claims);
        changed.put(odd.getKey(), odd.getValue());
        Api.Reply reply = TestServer.change(server.as(changed), "odd");
        if (!name) {
            reply.expect(401, INVALID);
            return;
        }
        reply.expect(200);
        assertThat(tenant.audited("ai_config.update").path("actor_name").isNull())
                .isTrue();
    }

    /** Half of a pair can be written only as an escape: no encoding of text has it. */
    @Test
    void claims_withHalvesOfSurrogatePairsAreNoText() {
        for (String claim : List.of("sub", "tenant_id", "partner_id", "name")) {
            Map<String, Object> changed = new HashMap<>(claims);
            changed.put(claim, "HALF");
            var scaiKey = server.platform().scaiKey();
            String payload = scaiKey.payload(changed).replace("HALF", "a\\ud800b");
            Api.Reply reply = TestServer.change(
                    server.anonymous()
                            .withToken(
                                    scaiKey.signed("{\"alg\":\"RS256\",\"kid\":\"" + scaiKey.keyId() + "\"}", payload)),
                    "half");
            assertThat(reply.status()).as(claim).isEqualTo(claim.equals("name") ? 200 : 401);
        }
        assertThat(tenant.audited("ai_config.update").path("actor_name").isNull())
                .isTrue();
    }

    @Test
    void claims_ofANameThatMisleadsGiveWayToTheAddress() {
        Map<String, Object> changed = new HashMap<>(claims);
        changed.putAll(Map.of("name", "Ada\u202enimdA", "email", "ada@example.com"));
        TestServer.change(server.as(changed), "odd").expect(200);
        assertThat(tenant.audited("ai_config.update").path("actor_name").asText())
                .isEqualTo("ada@example.com");
    }

    /** Characters, not the units of some encoding. */
    @ParameterizedTest
    @ValueSource(strings = {"sub", "tenant_id", "partner_id", "name", "email"})
    void claims_ofTheTrailHaveAtMost255Characters(String claim) {
        Map<String, Object> changed = new HashMap<>(Map.of("sub", "admin", "role", "super_admin"));
        for (String character : List.of("x", "é", "🙂")) {
            changed.put(claim, character.repeat(256));
            Api tooLong = server.as(changed);
            tooLong.get(PARTNERS).expect(401, INVALID);
            tooLong.get(CONFIG).expect(401, INVALID);
            changed.put(claim, character.repeat(255));
            server.as(changed).get(PARTNERS).expect(200);
        }
    }

    @Test
    void claims_ofAnyDepthAndNumberNeverBreakTheServer() {
        Object deep = "x";
        for (int i = 0; i < 400; i++) {
            deep = i % 2 == 0 ? List.of(deep) : Map.of("a", deep);
        }
        for (String claim : List.of("roles", "permissions", "role", "name", "x")) {
            assertThat(read(claim, deep).status()).as(claim).isIn(200, 403);
        }
        read("sub", deep).expect(401, INVALID);
        read("act", deep).expect(401, INVALID);
        List<Object> many = new ArrayList<>(Collections.nCopies(1000, "r"));
        many.add("tenant_admin");
        read("roles", many).expect(200);
    }

    static Stream<Map.Entry<String, Object>> otherOddClaims() {
        List<Object> values =
                List.of(7, true, 1.5, List.of(), List.of(7, "x"), Map.of("a", 1), "x\0y", "\ud800", "é".repeat(500));
        return Stream.of(
                        "role",
                        "roles",
                        "permissions",
                        "tenant_id",
                        "partner_id",
                        "name",
                        "email",
                        "client_id",
                        "jti",
                        "azp")
                .flatMap(claim -> values.stream().map(value -> Map.entry(claim, value)));
    }

    /** On a change, so that the claims go all the way into the database and the audit log. */
    @ParameterizedTest
    @MethodSource("otherOddClaims")
    void claims_ofAnyOtherTypeNeverBreakTheServer(Map.Entry<String, Object> odd) {
        for (String role : List.of("tenant_admin", "partner_admin", "super_admin")) {
            Map<String, Object> changed = new HashMap<>(Map.of(
                    "sub", "odd", "role", role, "tenant_id", tenant.scaiKeyId, "partner_id", tenant.partner.scaiKeyId));
            changed.put(odd.getKey(), odd.getValue());
            Api api = server.as(changed);
            String slug = TestServer.unique("odd");
            for (Api.Reply reply : List.of(
                    api.put(
                            CONFIG,
                            "{\"system_prompt_templates\":[{\"name\":\"n\",\"prompt\":\"%s\"}]}".formatted(slug)),
                    api.with("Idempotency-Key", slug)
                            .post(PARTNERS + "?dry_run=true", "{\"slug\":\"%s\",\"name\":\"n\"}".formatted(slug)))) {
                assertThat(reply.status())
                        .as("%s %s: %s", role, odd, reply.body())
                        .isIn(200, 201, 400, 401, 403, 404);
            }
        }
    }
}
