package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's clock left behind while it was ahead. */
class FutureTimesTest {
    private static final String EVENT = """
            INSERT INTO audit_outbox (created_at, chain, action, resource_id, changes, actor_id, actor_type)
            VALUES (now() + interval '1 hour', ?, 'test.clock', 'x', '{"before": null, "after": null}', 'x', 'system')
            """;

    private final TestServer server = TestServer.mistreated();

    private List<String> ahead(String chain) {
        return Sql.texts(server, """
                SELECT created_at > clock_timestamp() OR uuid_extract_timestamp(id) > clock_timestamp()
                FROM audit_log WHERE chain = ? ORDER BY seq
                """, chain);
    }

    @Test
    void event_ofAFutureTimeJoinsAsOfNow() {
        Sql.change(server, EVENT, "clock-event");
        Wait.soon(() -> !ahead("clock-event").isEmpty());
        assertThat(ahead("clock-event")).containsExactly("f");
    }

    /** Written by what did not compare clocks: the chain goes on just above it, and alone. */
    @Test
    void chain_whoseHeadIsInTheFutureDoesNotTakeOthersWithIt() {
        Sql.change(server, """
                INSERT INTO audit_chain (chain, seq, hash, last_id, last_at)
                VALUES ('clock-ahead', 7, repeat('0', 64),
                        overlay(uuidv7(interval '1 hour')::text PLACING '7' FROM 15 FOR 1)::uuid, now() + interval '1 hour')
                """);
        String both = EVENT.replace("?", "unnest(ARRAY['clock-ahead', 'clock-beside'])");
        Sql.change(server, both);
        Wait.soon(
                () -> !ahead("clock-beside").isEmpty() && !ahead("clock-ahead").isEmpty());
        assertThat(ahead("clock-ahead")).containsExactly("t");
        assertThat(ahead("clock-beside")).containsExactly("f");
    }
}
