package io.scaiwave.admin.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Makes the partner acme and its tenant acme-main through the API, as anybody would, or finds them there. */
final class LocalSeed {
    static final String PARTNER = "acme";
    static final String TENANT = "acme-main";

    private static final int CREATED = 201;
    private static final int CONFLICT = 409;
    private static final int PAGE = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final String api;
    private final String superAdmin;

    LocalSeed(String api, String superAdmin) {
        this.api = api;
        this.superAdmin = superAdmin;
    }

    void make() throws IOException, InterruptedException {
        Map<String, String> partner = Map.of("slug", PARTNER, "name", "Acme", "scaikey_partner_id", PARTNER);
        HttpResponse<String> reply = send("POST", "/v1/admin/partners", partner);
        String partnerId = reply.statusCode() == CONFLICT
                ? findPartner()
                : created(reply).path("data").path("id").asText();
        Map<String, String> tenant =
                Map.of("slug", TENANT, "name", "Acme Main", "scaikey_tenant_id", TENANT, "partner_id", partnerId);
        reply = send("POST", "/v1/admin/tenants", tenant);
        if (reply.statusCode() != CONFLICT) { // a conflict says that it is there
            created(reply);
        }
    }

    private String findPartner() throws IOException, InterruptedException {
        for (int offset = 0; ; offset += PAGE) {
            JsonNode page = JSON.readTree(send("GET", "/v1/admin/partners?limit=" + PAGE + "&offset=" + offset, null)
                            .body())
                    .path("data");
            for (JsonNode partner : page) {
                if (PARTNER.equals(partner.path("slug").asText())) {
                    return partner.path("id").asText();
                }
            }
            if (page.size() < PAGE) {
                throw new IllegalStateException(
                        "The API says that the partner " + PARTNER + " exists, and does not list it");
            }
        }
    }

    private static JsonNode created(HttpResponse<String> reply) throws IOException {
        if (reply.statusCode() != CREATED) {
            throw new IllegalStateException(
                    reply.request().uri().getPath() + " answered " + reply.statusCode() + ": " + reply.body());
        }
        return JSON.readTree(reply.body());
    }

    private HttpResponse<String> send(String method, String path, Map<String, String> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + superAdmin);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
