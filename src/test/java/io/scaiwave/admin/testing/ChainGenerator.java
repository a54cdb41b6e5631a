package io.scaiwave.admin.testing;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.JsonText;
import io.vertx.core.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Makes valid entries of realistic size, for measurements and tests: as NDJSON on standard output, or into a database.
 *
 * <pre>{@code java -cp … io.scaiwave.admin.testing.ChainGenerator 1000000 100 [JDBC URL of the superuser] > export.ndjson}</pre>
 */
public final class ChainGenerator {
    private static final int ROWS_PER_INSERT = 1_000;
    private static final int PROMPT_LETTERS = 180;
    private static final int OUTPUT_BYTES = 1 << 20;

    private final Random random;
    private final OffsetDateTime start =
            OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    private final List<UUID> tenants = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private final List<Long> seqs = new ArrayList<>();
    private long made;

    /** @param seed the same seed makes the same entries of the same month */
    public ChainGenerator(int chains, long seed) {
        random = new Random(seed);
        for (int i = 0; i < chains; i++) {
            tenants.add(new UUID(random.nextLong(), random.nextLong()));
            hashes.add(HashChain.GENESIS);
            seqs.add(0L);
        }
    }

    /** The next entry, of one chain or another. */
    public AuditEntry next() {
        int chain = random.nextInt(tenants.size());
        UUID tenant = tenants.get(chain);
        made++;
        long seq = seqs.get(chain) + 1;
        AuditEntry unhashed = entry(tenant, seq, hashes.get(chain), null);
        AuditEntry entry = entryWith(unhashed, HashChain.hash(unhashed.members()));
        seqs.set(chain, seq);
        hashes.set(chain, entry.hash());
        return entry;
    }

    /** The next ones, oldest first. */
    public List<AuditEntry> entries(int count) {
        List<AuditEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(next());
        }
        return entries;
    }

    private AuditEntry entry(UUID tenant, long seq, String prevHash, String hash) {
        OffsetDateTime at = start.plus(made, ChronoUnit.MILLIS);
        return new AuditEntry(
                new UUID(
                        (start.toInstant().toEpochMilli() + made) << 16 | 0x7000,
                        Long.MIN_VALUE | random.nextLong() >>> 2),
                "tenant:" + tenant,
                seq,
                at,
                "ai_config.update",
                "user-" + random.nextInt(1000),
                "user",
                "Zoë Müller",
                null,
                "ai_config",
                tenant.toString(),
                tenant,
                null,
                changes(),
                "203.0.113." + random.nextInt(256),
                "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
                new UUID(random.nextLong(), random.nextLong()).toString(),
                prevHash,
                hash);
    }

    private JsonText changes() {
        StringBuilder prompt = new StringBuilder("Be \"kind\",\n");
        for (int i = random.nextInt(PROMPT_LETTERS); i > 0; i--) {
            prompt.append((char) ('a' + random.nextInt(26)));
        }
        return JsonText.of(new JsonObject()
                .put(
                        "before",
                        new JsonObject().put("default_model", null).put("temperature", random.nextInt(20) / 10.0))
                .put(
                        "after",
                        new JsonObject()
                                .put("default_model", "claude-sonnet-4-6")
                                .put("prompt", prompt.toString())));
    }

    private static AuditEntry entryWith(AuditEntry e, String hash) {
        return new AuditEntry(
                e.id(),
                e.chain(),
                e.seq(),
                e.createdAt(),
                e.action(),
                e.actorId(),
                e.actorType(),
                e.actorName(),
                e.delegateId(),
                e.resourceType(),
                e.resourceId(),
                e.tenantId(),
                e.partnerId(),
                e.changes(),
                e.ipAddress(),
                e.userAgent(),
                e.requestId(),
                e.prevHash(),
                hash);
    }

    /** As lines of an export, oldest first. */
    public List<String> lines(int entries) {
        return entries(entries).stream()
                .map(entry -> new String(Json.bytes(entry), StandardCharsets.UTF_8))
                .toList();
    }

    /** Into the log and its head table, past the server. */
    public void insert(Connection superuser, int entries) throws SQLException {
        superuser.setAutoCommit(false);
        try (PreparedStatement insert = superuser.prepareStatement(
                "INSERT INTO audit_log (%1$s) SELECT %1$s FROM jsonb_populate_recordset(NULL::audit_log, ?::jsonb)"
                        .formatted(AuditEntry.COLUMNS))) {
            for (int done = 0; done < entries; done += ROWS_PER_INSERT) {
                List<AuditEntry> rows = entries(Math.min(entries - done, ROWS_PER_INSERT));
                insert.setString(1, new String(Json.bytes(rows), StandardCharsets.UTF_8));
                insert.executeUpdate();
            }
        }
        try (Statement heads = superuser.createStatement()) {
            heads.execute("""
                    INSERT INTO audit_chain (chain, seq, hash, last_id, last_at)
                    SELECT DISTINCT ON (chain) chain, seq, hash, id, created_at FROM audit_log ORDER BY chain, seq DESC
                    ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, last_id = excluded.last_id
                    """);
        }
        superuser.commit();
    }

    /** The arguments: entries, chains, and the JDBC URL if they are to go into a database. */
    public static void main(String[] args) throws SQLException {
        int entries = Integer.parseInt(args[0]);
        ChainGenerator generator = new ChainGenerator(Integer.parseInt(args[1]), 1);
        if (args.length > 2) {
            try (Connection connection = DriverManager.getConnection(args[2])) {
                generator.insert(connection, entries);
            }
            return;
        }
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, OUTPUT_BYTES), false);
        for (int i = 0; i < entries; i++) {
            byte[] line = Json.bytes(generator.next());
            out.write(line, 0, line.length);
            out.write('\n');
        }
        out.flush();
    }
}
