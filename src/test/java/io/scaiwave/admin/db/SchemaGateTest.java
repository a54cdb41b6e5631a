package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.testing.EmptyDatabase;
import io.scaiwave.admin.testing.OldPostgres;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With which databases the server starts, and what it says of the others. */
class SchemaGateTest {
    private static final String NO_OWNER = "postgresql://nobody:hunter2@127.0.0.1:1/none";

    private final EmptyDatabase database = EmptyDatabase.create();
    private final Map<String, String> environment = new LinkedHashMap<>(database.environment());
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private SchemaGateTest with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    private void pass() {
        Config.Db config = new ConfigLoader(environment).load().db();
        new SchemaGate(vertx, config).pass();
    }

    private void refused(String... parts) {
        assertThatThrownBy(this::pass).isInstanceOf(UnfitDatabase.class).hasMessageContainingAll(parts);
    }

    @Test
    void anEmptyDatabase_isMigratedByItsOwner_orRefused() {
        with("SCAIWAVE_DB_MIGRATE_AT_START", "false")
                .refused("there is no schema", "needs version " + Schema.VERSION, " migrate`");
        with("SCAIWAVE_DB_MIGRATE_AT_START", "true")
                .with("SCAIWAVE_DB_MIGRATION_URL", "")
                .refused("there is no schema");
        with("SCAIWAVE_DB_MIGRATION_URL", NO_OWNER).with("SCAIWAVE_DB_START_WAIT_MS", "1");
        assertThatThrownBy(this::pass).isInstanceOf(AbsentDatabase.class).hasMessageNotContaining("hunter2");
        with("SCAIWAVE_DB_MIGRATION_URL", database.ownerUrl()).pass();
    }

    @Test
    void aCurrentSchema_needsNoOwner() {
        pass();
        with("SCAIWAVE_DB_MIGRATION_URL", NO_OWNER).pass();
        with("SCAIWAVE_DB_MIGRATION_URL", "").pass();
        with("SCAIWAVE_DB_MIGRATE_AT_START", "false").pass();
    }

    @Test
    void aSchemaThatIsBehind_isMigrated_orRefusedByItsVersion() {
        pass();
        database.undoNewest();
        with("SCAIWAVE_DB_MIGRATE_AT_START", "false")
                .refused("the schema is at version ", "needs version " + Schema.VERSION);
        database.run("ALTER TABLE schema_floor RENAME TO hidden");
        refused("there is no schema, or none that the server's role may see");
        database.run("ALTER TABLE hidden RENAME TO schema_floor");
        with("SCAIWAVE_DB_MIGRATE_AT_START", "true").pass();
    }

    @Test
    void aRightThatIsMissing_isGranted_orNamed() {
        pass();
        database.run("REVOKE INSERT ON partners FROM scaiwave_app");
        database.run("REVOKE UPDATE (slug) ON partners FROM scaiwave_app");
        database.run("REVOKE EXECUTE ON FUNCTION audit_make_partitions FROM scaiwave_app");
        with("SCAIWAVE_DB_MIGRATE_AT_START", "false")
                .refused("lacks INSERT on partners, UPDATE on partners.slug, EXECUTE on audit_make_partitions");
        with("SCAIWAVE_DB_MIGRATE_AT_START", "true").pass();
        with("SCAIWAVE_DB_MIGRATE_AT_START", "false").pass();
    }

    @Test
    void aNewerSchema_isServed_unlessItIsClosedToThisRelease() {
        pass();
        database.later(9000);
        pass();
        database.run("UPDATE schema_floor SET version = 9000");
        refused("the schema is at version 9000", "closed to servers below version 9000");
    }

    @Test
    void aRoleThatCouldChangeTheLog_migratesItself_andIsRefusedWhenAsked() {
        with("SCAIWAVE_DB_URL", database.ownerUrl())
                .with("SCAIWAVE_DB_MIGRATION_URL", "")
                .pass();
        with("SCAIWAVE_DB_REFUSE_OWNER", "true")
                .refused("scaiwave_owner owns the audit log", "does not protect the audit log");
        with("SCAIWAVE_DB_URL", database.superuserUrl()).refused("postgres is a superuser");
    }

    @Test
    void whatRefusesTheServer_endsTheStartAtOnce() {
        with("SCAIWAVE_DB_URL", database.appUrl().replaceFirst("/\\w+$", "/none"))
                .refused("database \"none\" does not exist");
        with("SCAIWAVE_DB_URL", database.appUrl().replace("scaiwave_app:", "nobody:"))
                .refused("role \"nobody\" does not exist");
        database.run("REVOKE CONNECT ON DATABASE " + database.name() + " FROM PUBLIC, scaiwave_app");
        with("SCAIWAVE_DB_URL", database.appUrl()).refused("permission denied for database");
    }

    @Test
    void aNameThatDoesNotResolve_isAnAbsentDatabase() {
        with("SCAIWAVE_DB_URL", "postgresql://app:hunter2@nowhere.invalid/none").with("SCAIWAVE_DB_START_WAIT_MS", "1");
        assertThatThrownBy(this::pass).isInstanceOf(AbsentDatabase.class).hasMessageContaining("nowhere.invalid");
    }

    @Test
    void anOldPostgres_isRefused() {
        try (OldPostgres old = OldPostgres.start("17.6")) {
            with("SCAIWAVE_DB_URL", old.url()).refused("PostgreSQL 17 is too old: PostgreSQL 18 or newer is needed");
        }
    }

    @Test
    void allGrants_areLookedAt() throws IOException {
        long statements = Files.readString(Path.of("src/main/resources/db/R__grants.sql"))
                .lines()
                .filter(line -> line.startsWith("GRANT"))
                .count();
        assertThat(Grants.statements()).isEqualTo(statements);
    }
}
