package io.scaiwave.admin.cli;

import io.scaiwave.admin.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * What verbs say in a chain of what they do. It is said to be done by the role that PostgreSQL let in; the user of the machine is whom
 * {@code -Duser.name} says, and called a claim.
 */
final class VerbAudit {
    /** The chain of what belongs to no partner. */
    static final String PLATFORM = "platform";

    private static final int CLAIM_MAX = 100;

    private VerbAudit() {}

    private static final String SAY = """
            INSERT INTO audit_outbox
                (chain, tenant_id, partner_id, action, resource_id, changes, actor_id, actor_type, actor_name)
            SELECT chain, t.id, coalesce(t.partner_id, CASE WHEN kind = 'partner' THEN owner::uuid END), action,
                   coalesce(owner, chain), jsonb_build_object('before', NULL, 'after', after), 'db:' || session_user, 'system',
                   claim
            FROM (SELECT c AS chain, split_part(c, ':', 1) AS kind, nullif(split_part(c, ':', 2), '') AS owner, action, after, claim
                  FROM (VALUES (?::text, ?::text, ?::jsonb, ?::text)) AS asked (c, action, after, claim)) AS done
            LEFT JOIN tenants t ON kind = 'tenant' AND t.id::text = owner
            """;

    /** Takes part in the transaction of the connection. */
    static void say(Connection connection, String chain, String action, Object after) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAY)) {
            statement.setString(1, chain);
            statement.setString(2, action);
            statement.setString(3, Json.text(after));
            statement.setString(4, claim(System.getProperty("user.name", "")));
            statement.executeUpdate();
        }
    }

    private static String claim(String user) {
        String plain = user.replaceAll("[^\\x20-\\x7e]", "?");
        return "claims to be " + plain.substring(0, Math.min(CLAIM_MAX, plain.length()));
    }
}
