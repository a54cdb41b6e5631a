package io.scaiwave.admin.audit;

import io.scaiwave.admin.Sql;
import io.scaiwave.admin.TestServer;
import java.util.UUID;

/** Entries put into the log behind the server's back, as another node would, for what no call can time or make so many of. */
final class LogRows {
    private static final String ENTRY = """
            WITH entry AS (
                INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, resource_type, resource_id,
                                       tenant_id, changes, prev_hash, hash)
                SELECT ?::uuid, chain, coalesce(c.seq, 0) + 1, date_trunc('milliseconds', now()), 'test.late', 'sql', 'system',
                       'test', 'late', NULL, '{"before": null, "after": {}}', repeat('0', 64), repeat('1', 64)
                FROM (SELECT ?::text AS chain) AS own LEFT JOIN audit_chain c USING (chain)
                RETURNING chain, seq, id, created_at)
            INSERT INTO audit_chain (chain, partner_id, seq, hash, last_id, last_at)
            SELECT chain, ?::uuid, seq, repeat('1', 64), id, created_at FROM entry
            ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, last_id = excluded.last_id, last_at = excluded.last_at
            """;

    private static final String MANY = """
            INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, resource_type, resource_id,
                                   tenant_id, changes, prev_hash, hash)
            SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ?, n, date_trunc('milliseconds', now()),
                   'test.many', 'sql', 'system', 'test', 'many', NULL,
                   jsonb_build_object('before', NULL, 'after', jsonb_build_object('text', repeat('x', 200))),
                   repeat('0', 64), repeat('1', 64)
            FROM generate_series(1, ?) AS n
            """;

    private LogRows() {}

    static void add(TestServer server, String chain, UUID id, String partnerId) {
        Sql.change(server, ENTRY, id, chain, partnerId);
    }

    /** So many entries at once, at the beginning of a chain that must be new. */
    static void addMany(TestServer server, String chain, int count) {
        Sql.change(server, MANY, chain, count);
        Sql.change(
                server,
                "INSERT INTO audit_chain (chain, seq, hash, last_id) VALUES (?, ?, repeat('1', 64), ?::uuid)",
                chain,
                count,
                "00000000-0000-7000-8000-%012x".formatted(count));
    }
}
