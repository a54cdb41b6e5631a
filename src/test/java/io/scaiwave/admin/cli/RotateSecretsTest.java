package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A secret key is replaced: new first, all encrypted anew, old dropped. What was signed before stays signed by a known key. */
class RotateSecretsTest {
    private static final String KEYS = "SCAIWAVE_SECRET_KEYS";
    private static final String SIGNING = "SCAIWAVE_AUDIT_SIGNING_KEYS";
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String NEW = "k2:"
            + Base64.getEncoder().encodeToString("a key of 32 bytes for this test.".getBytes(StandardCharsets.UTF_8));

    private final TestServer server = TestServer.mistreated();
    private final Map<String, String> environment = server.platform().environment();
    private final String old = environment.get(KEYS);

    /** Those who come after this test find the keys that they know. */
    @AfterEach
    void restore() {
        server.restart();
    }

    /** Of the server that runs now: each listens elsewhere. */
    private Api admin(TestServer.Tenant tenant) {
        return server.as(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private TestServer.Tenant tenantWithKey() {
        TestServer.Tenant tenant = server.newTenant();
        tenant.admin
                .put(
                        AI_CONFIG,
                        "{\"scaigrid_auth_mode\": \"service_token\", \"scaigrid_api_key\": \"%s\"}"
                                .formatted(server.platform().scaiGrid().serviceKey()))
                .expect(200);
        return tenant;
    }

    private String keyId(TestServer.Tenant tenant) {
        return Sql.texts(
                        server,
                        "SELECT split_part(api_key_encrypted, ':', 1) FROM ai_config WHERE tenant_id = ?::uuid",
                        tenant.id)
                .get(0);
    }

    private void expectCatalog(TestServer.Tenant tenant) {
        admin(tenant).get("/v1/admin/models/catalog").expect(200);
    }

    private void expectSigned(TestServer.Tenant tenant) {
        server.settleWithKafka();
        Wait.soon(() -> Sql.texts(
                        server,
                        "SELECT key_id FROM audit_checkpoints c JOIN audit_chain USING (chain, seq) WHERE published AND chain = ?",
                        tenant.chain)
                .equals(List.of("local-1")));
    }

    private void expectWhole(TestServer.Tenant tenant) {
        Verb verify = Verb.run(environment, "verify", "--db", "--chain", tenant.chain);
        verify.expectWhole();
        assertThat(verify.out()).contains("(signatures checked)").doesNotContain("not known here");
    }

    @Test
    void aSecretKey_isReplacedAndDropped_andSignaturesStayThoseOfBefore() throws IOException {
        // Other tests have left keys too, some of them spoilt.
        Sql.change(
                server,
                "UPDATE ai_config SET scaigrid_auth_mode = 'per_user_exchange', api_key_encrypted = NULL, api_key_masked = NULL");
        TestServer.Tenant one = tenantWithKey();
        TestServer.Tenant two = tenantWithKey();
        TestServer.Tenant lost = tenantWithKey();
        Sql.change(
                server,
                "UPDATE ai_config SET api_key_encrypted = 'gone' || substr(api_key_encrypted, 8) WHERE tenant_id = ?::uuid",
                lost.id);
        expectSigned(one);
        Wait.soon(() -> server.metric("admin_secrets_older_keys") == 1);

        restart(NEW + "," + old);
        TestServer.change(admin(two), "under the new key").expect(200);
        expectSigned(two);
        Wait.soon(() -> server.metric("admin_secrets_older_keys") == 3);
        Api.Reply before = admin(one).get(AI_CONFIG).expect(200);

        assertThat(rotate().err()).contains("keys prints with --signing");
        environment.put(
                SIGNING, Verb.run(environment, "keys", "--signing").out().strip());
        restart(NEW + "," + old);
        JsonNode dry = rotate("--dry-run", "--json").json();
        assertThat(dry.path("rotated").asInt()).isEqualTo(2);
        assertThat(keyId(one)).isEqualTo("local-1");

        Verb done = rotate();
        assertThat(done.status()).as(done.err()).isEqualTo(1);
        assertThat(done.lines())
                .containsExactly(
                        "tenant %s: its API key cannot be decrypted; it must be set again".formatted(lost.id),
                        "2 API keys were encrypted with the key k2; 1 are lost; 1 are under another key");
        Api.Reply after = admin(one).get(AI_CONFIG).expect(200);
        assertThat(after.body()).isEqualTo(before.body());
        assertThat(after.header("ETag")).isEqualTo(before.header("ETag"));
        expectRecorded();

        admin(lost)
                .put(
                        AI_CONFIG,
                        "{\"scaigrid_api_key\": \"%s\"}"
                                .formatted(server.platform().scaiGrid().serviceKey()))
                .expect(200);
        Verb rest = rotate("--json");
        assertThat(rest.status()).isZero();
        assertThat(rest.json().toString())
                .isEqualTo(
                        "{\"key_id\":\"k2\",\"dry_run\":false,\"rotated\":0,\"lost\":0,\"lost_of\":[],\"older\":0,\"notes\":[]}");
        restart(NEW);
        Wait.soon(() -> server.metric("admin_secrets_older_keys") == 0);
        List.of(one, two, lost).forEach(this::expectCatalog);
        TestServer.change(admin(one), "without the old key").expect(200);
        expectSigned(one);
        expectWhole(one);
        expectWhole(two);
    }

    private void restart(String secretKeys) {
        environment.put(KEYS, secretKeys);
        server.restart(() -> {}, Map.of(KEYS, secretKeys, SIGNING, environment.getOrDefault(SIGNING, "")));
    }

    private Verb rotate(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "rotate-secrets";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Verb.run(environment, arguments);
    }

    private void expectRecorded() {
        server.settle();
        JsonNode entry = server.superAdmin()
                .get("/v1/admin/audit?action=secrets.rotate")
                .expect(200)
                .data()
                .get(0);
        assertThat(entry.at("/changes/after").toString()).isEqualTo("{\"key_id\":\"k2\",\"api_keys\":2}");
        assertThat(entry.path("actor_id").asText()).isEqualTo("db:scaiwave_app");
    }
}
