package io.scaiwave.admin.participants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.db.UuidV7;
import io.scaiwave.admin.participants.Participant.Configure;
import io.scaiwave.admin.participants.Participant.Creation;
import io.scaiwave.admin.participants.Participant.Query;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** participants: those that the platform reports, and the AI ones that are made here. */
final class ParticipantStore {
    /** A parallel request made the model's first participant in the meantime. */
    static final Failure FIRST_EXISTS =
            Failure.conflict("SW_PARTICIPANT_LOCAL_ID_TAKEN", "/model", "has its participant already");

    private static final Constraints RULES = new Constraints(Map.of(
            "participant_configured_unique",
            FIRST_EXISTS,
            "participant_local_id_unique",
            Failure.conflict("SW_PARTICIPANT_LOCAL_ID_TAKEN", "/local_id", "is taken in this tenant")));

    private ParticipantStore() {}

    private static final String RETURNED = """
            new.id AS resource_id, audited(old) AS before, audited(new) AS after,
            new.id, new.local_id, new.server_name, new.display_name, new.avatar_url, new.participant_type, new.model,
            new.system_prompt, new.default_response_mode,
            new.enabled AND new.model = ANY (
                (SELECT c.enabled_models FROM ai_config c WHERE c.tenant_id = $1)::text[]) AS answers""";

    private static final ChangeSql UPDATE = ChangeSql.of("""
            WITH change AS (
                UPDATE participants p
                SET (local_id, display_name, system_prompt, default_response_mode, enabled) = (
                    SELECT n.local_id, n.display_name, n.system_prompt, n.default_response_mode, n.enabled
                    FROM jsonb_populate_record(p, $3::jsonb) n)
                WHERE tenant_id = $1 AND model = $2 AND configured
                RETURNING 'participant.update' AS action, %s)
            """.formatted(RETURNED));

    static Future<Reply<Participant>> update(
            AuditTrail trail, Caller caller, Configure in, Supplier<Future<Reply<Participant>>> otherwise) {
        return trail.change(
                caller,
                Chain.of(caller.tenant()),
                new Change<>(
                        UPDATE,
                        Tuple.of(caller.tenant().id(), in.slug(), in.body().fields()),
                        RULES,
                        row -> Reply.of(Participant.of(row)),
                        otherwise));
    }

    // The tenant's row is locked and counted first, so that no number of parallel creations exceeds its limit. The
    // first one of a model is the one that is configured through it.
    private static final ChangeSql CREATE = ChangeSql.of("""
            WITH room AS (
                UPDATE tenants SET participant_count = participant_count + 1
                WHERE id = $1 AND (max_participants IS NULL OR participant_count < max_participants)
                RETURNING id),
            change AS (
                INSERT INTO participants (id, tenant_id, local_id, server_name, display_name, participant_type, model,
                                          configured, system_prompt, default_response_mode, enabled)
                SELECT $3, room.id, n.local_id, $5, n.display_name, 'model', $2,
                       NOT EXISTS (SELECT FROM participants p WHERE p.tenant_id = $1 AND p.model = $2 AND p.configured),
                       n.system_prompt, coalesce(n.default_response_mode, 'conversational'), coalesce(n.enabled, true)
                FROM room, jsonb_populate_record(NULL::participants, $4::jsonb) n
                RETURNING 'participant.create' AS action, %s)
            """.formatted(RETURNED));

    static Future<Reply<Participant>> create(AuditTrail trail, Caller caller, Creation made) {
        return trail.change(caller, Chain.of(caller.tenant()), change(caller, made));
    }

    static Future<Reply<Participant>> createOnce(AuditTrail trail, Caller caller, Creation made) {
        return trail.changeOnce(caller, Participant.class, Chain.of(caller.tenant()), change(caller, made));
    }

    private static Change<Participant> change(Caller caller, Creation made) {
        return new Change<>(
                CREATE,
                Tuple.of(caller.tenant().id(), made.model(), "ai-" + UuidV7.next(), made.fields(), made.serverName()),
                RULES,
                row -> Reply.created(Participant.of(row), null),
                Failure.capacity("the tenant has as many participants as its limit allows"));
    }

    // Without a filter the total is the count that is kept; with one, the found ones are counted.
    private static final String LIST = """
            WITH found AS NOT MATERIALIZED (
                SELECT p.id, p.local_id, p.server_name, p.display_name, p.avatar_url, p.participant_type, p.model,
                       p.system_prompt, p.default_response_mode,
                       p.enabled AND p.model = ANY (c.enabled_models) AS answers
                FROM participants p JOIN ai_config c ON c.tenant_id = p.tenant_id
                WHERE p.tenant_id = $1 AND p.present
                  AND ($2::text IS NULL OR p.participant_type = $2)
                  AND ($3::text IS NULL OR strpos(lower(p.local_id), lower($3)) > 0
                                        OR strpos(lower(p.display_name), lower($3)) > 0)),
            page AS (SELECT found.* FROM found ORDER BY local_id LIMIT $4::int OFFSET $5::int)
            SELECT page.*, CASE WHEN $2::text IS NULL AND $3::text IS NULL THEN t.participant_count
                                ELSE (SELECT count(*) FROM found) END AS total
            FROM tenants t LEFT JOIN page ON true WHERE t.id = $1 ORDER BY page.local_id
            """;

    static Future<Reply<List<Participant>>> list(Database database, Caller caller, Query query) {
        Tuple parameters =
                Tuple.of(caller.tenant().id(), query.participantType(), query.q(), query.limit(), query.offset());
        return database.query(Scope.of(caller), caller.account(), LIST, parameters)
                .map(rows -> {
                    long total = rows.iterator().next().getLong("total");
                    // A page beyond the end is one row without a participant.
                    List<Participant> page = Rows.all(rows, row -> row).stream()
                            .filter(row -> row.getString("id") != null)
                            .<Participant>map(Participant::of)
                            .toList();
                    return Reply.page(page, total, query.limit(), query.offset());
                });
    }
}
