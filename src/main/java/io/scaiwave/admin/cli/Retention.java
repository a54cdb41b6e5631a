package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import java.io.Serial;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Drops the months of the audit log that are older than they must be kept. Only the owner of the tables can: the server's role
 * cannot remove an entry, let alone a month. The last entry of each chain that goes is signed and published first, so that what was
 * dropped can be told from what was removed. Blocking.
 */
final class Retention {
    /** What was dropped: the partitions' names, and the floors of the chains that lost entries. */
    record Dropped(List<String> partitions, List<Checkpoint> floors) {}

    /** Thrown when dropping would lose something; nothing has been changed. */
    static final class Refused extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private static final String FIRST_MONTH_NAME = "audit_log_%d_%02d";

    private final Connection owner;
    private final CheckpointKeys keys;
    private final boolean streaming;

    /**
     * @param owner a connection of the role that owns the tables
     * @param streaming whether entries that are not on Kafka yet are still to be sent there; else they are given up with their months
     */
    Retention(Connection owner, CheckpointKeys keys, boolean streaming) {
        this.owner = owner;
        this.keys = keys;
        this.streaming = streaming;
    }

    /**
     * Drops all months before that one, in one transaction.
     *
     * @param publish publishes the signed floors; when it fails, nothing is dropped
     * @throws Refused when an entry of these months is not on Kafka yet or parked, or when that month is not over
     */
    Dropped dropBefore(YearMonth month, Consumer<List<Checkpoint>> publish) throws SQLException {
        if (!month.isBefore(YearMonth.now(ZoneOffset.UTC).plusMonths(1))) {
            throw new Refused("only whole months that are over can be dropped");
        }
        owner.setAutoCommit(false);
        try {
            List<String> partitions = partitionsBefore(month);
            List<Checkpoint> floors = List.of();
            if (!partitions.isEmpty()) {
                if (!streaming) {
                    giveUpSending("audit_unsent", month);
                    giveUpSending("audit_parked", month);
                }
                refuseWhatIsStillNeeded(month);
                floors = floors(month);
                keep(floors);
                refuseHoles(month);
                note(month, partitions);
                publish.accept(floors);
                drop(partitions);
            }
            owner.commit();
            return new Dropped(partitions, floors);
        } catch (SQLException | RuntimeException e) {
            owner.rollback();
            throw e;
        }
    }

    private List<String> partitionsBefore(YearMonth month) throws SQLException {
        String first = FIRST_MONTH_NAME.formatted(month.getYear(), month.getMonthValue());
        return texts("""
                SELECT inhrelid::regclass::text FROM pg_inherits
                WHERE inhparent = 'audit_log'::regclass AND inhrelid::regclass::text < ? ORDER BY 1
                """, first);
    }

    /** The start of the month in UTC is where its partition begins. */
    private static Date start(YearMonth month) {
        return Date.valueOf(month.atDay(1));
    }

    /** Entries of a time when streaming was on: there is no Kafka any more that they could go to. */
    private void giveUpSending(String table, YearMonth month) throws SQLException {
        try (PreparedStatement statement = owner.prepareStatement(("DELETE FROM %s WHERE entry_id IS NOT NULL"
                        + " AND created_at < ?::date::timestamp AT TIME ZONE 'UTC'")
                .formatted(table))) {
            statement.setDate(1, start(month));
            statement.executeUpdate();
        }
    }

    private void refuseWhatIsStillNeeded(YearMonth month) throws SQLException {
        refuse(month, texts("""
                SELECT reason FROM (
                    SELECT 'an entry is not on Kafka yet' AS reason, created_at FROM audit_unsent
                    UNION ALL SELECT 'an entry is parked', created_at FROM audit_parked WHERE entry_id IS NOT NULL
                    UNION ALL SELECT 'an event is not in the log yet', created_at FROM audit_outbox) AS needed
                WHERE created_at < ?::date::timestamp AT TIME ZONE 'UTC' LIMIT 1
                """, start(month)));
    }

    /** What goes must be the beginning of its chain: entries of before version 6 of the schema need not be in order of time. */
    private void refuseHoles(YearMonth month) throws SQLException {
        refuse(month, texts("""
                SELECT 'chain ' || chain || ' has an older entry behind a newer one' FROM audit_log JOIN audit_floors f USING (chain)
                WHERE created_at >= ?::date::timestamp AT TIME ZONE 'UTC' AND audit_log.seq <= f.seq LIMIT 1
                """, start(month)));
    }

    private static void refuse(YearMonth month, List<String> reasons) {
        if (!reasons.isEmpty()) {
            throw new Refused(reasons.get(0) + ": nothing before " + month + " is dropped");
        }
    }

    /** The last entry of each chain that goes; chains without one are not touched. */
    private List<Checkpoint> floors(YearMonth month) throws SQLException {
        List<Checkpoint> floors = new ArrayList<>();
        try (PreparedStatement statement = owner.prepareStatement("""
                SELECT DISTINCT ON (chain) chain, seq, hash FROM audit_log
                WHERE created_at < ?::date::timestamp AT TIME ZONE 'UTC' ORDER BY chain, seq DESC
                """)) {
            statement.setDate(1, start(month));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    floors.add(keys.sign(
                            rows.getString("chain"), Checkpoint.FLOOR, rows.getLong("seq"), rows.getString("hash")));
                }
            }
        }
        return floors;
    }

    private void keep(List<Checkpoint> floors) throws SQLException {
        try (PreparedStatement statement = owner.prepareStatement("""
                INSERT INTO audit_floors (%s) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
                    signed_at = excluded.signed_at, key_id = excluded.key_id, signature = excluded.signature
                """.formatted(Checkpoint.COLUMNS))) {
            for (Checkpoint floor : floors) {
                statement.setString(1, floor.chain());
                statement.setLong(2, floor.seq());
                statement.setString(3, floor.hash());
                statement.setObject(4, floor.signedAt());
                statement.setString(5, floor.keyId());
                statement.setString(6, floor.signature());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Who dropped what is an entry of the platform's chain. */
    private void note(YearMonth month, List<String> partitions) throws SQLException {
        VerbAudit.say(
                owner,
                VerbAudit.PLATFORM,
                "audit.retain",
                Map.of("kept_from", month.toString(), "partitions", partitions));
    }

    private void drop(List<String> partitions) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '10s'"); // requests that wait behind us must not wait longer
            for (String partition : partitions) {
                statement.execute("DROP TABLE " + partition);
            }
        }
    }

    private List<String> texts(String sql, Object... parameters) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = owner.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }
}
