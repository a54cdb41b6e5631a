package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client sends, the fault is theirs: no 5xx, and nothing changes. Longer, and with other requests:
 * {@code mvn test -Dtest=BadRequestsTest -DargLine="-DbadRequests.count=50000 -DbadRequests.seed=7"}.
 */
class BadRequestsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final int COUNT = Integer.getInteger("badRequests.count", 400);
    private static final int MANY = 3_000;
    private static final long SEED = Long.getLong("badRequests.seed", 1);
    /** A tenant has so many requests in a minute; then another takes its place. */
    private static final int OF_ONE_TENANT = 3_000;

    @Test
    void noRequest_isOurFault() {
        assertTheirFault(COUNT);
    }

    @Test
    @Tag("long")
    void noneOfManyRequests_isOurFault() {
        assertTheirFault(MANY);
    }

    private static void assertTheirFault(int count) {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int done = 0; done < count; done += OF_ONE_TENANT) {
            send(SEED + done, Math.min(OF_ONE_TENANT, count - done), statuses);
        }
        assertThat(statuses).as("of each kind there are some").containsKeys(200, 400, 401, 404, 415, 422);
    }

    private static void send(long seed, int count, Map<Integer, Integer> statuses) {
        TestServer.Tenant tenant = SERVER.newTenant();
        Api admin = tenant.partner.admin.with("X-Tenant-Id", tenant.id);
        List<JsonNode> before = state(admin, tenant);
        BadRequests requests = new BadRequests(seed, tenant);
        List<Op> operations = Op.all().toList();
        for (int i = 0; i < count; i++) {
            Op op = operations.get(i % operations.size());
            byte[] request = requests.next(op, credentials(tenant));
            int status = answer(request, op);
            statuses.merge(status, 1, Integer::sum);
        }
        assertThat(state(admin, tenant)).isEqualTo(before);
        assertThat(tenant.changeCount()).isZero();
    }

    private static String credentials(TestServer.Tenant tenant) {
        String token = SERVER.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "p", "role", "partner_admin", "partner_id", tenant.partner.scaiKeyId));
        return "Authorization: Bearer " + token + "\r\nX-Tenant-Id: " + tenant.id + "\r\n";
    }

    private static int answer(byte[] request, Op op) {
        String shown = new String(request, StandardCharsets.ISO_8859_1);
        String as = "seed %d, %s: %s".formatted(SEED, op, shown.substring(0, Math.min(shown.length(), 3_000)));
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            connection.write(request);
            RawConnection.Reply reply = connection.read(false);
            assertThat(reply.status()).as(as).isLessThan(500);
            if (reply.status() >= 400) {
                assertThat(reply.code()).as(as).startsWith("SW_");
                assertThat(reply.json().at("/error/request_id").asText())
                        .as(as)
                        .isEqualTo(reply.headers().get("x-request-id"));
            }
            return reply.status();
        } catch (IllegalStateException e) {
            throw new AssertionError(as, e);
        }
    }

    /** The statistics say as of when they are. */
    private static JsonNode withoutTime(JsonNode data) {
        return data instanceof ObjectNode object ? object.deepCopy().without("as_of") : data;
    }

    /** All that can be read, but the log of refusals. */
    private static List<JsonNode> state(Api admin, TestServer.Tenant tenant) {
        return Op.all()
                .filter(op -> op.contract().reads() && !op.id().contains("Audit"))
                .map(op -> admin.get(op.path(tenant)).expect(200).data())
                .map(BadRequestsTest::withoutTime)
                .toList();
    }
}
