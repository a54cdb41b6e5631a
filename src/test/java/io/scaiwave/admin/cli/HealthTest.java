package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the health check of a container says, of the real server and of what is none. */
class HealthTest {
    @Test
    void aReadyServer_isFoundWhereTheSettingsSay() {
        String port = Integer.toString(TestServer.shared().port());
        Verb ready = Verb.run(Map.of("SCAIWAVE_HTTP_PORT", port), "health");
        assertThat(ready.status()).as(ready.out() + ready.err()).isZero();
        assertThat(ready.lines()).hasSize(1);
        assertThat(ready.out()).startsWith("200 {");
        assertThat(Verb.run(Map.of(), "health", "--live", "--url", "http://localhost:" + port)
                        .status())
                .isZero();
    }

    @Test
    void noServer_isStatus1AndALine() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Verb absent = Verb.run(Map.of("SCAIWAVE_HTTP_PORT", Integer.toString(port)), "health");
        assertThat(absent.status()).isEqualTo(1);
        assertThat(absent.lines()).singleElement().asString().contains(":" + port + "/health/ready: ");
    }

    @Test
    void aServerThatIsNotReady_isStatus1WithItsReason() throws Exception {
        Verb verb = against("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 17\r\n\r\n{\"status\":\n\"DOWN\"}");
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.lines()).containsExactly("503 {\"status\": \"DOWN\"}");
    }

    @Test
    void whatIsNotHttp_orNeverEnds_isStatus1() throws Exception {
        assertThat(against("SSH-2.0-x\r\n").lines()).singleElement().asString().endsWith("the answer is not HTTP");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Verb verb = Verb.run(Map.of(), "health", "--url", "http://127.0.0.1:" + silent.getLocalPort());
            assertThat(verb.status()).isEqualTo(1);
            assertThat(verb.lines()).singleElement().asString().endsWith("no answer within 3000 ms");
        }
    }

    @Test
    void anotherKindOfAddress_isStatus2() {
        for (String url : new String[] {"ftp://127.0.0.1", "nonsense", "http://", "http://a b"}) {
            Verb verb = Verb.run(Map.of(), "health", "--url", url);
            assertThat(verb.status()).as(url).isEqualTo(2);
            assertThat(verb.err()).contains("is no http:// or https:// address").doesNotContain("Exception");
        }
    }

    /** What the verb says of a server that answers so, whatever it is asked. */
    private static Verb against(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server, answer));
            answering.start();
            Verb verb = Verb.run(Map.of(), "health", "--url", "http://127.0.0.1:" + server.getLocalPort());
            answering.join();
            return verb;
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[1024]);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
