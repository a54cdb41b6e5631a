package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.db.Schema;
import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.testing.EmptyDatabase;
import io.scaiwave.admin.testing.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The verb that a Kubernetes Job runs before the servers of a release. */
class MigrateTest {
    private static final String SAID = "the schema is at version " + Schema.VERSION + "; scaiwave_app has its rights\n";
    private static final String WRITABLE = "SELECT has_column_privilege('scaiwave_app', 'partners', 'slug', 'UPDATE')";

    private final EmptyDatabase database = EmptyDatabase.create();

    private Verb migrate(String... options) {
        String[] arguments =
                Stream.concat(Stream.of("migrate"), Stream.of(options)).toArray(String[]::new);
        return Verb.run(Map.of("SCAIWAVE_DB_MIGRATION_URL", database.ownerUrl()), arguments);
    }

    @Test
    void migrate_makesTheSchema_andGrantsAgainWhatIsMissing() {
        Verb first = migrate("--server-role", "scaiwave_app");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).isEqualToNormalizingNewlines(SAID);
        database.run("REVOKE UPDATE ON partners FROM scaiwave_app");
        assertThat(database.text(WRITABLE)).isEqualTo("f");
        Verb again = migrate("--server-role", "scaiwave_app", "--json");
        assertThat(again.out()).as(again.err()).isEqualToNormalizingNewlines("""
                {"version":%1$d,"release_version":%1$d,"role":"scaiwave_app","notes":[]}
                """.formatted(Schema.VERSION));
        assertThat(database.text(WRITABLE)).isEqualTo("t");
    }

    @Test
    void migrate_takesTheRoleOfTheServersUrl() {
        Verb verb = Verb.run(
                Map.of("SCAIWAVE_DB_MIGRATION_URL", database.ownerUrl(), "SCAIWAVE_DB_URL", database.appUrl()),
                "migrate");
        assertThat(verb.out()).as(verb.err()).isEqualToNormalizingNewlines(SAID);
        assertThat(migrate().err()).contains("SCAIWAVE_DB_URL is not set");
        assertThat(migrate().status()).isEqualTo(2);
    }

    @Test
    void severalAtOnce_waitForOneAnother() {
        List<Verb> verbs = Parallel.calls(4, n -> migrate("--server-role", "scaiwave_app"));
        assertThat(verbs)
                .allSatisfy(verb -> assertThat(verb.status()).as(verb.err()).isZero());
        assertThat(database.text("SELECT count(*) FROM flyway_schema_history WHERE version = '1'"))
                .isEqualTo("1");
    }

    @Test
    void aMigrationThatFails_leavesNothing_andIsASentence() {
        migrate("--server-role", "scaiwave_app");
        database.run("DELETE FROM flyway_schema_history WHERE version::int = " + Schema.VERSION);
        Verb failed = migrate("--server-role", "scaiwave_app");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err().strip().lines())
                .singleElement()
                .asString()
                .contains("V19__", "audit_join", "already exists");
        database.undoNewest();
        assertThat(migrate("--server-role", "scaiwave_app").out()).contains("the schema is at version");
    }

    @Test
    void tablesOfOthers_areNotMixedWithItsOwn() {
        database.run("CREATE TABLE tenants (of_others int)");
        Verb refused = migrate("--server-role", "scaiwave_app");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("give this server a database of its own");
    }

    @Test
    void aNewerSchema_isLeftAlone_unlessItIsClosedToThisRelease() {
        assertThat(migrate("--server-role", "scaiwave_app").status()).isZero();
        database.later(9000);
        Verb open = migrate("--server-role", "scaiwave_app");
        assertThat(open.status()).as(open.err()).isZero();
        assertThat(open.out()).contains("version 9000, which is newer than this release's " + Schema.VERSION);
        database.run("UPDATE schema_floor SET version = 9000");
        Verb closed = migrate("--server-role", "scaiwave_app");
        assertThat(closed.status()).isEqualTo(1);
        assertThat(closed.err()).contains("closed to servers below version 9000");
    }

    @Test
    void aDatabaseThatIsNotThere_isWaitedFor_andOneThatRefusesIsNot() {
        Map<String, String> away = Map.of(
                "SCAIWAVE_DB_MIGRATION_URL",
                "postgresql://a:hunter2@127.0.0.1:" + FreePort.find() + "/c",
                "SCAIWAVE_DB_URL",
                database.appUrl());
        Verb absent = Verb.run(away, "migrate", "--wait", "2");
        assertThat(absent.status()).isEqualTo(2);
        assertThat(absent.err())
                .contains("waiting for postgresql://a:***@", "did not answer within 2 s")
                .doesNotContain("hunter2");
        Map<String, String> wrong = new LinkedHashMap<>(away);
        wrong.put("SCAIWAVE_DB_MIGRATION_URL", database.ownerUrl().replaceFirst("/\\w+$", "/none"));
        Verb refused = Verb.run(wrong, "migrate");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err().strip().lines()).singleElement().asString().contains("\"none\" does not exist");
    }

    @Test
    void theNewestMigration_isTheVersionInTheCode() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith("V"))
                            .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                            .max())
                    .hasValue(Schema.VERSION);
        }
    }
}
