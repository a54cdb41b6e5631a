package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reply binds the browser that may have asked for it, and tells nobody what serves it. */
class SecurityHeadersTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final TestServer.Tenant TENANT = SERVER.newTenant();
    private static final Map<String, String> ALWAYS = Map.of(
            "x-content-type-options", "nosniff",
            "x-frame-options", "DENY",
            "referrer-policy", "no-referrer",
            "cross-origin-resource-policy", "same-origin");

    private static RawConnection.Reply call(String method, String target, String more) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            return connection.exchange(method, target, more);
        }
    }

    static void assertBound(RawConnection.Reply reply) {
        assertThat(reply.headers()).containsAllEntriesOf(ALWAYS).doesNotContainKeys("server", "x-powered-by", "via");
        assertThat(reply.headers().get("content-security-policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
    }

    static Stream<Op> operations() {
        return Op.all();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_servedAndRefused(Op op) {
        String token = SERVER.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "p", "role", "partner_admin", "partner_id", TENANT.partner.scaiKeyId));
        String allowed = "Authorization: Bearer " + token + "\r\nX-Tenant-Id: " + TENANT.id + "\r\n";
        String path = op.path(TENANT);
        assertBound(call(op.method(), path, ""));
        assertBound(call(op.method(), path + "?nonsense=1", allowed));
        assertBound(call("DELETE", path, allowed));
        assertBound(call("OPTIONS", path, ""));
        if (op.contract().reads()) {
            RawConnection.Reply served = call("GET", path, allowed);
            assertThat(served.status()).isEqualTo(200);
            assertBound(served);
            assertBound(call("HEAD", path, allowed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/live",
                "/health/ready",
                "/health",
                "/metrics",
                "/openapi.yaml",
                "/openapi.json",
                "/asyncapi.yaml",
                "/docs",
                "/asyncapi.json",
                "/docs/start.js",
                "/docs/events",
                "/docs/events.js",
                "/docs/assets/swagger-ui.css",
                "/docs/assets/nothing",
                "/nowhere",
                "/v1/nowhere",
                "/%zz",
                "*"
            })
    void route_whateverItAnswers(String target) {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "POST", "BREW")) {
            assertBound(call(method, target, ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/events"})
    void reference_runsAndAsksNothingButWhatIsHere(String path) {
        RawConnection.Reply page = call("GET", path, "");
        assertThat(page.headers().get("content-security-policy"))
                .contains("script-src 'self'", "connect-src 'self'", "form-action 'none'");
        assertThat(page.body())
                .doesNotContainPattern("<script(?![^>]* src=\"[a-z])")
                .doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=|(src|href)=\"(https?:)?//");
    }
}
