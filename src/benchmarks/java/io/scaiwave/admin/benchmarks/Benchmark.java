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
import org.slf4j.LoggerFactory;

/**
 * Measures the server beside what bounds it, in rounds that take turns: PostgreSQL with the same statement, and Vert.x that writes a
 * fixed body. On one machine only ratios of one run mean anything.
 */
public final class Benchmark {
    private static final int CONNECTIONS = 32;
    private static final int PGBENCH_CLIENTS = 16;
    private static final long DRAIN_MS = 20;
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
        Report.write(options, platform, rows);
    }

    private Measured measure(Workload workload) throws Exception {
        double server = Processors.seconds(platform.serverPid());
        double postgres = Processors.secondsOfAll(platform.postgresPid());
        long began = System.nanoTime();
        HttpLoad.Result result = load.run(plan(platform.port()), workload.requests());
        while (platform.number("SELECT count(*) FROM audit_outbox") > 0) {
            Thread.sleep(DRAIN_MS);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Measured(
                result.answered() / seconds,
                result.failed(),
                result.ms(50),
                result.ms(99),
                1000 * (Processors.seconds(platform.serverPid()) - server) / result.answered(),
                1000 * (Processors.secondsOfAll(platform.postgresPid()) - postgres) / result.answered(),
                ProcessStatus.mib(platform.serverPid()),
                0);
    }

    private HttpLoad.Plan plan(int port) {
        return new HttpLoad.Plan(port, CONNECTIONS, options.seconds(), 0);
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
        HttpLoad.Result result = load.run(plan(barePort), any.requests());
        double cpu = 1000 * (Processors.seconds(bare.pid()) - before) / result.answered();
        return new Measured(
                result.perSecond(), result.failed(), result.ms(50), result.ms(99), cpu, 0, ProcessStatus.mib(bare.pid()), 0);
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
        scripts.put("GET audit, page of 50", script(Workload.all(platform).get(4).requests()));
        return scripts;
    }

    private Path script(HttpLoad.Requests requests) throws Exception {
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
        return longest.script(platform.tenantId(0), platform.tenants());
    }
}
