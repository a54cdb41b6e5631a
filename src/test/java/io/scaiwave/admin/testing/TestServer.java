package io.scaiwave.admin.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.Main;
import io.scaiwave.admin.Server;
import io.scaiwave.admin.local.LocalPlatform;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real server on a real platform. One is shared by all tests that do no harm to it, each on a tenant of its own; a
 * second one by those that stop a part or tamper with it, one after the other.
 */
public final class TestServer implements AutoCloseable {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final LocalPlatform platform;
    private final boolean guest;
    private final Map<String, String> environment;
    private Server server;

    private TestServer(LocalPlatform platform, boolean guest, Map<String, String> overrides) {
        this.platform = platform;
        this.guest = guest;
        this.environment = platform.environment();
        environment.put("SCAIWAVE_SCAIGRID_REFRESH_MS", "500");
        environment.put("SCAIWAVE_AUDIT_COMPARE_WAIT_MS", "1000");
        // Tests ask for much at once on machines that may be slow; those of overload set them back.
        environment.put("SCAIWAVE_DB_CHANGE_WAIT_MS", "10000");
        environment.put("SCAIWAVE_DB_LOCK_TIMEOUT_MS", "10000");
        environment.putAll(overrides);
        this.server = Main.start(environment);
    }

    private static final class Shared {
        private static final TestServer SERVER = started();
    }

    private static final class Mistreated {
        private static final TestServer SERVER = started();
    }

    private static TestServer started() {
        TestServer server = alone(Map.of("SCAIWAVE_AUDIT_CHECKPOINT_MS", "200"));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    public static TestServer shared() {
        return Shared.SERVER;
    }

    /** For tests that stop a part of the platform, or write behind the server's back: all parts run again, whoever was here before. */
    public static TestServer mistreated() {
        TestServer server = Mistreated.SERVER;
        server.platform.kafka().startAgain();
        server.platform.scaiKey().setAvailable(true);
        return server;
    }

    /** The only node of a platform of its own. */
    public static TestServer alone(Map<String, String> overrides) {
        LocalPlatform platform = LocalPlatform.start();
        try {
            return new TestServer(platform, false, overrides);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    /**
     * Another node on the same platform, which only that one is closed with.
     *
     * @param overrides environment variables that differ from the platform's
     */
    public TestServer beside(Map<String, String> overrides) {
        return new TestServer(platform, true, overrides);
    }

    public LocalPlatform platform() {
        return platform;
    }

    public int port() {
        return server.port();
    }

    /** Stops the server as SIGTERM does, and starts another on the same data; says how long the stop took. */
    public Duration restart() {
        return restart(() -> {});
    }

    /** The same, with something that is done while no server runs. */
    public Duration restart(Runnable meanwhile) {
        return restart(meanwhile, Map.of());
    }

    /** The same, with other settings for the new one. */
    public Duration restart(Runnable meanwhile, Map<String, String> overrides) {
        long began = System.nanoTime();
        server.close();
        Duration stop = Duration.ofNanos(System.nanoTime() - began);
        meanwhile.run();
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.putAll(overrides);
        server = Main.start(changed);
        return stop;
    }

    /** What Prometheus reads. */
    public String metrics() {
        return anonymous().get("/metrics").expect(200).text();
    }

    public Api anonymous() {
        return new Api(port(), Map.of());
    }

    /** Any claims; sub is {@code tester} unless given. By ES256, which signs twenty times as fast as RS256. */
    public Api as(Map<String, Object> claims) {
        Map<String, Object> all = new LinkedHashMap<>(Map.of("sub", "tester"));
        all.putAll(claims);
        return anonymous().withToken(platform.scaiKey().es256Token(all));
    }

    public Api superAdmin() {
        return as(Map.of("sub", "root", "role", "super_admin", "name", "Root"));
    }

    /** A name that no other test has. */
    public static String unique(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A partner and its admin. */
    public final class Partner {
        public final String id;
        public final String scaiKeyId;
        public final Api admin;

        private Partner(JsonNode data) {
            id = data.path("id").asText();
            scaiKeyId = data.path("scaikey_partner_id").asText();
            admin = as(Map.of("sub", "partner-admin", "role", "partner_admin", "partner_id", scaiKeyId));
        }

        /** An admin of this partner with further or other claims. */
        public Api as(Map<String, Object> claims) {
            Map<String, Object> all = new LinkedHashMap<>(Map.of("role", "partner_admin", "partner_id", scaiKeyId));
            all.putAll(claims);
            return TestServer.this.as(all);
        }

        /** The entries of the partner's reach that the query selects, newest first, once what was committed is in the log. */
        public JsonNode entries(String query) {
            settle();
            return admin.get("/v1/admin/audit?limit=1000&" + query).expect(200).data();
        }

        /** One below, made by this one's admin. */
        public Partner newPartner(String extra) {
            return TestServer.this.newPartner(admin, extra);
        }

        /** @param extra further members of the body, beginning with a comma; or empty */
        public Tenant newTenant(String extra) {
            String slug = unique("tenant");
            JsonNode data = superAdmin()
                    .post("/v1/admin/tenants", """
                            {"slug": "%s", "name": "Tenant", "scaikey_tenant_id": "sk-%s", "partner_id": "%s" %s}""".formatted(slug, slug, id, extra))
                    .expect(201)
                    .data();
            return new Tenant(this, data);
        }
    }

    /** A tenant and its admin. */
    public final class Tenant {
        public final String id;
        public final String chain;
        public final String scaiKeyId;
        public final Partner partner;
        public final Api admin;

        private Tenant(Partner partner, JsonNode data) {
            this.partner = partner;
            id = data.path("id").asText();
            chain = "tenant:" + id;
            scaiKeyId = data.path("scaikey_tenant_id").asText();
            admin = as(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", scaiKeyId, "name", "Ada Admin"));
        }

        public Api as(Map<String, Object> claims) {
            Map<String, Object> all = new LinkedHashMap<>(claims);
            all.put("tenant_id", scaiKeyId);
            return TestServer.this.as(all);
        }

        /** A change that has one entry, in which the name can be found again. */
        public Api.Reply change(String name) {
            return TestServer.change(admin, name);
        }

        /** So many of them, and all are in the log. */
        public void changes(int count) {
            for (int i = 0; i < count; i++) {
                change(Integer.toString(i)).expect(200);
            }
            settle();
        }

        /** The newest entry of the tenant's audit log with that action; waits until it is there. */
        public JsonNode audited(String action) {
            return Wait.soon(
                    () -> admin.get("/v1/admin/audit?limit=1&action=" + action)
                            .expect(200)
                            .data()
                            .path(0),
                    entry -> !entry.isMissingNode());
        }

        /** How many entries the tenant's log has, once what was committed is in it. */
        public int auditCount() {
            return audited().size();
        }

        /** The same without refused attempts, which are on record and change nothing. */
        public int changeCount() {
            return (int) audited().findValuesAsText("action").stream()
                    .filter(action -> !action.equals("access.deny"))
                    .count();
        }

        private JsonNode audited() {
            settle();
            return admin.get("/v1/admin/audit?limit=1000").expect(200).data();
        }
    }

    /** {@link Tenant#change} by another admin, or through another node. */
    public static Api.Reply change(Api admin, String name) {
        return admin.put(
                "/v1/admin/ai-config",
                "{\"system_prompt_templates\": [{\"name\": \"%s\", \"prompt\": \"p\"}]}".formatted(name));
    }

    /** {@link #settle}, and until all of it is on Kafka too. */
    public void settleWithKafka() {
        settle();
        Wait.soon(() -> Sql.texts(this, "SELECT entry_id FROM audit_unsent").isEmpty());
    }

    /** Waits until every event that was committed is in the log, so that a test can tell that there is none. */
    public void settle() {
        Wait.soon(() -> Sql.texts(this, "SELECT id FROM audit_outbox").isEmpty());
    }

    /** The sum of a metric's values over all its labels; 0 when there is none yet. */
    public double metric(String name) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A JDBC URL of the superuser, to look behind the API. */
    public String jdbc() {
        return platform.postgres().superuserJdbc();
    }

    public Partner newPartner() {
        return newPartner("");
    }

    /** @param extra further members of the body, beginning with a comma; or empty */
    public Partner newPartner(String extra) {
        return newPartner(superAdmin(), extra);
    }

    private Partner newPartner(Api creator, String extra) {
        String slug = unique("partner");
        return new Partner(creator.post(
                        "/v1/admin/partners", "{\"slug\": \"%s\", \"name\": \"Partner\" %s}".formatted(slug, extra))
                .expect(201)
                .data());
    }

    public Tenant newTenant() {
        return newPartner().newTenant("");
    }

    @Override
    public void close() {
        server.close();
        if (!guest) {
            platform.close();
        }
    }
}
