package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console is a page and its assets, without a token, under a policy that lets it run and ask nothing but what is here. */
class ConsoleRoutesTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");
    private static final Map<String, String> TYPES =
            Map.of("css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");
    private static final int BYTES_MAX = 120_000;

    private static RawConnection.Reply get(int port, String target, String more) {
        try (RawConnection connection = new RawConnection(port)) {
            RawConnection.Reply reply = connection.exchange("GET", target, more);
            SecurityHeadersTest.assertBound(reply);
            return reply;
        }
    }

    private static RawConnection.Reply get(String target) {
        return get(SERVER.port(), target, "");
    }

    @Test
    void page_isBoundToThisServer() {
        RawConnection.Reply page = get("/console");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers()).containsEntry("cache-control", "no-cache");
        assertThat(page.headers().get("content-type")).startsWith("text/html");
        assertThat(page.headers().get("content-security-policy"))
                .contains(
                        "script-src 'self';", "style-src 'self';", "connect-src 'self';", "require-trusted-types-for");
        assertThat(page.body())
                .doesNotContainPattern("<script(?![^>]* src=\"/)")
                .doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=|(src|href)=\"(https?:)?//");
    }

    @Test
    void page_isNotSentAgain() {
        String etag = get("/console").headers().get("etag");
        RawConnection.Reply again = get(SERVER.port(), "/console", "If-None-Match: " + etag + "\r\n");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get(SERVER.port(), "/console", "If-None-Match: \"other\"\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void assets_areKeptForGoodAndAreFew() {
        List<String> links = LINK.matcher(get("/console").body())
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
        assertThat(links).hasSizeGreaterThanOrEqualTo(3).allMatch(link -> link.startsWith("/console/assets/"));
        int bytes = 0;
        for (String link : links) {
            RawConnection.Reply asset = get(link);
            assertThat(asset.status()).as(link).isEqualTo(200);
            assertThat(asset.headers().get("content-type")).startsWith(TYPES.get(link.replaceAll(".*[.]", "")));
            assertThat(asset.headers().get("cache-control")).contains("immutable", "max-age=31536000");
            bytes += asset.body().length();
        }
        assertThat(bytes).isLessThan(BYTES_MAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/nothing",
                "/console/assets/",
                "/console/assets/nothing.js",
                "/console/assets/../index.html",
                "/console/assets/..%2findex.html",
                "/console/assets/%2e%2e/%2e%2e/conf/server.yaml"
            })
    void unknownPath_isRefusedInTheUsualForm(String target) {
        RawConnection.Reply reply = get(target);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("SW_NOT_FOUND");
    }

    @Test
    void otherMethod_isRefused() {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            assertThat(connection.exchange("POST", "/console", "").status()).isEqualTo(405);
        }
    }

    @Test
    void oidc_isOffUnlessSet() {
        assertThat(get("/console/settings.json").body()).isEqualTo("{\"oidc\":null}");
    }

    @Test
    void oidc_opensTheIssuersOriginAndNoOther() {
        Map<String, String> settings = Map.of(
                "SCAIWAVE_CONSOLE_OIDC_ISSUER",
                "http://127.0.0.1:9/realms/a",
                "SCAIWAVE_CONSOLE_OIDC_CLIENT_ID",
                "console");
        try (TestServer beside = SERVER.beside(settings);
                RawConnection connection = new RawConnection(beside.port())) {
            assertThat(connection.exchange("GET", "/console/settings.json", "").body())
                    .isEqualTo("{\"oidc\":{\"issuer\":\"http://127.0.0.1:9/realms/a\",\"client_id\":\"console\"}}");
            assertThat(connection.exchange("GET", "/console", "").headers().get("content-security-policy"))
                    .contains("connect-src 'self' http://127.0.0.1:9;");
        }
    }
}
