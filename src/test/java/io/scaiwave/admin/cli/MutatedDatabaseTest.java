package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.EmptyDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a superuser does to the log's table, verify names the first bad place of each chain, or nobody can. Each case twice: with
 * the head table left as it was, and with one that was made to fit.
 */
class MutatedDatabaseTest {
    private static final int SOME_PAIRS = 20;

    private static final String ROWS =
            "INSERT INTO audit_log SELECT * FROM jsonb_populate_recordset(NULL::audit_log, ?::jsonb)";

    /** What the table holds, in the order in which it is read, as entries: not by the product's own reader. */
    private static final String ENTRIES = """
            SELECT to_jsonb(l) - 'bytes' || jsonb_build_object(
                'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
            FROM audit_log l ORDER BY chain, id, seq
            """;

    private static final String HEADS = """
            INSERT INTO audit_chain (chain, seq, hash, last_id, last_at)
            SELECT DISTINCT ON (chain) chain, seq, hash, id, created_at FROM audit_log ORDER BY chain, seq DESC
            """;

    private final EmptyDatabase database = EmptyDatabase.create();
    private Connection superuser;
    private int impossible;

    @TempDir
    private Path folder;

    /** Nothing that protects the log is left: no triggers, no key, no bound on a month. */
    @BeforeEach
    void takeOver() throws SQLException {
        database.migrate();
        superuser = database.connect();
        run(
                "SET session_replication_role = replica",
                "ALTER TABLE audit_log DROP CONSTRAINT audit_log_pk",
                "CREATE TABLE audit_log_any PARTITION OF audit_log DEFAULT");
        superuser.setAutoCommit(false);
    }

    @AfterEach
    void disconnect() throws SQLException {
        superuser.close();
    }

    private void run(String... statements) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void database_isBadWhereItWasChanged() throws IOException, SQLException {
        List<MutatedTrails.Case> pairs = MutatedTrails.pairs();
        Collections.shuffle(pairs, new Random(MutatedTrails.SEED));
        List<MutatedTrails.Case> cases = MutatedTrails.alone(1);
        cases.addAll(pairs.subList(0, SOME_PAIRS));
        assertFound(cases);
    }

    @Test
    @Tag("long")
    void database_isBadWhereItWasChangedFirst_whateverElseWas() throws IOException, SQLException {
        assertFound(MutatedTrails.all());
    }

    private void assertFound(List<MutatedTrails.Case> cases) throws IOException, SQLException {
        int unseen = 0;
        for (MutatedTrails.Case each : cases) {
            for (boolean fitting : new boolean[] {false, true}) {
                if (change(each.trail().lines(), fitting)) {
                    unseen += judged(each, fitting).equals("whole") ? 1 : 0;
                }
            }
        }
        System.out.printf(
                "mutated tables: %d, of which nobody can tell %d; what no table can hold: %d%n",
                2 * cases.size() - impossible, unseen, impossible);
    }

    /** False if no table can hold this. */
    private boolean change(List<String> lines, boolean fitting) throws SQLException {
        run("DELETE FROM audit_log", "DELETE FROM audit_chain");
        insert(MutatedTrails.WHOLE.lines());
        run(HEADS, "DELETE FROM audit_log");
        try {
            insert(lines);
        } catch (SQLException e) {
            impossible++;
            superuser.rollback();
            return false;
        }
        if (fitting) {
            run("DELETE FROM audit_chain", HEADS);
        }
        superuser.commit();
        return true;
    }

    private void insert(List<String> lines) throws SQLException {
        try (PreparedStatement insert = superuser.prepareStatement(ROWS)) {
            insert.setString(1, "[" + String.join(",", lines) + "]");
            insert.executeUpdate();
        }
    }

    private String judged(MutatedTrails.Case each, boolean fitting) throws IOException, SQLException {
        Trail rows = new Trail(texts(ENTRIES), each.trail().checkpoints());
        List<ObjectNode> heads = texts("SELECT to_jsonb(c) FROM audit_chain c").stream()
                .map(Trail::parsed)
                .toList();
        String expected = Verdict.ofRows(rows, heads);
        Path kept = Files.write(folder.resolve("checkpoints"), rows.checkpoints());
        Verb verb = Verb.run(
                Map.of("SCAIWAVE_DB_URL", database.appUrl()),
                "verify",
                "--db",
                "--no-topic-checkpoints",
                "--checkpoints",
                kept.toString(),
                "--public-key",
                "k1=" + Trail.KEYS.publicKeys().get("k1"));
        assertThat(Verdict.said(verb))
                .as("%s, heads fitting: %s: %s%s", each.name(), fitting, verb.out(), verb.err())
                .isEqualTo(expected);
        return expected;
    }

    private List<String> texts(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        superuser.commit();
        return found;
    }
}
