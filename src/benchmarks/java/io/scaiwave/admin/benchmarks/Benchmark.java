package io.scaiwave.admin.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.testing.ProcessStatus;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Measures the server beside what bounds it, in rounds that take turns: PostgreSQL with the same statement, and Vert.x that writes a
 * fixed body. On one machine only ratios of one run mean anything.
 */
public final class Benchmark {
    static final int CONNECTIONS = 32;
    private static final int PGBENCH_CLIENTS = 16;
    private static final Set<String> OPEN = Set.of("GET ai-config", "PUT ai-config", "GET audit, page of 50");
    private static final List<Integer> PARTS = List.of(50, 70, 90);
    private static final int PIPELINE_PART = 5;
    private static final int VERIFIED = 4;
    private static final int VERIFIED_MAX = 1_000_000;
    private static final long CONNECT_MS = 50;

    private final Options options;
    private final Platform platform;
    private final HttpLoad load = new HttpLoad();
    private final Map<String, List<Measured>> rows = new LinkedHashMap<>();

    private Benchmark(Options options, Platform platform) {
        this.options = options;
        this.platform = platform;
    }

    /** @see Options */
    public static void main(String[] args) throws Exception {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        Options options = Options.read(args);
        try (Platform platform = Platform.start(options.server(), options.tenants())) {
            new Benchmark(options, platform).run();
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1); // who makes the load has threads of its own
        }
        System.exit(0);
    }

    private void run() throws Exception {
        platform.seed(options.entries());
        List<Workload> workloads = Workload.all(platform).stream()
                .filter(each -> each.name().matches(options.only()))
                .toList();
        Map<String, Path> scripts = scripts();
        Process bare = bare();
        try {
            for (int round = -options.warmUps(); round < options.rounds(); round++) {
                for (Workload workload : workloads) {
                    platform.forgetStatements();
                    Measured measured = measure(workload);
                    if (options.statements()) {
                        platform.statements().forEach(System.out::println);
                    }
                    String limit = scripts.containsKey(workload.name()) && round >= 0
                            ? Double.toString(PgBench.perSecond(
                                    platform, scripts.get(workload.name()), PGBENCH_CLIENTS, (int) options.seconds()))
                            : "";
                    System.out.printf("%d %-28s %s%s%n", round, workload.name(), measured, limit.isEmpty() ? "" : ", pgbench " + limit);
                    if (round >= 0) {
                        rows.computeIfAbsent(workload.name(), name -> new ArrayList<>())
                                .add(limit.isEmpty() ? measured : measured.beside(Double.parseDouble(limit)));
                    }
                }
                if (round >= 0) {
                    rows.computeIfAbsent("bare Vert.x, fixed body", name -> new ArrayList<>()).add(bare(bare));
                }
            }
        } finally {
            bare.destroy();
        }
        Report.write(options, platform, rows, List.of());
        if (options.trail()) {
            Report.write(options, platform, rows, trail());
        }
    }

    /** Open loops, at parts of what the closed one reached, and the trail by itself. */
    private List<String> trail() throws Exception {
        for (Workload workload : Workload.all(platform)) {
            if (OPEN.contains(workload.name())) {
                double most = Report.median(rows.get(workload.name())).perSecond();
                for (int percent : PARTS) {
                    rows.put(
                            "%s, at %d %% of that".formatted(workload.name(), percent),
                            List.of(measure(workload, most * percent / 100)));
                }
            }
        }
        Trail trail = new Trail(options, platform);
        double most = Report.median(rows.get("PUT ai-config")).perSecond();
        return List.of(
                trail.lag(load, most / 2),
                trail.pipeline(options.entries() / PIPELINE_PART),
                trail.producer(options.entries() / PIPELINE_PART),
                trail.export(),
                trail.verify(Math.min(VERIFIED_MAX, options.entries() * VERIFIED)));
    }

    private Measured measure(Workload workload) throws Exception {
        return measure(workload, 0);
    }

    private Measured measure(Workload workload, double perSecond) throws Exception {
        double server = Processors.seconds(platform.serverPid());
        double postgres = Processors.secondsOfAll(platform.postgresPid());
        long began = System.nanoTime();
        HttpLoad.Result result = load.run(plan(platform.port(), perSecond), workload.requests());
        platform.awaitNone("SELECT FROM audit_outbox");
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Measured(
                result.answered() / seconds,
                result.failed(),
                result.ms(50),
                result.ms(99),
                result.ms(99.9),
                1000 * (Processors.seconds(platform.serverPid()) - server) / result.answered(),
                1000 * (Processors.secondsOfAll(platform.postgresPid()) - postgres) / result.answered(),
                ProcessStatus.mib(platform.serverPid()),
                0);
    }

    private HttpLoad.Plan plan(int port, double perSecond) {
        return new HttpLoad.Plan(port, CONNECTIONS, options.seconds(), perSecond);
    }

    private int barePort;

    private Process bare() throws Exception {
        barePort = FreePort.find();
        Path tokens = Files.createTempFile("scaiwave-benchmark-", ".tokens");
        Path body = Files.createTempFile("scaiwave-benchmark-", ".json");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < platform.tenants(); i++) {
            all.add(platform.token(i));
        }
        Files.write(tokens, all);
        Files.writeString(body, "{\"data\":" + "\"%s\"}".formatted("x".repeat(250)));
        Process process = new ProcessBuilder(
                        "java", "-cp", ClassPath.current(), BareServer.class.getName(),
                        Integer.toString(barePort), tokens.toString(), body.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (!listens(barePort)) {
            Thread.sleep(CONNECT_MS);
        }
        return process;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (java.io.IOException notYet) {
            return false;
        }
    }

    private Measured bare(Process bare) throws Exception {
        Workload any = Workload.all(platform).get(0);
        double before = Processors.seconds(bare.pid());
        HttpLoad.Result result = load.run(plan(barePort, 0), any.requests());
        double cpu = 1000 * (Processors.seconds(bare.pid()) - before) / result.answered();
        return new Measured(
                result.perSecond(), result.failed(), result.ms(50), result.ms(99), result.ms(99.9), cpu, 0, ProcessStatus.mib(bare.pid()), 0);
    }

    /** PostgreSQL's part of a workload: its longest statement. */
    private Map<String, Path> scripts() throws Exception {
        if (PgBench.program().isEmpty()) {
            System.out.println("pgbench is not installed: nothing is measured of PostgreSQL alone");
            return Map.of();
        }
        Map<String, Path> scripts = new LinkedHashMap<>();
        scripts.put("GET ai-config", script(Workload.all(platform).get(0).requests()));
        scripts.put("PUT ai-config", script(n -> Workload.put(platform, 0, Statement.MARK)));
        scripts.put("PUT ai-config, one tenant", script(n -> Workload.put(platform, 0, Statement.MARK), 1));
        Workload page = Workload.all(platform).stream().filter(each -> each.name().equals("GET audit, page of 50")).findFirst().orElseThrow();
        scripts.put(page.name(), script(page.requests()));
        return scripts;
    }

    private Path script(HttpLoad.Requests requests) throws Exception {
        return script(requests, platform.tenants());
    }

    private Path script(HttpLoad.Requests requests, int tenants) throws Exception {
        List<Statement> seen = Statement.during(platform, () -> {
            try {
                load.run(new HttpLoad.Plan(platform.port(), 1, 0.2, 5), n -> requests.request(0));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Statement longest = seen.stream()
                .filter(each -> each.parameters().stream().anyMatch(value -> value.contains(platform.tenantId(0))))
                .findFirst()
                .orElseThrow();
        return longest.script(platform.tenantId(0), tenants);
    }
}
