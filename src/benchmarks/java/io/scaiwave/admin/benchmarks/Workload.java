package io.scaiwave.admin.benchmarks;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is asked of the server.
 *
 * @param name as the table has it
 */
record Workload(String name, HttpLoad.Requests requests) {
    /** So many tenants switch models: each has a catalog of its own, which the server fetches first. */
    private static final int SWITCHING = 20;

    private static final String MODEL = "scailar-mini";

    private static final int MIX = 20;
    private static final int READS = 15;
    private static final int CHANGES = 18;
    private static final int PAGES = 19;

    /** All that are measured, over all tenants and over the first alone. */
    static List<Workload> all(Platform platform) {
        List<Buffer> settings = gets(platform, "/v1/admin/ai-config");
        List<Buffer> pages = gets(platform, "/v1/admin/audit?limit=50");
        List<Workload> all = new ArrayList<>(List.of(
                over(platform, "GET ai-config", settings),
                new Workload("GET ai-config, one tenant", n -> settings.get(0)),
                new Workload("PUT ai-config", n -> put(platform, (int) (n % platform.tenants()), n)),
                new Workload("PUT ai-config, one tenant", n -> put(platform, 0, n)),
                new Workload("POST models enable, disable", n -> switched(platform, n)),
                over(platform, "GET audit, page of 50", pages),
                over(platform, "GET audit, far back", gets(platform, "/v1/admin/audit?limit=50&cursor=" + platform.middle())),
                over(platform, "GET audit, by actor", gets(platform, "/v1/admin/audit?limit=50&actor_id=benchmark")),
                over(platform, "GET audit, by action and type", gets(
                        platform, "/v1/admin/audit?limit=50&action=ai_config.update&resource_type=ai_config")),
                over(platform, "GET stats", gets(platform, "/v1/admin/stats"))));
        List<Buffer> catalogs = gets(platform, "/v1/admin/models/catalog");
        all.add(new Workload("GET models/catalog of 500", n -> catalogs.get((int) (n % SWITCHING))));
        // Of some tenants: one may not have so many questions waiting.
        List<Buffer> members = gets(platform, "/v1/admin/participants?limit=50");
        all.add(new Workload("GET participants of 100,000", n -> members.get((int) (n % Platform.LARGE))));
        all.add(mix(platform, settings, pages));
        return all;
    }

    private static Workload over(Platform platform, String name, List<Buffer> requests) {
        return new Workload(name, n -> requests.get((int) (n % platform.tenants())));
    }

    /** 75 % reads, 15 % changes of settings, 5 % pages of the log, 5 % switches of models. */
    private static Workload mix(Platform platform, List<Buffer> settings, List<Buffer> pages) {
        return new Workload("mix", n -> {
            int tenant = (int) (n % platform.tenants());
            int turn = (int) (n * 7 % MIX);
            if (turn < READS) {
                return settings.get(tenant);
            }
            if (turn < CHANGES) {
                return put(platform, tenant, n);
            }
            return turn < PAGES ? pages.get(tenant) : switched(platform, n / MIX);
        });
    }

    private static List<Buffer> gets(Platform platform, String path) {
        return IntStream.range(0, platform.tenants())
                .mapToObj(tenant -> get(platform, tenant, path))
                .toList();
    }

    private static Buffer get(Platform platform, int tenant, String path) {
        return Buffer.buffer(head("GET", path, platform.token(tenant)) + "\r\n");
    }

    /** On in one round of the tenants, off in the next. */
    private static Buffer switched(Platform platform, long number) {
        String verb = number / SWITCHING % 2 == 0 ? "enable" : "disable";
        String path = "/v1/admin/models/" + MODEL + "/" + verb;
        return Buffer.buffer(
                head("POST", path, platform.token((int) (number % SWITCHING))) + "Content-Length: 0\r\n\r\n");
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
