package io.scaiwave.admin.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Fault 7: one tenant with a long log asks the worst of it, 24 times at once on two nodes; another tenant must not notice much. */
final class GreedyTenant {
    private static final int NODES = 2;
    private static final int GREEDY = 24;
    private static final int PAUSE_MS = 15;
    private static final int REFUSED_PAUSE_MS = 250;
    private static final double TIMES_MAX = 5;
    static final double P99_MS_MAX = 200;
    private static final double P99 = 0.99;
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;
    private static final String CURSOR = "\"next_cursor\":\"";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Entries of a millisecond each up to now; nobody checks their hashes. */
    private static final String ENTRIES = """
            INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, resource_type, resource_id,
                                   tenant_id, changes, prev_hash, hash, bytes)
            SELECT (lpad(to_hex(ms), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid, 'tenant:' || t, n,
                   to_timestamp(ms / 1000.0), 'test.many', 'sql', 'system', 'test', 'many', t,
                   jsonb_build_object('before', NULL, 'after', jsonb_build_object('text', repeat('x', 200))),
                   repeat('0', 64), repeat('1', 64), 230
            FROM (SELECT ?::uuid AS t, ?::bigint AS total, (extract(epoch FROM now()) * 1000)::bigint AS until) AS asked,
                 LATERAL (SELECT n, until - total + n AS ms FROM generate_series(1, total) AS n) AS numbered
            """;

    private static final String HEAD = """
            INSERT INTO audit_chain (chain, seq, hash, last_id, last_at)
            SELECT chain, seq, hash, id, created_at FROM audit_log WHERE chain = ? ORDER BY id DESC LIMIT 1
            """;

    private final Stage stage;
    private final Report report;
    private final double p99MsMax;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private volatile boolean ending;

    private GreedyTenant(Stage stage, Report report, double p99MsMax) {
        this.stage = stage;
        this.p99MsMax = p99MsMax;
        this.report = report;
    }

    /**
     * @param seconds of each of the two measurements: without the greedy tenant, and with it
     * @param p99MsMax what the other tenant may wait, if it is also much longer than alone
     */
    static Report run(int entries, int seconds, double p99MsMax) {
        Report report = new Report(
                "7 greedy tenant",
                "%d entries, %d of the worst queries at once, on %d nodes".formatted(entries, GREEDY, NODES));
        try (Stage stage = Stage.start(NODES)) {
            GreedyTenant proof = new GreedyTenant(stage, report, p99MsMax);
            proof.fill(entries);
            proof.measure(seconds);
        }
        return report.end();
    }

    private void fill(int entries) {
        Stage.Tenant greedy = stage.tenants.get(0);
        stage.change(ENTRIES, greedy.id(), entries);
        stage.change(HEAD, greedy.chain());
        stage.change("VACUUM ANALYZE audit_log"); // as autovacuum would have by the time a log is as long
        report.progress("the log has its entries");
    }

    private void measure(int seconds) {
        new Neighbour().run(seconds); // warms both nodes up
        Map<String, Double> alone = new Neighbour().run(seconds).p99();
        ExecutorService threads = Executors.newFixedThreadPool(GREEDY);
        Map<Integer, Long> answers = new ConcurrentHashMap<>();
        List<Query> queries = queries();
        for (int i = 0; i < GREEDY; i++) {
            Query query = queries.get(i % queries.size());
            int port = stage.node(i % NODES).port;
            threads.execute(() -> repeat(query, port, answers));
        }
        Neighbour beside = new Neighbour().run(seconds);
        ending = true;
        threads.shutdownNow();
        report.figure("answers to the greedy tenant, by status", new TreeMap<>(answers));
        beside.p99().forEach((name, p99) -> {
            double before = alone.get(name);
            report.figure(
                    name + ", p99 alone and beside", "%.0f ms, %.0f ms (%.1f times)".formatted(before, p99, p99 / before));
            if (p99 > p99MsMax && p99 > TIMES_MAX * before) {
                report.violated("%s took %.0f ms at the 99th percentile, alone %.0f ms".formatted(name, p99, before));
            }
        });
        report.figure("requests of the other tenant beside it", beside.count());
        report.none("failures that the other tenant saw", beside.failures);
    }

    /** @param accept null: a page, and then the next ones, as long as there are more */
    private record Query(String path, String accept, String token) {}

    private List<Query> queries() {
        String own = stage.tenants.get(0).token();
        String since = Instant.now().minus(1, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MILLIS).toString();
        List<Query> queries = new ArrayList<>();
        for (String filter : List.of(
                "action=no.match",
                "actor_id=nobody",
                "resource_id=nothing",
                "resource_type=nothing",
                "action=test.many&actor_id=nobody",
                "actor_id=sql&resource_id=nothing",
                "action=no.match&until=" + since,
                "action=no.match&since=2020-01-01T00:00:00Z",
                "since=" + since + "&actor_id=nobody",
                "limit=1000",
                "limit=1000&actor_id=sql",
                "until=2020-01-01T00:00:00Z")) {
            queries.add(new Query("/v1/admin/audit?" + filter, null, own));
        }
        queries.add(new Query("/v1/admin/audit?action=no.match", null, stage.root()));
        queries.add(new Query("/v1/admin/audit?limit=1000", null, stage.root()));
        queries.add(new Query("/v1/admin/participants?q=nobody&limit=200", null, own));
        for (String format : List.of("application/x-ndjson", "text/csv")) {
            queries.add(new Query("/v1/admin/audit", format, own));
            queries.add(new Query("/v1/admin/audit?action=no.match", format, own));
        }
        return queries;
    }

    private void repeat(Query query, int port, Map<Integer, Long> answers) {
        String path = query.path;
        while (!ending) {
            try {
                int status;
                if (query.accept == null) {
                    HttpResponse<String> page = http.send(request(port, path, query), BodyHandlers.ofString());
                    status = page.statusCode();
                    path = next(query, page.body());
                } else {
                    status = http.send(request(port, path, query), BodyHandlers.discarding())
                            .statusCode();
                }
                answers.merge(status, 1L, Long::sum);
                if (status != OK) {
                    Thread.sleep(REFUSED_PAUSE_MS);
                }
            } catch (IOException cutOff) {
                answers.merge(0, 1L, Long::sum);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** It stands at the end of a page that may be long. */
    private static String next(Query query, String page) {
        int found = page.lastIndexOf(CURSOR);
        if (found < 0) {
            return query.path;
        }
        int begin = found + CURSOR.length();
        return query.path + "&cursor=" + page.substring(begin, page.indexOf('"', begin));
    }

    private static HttpRequest request(int port, String path, Query query) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + query.token);
        return query.accept == null
                ? request.build()
                : request.header("Accept", query.accept).build();
    }

    /** Another tenant, which reads and changes its settings and looks at its log, on both nodes. */
    private final class Neighbour {
        private static final String PUT = "PUT ai-config";

        private final Map<String, List<Long>> latencies = new TreeMap<>();
        private final Stage.Tenant tenant = stage.tenants.get(1);
        private long failures;

        Neighbour run(int seconds) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (int i = 0; System.nanoTime() < until; i++) {
                int port = stage.node(i % NODES).port;
                time("GET ai-config", request(port, "/v1/admin/ai-config", query()));
                time("GET audit", request(port, "/v1/admin/audit?limit=20", query()));
                time(PUT, change(port, i));
            }
            return this;
        }

        private Query query() {
            return new Query("", null, tenant.token());
        }

        private HttpRequest change(int port, int number) {
            String body = """
                    {"system_prompt_templates": [{"name": "%d", "prompt": "p"}]}""".formatted(number);
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/admin/ai-config"))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + tenant.token())
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(body))
                    .build();
        }

        private void time(String name, HttpRequest request) {
            long start = System.nanoTime();
            try {
                int status = http.send(request, BodyHandlers.discarding()).statusCode();
                failures += status >= SERVER_ERROR ? 1 : 0;
                latencies.computeIfAbsent(name, key -> new ArrayList<>()).add(System.nanoTime() - start);
                Thread.sleep(PAUSE_MS);
            } catch (IOException e) {
                failures++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        int count() {
            return latencies.values().stream().mapToInt(List::size).sum();
        }

        /** In milliseconds, by what was done. */
        Map<String, Double> p99() {
            Map<String, Double> found = new TreeMap<>();
            latencies.forEach((name, all) -> {
                Collections.sort(all);
                found.put(name, all.get((int) (P99 * (all.size() - 1))) / 1e6);
            });
            return found;
        }
    }
}
