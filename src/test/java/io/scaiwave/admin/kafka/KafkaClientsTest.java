package io.scaiwave.admin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients of Kafka: made when they are needed, with the operator's properties. */
class KafkaClientsTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String SERVERS = "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS";
    private static final String FILE = "SCAIWAVE_KAFKA_PROPERTIES_FILE";

    private final TestServer server = TestServer.mistreated();

    @TempDir
    private Path folder;

    @Test
    void aNameThatDoesNotResolve_isKafkaBeingAway() {
        TestServer.Tenant tenant = server.newPartner().newTenant("");
        try (TestServer node = server.beside(Map.of(SERVERS, "kafka.invalid:9092"))) {
            node.anonymous().get("/health/ready").expect(200);
            Api admin = node.as(Map.of("sub", "a", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
            TestServer.change(admin, "while Kafka has no name").expect(200);
            server.settle();
            await().atMost(SOON)
                    .until(() -> node.anonymous().get("/health").text().contains("[\"kafka\"]"));
        }
        server.settleWithKafka(); // by the node that knows a better name
    }

    @Test
    void withStreamingOff_nothingWaitsForKafka() throws IOException {
        try (TestServer alone = TestServer.alone(Map.of(SERVERS, ""))) {
            TestServer.Tenant tenant = alone.newPartner().newTenant("");
            tenant.changes(3);
            assertThat(tenant.auditCount()).isEqualTo(3);
            assertThat(Sql.texts(alone, "SELECT entry_id FROM audit_unsent")).isEmpty();
        }
    }

    @Test
    void properties_reachTheClients() throws IOException {
        Path file = Files.writeString(
                folder.resolve("kafka.properties"), "security.protocol=SSL\nssl.truststore.location=/nowhere/ca.jks\n");
        try (TestServer node = server.beside(Map.of(FILE, file.toString()))) {
            // Nothing but these properties keeps the node from talking to the broker.
            await().atMost(SOON)
                    .until(() -> node.anonymous().get("/health").text().contains("[\"kafka\"]"));
        }
    }

    /** Such as a file for Kafka's tools often has: a client refuses to be made with it beside a shorter limit of the whole. */
    @Test
    void properties_withALimitOfTime_leaveEachClientUsable() throws IOException {
        server.newTenant();
        server.settleWithKafka();
        Path file = Files.writeString(folder.resolve("kafka.properties"), "request.timeout.ms=30000\n");
        Map<String, String> environment = new HashMap<>(server.platform().environment());
        environment.put(FILE, file.toString());
        Config.Kafka kafka = new ConfigLoader(environment).section("kafka", Config.Kafka.class);
        Vertx vertx = Vertx.vertx();
        try (Producer<String, byte[]> producer = BlockingClients.producer(kafka, Duration.ofSeconds(8))) {
            assertThat(producer.partitionsFor(kafka.auditTopic())).isNotEmpty();
            assertThat(Topics.recordBytesMax(vertx, kafka, kafka.auditTopic()).await())
                    .isPositive();
        } finally {
            vertx.close().await();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"acks", "enable.idempotence", "bootstrap.servers", "group.id"})
    void properties_onWhichTheTrailRests_areRefused(String name) throws IOException {
        Path file = Files.writeString(folder.resolve("kafka.properties"), name + "=s3cret\n");
        Map<String, String> environment = new HashMap<>(server.platform().environment());
        environment.put(FILE, file.toString());
        assertThatThrownBy(() -> Main.start(environment))
                .isInstanceOf(InvalidSetting.class)
                .hasMessage(FILE + " may not set " + name + ", on which the audit trail rests");
    }

    @Test
    void properties_thatCannotBeRead_areNamed() {
        Map<String, String> environment = new HashMap<>(server.platform().environment());
        environment.put(FILE, folder.resolve("none").toString());
        assertThatThrownBy(() -> Main.start(environment))
                .isInstanceOf(InvalidSetting.class)
                .hasMessage(FILE + " must name a readable file of properties");
    }
}
