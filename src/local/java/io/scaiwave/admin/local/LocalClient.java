package io.scaiwave.admin.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls the API with a token, for what the launcher does there. */
record LocalClient(String api, String token) {
    static final int CONFLICT = 409;

    private static final int FIRST_REFUSAL = 400;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    record Reply(int status, JsonNode data) {}

    /** Fails on any refusal but a conflict, which says that something is there already. */
    Reply send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        HttpResponse<String> reply = HTTP.send(request.build(), BodyHandlers.ofString());
        if (reply.statusCode() >= FIRST_REFUSAL && reply.statusCode() != CONFLICT) {
            throw new IllegalStateException(path + " answered " + reply.statusCode() + ": " + reply.body());
        }
        return new Reply(reply.statusCode(), JSON.readTree(reply.body()).path("data"));
    }
}
