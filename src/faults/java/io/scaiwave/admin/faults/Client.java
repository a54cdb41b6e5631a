package io.scaiwave.admin.faults;

import io.scaiwave.admin.faults.Ledger.Fate;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One client: sends changes one after another, each with a request id that no other has, and enters into the ledger what came back. */
final class Client implements Sender {
    private static final Duration TIMEOUT = Duration.ofSeconds(60); // longer than any fault: an answer is waited for
    private static final List<String> PLUGINS =
            List.of("scaiwave.web_search", "scaiwave.web", "scaiwave.notes", "scaiwave.todos");
    private static final int OK_FROM = 200;
    private static final int OK_TO = 299;
    private static final int UNAVAILABLE = 503;

    private record Call(String method, String path, String body, String toggle) {}

    private final int number;
    private final int place;
    private final Stage.Tenant tenant;
    private final String base;
    private final Ledger ledger;
    private final HttpClient http;
    private final Random random;
    private final Map<String, Boolean> switches = new HashMap<>();
    private final Map<String, Boolean> certain = new HashMap<>();
    private int sent;

    /** @param place which of the tenant's clients it is */
    Client(int number, int place, Stage.Tenant tenant, int port, Ledger ledger, HttpClient http) {
        this.number = number;
        this.place = place;
        this.tenant = tenant;
        this.base = "http://127.0.0.1:" + port;
        this.ledger = ledger;
        this.http = http;
        this.random = new Random(number);
    }

    /** The slug of a client's model: only that client changes it. */
    static String model(int client) {
        return "faults/model-" + client;
    }

    /** Sends one change; true when it was confirmed, false when it was not, for whatever reason. */
    @Override
    public boolean send() {
        String requestId = "f-%d-%d".formatted(number, ++sent);
        Call call = next(requestId);
        ledger.sending(requestId);
        try {
            HttpResponse<String> reply = http.send(request(call, requestId), BodyHandlers.ofString());
            return took(requestId, call, reply);
        } catch (ConnectException | HttpConnectTimeoutException nobodyListens) {
            ledger.notSent(requestId);
            return false;
        } catch (IOException noAnswer) {
            doubt(call);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            doubt(call);
            return false;
        }
    }

    private boolean took(String requestId, Call call, HttpResponse<String> reply) {
        int status = reply.statusCode();
        if (status >= OK_FROM && status <= OK_TO) {
            // A switch whose state was in doubt may have stood there already: then there is no change and no entry.
            boolean known = call.toggle == null || certain.getOrDefault(call.toggle, true);
            ledger.outcome(requestId, known ? Fate.ACKNOWLEDGED : Fate.SO_ALREADY_PERHAPS);
            if (call.toggle != null) {
                switches.merge(call.toggle, true, (was, one) -> !was);
                certain.put(call.toggle, true);
            }
            return true;
        }
        if (status == UNAVAILABLE && reply.headers().firstValue("Retry-After").isPresent()) {
            ledger.unavailable();
            doubt(call);
            return false;
        }
        if (status < 500) {
            ledger.outcome(requestId, Fate.REFUSED);
        } else {
            doubt(call);
        }
        ledger.complain("%s %s was answered %d %s".formatted(call.method, call.path, status, reply.body()));
        return false;
    }

    private void doubt(Call call) {
        if (call.toggle != null) {
            switches.merge(call.toggle, true, (was, one) -> !was);
            certain.put(call.toggle, false);
        }
    }

    private HttpRequest request(Call call, String requestId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call.path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + tenant.token())
                .header("X-Request-Id", requestId);
        if (call.body == null) {
            return request.method(call.method, BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(call.method, BodyPublishers.ofString(call.body))
                .build();
    }

    /** The mix. All clients of a tenant write its templates; the rest each has to itself. */
    private Call next(String marker) {
        int dice = random.nextInt(20);
        if (dice < 10) {
            return new Call("PUT", "/v1/admin/ai-config", """
                    {"system_prompt_templates": [{"name": "%s", "prompt": "Grüße & <b>"}]}""".formatted(marker), null);
        }
        if (dice < 14) {
            return toggle("/v1/admin/models/" + model(number));
        }
        if (dice < 15) {
            return new Call("POST", "/v1/admin/participants/model", """
                    {"model": "%1$s", "local_id": "%2$s", "display_name": "%2$s"}""".formatted(model(number), marker), null);
        }
        if (dice < 18) {
            return new Call(
                    "PUT", "/v1/admin/models/" + model(number) + "/participant", """
                    {"local_id": "own-%d", "display_name": "%s"}""".formatted(number, marker), null);
        }
        return toggle("/v1/admin/plugins/" + PLUGINS.get(place));
    }

    private Call toggle(String path) {
        boolean on = switches.getOrDefault(path, false);
        return new Call("POST", path + (on ? "/disable" : "/enable"), null, path);
    }
}
