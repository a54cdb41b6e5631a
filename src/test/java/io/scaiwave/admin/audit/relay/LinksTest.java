package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server's role can do to the trail: what the trail needs, link by link, and nothing else. */
class LinksTest {
    private static final String NO_RIGHT = "42501";
    private static final String NO_LINK = "23";

    private static TestServer.Tenant tenant;

    @BeforeAll
    static void beginAChain() {
        tenant = TestServer.shared().newTenant();
        tenant.changes(1);
    }

    /** As the server's role, whose work reaches everything; what was done is taken back. */
    private void rehearse(String... statements) throws SQLException {
        PostgresUrl url = PostgresUrl.parse(
                "x", new Secret(TestServer.shared().platform().postgres().appUrl()));
        try (Connection connection = url.connect(Duration.ofSeconds(10));
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT set_config('scaiwave.scope', '*', true)");
            for (String each : statements) {
                statement.execute(each.replace(":tenant", tenant.id));
            }
            connection.rollback();
        }
    }

    private void refused(String state, String... statements) {
        assertThatThrownBy(() -> rehearse(statements))
                .isInstanceOf(SQLException.class)
                .extracting(e -> ((SQLException) e).getSQLState())
                .asString()
                .startsWith(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM audit_outbox",
                "UPDATE audit_outbox SET actor_id = 'another'",
                "SELECT FROM audit_outbox FOR UPDATE",
                "INSERT INTO audit_log SELECT * FROM audit_log",
                "UPDATE audit_log SET actor_id = 'another'",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log",
                "UPDATE audit_chain SET seq = seq - 1",
                "INSERT INTO audit_chain (chain, seq, hash, last_id) VALUES ('x', 0, '', gen_random_uuid())",
                "DELETE FROM audit_chain",
                "DELETE FROM audit_unsent",
                "INSERT INTO audit_unsent (entry_id, created_at, shard) VALUES (gen_random_uuid(), now(), 1)",
                "DELETE FROM audit_parked",
                "INSERT INTO audit_parked (chain, reason, event) VALUES ('x', 'x', '{}')",
                "UPDATE audit_checkpoints SET seq = 0",
                "DELETE FROM audit_checkpoints",
                "INSERT INTO audit_checkpoints (chain, seq, hash, signed_at, key_id, signature) VALUES ('x', 1, '', now(), '', '')",
                "INSERT INTO audit_floors (chain, seq, hash, signed_at, key_id, signature) VALUES ('x', 1, '', now(), '', '')",
                "UPDATE tenants SET partner_id = NULL",
                "UPDATE tenants SET scaikey_tenant_id = 'another'",
                "UPDATE partners SET lineage = '{}'",
                "UPDATE partners SET tenant_count = 0",
                "UPDATE partners SET parent_partner_id = NULL",
                "UPDATE ai_config SET tenant_id = ':tenant'",
                "UPDATE ai_config SET version = 1",
                "UPDATE totals SET tenant_id = ':tenant'",
                "DELETE FROM tenants",
                "DELETE FROM ai_config",
                "SELECT audit_make_month('2030-01-01')",
                "ALTER TABLE tenants DISABLE ROW LEVEL SECURITY",
                "SET row_security = off; SELECT FROM audit_log",
                "DROP POLICY scope ON tenants",
            })
    void whatTheTrailDoesNotNeed_isRefused(String statement) throws SQLException {
        refused(NO_RIGHT, statement);
    }

    private static final String EVENT = """
            INSERT INTO audit_outbox (chain, tenant_id, action, resource_id, changes, actor_id, actor_type)
            VALUES ('tenant::tenant', ':tenant', 'ai_config.update', 'x', '{"before": null, "after": {"n": 1}}', 'ada', 'user')
            """;

    private static final String JOIN = """
            SELECT audit_join(ARRAY[o.id], ARRAY[:id]::uuid[], ARRAY[:seq], ARRAY[:created_at], ARRAY[:prev_hash], ARRAY[:hash], true)
            FROM audit_outbox o, audit_heads(ARRAY(SELECT id FROM audit_outbox WHERE actor_id = 'ada')) h
            WHERE o.actor_id = 'ada'
            """;

    private static final Map<String, String> RIGHT = Map.of(
            "id", "'0fffffff-ffff-7fff-8fff-ffffffffffff'",
            "seq", "h.seq + 1",
            "created_at", "greatest(o.created_at, h.last_at)",
            "prev_hash", "h.hash",
            "hash", "repeat('1', 64)");

    /** Lets the event of this transaction join its chain, in the right place but for what is said. */
    private static String joined(Map<String, String> otherwise) {
        Map<String, String> places = new HashMap<>(RIGHT);
        places.putAll(otherwise);
        String join = JOIN;
        for (Map.Entry<String, String> place : places.entrySet()) {
            join = join.replace(":" + place.getKey(), place.getValue());
        }
        return join;
    }

    private static String joined() {
        return joined(Map.of());
    }

    @Test
    void anEventInItsPlace_joins() throws SQLException {
        rehearse(EVENT, joined());
        rehearse(EVENT, "SELECT audit_park(max(id), 'why') FROM audit_outbox", "SELECT audit_unpark(9000000, 1)");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "created_at, '2020-01-01T00:00:00Z'::timestamptz",
                "created_at, '2222-01-01T00:00:00Z'::timestamptz",
                "seq, 77",
                "seq, 1",
                "seq, NULL::bigint",
                "prev_hash, \"repeat('0', 64)\"",
                "id, '00000000-0000-0000-0000-000000000001'",
                "id, NULL",
                "hash, 'none'",
            })
    void anEventInAnotherPlace_isRefused(String what, String other) {
        refused(NO_LINK, EVENT, joined(Map.of(what, other)));
    }

    /** What servers of the release before call: they send whole entries. */
    @Test
    void anEntryThatSaysOtherwise_saysWhatItsEventSays() throws SQLException {
        rehearse(
                EVENT,
                """
                SELECT audit_append(array_agg(o.id), jsonb_agg(to_jsonb(o) || jsonb_build_object(
                    'id', '0fffffff-ffff-7fff-8fff-ffffffffffff', 'seq', h.seq + 1, 'prev_hash', h.hash, 'hash', repeat('1', 64),
                    'created_at', greatest(o.created_at, h.last_at), 'actor_id', 'another', 'chain', 'platform')), true)
                FROM audit_outbox o, audit_heads(ARRAY(SELECT id FROM audit_outbox WHERE actor_id = 'ada')) h
                WHERE o.actor_id = 'ada'
                """,
                "SELECT 1 / count(*) FROM audit_log WHERE actor_id = 'ada' AND chain = 'tenant::tenant' AND hash = repeat('1', 64)");
    }

    @Test
    void anEventLeavesTheOutbox_onlyWithItsEntry() {
        String itsId = "ARRAY(SELECT id FROM audit_outbox WHERE actor_id = 'ada')";
        refused(NO_LINK, EVENT, "SELECT audit_join(" + itsId + ", '{}', '{}', '{}', '{}', '{}', true)");
        refused(NO_LINK, EVENT, "SELECT audit_append(" + itsId + ", '[]', true)");
        refused(NO_LINK, EVENT, joined().replace("ARRAY[o.id]", "ARRAY[o.id, o.id]"));
        refused(NO_LINK, EVENT, joined().replace("ARRAY[o.id]", "ARRAY[o.id, 0]"));
    }

    private static String sign(int seq, String hash) {
        return """
                SELECT audit_sign(jsonb_build_array(jsonb_build_object('chain', 'tenant::tenant', 'seq', %d, 'hash', repeat('%s', 64),
                    'key_id', 'k', 'signature', 's', 'signed_at', now())))""".formatted(seq, hash);
    }

    /** Divides by zero unless the second entry is signed, or is not. */
    private static String signed(boolean isSigned) {
        return "SELECT 1 / (count(*) = %d)::int FROM audit_checkpoints WHERE chain = 'tenant::tenant' AND key_id = 'k' AND seq = 2"
                .formatted(isSigned ? 1 : 0);
    }

    @Test
    void aCheckpointGoesUp_toTheHeadAtMost() throws SQLException {
        rehearse(EVENT, joined(), sign(3, "1"), signed(false), sign(2, "0"), signed(false), sign(2, "1"), signed(true));
        rehearse(EVENT, joined(), sign(2, "1"), sign(1, "1"), sign(2, "0"), sign(3, "1"), signed(true));
    }
}
