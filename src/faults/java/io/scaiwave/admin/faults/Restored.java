package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fault 11: PostgreSQL is set back to a backup that lacks what is on Kafka already, and the verb recover brings it back. */
final class Restored {
    private static final long LOAD_MS = 3_000;
    private static final long SIGNED_SECONDS = 60;
    private static final String RECOVER = "recover";
    private static final String CHANGES_WANTED =
            "SELECT count(*) FROM (SELECT FROM audit_outbox UNION ALL SELECT FROM audit_unsent) AS waiting";
    private static final String REQUESTS = "SELECT request_id FROM audit_log WHERE request_id IS NOT NULL";

    private final Stage stage;
    private final Report report;

    private Restored(Stage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    static Report run() {
        Report report = new Report("11 restore", "PostgreSQL set back to an older copy of its data, 16 clients");
        try (Stage stage = Stage.start(1, Map.of("SCAIWAVE_AUDIT_CHECKPOINT_MS", "1000"))) {
            new Restored(stage, report).restore();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return report.end();
    }

    private void restore() throws SQLException {
        change();
        settle();
        stage.node(0).stop();
        Path backup = stage.platform.postgres().copy();
        stage.node(0).start();
        change();
        settle();
        long logged = entries();
        stage.node(0).stop();
        stage.platform.postgres().goBackTo(backup);
        report.figure("entries that the backup lacks", logged - entries());
        stage.node(0).start();
        long restored = entries();
        change();
        report.none("entries appended to chains that Kafka knows longer", entries() - restored);
        recover();
        settle();
        compare();
    }

    private long entries() {
        return stage.number("SELECT count(*) FROM audit_log");
    }

    private void change() {
        MixedClient.Answers answers = new MixedClient.Answers();
        List<MixedClient> clients = new ArrayList<>();
        stage.tenants.forEach(tenant -> clients.addAll(stage.mixed(2, tenant, answers)));
        Load load = Load.closed(clients);
        try (load) {
            Wait.pause(LOAD_MS);
        }
        report.progress("answers by status: " + answers);
    }

    /** Until all that was committed is on Kafka, and its heads are signed there. */
    private void settle() {
        if (!Wait.within(
                SIGNED_SECONDS, () -> stage.number(CHANGES_WANTED) + stage.number(Tampered.CHECKPOINTS_WANTED) == 0)) {
            report.violated("not all is on Kafka and signed after " + SIGNED_SECONDS + " s");
        }
    }

    private void recover() {
        VerifyVerb.Result result = VerifyVerb.verb(stage, RECOVER);
        report.figure("recover says", VerifyVerb.lastLine(result));
        if (result.status() != 0) {
            report.violated("recover ended with " + result.status() + ": " + result.output());
        }
    }

    private void compare() throws SQLException {
        stage.ledger.tell(report);
        Map<String, Integer> logged = requests();
        List<String> acknowledged = stage.ledger.attempts().entrySet().stream()
                .filter(each -> each.getValue() == Ledger.Fate.ACKNOWLEDGED)
                .map(Map.Entry::getKey)
                .toList();
        report.figure("entries in the log", entries());
        report.none(
                "acknowledged changes without an entry",
                acknowledged.stream().filter(id -> !logged.containsKey(id)).count());
        report.none(
                "changes with two entries",
                acknowledged.stream().filter(id -> logged.getOrDefault(id, 0) > 1).count());
        report.none("events set aside", stage.number("SELECT count(*) FROM audit_parked"));
        VerifyVerb.whole(stage, report);
        VerifyVerb.whole(stage, report, "--kafka");
    }

    private Map<String, Integer> requests() throws SQLException {
        Map<String, Integer> found = new HashMap<>();
        try (Connection connection = stage.database();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(REQUESTS)) {
            while (rows.next()) {
                found.merge(rows.getString(1), 1, Integer::sum);
            }
        }
        return found;
    }
}
