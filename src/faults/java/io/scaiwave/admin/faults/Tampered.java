package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fault 6: a superuser changes the log behind the server's back; the verify verb must name each chain and where it begins. */
final class Tampered {
    private static final long LOAD_MS = 3_000;
    private static final long CHECKPOINT_SECONDS = 30;
    private static final long PLACE = 5; // somewhere in the middle
    /** Chains whose head is not signed and published yet. */
    static final String CHECKPOINTS_WANTED = """
            SELECT count(*) FROM audit_chain h
            WHERE NOT EXISTS (SELECT FROM audit_checkpoints c WHERE c.chain = h.chain AND c.seq = h.seq AND c.published)
            """;

    /** @param seqFrom the lowest seq that may be named, and seqTo the highest */
    private record Deed(String name, String chain, long seqFrom, long seqTo, List<String> statements) {}

    private final Stage stage;
    private final Report report;

    private Tampered(Stage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    static Report run() {
        Report report = new Report("6 log tampered with", "as superuser, with triggers off and the server down");
        try (Stage stage = Stage.start(1, Map.of("SCAIWAVE_AUDIT_CHECKPOINT_MS", "1000"))) {
            new Tampered(stage, report).tamper();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return report.end();
    }

    private void tamper() throws SQLException {
        grow();
        change(List.of("CREATE TABLE earlier AS SELECT * FROM audit_checkpoints"));
        grow();
        AuditCheck.check(stage, report);
        stage.node(0).close(); // or it would go on from what it finds, and sign that
        for (Deed deed : deeds()) {
            change(deed.statements);
            named(deed);
        }
        Report own = new Report("6 log tampered with", "what the harness itself sees of it");
        LogCheck.of(stage, own);
        report.figure("violations the harness itself sees", own.violations().size());
        if (own.violations().isEmpty()) {
            report.violated("the harness sees nothing of it");
        }
    }

    /** Entries for every chain, and signed checkpoints of their heads on the topic. */
    private void grow() {
        Load load = Load.closed(stage.clients());
        try (load) {
            Wait.pause(LOAD_MS);
        }
        if (!Wait.within(
                CHECKPOINT_SECONDS, () -> AuditCheck.backlog(stage) + stage.number(CHECKPOINTS_WANTED) == 0)) {
            report.violated(stage.number(CHECKPOINTS_WANTED) + " chains have no published checkpoint of their head");
        }
    }

    private List<Deed> deeds() {
        String bit = stage.tenants.get(0).chain();
        String hole = stage.tenants.get(1).chain();
        String swap = stage.tenants.get(2).chain();
        String tail = stage.tenants.get(3).chain();
        long end = stage.number("SELECT seq FROM audit_chain WHERE chain = ?", tail);
        long cut = stage.number("SELECT coalesce(max(seq), ?) FROM earlier WHERE chain = ?", end - PLACE, tail);
        return List.of(
                new Deed("one bit of an entry changed", bit, PLACE, PLACE, List.of("""
                        UPDATE audit_log SET actor_id = chr(ascii(actor_id) # 1) || substr(actor_id, 2)
                        WHERE chain = '%s' AND seq = %d""".formatted(bit, PLACE))),
                new Deed(
                        "an entry removed",
                        hole,
                        PLACE,
                        PLACE + 1,
                        List.of("DELETE FROM audit_log WHERE chain = '%s' AND seq = %d".formatted(hole, PLACE))),
                new Deed("two entries exchanged", swap, PLACE, PLACE + 1, List.of("""
                        UPDATE audit_log SET seq = %2$d + %3$d - seq
                        WHERE chain = '%1$s' AND seq IN (%2$d, %3$d)""".formatted(
                                swap, PLACE, PLACE + 1))),
                new Deed("the tail cut, head and checkpoint set back", tail, cut + 1, end, cutTail(tail, cut)));
    }

    /** To the place of an earlier checkpoint with a good signature: in the database everything fits together. */
    private static List<String> cutTail(String chain, long cut) {
        return List.of(
                "DELETE FROM audit_log WHERE chain = '%s' AND seq > %d".formatted(chain, cut),
                """
                UPDATE audit_chain h SET seq = l.seq, hash = l.hash, last_id = l.id, last_at = l.created_at
                FROM audit_log l WHERE h.chain = '%1$s' AND l.chain = h.chain AND l.seq = %2$d""".formatted(chain, cut),
                "DELETE FROM audit_checkpoints WHERE chain = '%s'".formatted(chain),
                "INSERT INTO audit_checkpoints SELECT * FROM earlier WHERE chain = '%s'".formatted(chain));
    }

    private void change(List<String> statements) throws SQLException {
        try (Connection connection = stage.database();
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica"); // no trigger fires
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private void named(Deed deed) {
        VerifyVerb.Result result =
                VerifyVerb.run(stage, "--db", stage.platform.postgres().appUrl());
        Matcher place = Pattern.compile("(?m)^" + Pattern.quote(deed.chain) + ", seq (\\d+): (.*)$")
                .matcher(result.output());
        boolean found = result.status() == 1 && place.find();
        long seq = found ? Long.parseLong(place.group(1)) : 0;
        report.figure(deed.name, found ? "seq %d: %s".formatted(seq, place.group(2)) : "not found");
        if (seq < deed.seqFrom || seq > deed.seqTo) {
            report.violated("%s at %s, seq %d to %d, and verify (status %d) says: %s"
                    .formatted(deed.name, deed.chain, deed.seqFrom, deed.seqTo, result.status(), result.output()));
        }
    }
}
