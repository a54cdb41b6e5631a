package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scaiwave.admin.cli.Cli;
import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.local.LocalPgBouncer;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.EmptyDatabase;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server and its verbs behind a real PgBouncer that pools sessions, and behind one that does not. */
class PgBouncerTest {
    private static final String SHARDS =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = '%s')";

    private static final Pattern DOCUMENTED = Pattern.compile("(?s)```ini\n(pool_mode.*?)```");

    private static String documented;

    @BeforeAll
    static void readSettings() throws IOException {
        Matcher found = DOCUMENTED.matcher(Files.readString(Path.of("docs/operations.md")));
        assertThat(found.find()).isTrue();
        documented = found.group(1);
    }

    @BeforeAll
    static void requireProgram() {
        assumeTrue(
                LocalPgBouncer.program().isPresent(),
                "skipped: there is no pgbouncer on this machine (Debian: apt-get install pgbouncer)");
    }

    private static Map<String, String> through(LocalPgBouncer pooler, EmptyDatabase database) {
        Map<String, String> environment = new LinkedHashMap<>(database.environment());
        environment.put("SCAIWAVE_DB_URL", pooler.through(database.appUrl()));
        environment.put("SCAIWAVE_DB_MIGRATION_URL", pooler.through(database.ownerUrl()));
        environment.put("SCAIWAVE_DB_LEASE_MS", "1000");
        environment.put("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", ""); // the topics are those of another database
        return environment;
    }

    @Test
    void sessionPooling_servesServerAndVerbs() {
        EmptyDatabase database = EmptyDatabase.create();
        try (LocalPgBouncer pooler = LocalPgBouncer.start(database.postgres(), documented)) {
            Map<String, String> environment = through(pooler, database);
            assertThat(Cli.run(new String[] {"migrate", "--server-role", "scaiwave_app"}, environment))
                    .isZero();
            try (TestServer node = TestServer.shared().beside(environment)) {
                TestServer.Tenant tenant = node.newTenant();
                tenant.change("through a pooler").expect(200);
                tenant.audited("ai_config.update");
                String holder = holder(database);
                Wait.pause(1_500); // longer than the lease, which a live session outlives
                tenant.change("and again").expect(200);
                Wait.soon(() ->
                        tenant.admin.get("/v1/admin/audit").expect(200).data().size() >= 2);
                assertThat(holder(database)).isEqualTo(holder);
            }
            // The pooler keeps no locks of a client that has gone.
            Wait.soon(() -> database.text(SHARDS.formatted(database.name())).equals("0"));
            assertThat(Cli.run(new String[] {"verify", "--db"}, environment)).isZero();
        }
    }

    /** The session that holds the shards. */
    private static String holder(EmptyDatabase database) {
        return database.text(SHARDS.replace("count(*)", "min(pid)").formatted(database.name()));
    }

    @Test
    void transactionPooling_isNamed_andTakesNoShard() {
        EmptyDatabase database = EmptyDatabase.create();
        database.migrate();
        int management = FreePort.find();
        try (LocalPgBouncer pooler =
                LocalPgBouncer.start(database.postgres(), documented.replace("= session", "= transaction"))) {
            Map<String, String> environment = through(pooler, database);
            environment.put("SCAIWAVE_DB_MIGRATION_URL", database.ownerUrl());
            environment.put("SCAIWAVE_HTTP_MANAGEMENT_PORT", Integer.toString(management));
            try (TestServer node = TestServer.shared().beside(environment)) {
                Api health = new Api(management, Map.of());
                Wait.soon(() -> health.get("/health").text().contains("a pooler in between must pool sessions"));
                assertThat(node.anonymous().get("/health").text()).contains("\"sessions\"");
                assertThat(database.text(SHARDS.formatted(database.name()))).isEqualTo("0");
            }
        }
    }
}
