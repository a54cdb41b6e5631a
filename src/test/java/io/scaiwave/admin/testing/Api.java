package io.scaiwave.admin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A blocking client of the API with a token; each reply is held against openapi.yaml, so that every test is a contract test. */
public final class Api {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ContractAssertion CONTRACT = new ContractAssertion();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** What came back; {@code body} is a missing node where there was no JSON. */
    public record Reply(int status, HttpHeaders headers, JsonNode body, String text) {
        public JsonNode data() {
            return body.path("data");
        }

        public JsonNode meta() {
            return body.path("meta");
        }

        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        /** The error's code. */
        public String code() {
            return body.at("/error/code").asText();
        }

        /** The fields that the error names, in its order. */
        public List<String> fields() {
            return body.at("/error/details").findValuesAsText("field");
        }

        public Reply expect(int expected) {
            assertThat(status).as("status of %s", body).isEqualTo(expected);
            return this;
        }

        public Reply expect(int expected, String expectedCode) {
            expect(expected);
            assertThat(code()).as("code of %s", body).isEqualTo(expectedCode);
            return this;
        }
    }

    private final String base;
    private final Map<String, String> headers;

    public Api(int port, Map<String, String> headers) {
        this.base = "http://127.0.0.1:" + port;
        this.headers = headers;
    }

    public Api with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Api(URI.create(base).getPort(), more);
    }

    public Api withToken(String token) {
        return with("Authorization", "Bearer " + token);
    }

    public Reply get(String path) {
        return send("GET", path, null);
    }

    public Reply post(String path) {
        return send("POST", path, null);
    }

    public Reply post(String path, String json) {
        return send("POST", path, json);
    }

    public Reply put(String path, String json) {
        return send("PUT", path, json);
    }

    /** @param body null for none; sent as JSON unless a Content-Type was set with {@link #with} */
    public Reply send(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            boolean json =
                    response.headers().firstValue("content-type").orElse("").startsWith("application/json");
            JsonNode parsed =
                    json && response.body().length > 0 ? JSON.readTree(response.body()) : MissingNode.getInstance();
            if (path.startsWith("/v1") && !method.equals("HEAD") && !method.equals("OPTIONS")) {
                CONTRACT.check(method, path, response, parsed);
            }
            String text = new String(response.body(), StandardCharsets.UTF_8);
            return new Reply(response.statusCode(), response.headers(), parsed, text);
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path + " got no reply", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
