package io.scaiwave.admin.audit.entry;

import java.util.List;

/** The columns of audit_outbox by name. */
public final class OutboxColumns {
    /** What an entry gets from its place in the log. */
    private static final List<String> OF_THE_PLACE = List.of("id", "seq", "prev_hash", "hash");

    /** The members of an entry that its event has already. */
    public static final List<String> EVENT = AuditEntry.MEMBERS.stream()
            .filter(member -> !OF_THE_PLACE.contains(member))
            .toList();

    /** These, as {@link AuditEntry#joining} takes them. */
    public static final String SERVED = AuditEntry.served(EVENT);

    /** What whoever writes an event gives it; the rest PostgreSQL adds. Who, where and in which request comes first. */
    public static final String WRITTEN = "chain, tenant_id, partner_id, actor_id, actor_type, actor_name, delegate_id, "
            + "ip_address, user_agent, request_id, traceparent, action, resource_id, changes";

    private OutboxColumns() {}
}
