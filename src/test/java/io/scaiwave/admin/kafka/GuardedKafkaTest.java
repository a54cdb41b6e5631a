package io.scaiwave.admin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.cli.Cli;
import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.local.KafkaAccess;
import io.scaiwave.admin.local.LocalKafka;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Certificates;
import io.scaiwave.admin.testing.EmptyDatabase;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with SASL over TLS and ACLs, where each user has the rights that docs/operations.md names, and no more. */
class GuardedKafkaTest {
    private static final List<String> USERS = List.of("server", "verify", "replay", "retain");
    private static final Pattern RIGHTS = Pattern.compile(
            "(?m)^\\| `?(%s)\\b.* \\| ([a-z, -]+) \\| ([A-Z]\\w+.*) \\|$".formatted(String.join("|", USERS)));
    private static final String STRANGER = "stranger";
    private static final Map<String, String> TOPICS = Map.of(
            "audit", "scaiwave.admin.audit.v1",
            "checkpoint", "scaiwave.admin.audit.checkpoints.v1",
            "activity", "scaiwave.activity.v1",
            "dead-letter", "scaiwave.activity.v1.dlq");

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static LocalKafka kafka;
    private static KafkaAccess access;
    private static EmptyDatabase database; // of all tests, since the topics know its chains

    @BeforeAll
    static void start() throws IOException, ExecutionException, InterruptedException {
        certificates = Certificates.in(folder);
        certificates.issue("broker", "broker", "ip:127.0.0.1");
        certificates.issue("client", "server", "dns:server");
        Path identity = pem("broker");
        database = EmptyDatabase.create();
        access = KafkaAccess.guarded(identity, certificates.authority(), passwords());
        kafka = LocalKafka.startFor(access);
        try (Admin admin = Admin.create(administrator())) {
            admin.createTopics(TOPICS.values().stream()
                            .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()))
                            .toList())
                    .all()
                    .get();
            admin.createAcls(documented()).all().get();
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Map<String, String> passwords() {
        return Stream.concat(USERS.stream(), Stream.of(STRANGER))
                .collect(Collectors.toMap(user -> user, GuardedKafkaTest::password));
    }

    private static String password(String user) {
        return user + "-secret";
    }

    private static Path pem(String name) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".pem"),
                Files.readString(certificates.key(name)) + Files.readString(certificates.certificate(name)));
    }

    private static Map<String, Object> administrator() {
        Map<String, Object> settings = new HashMap<>(access.administrator());
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        return settings;
    }

    /** The rows of the documentation, as ACLs. */
    private static List<AclBinding> documented() throws IOException {
        List<AclBinding> rights = new ArrayList<>();
        RIGHTS.matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .forEach(row -> {
                    for (String topic : row.group(2).split(", ")) {
                        for (String operation : row.group(3).split(", ")) {
                            rights.add(right(row.group(1), TOPICS.get(topic), operation));
                        }
                    }
                });
        assertThat(rights.stream()
                        .map(each -> each.entry().principal().replace("User:", ""))
                        .distinct())
                .containsExactlyElementsOf(USERS);
        return rights;
    }

    private static AclBinding right(String user, String topic, String operation) {
        AclOperation allowed = AclOperation.fromString(operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", allowed, AclPermissionType.ALLOW));
    }

    private static Map<String, String> of(String user) throws IOException {
        return environment(properties(folder.resolve(user + ".properties"), user, password(user)));
    }

    private static Path properties(Path file, String user, String password) throws IOException {
        return Files.writeString(file, KafkaAccess.lines(KafkaAccess.client(certificates.authority(), user, password)));
    }

    private static Map<String, String> environment(Path properties) {
        Map<String, String> environment = new LinkedHashMap<>(database.environment());
        environment.put("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("SCAIWAVE_KAFKA_PROPERTIES_FILE", properties.toString());
        environment.put("SCAIWAVE_AUDIT_CHECKPOINT_MS", "200");
        return environment;
    }

    /** All entries and their heads are on the topics. */
    private static void awaitPublished() {
        Wait.soon(() -> database.text("""
                SELECT EXISTS (SELECT FROM audit_log) AND NOT EXISTS (SELECT FROM audit_outbox)
                    AND NOT EXISTS (SELECT FROM audit_unsent)
                    AND NOT EXISTS (SELECT FROM audit_chain c LEFT JOIN audit_checkpoints p USING (chain)
                        WHERE p.seq IS DISTINCT FROM c.seq OR NOT p.published)""").equals("t"));
    }

    private static int run(Map<String, String> environment, String... arguments) {
        return Cli.run(arguments, environment);
    }

    @Test
    void theDocumentedRights_areEnough() throws IOException, ExecutionException, InterruptedException {
        Map<String, String> environment = of("server");
        try (TestServer node = TestServer.shared().beside(environment)) {
            TestServer.Tenant tenant = node.newTenant();
            old(tenant);
            awaitPublished();
            tenant.change("guarded").expect(200);
            awaitPublished();
            node.restart(); // the topics are not empty any more
            node.newTenant().change("guarded still").expect(200);
            awaitPublished();
            try (KafkaProducer<String, String> platform =
                    new KafkaProducer<>(administrator(), new StringSerializer(), new StringSerializer())) {
                platform.send(new ProducerRecord<>(TOPICS.get("activity"), "k", "no event"))
                        .get();
            }
            Wait.soon(() -> node.metric("activity_dead_letters_total") > 0);
            Wait.soon(() -> node.anonymous().get("/health").text().contains("\"problems\":[]"));
        }
        assertThat(run(of("verify"), "verify", "--db")).isZero();
        assertThat(run(of("verify"), "verify", "--kafka")).isZero();
        assertThat(run(of("verify"), "reconcile")).isZero();
        assertThat(run(of(STRANGER), "verify", "--kafka")).as("without a right").isEqualTo(2);
        assertThat(run(of("replay"), "replay", "--chain", "platform", "--from", "1", "--to", "1"))
                .isZero();
        String month = YearMonth.now(ZoneOffset.UTC).toString();
        assertThat(run(of("retain"), "retain", "--before", month)).isZero();
        assertThat(database.text("SELECT count(*) FROM audit_floors")).isEqualTo("1");
    }

    /** An event of two months ago, for retain to drop. */
    private static void old(TestServer.Tenant tenant) {
        database.run("""
                INSERT INTO audit_outbox (created_at, chain, tenant_id, action, resource_id, changes, actor_id, actor_type)
                VALUES (date_trunc('milliseconds', now() - interval '2 months'), '%s', '%s', 'ai_config.update', 'old',
                        '{"before": null, "after": {}}', 'x', 'system')""".formatted(tenant.chain, tenant.id));
    }

    @Test
    void aCertificate_isEnough() throws IOException {
        Path file = Files.writeString(
                folder.resolve("certificate.properties"),
                KafkaAccess.lines(KafkaAccess.client(certificates.authority(), pem("client"))));
        Map<String, String> environment = environment(file);
        environment.put("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", access.certificatesServers());
        try (TestServer node = TestServer.shared().beside(environment)) {
            node.newTenant().change("by certificate").expect(200);
            awaitPublished();
        }
    }

    @Test
    void aWrongPassword_isNamedInHealth_andMendedWithoutARestart() throws IOException {
        Path file = folder.resolve("renewed.properties");
        int port = FreePort.find();
        Map<String, String> environment = environment(properties(file, "server", "wrong"));
        environment.put("SCAIWAVE_HTTP_MANAGEMENT_PORT", Integer.toString(port));
        try (TestServer node = TestServer.shared().beside(environment)) {
            node.newTenant().change("while the password is wrong").expect(200);
            Api health = new Api(port, Map.of());
            Wait.soon(() -> health.get("/health").text().contains("Authentication failed"));
            health.get("/health/ready").expect(200);
            assertThat(health.get("/health").text()).doesNotContain("wrong");
            properties(file, "server", password("server"));
            awaitPublished();
            Wait.soon(() -> health.get("/health").text().contains("\"problems\":[]"));
        }
    }

    @Test
    void aMissingRight_isNamedInHealth() throws IOException {
        int port = FreePort.find();
        Map<String, String> environment = of(STRANGER);
        environment.put("SCAIWAVE_HTTP_MANAGEMENT_PORT", Integer.toString(port));
        try (TestServer node = TestServer.shared().beside(environment)) {
            node.newTenant().change("without a right").expect(200);
            Api health = new Api(port, Map.of());
            Wait.soon(() -> health.get("/health").text().contains(TOPICS.get("audit")));
            health.get("/health/ready").expect(200);
        }
    }
}
