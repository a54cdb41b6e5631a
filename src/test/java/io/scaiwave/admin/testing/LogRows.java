package io.scaiwave.admin.testing;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.JsonText;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Entries put into the log behind the server's back, as another node would, for what no call can time or make so many of. */
public final class LogRows {
    private static final String ENTRY = """
            WITH entry AS (
                INSERT INTO audit_log SELECT * FROM jsonb_populate_record(NULL::audit_log, ?::jsonb)
                RETURNING chain, partner_id, seq, hash, id, created_at)
            INSERT INTO audit_chain (chain, partner_id, seq, hash, last_id, last_at)
            SELECT chain, partner_id, seq, hash, id, created_at FROM entry
            """;

    private static final String MANY = """
            INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, resource_type, resource_id,
                                   tenant_id, partner_id, changes, prev_hash, hash)
            SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ?, n, date_trunc('milliseconds', now()),
                   'test.many', 'sql', 'system', 'test', 'many', NULL, ?::uuid,
                   jsonb_build_object('before', NULL, 'after', jsonb_build_object('text', repeat('x', 200))),
                   repeat('0', 64), repeat('1', 64)
            FROM generate_series(1, ?) AS n
            """;

    /** One every 25 ms of the last minutes, in the chains and partners in turn. */
    private static final String IN_TURN = """
            INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, resource_type, resource_id,
                                   tenant_id, partner_id, changes, prev_hash, hash)
            SELECT (substr(ms, 1, 8) || '-' || substr(ms, 9) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   (?::text[])[1 + n % chains], 1 + n / chains, date_trunc('milliseconds', now()),
                   'test.turns', 'sql', 'system', 'test', ?, NULL, (?::uuid[])[1 + n % partners],
                   jsonb_build_object('before', NULL, 'after', jsonb_build_object('text', repeat('x', 200))),
                   repeat('0', 64), repeat('1', 64)
            FROM (SELECT n, ? AS chains, ? AS partners,
                         lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 25 * (? - n)), 12, '0') AS ms
                  FROM generate_series(0, ? - 1) AS n) AS turns
            RETURNING id
            """;

    private LogRows() {}

    /** So many entries on a resource in new chains, one after the other in turn; their ids in order. */
    public static List<String> addInTurn(
            TestServer server, String resource, String[] chains, String[] partnerIds, int count) {
        List<String> ids = Sql.texts(
                server, IN_TURN, chains, resource, partnerIds, chains.length, partnerIds.length, count, count);
        Sql.change(server, """
                INSERT INTO audit_chain (chain, partner_id, seq, hash, last_id, last_at)
                SELECT DISTINCT ON (chain) chain, partner_id, seq, hash, id, created_at FROM audit_log
                WHERE chain = ANY (?) ORDER BY chain, id DESC
                """, (Object) chains);
        return ids;
    }

    /** The first entry of a new chain, with that id and its true hash. */
    public static void addFirst(TestServer server, String chain, UUID id, String partnerId) {
        AuditEntry entry = new AuditEntry(
                id,
                chain,
                1,
                OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS),
                "test.late",
                "sql",
                "system",
                null,
                null,
                "test",
                "late",
                null,
                UUID.fromString(partnerId),
                JsonText.of(new JsonObject().putNull("before").putNull("after")),
                null,
                null,
                null,
                HashChain.GENESIS,
                null);
        Map<String, Object> members = entry.members();
        members.put("hash", HashChain.hash(members));
        Sql.change(server, ENTRY, Json.text(members));
    }

    /** So many entries at once, at the beginning of a chain that must be new. */
    public static void addMany(TestServer server, String chain, int count) {
        addMany(server, chain, null, count);
    }

    /** The same in the chain of a partner's tenant. */
    public static void addMany(TestServer server, String chain, String partnerId, int count) {
        Sql.change(server, MANY, chain, partnerId, count);
        Sql.change(
                server,
                "INSERT INTO audit_chain (chain, seq, hash, last_id) VALUES (?, ?, repeat('1', 64), ?::uuid)",
                chain,
                count,
                "00000000-0000-7000-8000-%012x".formatted(count));
    }
}
