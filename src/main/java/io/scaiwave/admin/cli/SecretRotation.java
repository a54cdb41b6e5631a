package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Secrets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Encrypts the tenants' API keys anew with the current secret key, a batch and its audit entry in one transaction. A key that was
 * changed since it was read is left as it is: whoever changed it has encrypted it.
 */
final class SecretRotation {
    private static final int BATCH = 500;
    private static final int NAMED_MAX = 20;
    private static final UUID FIRST = new UUID(0, 0);

    private record Kept(UUID tenant, String text) {}

    private record Fresh(UUID tenant, String before, String text) {}

    /**
     * How it went.
     *
     * @param rotated encrypted anew, or on a dry run those that would be
     * @param lost those that no key there is decrypts
     * @param lostOf some of the tenants whose key is lost
     * @param older those that are still under another key: the lost ones, and those that a server has written so meanwhile
     */
    record Outcome(String keyId, boolean dryRun, long rotated, long lost, List<UUID> lostOf, long older) {}

    private final Connection connection;
    private final Secrets secrets;
    private final boolean dryRun;
    private final List<UUID> lostOf = new ArrayList<>();
    private long rotated;
    private long lost;

    SecretRotation(Connection connection, Secrets secrets, boolean dryRun) {
        this.connection = connection;
        this.secrets = secrets;
        this.dryRun = dryRun;
    }

    /** May be stopped at any time, and begun again. */
    Outcome run(Progress progress) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '5s'"); // a change that holds a row for longer is in trouble itself
            connection.commit();
        }
        List<Kept> batch = older(FIRST);
        while (!batch.isEmpty()) {
            rotate(batch);
            progress.at(rotated);
            batch = older(batch.get(batch.size() - 1).tenant);
        }
        return new Outcome(secrets.current(), dryRun, rotated, lost, List.copyOf(lostOf), count());
    }

    private static final String OLDER = """
            SELECT tenant_id, api_key_encrypted FROM ai_config
            WHERE api_key_encrypted IS NOT NULL AND split_part(api_key_encrypted, ':', 1) <> ? AND tenant_id > ?
            ORDER BY tenant_id LIMIT %d
            """.formatted(BATCH);

    private List<Kept> older(UUID after) throws SQLException {
        List<Kept> found = new ArrayList<>(BATCH);
        try (PreparedStatement statement = connection.prepareStatement(OLDER)) {
            statement.setString(1, secrets.current());
            statement.setObject(2, after);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Kept(rows.getObject(1, UUID.class), rows.getString(2)));
                }
            }
        }
        connection.commit();
        return found;
    }

    private void rotate(List<Kept> batch) throws SQLException {
        List<Fresh> fresh = new ArrayList<>(batch.size());
        for (Kept kept : batch) {
            try {
                String owner = kept.tenant.toString();
                Secret secret = secrets.decrypt(kept.text, owner);
                fresh.add(new Fresh(kept.tenant, kept.text, secrets.encrypt(secret, owner)));
            } catch (Secrets.Lost e) {
                lost++;
                if (lostOf.size() < NAMED_MAX) {
                    lostOf.add(kept.tenant);
                }
            }
        }
        if (dryRun) {
            rotated += fresh.size();
        } else if (!fresh.isEmpty()) {
            write(fresh);
        }
    }

    private static final String WRITE = """
            UPDATE ai_config c SET api_key_encrypted = fresh.text
            FROM unnest(?::uuid[], ?::text[], ?::text[]) AS fresh (tenant_id, before, text)
            WHERE c.tenant_id = fresh.tenant_id AND c.api_key_encrypted = fresh.before
            """;

    private void write(List<Fresh> fresh) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setArray(
                    1, array("uuid", fresh.stream().map(Fresh::tenant).toArray()));
            statement.setArray(
                    2, array("text", fresh.stream().map(Fresh::before).toArray()));
            statement.setArray(3, array("text", fresh.stream().map(Fresh::text).toArray()));
            int written = statement.executeUpdate();
            if (written > 0) {
                VerbAudit.say(
                        connection,
                        VerbAudit.PLATFORM,
                        "secrets.rotate",
                        Map.of("key_id", secrets.current(), "api_keys", written));
            }
            connection.commit();
            rotated += written;
        } catch (SQLException e) {
            connection.rollback();
            throw new Unreadable(
                    "%d API keys are done; run it again for the rest: PostgreSQL: %s"
                            .formatted(rotated, e.getMessage()),
                    e);
        }
    }

    private Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private long count() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*) FROM ai_config WHERE split_part(api_key_encrypted, ':', 1) <> ?")) {
            statement.setString(1, secrets.current());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } finally {
            connection.commit();
        }
    }
}
