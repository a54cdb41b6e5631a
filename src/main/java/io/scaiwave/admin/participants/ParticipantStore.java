package io.scaiwave.admin.participants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.Statement;
import io.scaiwave.admin.audit.UuidV7;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Constraints;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.function.Supplier;

/** participants: those that the platform reports, and the AI ones that are made here. */
final class ParticipantStore {
    private static final Constraints RULES = new Constraints(Map.of(
            "participant_configured_unique",
            Failure.conflict("SW_PARTICIPANT_LOCAL_ID_TAKEN", "/model", "has its participant already"),
            "participant_local_id_unique",
            Failure.conflict("SW_PARTICIPANT_LOCAL_ID_TAKEN", "/local_id", "is taken in this tenant")));

    private ParticipantStore() {}

    private static final String RETURNED = """
            new.id AS resource_id, audited(old) AS before, audited(new) AS after,
            new.id, new.local_id, new.server_name, new.display_name, new.avatar_url, new.participant_type, new.model,
            new.system_prompt, new.default_response_mode,
            new.enabled AND new.model = ANY (
                (SELECT c.enabled_models FROM ai_config c WHERE c.tenant_id = $1)::text[]) AS answers""";

    private static final Statement UPDATE = Statement.of("""
            WITH change AS (
                UPDATE participants p
                SET (local_id, display_name, system_prompt, default_response_mode, enabled) = (
                    SELECT n.local_id, n.display_name, n.system_prompt, n.default_response_mode, n.enabled
                    FROM jsonb_populate_record(p, $3::jsonb) n)
                WHERE tenant_id = $1 AND model = $2 AND configured
                RETURNING 'participant.update' AS action, %s)
            """.formatted(RETURNED));

    static Future<Reply<Participant>> update(
            AuditTrail trail,
            Caller caller,
            String model,
            Patch patch,
            Supplier<Future<Reply<Participant>>> otherwise) {
        return trail.change(
                caller,
                Chain.of(caller.tenant()),
                new Change<>(
                        UPDATE,
                        Tuple.of(caller.tenant().id(), model, patch.fields()),
                        RULES,
                        row -> Reply.of(Participant.of(row)),
                        otherwise));
    }

    // The tenant's row is locked and counted first, so that no number of parallel creations exceeds its limit.
    private static final Statement CREATE = Statement.of("""
            WITH room AS (
                UPDATE tenants SET participant_count = participant_count + 1
                WHERE id = $1 AND (max_participants IS NULL OR participant_count < max_participants)
                RETURNING id),
            change AS (
                INSERT INTO participants (id, tenant_id, local_id, server_name, display_name, participant_type, model,
                                          configured, system_prompt, default_response_mode, enabled)
                SELECT $3, room.id, n.local_id, $5, n.display_name, 'model', $2,
                       true, n.system_prompt, coalesce(n.default_response_mode, 'conversational'), coalesce(n.enabled, true)
                FROM room, jsonb_populate_record(NULL::participants, $4::jsonb) n
                RETURNING 'participant.create' AS action, %s)
            """.formatted(RETURNED));

    static Future<Reply<Participant>> create(
            AuditTrail trail, Caller caller, String model, Patch fields, String serverName) {
        return trail.change(
                caller,
                Chain.of(caller.tenant()),
                new Change<>(
                        CREATE,
                        Tuple.of(caller.tenant().id(), model, "ai-" + UuidV7.next(), fields.fields(), serverName),
                        RULES,
                        row -> Reply.created(Participant.of(row), null),
                        Failure.capacity("the tenant has as many participants as its limit allows")));
    }
}
