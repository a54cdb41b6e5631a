package io.scaiwave.admin.stats;

import static io.scaiwave.admin.stats.ActivityFeed.event;
import static io.scaiwave.admin.stats.ActivityFeed.member;
import static io.scaiwave.admin.stats.ActivityFeed.storage;
import static io.scaiwave.admin.stats.ActivityFeed.usage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of the activity topic at which something breaks: those beside them are counted. */
class BadRecordsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final String BROKERS = SERVER.platform().kafka().bootstrapServers();
    private static final ActivityFeed LETTERS = new ActivityFeed(BROKERS);
    private static final KafkaProducer<byte[], byte[]> PRODUCER = new KafkaProducer<>(
            Map.of("bootstrap.servers", BROKERS, "max.request.size", 8 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private static final ConfigResource LETTERS_TOPIC =
            new ConfigResource(ConfigResource.Type.TOPIC, ActivityFeed.DEAD_LETTERS);

    private final TestServer.Tenant tenant = SERVER.newTenant();

    @AfterAll
    static void stop() {
        LETTERS.close();
        PRODUCER.close();
    }

    /** Between two that are good, which it must not hold up. */
    private ConsumerRecord<String, String> letterOf(ProducerRecord<byte[], byte[]> bad) throws Exception {
        PRODUCER.send(record(stored(1).getBytes(UTF_8))).get();
        RecordMetadata place = PRODUCER.send(bad).get();
        StatsVerticleTest.counted(
                SERVER, PRODUCER.send(record(stored(2).getBytes(UTF_8))).get());
        assertThat(tenant.admin
                        .get("/v1/admin/stats")
                        .data()
                        .at("/storage/file_count")
                        .asInt())
                .isEqualTo(3);
        return LETTERS.deadLetters().stream()
                .filter(letter -> isOf(letter, place))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not set aside"));
    }

    private static boolean isOf(ConsumerRecord<String, String> letter, RecordMetadata place) {
        return ActivityFeed.header(letter, "partition").equals(Integer.toString(place.partition()))
                && ActivityFeed.header(letter, "offset").equals(Long.toString(place.offset()));
    }

    private String stored(long files) {
        return event("storage.changed", tenant.id, storage(0, files));
    }

    private static ProducerRecord<byte[], byte[]> record(byte[] value) {
        return new ProducerRecord<>(ActivityFeed.TOPIC, 0, null, value);
    }

    private String reasonOf(String value) throws Exception {
        return ActivityFeed.header(letterOf(record(value.getBytes(UTF_8))), "reason");
    }

    @Test
    void withoutKeyAndValue() throws Exception {
        assertThat(ActivityFeed.header(letterOf(record(null)), "reason")).isEqualTo("the value is not a JSON object");
    }

    @Test
    void withBytesThatAreNoText() throws Exception {
        byte[] bytes = stored(4).replace("/rooms", "/rooms#").getBytes(UTF_8);
        bytes[new String(bytes, UTF_8).indexOf('#')] = (byte) 0xC3;
        assertThat(ActivityFeed.header(letterOf(record(bytes)), "reason")).isEqualTo("the value is not a JSON object");
    }

    @Test
    void withHeadersOfAllKinds() throws Exception {
        ProducerRecord<byte[], byte[]> bad = record("bad".getBytes(UTF_8));
        bad.headers().add("none", null).add("reason", "mine".getBytes(UTF_8)).add("", new byte[600_000]);
        ConsumerRecord<String, String> letter = letterOf(bad);
        assertThat(letter.headers().lastHeader("none").value()).isNull();
        assertThat(letter.headers().lastHeader("").value()).hasSize(600_000);
        assertThat(ActivityFeed.header(letter, "reason")).isEqualTo("the value is not a JSON object");
    }

    @Test
    void nestedWithoutEnd() throws Exception {
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        assertThat(reasonOf(stored(4).replace("\"data\"", "\"more\": " + deep + ", \"data\"")))
                .isEqualTo("the value is not a JSON object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+999999999-12-31T23:59:59Z",
                "+999999999-12-31T23:59:59-18:00",
                "-999999999-01-01T00:00:00+18:00",
                "0000-01-01T00:00:00Z",
                "2026-02-30T00:00:00Z"
            })
    void atATimeThatIsNone(String time) throws Exception {
        assertThat(reasonOf(event("ai.used", tenant.id, "bad-" + time, time, usage("m", 1, 1))))
                .startsWith("time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e400", "1e999999999", "9223372036854775808", "NaN"})
    void ofANumberThatIsNone(String number) throws Exception {
        assertThat(reasonOf(
                        event("storage.changed", tenant.id, "{\"bytes_delta\": " + number + ", \"files_delta\": 4}")))
                .containsAnyOf("data.bytes_delta", "not a JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800"})
    void withATextThatPostgresCannotHold(String character) throws Exception {
        String joined = member(UUID.randomUUID().toString(), "a", "human").replace("Member", "M" + character);
        assertThat(reasonOf(event("participant.joined", tenant.id, joined))).startsWith("data.display_name");
    }

    @Test
    void ofASumThatPostgresCannotHold() throws Exception {
        Sql.change(
                SERVER,
                "INSERT INTO totals VALUES (?::uuid, '', 'storage_bytes', '', ?)",
                tenant.id,
                Long.MIN_VALUE + 5);
        assertThat(reasonOf(event("storage.changed", tenant.id, storage(-6, 4))))
                .contains("out of range");
    }

    @Test
    void refusedByPostgresForAReasonOfItsOwn() throws Exception {
        Sql.change(SERVER, """
                CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'index row size exceeds' USING ERRCODE = '54000'; END $$""");
        try {
            Sql.change(
                    SERVER,
                    "CREATE TRIGGER poisoned BEFORE INSERT ON totals FOR EACH ROW WHEN (new.label = 'poison')"
                            + " EXECUTE FUNCTION poisoned()");
            assertThat(reasonOf(event("ai.used", tenant.id, usage("poison", 1, 1))))
                    .startsWith("index row size exceeds");
        } finally {
            Sql.change(SERVER, "DROP FUNCTION poisoned CASCADE");
        }
    }

    @Test
    void largerThanADeadLetterMayBe() throws Exception {
        limitLetters("3000");
        try {
            ConsumerRecord<String, String> letter =
                    letterOf(record("x".repeat(5_000).getBytes(UTF_8)));
            assertThat(letter.value()).isNull();
            assertThat(ActivityFeed.header(letter, "reason")).isEqualTo("the value is not a JSON object");
        } finally {
            limitLetters(Integer.toString(8 << 20));
        }
    }

    private static void limitLetters(String bytes) throws ExecutionException, InterruptedException {
        AlterConfigOp limit = new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKERS))) {
            admin.incrementalAlterConfigs(Map.of(LETTERS_TOPIC, List.of(limit)))
                    .all()
                    .get();
        }
    }
}
