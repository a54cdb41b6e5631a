package io.scaiwave.example.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sinks of Kafka Connect as far as this project can tell: a worker and its connectors are not part of it. */
class ConnectTest {
    private static final Path FOLDER = Path.of("examples", "connect");
    private static final String TOPIC = "scaiwave.admin.audit.v1";

    /** As the connector writes with "insert.mode": "upsert" and "primary.key.mode": "kafka". */
    private static final String WRITE = """
            INSERT INTO audit_records (__connect_topic, __connect_partition, __connect_offset, event) VALUES (?, 0, ?, ?)
            ON CONFLICT (__connect_topic, __connect_partition, __connect_offset) DO UPDATE SET event = EXCLUDED.event""";

    private static String event() {
        return AsyncApi.published().messages().stream()
                .flatMap(message -> AsyncApi.published().examples(message).stream())
                .map(example -> example.path("payload"))
                .filter(payload -> payload.at("/data/prev_hash").isTextual())
                .map(JsonNode::toString)
                .findFirst()
                .orElseThrow();
    }

    private static void write(Connection connection, long offset, String event) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, TOPIC);
            statement.setLong(2, offset);
            statement.setString(3, event);
            statement.executeUpdate();
        }
    }

    private static String only(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            String value = rows.getString(1);
            assertThat(rows.next()).as("a second row of %s", query).isFalse();
            return value;
        }
    }

    @Test
    void theTable_keepsTheTextAndItsViewShowsEachEventOnce() throws Exception {
        String event = event();
        try (Connection connection = DriverManager.getConnection(
                        TestServer.shared().platform().postgres().superuserJdbc());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // all of it is rolled back
            statement.execute(
                    "CREATE ROLE connect; CREATE SCHEMA sink; SET search_path = sink; GRANT USAGE ON SCHEMA sink TO connect");
            statement.execute(Files.readString(FOLDER.resolve("audit-to-database.sql")));
            statement.execute("SET ROLE connect");
            write(connection, 1, event);
            write(connection, 1, event);
            write(connection, 2, event);
            statement.execute("RESET ROLE");
            assertThat(only(statement, "SELECT count(*) FROM audit_records")).isEqualTo("2");
            assertThat(only(statement, "SELECT event FROM audit_events")).isEqualTo(event);
            assertThatThrownBy(() -> write(connection, 3, "not json")).isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit-to-database", "audit-to-s3"})
    void aSink_changesNoByteAndSkipsNothing(String name) throws IOException {
        JsonNode sink =
                new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile());
        JsonNode config = sink.path("config");
        assertThat(sink.path("name").asText()).isEqualTo(name);
        assertThat(config.path("topics").asText()).isEqualTo(TOPIC);
        assertThat(config.path("errors.tolerance").asText()).isEqualTo("none");
        assertThat(config.path("value.converter").asText())
                .doesNotContain("Json")
                .matches(".*(String|ByteArray)Converter");
        config.properties().stream()
                .filter(setting -> setting.getKey().matches(".*(password|secret).*"))
                .forEach(setting -> assertThat(setting.getValue().asText()).startsWith("${file:"));
    }
}
