package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Occurrence;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.json.Json;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller exports or follows, and where that is on record.
 *
 * @param resourceId the id of the tenant or partner, or {@code platform}
 */
record ExportRecord(Chain chain, String resourceId) {

    static ExportRecord of(Caller caller) {
        Caller.TenantRef tenant = caller.target();
        if (tenant != null) {
            return new ExportRecord(Chain.of(tenant), tenant.id().toString());
        }
        Chain chain = Chain.ofPartner(caller.reach().partnerId());
        return new ExportRecord(chain, Objects.toString(chain.partnerId(), chain.name()));
    }

    /** The chain's name as a part of a file's. */
    String fileName() {
        return chain.name().replace(':', '-');
    }

    /** That it was handed out: in which form, and by which filters. */
    Occurrence export(AuditQuery query, String format) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("format", format);
        details.put("action", query.action());
        details.put("actor_id", query.actorId());
        details.put("resource_type", query.resourceType());
        details.put("resource_id", query.resourceId());
        details.put("since", time(query.since()));
        details.put("until", time(query.until()));
        details.put("last_event_id", Objects.toString(query.lastEventId(), null));
        details.values().removeIf(Objects::isNull);
        return new Occurrence("audit.export", resourceId, details);
    }

    private static @Nullable String time(@Nullable OffsetDateTime at) {
        return at == null ? null : Json.time(at);
    }
}
