package io.scaiwave.admin.faults;

import io.scaiwave.admin.faults.Ledger.Fate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** One client of a tenant: changes its settings, reads them, changes them, reads its log. Being refused for a while is no wrong answer. */
final class MixedClient implements Sender {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String SETTINGS = "/v1/admin/ai-config";
    private static final String LOG = "/v1/admin/audit?limit=20";
    private static final int OK = 200;
    private static final int RATE_LIMITED = 429;
    private static final Set<Integer> FOR_A_WHILE = Set.of(RATE_LIMITED, 503);

    /** What clients are answered, by status; 0 is no answer. Thread-safe. */
    static final class Answers {
        private final Map<Integer, Long> counts = new ConcurrentHashMap<>();

        void add(int status) {
            counts.merge(status, 1L, Long::sum);
        }

        long count(int status) {
            return counts.getOrDefault(status, 0L);
        }

        @Override
        public String toString() {
            return new TreeMap<>(counts).toString();
        }
    }

    private final String name;
    private final Stage.Tenant tenant;
    private final Stage stage;
    private final Answers answers;
    private final HttpClient http;
    private int sent;

    /** @param name that no other client has */
    MixedClient(String name, Stage.Tenant tenant, Stage stage, Answers answers) {
        this.name = name;
        this.tenant = tenant;
        this.stage = stage;
        this.answers = answers;
        this.http = stage.http();
    }

    @Override
    public boolean send() {
        sent++;
        int status = sent % 2 == 1 ? change() : answered(request(sent % 4 == 0 ? LOG : SETTINGS).build());
        answers.add(status);
        return status == OK;
    }

    private int change() {
        String requestId = "m-%s-%d".formatted(name, sent);
        String body = """
                {"system_prompt_templates": [{"name": "%s", "prompt": "p"}]}""".formatted(requestId);
        stage.ledger.sending(requestId);
        int status = answered(request(SETTINGS)
                .header("X-Request-Id", requestId)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build());
        if (status == OK) {
            stage.ledger.outcome(requestId, Fate.ACKNOWLEDGED);
        } else if (status == RATE_LIMITED) {
            stage.ledger.outcome(requestId, Fate.REFUSED);
        }
        return status;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.node(0).port + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + tenant.token());
    }

    /** The status; 0 when there was no answer. */
    private int answered(HttpRequest request) {
        try {
            HttpResponse<String> reply = http.send(request, BodyHandlers.ofString());
            int status = reply.statusCode();
            boolean refused = FOR_A_WHILE.contains(status)
                    && reply.headers().firstValue("Retry-After").isPresent();
            if (status != OK && !refused) {
                stage.ledger.complain("%s was answered %d %s".formatted(request.uri(), status, reply.body()));
            }
            if (refused && status != RATE_LIMITED) {
                stage.ledger.unavailable();
            }
            return status;
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
