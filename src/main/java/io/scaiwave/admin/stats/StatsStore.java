package io.scaiwave.admin.stats;

import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.stats.Stats.AiUsage;
import io.scaiwave.admin.stats.Stats.ModelUsage;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a tenant's totals, its limits and how fresh they are, in one query by their key. */
final class StatsStore {
    private StatsStore() {}

    private static final String READ = """
            SELECT t.max_participants, t.max_storage_bytes, t.ai_tokens_monthly, s.as_of,
                   n.metric, n.label, greatest(n.value, 0) AS value
            FROM activity_state s CROSS JOIN tenants t
            LEFT JOIN totals n ON n.tenant_id = t.id AND n.period IN ('', $2)
            WHERE t.id = $1
            """;

    static Future<Stats> read(Database database, UUID tenantId) {
        String month = YearMonth.now(ZoneOffset.UTC).toString();
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId, month))
                .map(rows -> stats(rows, month));
    }

    private static @Nullable Stats stats(RowSet<Row> rows, String month) {
        Map<String, Map<String, Long>> totals = new LinkedHashMap<>();
        for (Row row : rows) {
            totals.computeIfAbsent(row.getString("metric"), metric -> new TreeMap<>())
                    .put(String.valueOf(row.getString("label")), row.getLong("value"));
        }
        Map<String, Long> rooms = byType(Totals.ROOM_TYPES, of(totals, Totals.ROOMS));
        Map<String, Long> participants = byType(Totals.PARTICIPANT_TYPES, of(totals, Totals.PARTICIPANTS));
        return Rows.first(
                rows,
                row -> new Stats(
                        new Stats.Rooms(sum(rooms), rooms),
                        new Stats.Participants(sum(participants), participants, row.getLong("max_participants")),
                        usage(month, row.getLong("ai_tokens_monthly"), totals),
                        new Stats.Storage(
                                sum(of(totals, Totals.STORAGE_BYTES)),
                                sum(of(totals, Totals.STORAGE_FILES)),
                                row.getLong("max_storage_bytes")),
                        row.getOffsetDateTime("as_of")));
    }

    private static AiUsage usage(String month, @Nullable Long limit, Map<String, Map<String, Long>> totals) {
        Map<String, ModelUsage> byModel = new LinkedHashMap<>();
        of(totals, Totals.AI_REQUESTS)
                .forEach((model, requests) -> byModel.put(
                        model,
                        new ModelUsage(
                                requests,
                                of(totals, Totals.AI_INPUT_TOKENS).getOrDefault(model, 0L),
                                of(totals, Totals.AI_OUTPUT_TOKENS).getOrDefault(model, 0L))));
        ModelUsage all = byModel.values().stream().reduce(ModelUsage.NONE, ModelUsage::plus);
        return new AiUsage(
                month, all.requests(), all.inputTokens(), all.outputTokens(), all.totalTokens(), limit, byModel);
    }

    private static Map<String, Long> of(Map<String, Map<String, Long>> totals, String metric) {
        return totals.getOrDefault(metric, Map.of());
    }

    /** All types, in the contract's order. */
    private static Map<String, Long> byType(List<String> types, Map<String, Long> counted) {
        Map<String, Long> all = new LinkedHashMap<>();
        types.forEach(type -> all.put(type, counted.getOrDefault(type, 0L)));
        return all;
    }

    private static long sum(Map<String, Long> values) {
        return values.values().stream().mapToLong(Long::longValue).sum();
    }
}
