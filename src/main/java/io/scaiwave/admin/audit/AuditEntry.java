package io.scaiwave.admin.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** One entry of the audit log, with the members and values that REST, exports and Kafka alike serve, and that the hash covers. */
public record AuditEntry(
        UUID id,
        String chain,
        long seq,
        OffsetDateTime createdAt,
        String action,
        String actorId,
        String actorType,
        String actorName,
        String resourceType,
        String resourceId,
        UUID tenantId,
        UUID partnerId,
        JsonObject changes,
        String ipAddress,
        String userAgent,
        String requestId,
        String prevHash,
        String hash) {

    /** The columns of an entry, in the order of its members. */
    public static final String COLUMNS = """
            id, chain, seq, created_at, action, actor_id, actor_type, actor_name, resource_type, resource_id, \
            tenant_id, partner_id, changes, ip_address, user_agent, request_id, prev_hash, hash""";

    /** What an entry gets from its place in the log. */
    private record Place(UUID id, long seq, OffsetDateTime at, String prevHash, String hash) {}

    static AuditEntry of(Row row) {
        return of(
                row,
                new Place(
                        row.getUUID("id"),
                        row.getLong("seq"),
                        row.getOffsetDateTime("created_at"),
                        row.getString("prev_hash"),
                        row.getString("hash")));
    }

    /** An event of the outbox at the end of its chain, whose time does not run backwards: one that was committed late joins late. */
    static AuditEntry joined(Row event, UUID id, AuditStore.Head end) {
        OffsetDateTime made = event.getOffsetDateTime("created_at");
        OffsetDateTime at = made.isBefore(end.at()) ? end.at() : made;
        AuditEntry unhashed = of(event, new Place(id, end.seq() + 1, at, end.hash(), null));
        return unhashed.withHash(HashChain.hash(unhashed));
    }

    private static AuditEntry of(Row row, Place place) {
        return new AuditEntry(
                place.id,
                row.getString("chain"),
                place.seq,
                place.at,
                row.getString("action"),
                row.getString("actor_id"),
                row.getString("actor_type"),
                row.getString("actor_name"),
                row.getString("resource_type"),
                row.getString("resource_id"),
                row.getUUID("tenant_id"),
                row.getUUID("partner_id"),
                row.getJsonObject("changes"),
                row.getString("ip_address"),
                row.getString("user_agent"),
                row.getString("request_id"),
                place.prevHash,
                place.hash);
    }

    private AuditEntry withHash(String hash) {
        return new AuditEntry(
                id,
                chain,
                seq,
                createdAt,
                action,
                actorId,
                actorType,
                actorName,
                resourceType,
                resourceId,
                tenantId,
                partnerId,
                changes,
                ipAddress,
                userAgent,
                requestId,
                prevHash,
                hash);
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
