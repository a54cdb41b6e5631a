package io.scaiwave.admin.faults;

import io.scaiwave.admin.faults.Ledger.Fate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The log held against the ledger and against itself, entry by entry. The hashes are computed from what contract and RFC 8785 say,
 * with none of the product's code.
 */
final class LogCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GENESIS = "0".repeat(64);
    private static final int FETCH = 2_000;

    private static final String ENTRIES = """
            SELECT jsonb_build_object(
                'id', id, 'chain', chain, 'seq', seq, 'action', action, 'actor_id', actor_id, 'actor_type', actor_type,
                'actor_name', actor_name, 'delegate_id', delegate_id, 'resource_type', resource_type, 'resource_id', resource_id,
                'tenant_id', tenant_id, 'partner_id', partner_id, 'changes', changes, 'ip_address', ip_address,
                'user_agent', user_agent, 'request_id', request_id, 'prev_hash', prev_hash,
                'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text AS entry, hash
            FROM audit_log ORDER BY chain, seq, id
            """;

    /** An entry, as the topic must have it. */
    record Line(String chain, long seq, String hash) {}

    /** @param fields what the entries so far say that it is; a field is missing until it was first changed */
    record Resource(String chain, String type, String id, Map<String, JsonNode> fields) {}

    final Map<String, Line> lines = new HashMap<>();
    final Map<String, Resource> resources = new TreeMap<>();
    final Map<String, Long> changesByResource = new HashMap<>();
    private final Ledger ledger;
    private final Map<String, Integer> byRequest = new HashMap<>();
    private String chain = "";
    private long seq;
    private String lastHash;
    private long gaps;
    private long brokenLinks;
    private long wrongHashes;
    private long disorder;
    private long foreign;

    private LogCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    static LogCheck of(Stage stage, Report report) throws SQLException {
        LogCheck check = new LogCheck(stage.ledger);
        try (Connection connection = stage.database();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // or the whole log is fetched at once
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery(ENTRIES)) {
                while (rows.next()) {
                    check.entry(rows.getString("entry"), rows.getString("hash"));
                }
            }
        }
        check.tell(report);
        return check;
    }

    private void entry(String text, String hash) {
        JsonNode entry = parsed(text);
        if (!entry.path("chain").asText().equals(chain)) {
            chain = entry.path("chain").asText();
            seq = 0;
            lastHash = GENESIS;
        }
        gaps += entry.path("seq").asLong() == seq + 1 ? 0 : 1; // a seq that is there twice is one too
        brokenLinks += entry.path("prev_hash").asText().equals(lastHash) ? 0 : 1;
        wrongHashes += hash(text).equals(hash) ? 0 : 1;
        seq = entry.path("seq").asLong();
        lastHash = hash;
        lines.put(entry.path("id").asText(), new Line(chain, seq, hash));
        byRequest.merge(entry.path("request_id").asText(), 1, Integer::sum);
        join(entry);
    }

    /** What an entry says was before must be what the one before it on the same resource said is after. */
    private void join(JsonNode entry) {
        String type = entry.path("resource_type").asText();
        String id = entry.path("resource_id").asText();
        String key = chain + " " + type + " " + id;
        JsonNode before = entry.at("/changes/before");
        JsonNode after = entry.at("/changes/after");
        boolean creation = before.isNull() && entry.path("action").asText().endsWith(".create");
        disorder += creation && resources.containsKey(key) ? 1 : 0;
        Resource resource = resources.computeIfAbsent(key, k -> new Resource(chain, type, id, new HashMap<>()));
        before.properties().forEach(field -> {
            JsonNode known = resource.fields.get(field.getKey());
            disorder += known == null || known.equals(field.getValue()) ? 0 : 1;
        });
        after.properties().forEach(field -> resource.fields.put(field.getKey(), field.getValue()));
        String requestId = entry.path("request_id").asText();
        boolean named = type.equals("ai_config") || type.equals("participant");
        foreign += named && !after.toString().contains(requestId) ? 1 : 0; // the clients write it into what they change
        changesByResource.merge(key, creation ? 0L : 1L, Long::sum);
    }

    private void tell(Report report) {
        long lost = ledger.attempts().entrySet().stream()
                .filter(each -> each.getValue() == Fate.ACKNOWLEDGED && !byRequest.containsKey(each.getKey()))
                .count();
        long invented = byRequest.keySet().stream()
                .filter(id -> ledger.attempts().getOrDefault(id, Fate.REFUSED) == Fate.REFUSED)
                .count();
        report.figure("entries in the log", lines.size());
        report.figure(
                "in doubt, and in the log",
                ledger.attempts().entrySet().stream()
                        .filter(each -> each.getValue() == Fate.IN_DOUBT && byRequest.containsKey(each.getKey()))
                        .count());
        report.none("acknowledged changes without an entry", lost);
        report.none("entries of changes nobody made", invented + foreign);
        report.none(
                "changes with two entries",
                byRequest.values().stream().filter(count -> count > 1).count());
        report.none("gaps or doubles of seq", gaps);
        report.none("order violations (before is not the last after)", disorder);
        report.none("broken links of the chain", brokenLinks);
        report.none("hashes that do not recompute", wrongHashes);
    }

    static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }

    /** Of an entry without its hash member. */
    static String hash(String json) {
        try {
            byte[] canonical = new JsonCanonicalizer(json).getEncodedString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("no canonical form: " + json, e);
        }
    }
}
