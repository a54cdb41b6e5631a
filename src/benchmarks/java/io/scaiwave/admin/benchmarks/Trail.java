package io.scaiwave.admin.benchmarks;

import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.testing.ChainGenerator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The trail by itself: how soon and how fast entries are on Kafka, and how fast they are handed out and verified. */
final class Trail {
    private static final String TOPIC = "scaiwave.admin.audit.v1";
    private static final Pattern CREATED = Pattern.compile("\"created_at\":\"([^\"]+)\"");
    private static final Pattern SENT = Pattern.compile("records sent, ([0-9.]+) records/sec(?!.*records sent)", Pattern.DOTALL);
    private static final int PAYLOADS = 1_000;
    private static final Duration POLL = Duration.ofMillis(20);

    private static final String EVENTS = """
            INSERT INTO audit_outbox (chain, tenant_id, action, resource_id, changes, actor_id, actor_type, request_id, ip_address)
            SELECT 'tenant:' || t, t, 'ai_config.update', t::text,
                   jsonb_build_object('before', jsonb_build_object('prompt', repeat('x', 100)),
                                      'after', jsonb_build_object('prompt', repeat('y', 100), 'n', n)),
                   'benchmark', 'user', gen_random_uuid()::text, '127.0.0.1'
            FROM generate_series(1, %d) AS n, LATERAL (SELECT %s AS t) AS of
            """;

    private static final String WAITING = "SELECT FROM audit_outbox UNION ALL SELECT FROM audit_unsent";

    private final Options options;
    private final Platform platform;

    Trail(Options options, Platform platform) {
        this.options = options;
        this.platform = platform;
    }

    /** Entries in a second, out of the outbox, into the log, and acknowledged by Kafka. */
    String pipeline(int events) throws Exception {
        platform.change(EVENTS.formatted(events, Platform.tenantId("n %% %d".formatted(platform.tenants()))));
        long began = System.nanoTime();
        platform.awaitNone(WAITING);
        return "%,.0f entries/s out of the outbox, into the log and acknowledged by Kafka".formatted(events / since(began));
    }

    /** What Kafka's own producer test sends in a second of the same records, by the server's own settings of its producer. */
    String producer(int records) throws Exception {
        Path payload = Files.createTempFile("scaiwave-benchmark-", ".records");
        Files.write(payload, someEvents(), StandardCharsets.UTF_8);
        String said = output(List.of(
                "java", "-cp", ClassPath.current(), "org.apache.kafka.tools.ProducerPerformance",
                "--topic", TOPIC,
                "--bootstrap-server", platform.local().kafka().bootstrapServers(),
                "--payload-file", payload.toString(),
                "--num-records", Integer.toString(records),
                "--throughput", "-1",
                "--command-property", "acks=all", "compression.type=lz4", "linger.ms=2"));
        Files.delete(payload);
        Matcher rate = SENT.matcher(said);
        if (!rate.find()) {
            throw new IllegalStateException(said);
        }
        return "%,.0f records/s by Kafka's own producer test".formatted(Double.parseDouble(rate.group(1)));
    }

    private List<String> someEvents() {
        List<String> events = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            List<TopicPartition> all = assigned(consumer);
            consumer.seekToBeginning(all);
            while (events.size() < PAYLOADS) {
                consumer.poll(POLL).forEach(each -> events.add(each.value()));
            }
        }
        return events;
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + said);
        }
        return said;
    }

    /** How old entries are when a consumer has them, while changes come at that rate. */
    String lag(HttpLoad load, double perSecond) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Histogram> lag = CompletableFuture.supplyAsync(() -> consumed(ended));
        Thread.sleep(TimeUnit.SECONDS.toMillis(1));
        load.run(
                new HttpLoad.Plan(platform.port(), Benchmark.CONNECTIONS, 2 * options.seconds(), perSecond),
                n -> Workload.put(platform, (int) (n % platform.tenants()), "lag " + n + " " + System.nanoTime()));
        Thread.sleep(TimeUnit.SECONDS.toMillis(1));
        ended.set(true);
        Histogram all = lag.get();
        return "at %,.0f changes/s a consumer has an entry after %d ms (p50), %d ms (p99), of %,d"
                .formatted(perSecond, all.getValueAtPercentile(50), all.getValueAtPercentile(99), all.getTotalCount());
    }

    private Histogram consumed(AtomicBoolean ended) {
        Histogram lag = new Histogram(TimeUnit.MINUTES.toMillis(1), 3);
        try (KafkaConsumer<String, String> consumer = consumer()) {
            List<TopicPartition> all = assigned(consumer);
            consumer.seekToEnd(all);
            all.forEach(consumer::position);
            while (!ended.get()) {
                consumer.poll(POLL).forEach(each -> {
                    Matcher created = CREATED.matcher(each.value());
                    if (created.find()) {
                        lag.recordValue(Math.max(0, Duration.between(Instant.parse(created.group(1)), Instant.now()).toMillis()));
                    }
                });
            }
        }
        return lag;
    }

    private KafkaConsumer<String, String> consumer() {
        Map<String, Object> settings = Map.of("bootstrap.servers", platform.local().kafka().bootstrapServers());
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static List<TopicPartition> assigned(KafkaConsumer<String, String> consumer) {
        List<TopicPartition> all = consumer.partitionsFor(TOPIC).stream()
                .map(each -> new TopicPartition(TOPIC, each.partition()))
                .toList();
        consumer.assign(all);
        return all;
    }

    /** Entries in a second of an export of them all. */
    String export() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.port() + "/v1/admin/audit"))
                .header("Authorization", "Bearer " + platform.token("super_admin", null))
                .header("Accept", "application/x-ndjson")
                .build();
        long began = System.nanoTime();
        HttpResponse<Stream<String>> reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
        long lines = reply.body().count();
        return "%,.0f entries/s of an export of %,d".formatted(lines / since(began), lines);
    }

    /** Entries in a second that verify reads of a file, the start of its JVM included. */
    String verify(int entries) throws Exception {
        Path file = Files.createTempFile("scaiwave-benchmark-", ".ndjson");
        Files.write(file, new ChainGenerator(platform.tenants(), 1).lines(entries), StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>(options.server());
        command.addAll(List.of("verify", "--file", file.toString()));
        long began = System.nanoTime();
        output(command);
        double seconds = since(began);
        Files.delete(file);
        return "%,.0f entries/s of verify --file of %,d".formatted(entries / seconds, entries);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
