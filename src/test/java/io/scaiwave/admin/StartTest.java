package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.testing.EmptyDatabase;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Starts that fail, as processes: each ends by itself, with the status 1, one sentence and no password. */
class StartTest {
    private static final String BEGINNING = "scaiwave-admin cannot start: ";
    private static final String PASSWORD = "hunter2";

    private final Map<String, String> environment =
            new LinkedHashMap<>(TestServer.shared().platform().environment());

    /** What is said besides the sentence. */
    private List<String> failure(String sentence) {
        try (ServerProcess server = ServerProcess.launch(environment)) {
            return failed(server, sentence);
        }
    }

    private static List<String> failed(ServerProcess server, String sentence) {
        int status = server.awaitExit();
        List<String> log = server.log();
        assertThat(status).as(String.join("\n", log)).isEqualTo(1);
        assertThat(log).noneMatch(line -> line.contains(PASSWORD) || line.contains("\tat "));
        assertThat(log.get(log.size() - 1)).startsWith(BEGINNING).contains(sentence);
        return log.subList(0, log.size() - 1);
    }

    @Test
    void aWrongPassword_endsItAtOnce() {
        EmptyDatabase database = EmptyDatabase.create();
        String role = database.makeRoleWithPassword("right");
        environment.put("SCAIWAVE_DB_URL", database.url(role, PASSWORD));
        assertThat(failure("password authentication failed for user \"" + role + "\""))
                .isEmpty();
    }

    @Test
    void anAbsentDatabase_isWaitedForWithALineEachTry() {
        environment.put("SCAIWAVE_DB_URL", "postgresql://app:" + PASSWORD + "@127.0.0.1:" + FreePort.find() + "/none");
        environment.put("SCAIWAVE_DB_START_WAIT_MS", "2500");
        assertThat(failure("did not answer within 2 s"))
                .hasSizeBetween(1, 3)
                .allMatch(line -> line.contains("waiting for postgresql://app:***@127.0.0.1:"));
    }

    @Test
    void aTakenPort_endsItBeforeAnythingElse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("SCAIWAVE_HTTP_PORT", Integer.toString(taken.getLocalPort()));
            environment.put("SCAIWAVE_DB_URL", "postgresql://app:" + PASSWORD + "@127.0.0.1:1/none");
            assertThat(failure("cannot listen on 127.0.0.1, port " + taken.getLocalPort()))
                    .isEmpty();
        }
    }

    @Test
    void aPortThatIsLostDuringTheStart_endsItToo() throws IOException, SQLException {
        EmptyDatabase database = EmptyDatabase.create();
        database.migrate();
        int port = FreePort.find();
        environment.putAll(database.environment());
        environment.put("SCAIWAVE_HTTP_PORT", Integer.toString(port));
        try (Connection holding = database.connect();
                Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute("LOCK TABLE schema_floor"); // which a start reads first
            try (ServerProcess server = ServerProcess.launch(environment)) {
                Wait.soon(() -> database.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .equals("1"));
                try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                    holding.rollback();
                    failed(server, "cannot listen on 127.0.0.1, port " + taken.getLocalPort());
                }
            }
        }
    }

    @Test
    void sigterm_endsAStartThatWaits() {
        environment.put("SCAIWAVE_DB_URL", "postgresql://app:" + PASSWORD + "@127.0.0.1:" + FreePort.find() + "/none");
        try (ServerProcess server = ServerProcess.launch(environment)) {
            Wait.soon(() -> server.log().stream().anyMatch(line -> line.contains("waiting for postgresql")));
            server.stop();
        }
    }

    @Test
    void aTakenManagementPort_isCalledByItsName() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("SCAIWAVE_HTTP_MANAGEMENT_PORT", Integer.toString(taken.getLocalPort()));
            assertThatThrownBy(() -> Main.start(environment)).hasMessageContaining("SCAIWAVE_HTTP_MANAGEMENT_PORT");
        }
    }

    @Test
    void settingsOfTheLogThatItDoesNotKnow_endItWithoutAnyOtherLine() {
        for (String variable : List.of("SCAIWAVE_LOG_FORMAT", "SCAIWAVE_LOG")) {
            environment.put(variable, "loud");
            assertThat(failure(variable + " must be ")).isEmpty();
            environment.remove(variable);
        }
    }

    @Test
    void emptySettingsOfTheLog_areAsGoodAsNone() {
        environment.putAll(Map.of("SCAIWAVE_LOG_FORMAT", "", "SCAIWAVE_LOG", " ", "SCAIWAVE_ACCESS_LOG", ""));
        environment.put("SCAIWAVE_DB_URL", "postgresql://app:" + PASSWORD + "@127.0.0.1:" + FreePort.find() + "/none");
        environment.put("SCAIWAVE_DB_START_WAIT_MS", "1");
        assertThat(failure("did not answer")).allMatch(line -> line.contains("waiting for postgresql"));
    }

    @Test
    void settingsOfTracesThatCannotBeUsed_areASentenceWithoutTheirValues() {
        environment.put("SCAIWAVE_TRACING_ENABLED", "true");
        environment.put("OTEL_EXPORTER_OTLP_HEADERS", PASSWORD);
        failure("SCAIWAVE_TRACING_ENABLED is true, but the variables OTEL_* cannot be used: ");
    }

    @Test
    void anAddressThatCannotBeListenedOn_isASentence() {
        for (String host : List.of("192.0.2.1", "nowhere.invalid")) {
            environment.put("SCAIWAVE_HTTP_HOST", host);
            environment.put("SCAIWAVE_HTTP_PORT", "8000");
            assertThatThrownBy(() -> Main.start(environment))
                    .hasMessageStartingWith(
                            "cannot listen on " + host + ", port 8000 (SCAIWAVE_HTTP_HOST, SCAIWAVE_HTTP_PORT): ");
        }
    }

    /** What the image keeps of it makes a start faster: this one needs nothing that is not in the process, and leaves nothing. */
    @Test
    void aRehearsal_endsWellWithNothingThere() throws IOException, InterruptedException {
        Process rehearsal = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--warm-up")
                .redirectErrorStream(true)
                .start();
        String said = new String(rehearsal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(rehearsal.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("Exception", "\tat ");
    }
}
