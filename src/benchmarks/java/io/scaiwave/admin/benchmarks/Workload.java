package io.scaiwave.admin.benchmarks;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is asked of the server.
 *
 * @param name as the table has it
 */
record Workload(String name, HttpLoad.Requests requests) {
    private static final int MIX = 20;
    private static final int READS = 15;
    private static final int CHANGES = 18;

    /** All that are measured, over all tenants and over the first alone. */
    static List<Workload> all(Platform platform) {
        List<Buffer> settings = gets(platform, "/v1/admin/ai-config");
        List<Buffer> pages = gets(platform, "/v1/admin/audit?limit=50");
        List<Buffer> stats = gets(platform, "/v1/admin/stats");
        int tenants = platform.tenants();
        return List.of(
                new Workload("GET ai-config", n -> settings.get((int) (n % tenants))),
                new Workload("GET ai-config, one tenant", n -> settings.get(0)),
                new Workload("PUT ai-config", n -> put(platform, (int) (n % tenants), n)),
                new Workload("PUT ai-config, one tenant", n -> put(platform, 0, n)),
                new Workload("GET audit, page of 50", n -> pages.get((int) (n % tenants))),
                new Workload("GET stats", n -> stats.get((int) (n % tenants))),
                new Workload("mix", n -> {
                    int tenant = (int) (n % tenants);
                    int turn = (int) (n * 7 % MIX);
                    if (turn < READS) {
                        return settings.get(tenant);
                    }
                    return turn < CHANGES ? put(platform, tenant, n) : pages.get(tenant);
                }));
    }

    private static List<Buffer> gets(Platform platform, String path) {
        return IntStream.range(0, platform.tenants())
                .mapToObj(tenant -> Buffer.buffer(head("GET", path, platform.token(tenant)) + "\r\n"))
                .toList();
    }

    private static Buffer put(Platform platform, int tenant, long number) {
        return put(platform, tenant, number + "-" + System.nanoTime());
    }

    /** A change that truly changes something. */
    static Buffer put(Platform platform, int tenant, String text) {
        String body = "{\"system_prompt_templates\": [{\"name\": \"t\", \"prompt\": \"%s\"}]}".formatted(text);
        return Buffer.buffer("%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(head("PUT", "/v1/admin/ai-config", platform.token(tenant)), body.length(), body));
    }

    private static String head(String method, String path, String token) {
        return "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n".formatted(method, path, token);
    }
}
