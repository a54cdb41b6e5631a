package io.scaiwave.admin.audit.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.JsonText;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One entry of the audit log, with the members and values that REST, exports and Kafka alike serve, and that the hash covers. */
public record AuditEntry(
        UUID id,
        String chain,
        long seq,
        OffsetDateTime createdAt,
        String action,
        String actorId,
        String actorType,
        @Nullable String actorName,
        @Nullable String delegateId,
        String resourceType,
        String resourceId,
        @Nullable UUID tenantId,
        @Nullable UUID partnerId,
        JsonText changes,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        @Nullable String requestId,
        String prevHash,
        String hash) {

    /** The names of an entry's members, in their order; its columns have the same. */
    public static final List<String> MEMBERS = Arrays.stream(AuditEntry.class.getRecordComponents())
            .map(component -> Json.name(component.getName()))
            .toList();

    /** The columns of an entry. */
    public static final String COLUMNS = String.join(", ", MEMBERS);

    /** The same as a statement's last step gives them to {@link #reader}: changes as text, which is passed on as it is. */
    public static final String SERVED = served(MEMBERS);

    static String served(List<String> members) {
        return members.stream()
                .map(name -> name.equals("changes") ? "changes::text AS changes" : name)
                .collect(Collectors.joining(", "));
    }

    /** How large an entry's changes are, in SQL; worked out only for entries that are older than the column. */
    public static final String BYTES = "coalesce(bytes, octet_length(changes::text))";

    /** The columns of an entry of a table that a statement calls by another name. */
    public static String columns(String table) {
        return MEMBERS.stream().map(name -> table + "." + name).collect(Collectors.joining(", "));
    }

    /** What an entry gets from its place in the log. */
    private record Place(UUID id, long seq, OffsetDateTime at, String prevHash) {}

    /** Makes an entry of each of these rows. */
    public static Function<Row, AuditEntry> reader(RowSet<Row> rows) {
        Map<String, Integer> places = RowColumns.places(rows);
        return row -> of(new RowColumns(row, places));
    }

    /** The columns of each of these events of the outbox. */
    public static List<EntryColumns> events(RowSet<Row> rows) {
        Map<String, Integer> places = RowColumns.places(rows);
        return Rows.all(rows, row -> new RowColumns(row, places));
    }

    public static AuditEntry of(EntryColumns row) {
        Place place = new Place(row.uuid("id"), row.number("seq"), row.time("created_at"), row.text("prev_hash"));
        return of(row, place, row.text("hash"));
    }

    /**
     * An event of the outbox at the end of its chain, whose time does not run backwards: one that was committed late joins late.
     *
     * @param now an event of a later time was made while the database's clock was ahead: it joins as of now
     */
    public static AuditEntry joining(EntryColumns event, UUID id, ChainHead end, Instant now) {
        OffsetDateTime made = notAfter(event.time("created_at"), now);
        OffsetDateTime at = made.isBefore(end.lastAt()) ? end.lastAt() : made;
        Place place = new Place(id, end.seq() + 1, at.truncatedTo(ChronoUnit.MILLIS), end.hash());
        return of(event, place, HashChain.hash(of(event, place, "").members()));
    }

    private static OffsetDateTime notAfter(OffsetDateTime made, Instant now) {
        if (made.toInstant().isAfter(now)) {
            return now.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
        }
        return made;
    }

    private static AuditEntry of(EntryColumns row, Place place, String hash) {
        return new AuditEntry(
                place.id,
                row.text("chain"),
                place.seq,
                place.at,
                row.text("action"),
                row.text("actor_id"),
                row.text("actor_type"),
                row.textOrNull("actor_name"),
                row.textOrNull("delegate_id"),
                row.text("resource_type"),
                row.text("resource_id"),
                row.uuidOrNull("tenant_id"),
                row.uuidOrNull("partner_id"),
                row.json("changes"),
                row.textOrNull("ip_address"),
                row.textOrNull("user_agent"),
                row.textOrNull("request_id"),
                place.prevHash,
                hash);
    }

    /** The end of the chain once this entry has joined it. */
    public ChainHead head() {
        return new ChainHead(chain, seq, hash, id, createdAt);
    }

    /** The members as they are served, in their order, all of them JSON values. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", id.toString());
        members.put("chain", chain);
        members.put("seq", seq);
        members.put("created_at", Json.time(createdAt));
        members.put("action", action);
        members.put("actor_id", actorId);
        members.put("actor_type", actorType);
        members.put("actor_name", actorName);
        members.put("delegate_id", delegateId);
        members.put("resource_type", resourceType);
        members.put("resource_id", resourceId);
        members.put("tenant_id", Objects.toString(tenantId, null));
        members.put("partner_id", Objects.toString(partnerId, null));
        members.put("changes", changes);
        members.put("ip_address", ipAddress);
        members.put("user_agent", userAgent);
        members.put("request_id", requestId);
        members.put("prev_hash", prevHash);
        members.put("hash", hash);
        return members;
    }

    ObjectNode json() {
        return Json.MAPPER.valueToTree(this);
    }
}
