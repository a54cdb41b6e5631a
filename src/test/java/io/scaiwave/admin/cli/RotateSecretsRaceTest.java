package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.Main;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** API keys that change while they are encrypted anew, and an encrypting that is killed. */
class RotateSecretsRaceTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String KEYS = "SCAIWAVE_SECRET_KEYS";
    private static final String SIGNING = "SCAIWAVE_AUDIT_SIGNING_KEYS";
    private static final String NEW = "k3:"
            + Base64.getEncoder().encodeToString("another key of 32 bytes, for it.".getBytes(StandardCharsets.UTF_8));
    private static final int TENANTS = 8;
    private static final int CHANGES = 10;
    private static final int KEPT = 700; // more than the verb does at once
    private static final int BATCH = 500;

    private final TestServer server = TestServer.mistreated();
    private final Map<String, String> environment = server.platform().environment();
    private final String old = environment.get(KEYS);
    private final long begun = System.currentTimeMillis();

    @BeforeEach
    void giveNewKey() {
        forgetKeys();
        environment.put(
                SIGNING, Verb.run(environment, "keys", "--signing").out().strip());
        environment.put(KEYS, NEW + "," + old);
    }

    /** Who comes after this test does not know the new key. */
    @AfterEach
    void forgetKeys() {
        Sql.change(
                server,
                "UPDATE ai_config SET scaigrid_auth_mode = 'per_user_exchange', api_key_encrypted = NULL, api_key_masked = NULL");
    }

    private TestServer node(String keys) {
        return server.beside(Map.of(KEYS, keys, SIGNING, environment.get(SIGNING)));
    }

    private Secrets secrets(String keys) {
        return new Secrets(new Config.Secrets(new Secret(keys)));
    }

    /** The numbers of keys that the entries since the beginning of this test speak of. */
    private List<String> recorded() {
        server.settle();
        return Sql.texts(
                server,
                "SELECT changes #>> '{after,api_keys}' FROM audit_log WHERE action = 'secrets.rotate'"
                        + " AND created_at >= to_timestamp(? / 1000.0) ORDER BY id",
                begun);
    }

    private JsonNode rotate() {
        return Verb.run(environment, "rotate-secrets", "--json").json();
    }

    /** Half of the changes are made by a node that was not given the new key first yet, so that there is always something to do. */
    @Test
    void noNewerKey_isEverOverwritten() {
        List<TestServer.Tenant> tenants =
                Stream.generate(server::newTenant).limit(TENANTS).toList();
        try (TestServer fresh = node(environment.get(KEYS));
                TestServer late = node(old + "," + NEW)) {
            CompletableFuture<List<String>> changes = CompletableFuture.supplyAsync(
                    () -> Parallel.calls(TENANTS, i -> change(tenants.get(i), fresh, late)));
            int rotated = 0;
            int runs = 0;
            while (!changes.isDone()) {
                rotated += rotate().path("rotated").asInt();
                runs++;
            }
            JsonNode last = rotate();
            rotated += last.path("rotated").asInt();
            assertThat(last.path("older").asInt() + last.path("lost").asInt()).isZero();
            for (int i = 0; i < TENANTS; i++) {
                assertKept(tenants.get(i), changes.join().get(i));
            }
            assertThat(recorded().stream().mapToInt(Integer::parseInt).sum()).isEqualTo(rotated);
            Wait.soon(() -> fresh.metric("admin_secrets_older_keys") == 0);
            System.out.println("API keys encrypted anew while they changed: " + rotated + " by " + runs + " runs");
        }
    }

    /** The last key that it has set. */
    private String change(TestServer.Tenant tenant, TestServer fresh, TestServer late) {
        String key = "";
        for (int i = 0; i < CHANGES; i++) {
            key = "key-%s-%04d".formatted(tenant.id, i);
            Api admin = (i % 2 == 0 ? fresh : late)
                    .as(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
            admin.put(AI_CONFIG, "{\"scaigrid_api_key\": \"" + key + "\"}").expect(200);
        }
        return key;
    }

    private void assertKept(TestServer.Tenant tenant, String key) {
        assertThat(secrets(NEW).decrypt(kept(tenant.id), tenant.id).value()).isEqualTo(key);
        assertThat(Sql.texts(
                        server,
                        "SELECT changes #>> '{after,scaigrid_api_key,number}' FROM audit_log"
                                + " WHERE chain = ? AND action = 'ai_config.update' ORDER BY id",
                        tenant.chain))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, CHANGES)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void aKeyThatIsSetBetweenReadAndWrite_stays() throws SQLException {
        List<String> tenants = keep(3);
        String changed = tenants.get(1);
        String newer = secrets(old).encrypt(new Secret("a newer key"), changed);
        CompletableFuture<JsonNode> rotation;
        try (Connection connection = DriverManager.getConnection(server.jdbc())) {
            hold(connection, changed, newer);
            rotation = CompletableFuture.supplyAsync(this::rotate);
            Wait.soon(() -> waiting() == 1);
            connection.commit();
        }
        assertThat(rotation.join().path("rotated").asInt()).isEqualTo(2);
        assertThat(rotation.join().path("older").asInt()).isEqualTo(1);
        assertThat(recorded()).containsExactly("2");
        assertThat(kept(changed)).isEqualTo(newer);
    }

    /** What a PUT does while it has not committed. */
    private static void hold(Connection connection, String tenant, String text) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE ai_config SET api_key_encrypted = '%s' WHERE tenant_id = '%s'".formatted(text, tenant));
        }
    }

    private String kept(String tenant) {
        return Sql.texts(server, "SELECT api_key_encrypted FROM ai_config WHERE tenant_id = ?::uuid", tenant)
                .get(0);
    }

    /** Between what it read and what it writes, in its second batch: a tenant sets another key, and it is killed. */
    @Test
    void whatIsKilledHalfWay_isDoneByTheNextRun_andOverwritesNothing()
            throws SQLException, IOException, InterruptedException {
        List<String> tenants = keep(KEPT);
        String changed = tenants.get(KEPT - 1);
        String newer = secrets(environment.get(KEYS)).encrypt(new Secret("a newer key"), changed);
        try (Connection connection = DriverManager.getConnection(server.jdbc())) {
            hold(connection, changed, newer);
            killWhenItWaits();
            connection.commit();
        }
        assertThat(recorded()).containsExactly(Integer.toString(BATCH));
        assertThat(under("k3")).isEqualTo(BATCH + 1);
        JsonNode rest = rotate();
        assertThat(rest.path("rotated").asInt()).isEqualTo(KEPT - BATCH - 1);
        assertThat(rest.path("older").asInt()).isZero();
        assertThat(recorded()).containsExactly(Integer.toString(BATCH), Integer.toString(KEPT - BATCH - 1));
        assertThat(kept(changed)).isEqualTo(newer);
    }

    /** Tenants whose API keys are under the old key, in the order in which they are gone through. */
    private List<String> keep(int count) {
        List<String> ids = Stream.generate(() -> UUID.randomUUID().toString())
                .limit(count)
                .sorted()
                .toList();
        Secrets before = secrets(old);
        Sql.change(
                server,
                "INSERT INTO tenants (id, slug, name, scaikey_tenant_id) SELECT id::uuid, id, id, id FROM unnest(?::text[]) AS id",
                (Object) ids.toArray(String[]::new));
        Sql.change(
                server,
                "UPDATE ai_config SET api_key_encrypted = text FROM unnest(?::text[], ?::text[]) AS kept (id, text)"
                        + " WHERE tenant_id = id::uuid",
                ids.toArray(String[]::new),
                ids.stream()
                        .map(id -> before.encrypt(new Secret("the key of " + id), id))
                        .toArray(String[]::new));
        return ids;
    }

    private void killWhenItWaits() throws IOException, InterruptedException {
        ProcessBuilder verb = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ClassPath.current(),
                Main.class.getName(),
                "rotate-secrets");
        verb.environment().putAll(environment);
        Process process = verb.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Wait.soon(() -> waiting() == 1);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private int waiting() {
        return Integer.parseInt(Sql.texts(
                        server,
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE ai_config c%'")
                .get(0));
    }

    private int under(String keyId) {
        return Integer.parseInt(Sql.texts(
                        server, "SELECT count(*) FROM ai_config WHERE split_part(api_key_encrypted, ':', 1) = ?", keyId)
                .get(0));
    }
}
