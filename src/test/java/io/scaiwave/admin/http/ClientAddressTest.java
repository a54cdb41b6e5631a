package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** X-Forwarded-For counts only as far back as proxies are trusted. */
class ClientAddressTest {
    private static TestServer behindProxies;

    @BeforeAll
    static void start() {
        behindProxies = TestServer.shared()
                .beside(Map.of("SCAIWAVE_TRUSTED_PROXIES", "127.0.0.0/8, 10.1.0.0/16,2001:db8::/32"));
    }

    @AfterAll
    static void stop() {
        behindProxies.close();
    }

    private static String addressOnRecord(TestServer server, String forwarded) {
        TestServer.Tenant tenant = server.newTenant();
        tenant.admin
                .with("X-Forwarded-For", forwarded)
                .post("/v1/admin/models/scailar-pro/enable")
                .expect(200);
        return tenant.audited("model.enable").path("ip_address").asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.24 | 203.0.113.24",
                "2001:db9::7 | 2001:db9::7",
                "198.51.100.9, 203.0.113.24 | 203.0.113.24",
                "203.0.113.24, 10.1.2.3 | 203.0.113.24",
                "6.6.6.6,203.0.113.24 , 10.1.2.3, 2001:db8::1,127.0.0.9 | 203.0.113.24",
                "203.0.113.24, 10.2.0.1 | 10.2.0.1",
                "10.1.0.1, 10.1.0.2 | 10.1.0.1",
                "nonsense | 127.0.0.1",
                "203.0.113.24, nonsense | 127.0.0.1",
                "203.0.113.24, | 203.0.113.24",
                "203.0.113.24:4711 | 127.0.0.1"
            })
    void xForwardedFor_countsFromTrustedProxies(String forwarded, String address) {
        assertThat(addressOnRecord(behindProxies, forwarded)).isEqualTo(address);
    }

    @Test
    void xForwardedFor_mayBeSentInSeveralHeaders() {
        TestServer.Tenant tenant = behindProxies.newTenant();
        String jwt = behindProxies
                .platform()
                .scaiKey()
                .token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        try (RawConnection connection = new RawConnection(behindProxies.port())) {
            String headers = "Authorization: Bearer " + jwt + "\r\nX-Forwarded-For: 6.6.6.6\r\n"
                    + "X-Forwarded-For: 203.0.113.24\r\nX-Forwarded-For: 10.1.2.3\r\nContent-Length: 0\r\n";
            assertThat(connection
                            .exchange("POST", "/v1/admin/models/scailar-pro/enable", headers)
                            .status())
                    .isEqualTo(200);
        }
        assertThat(tenant.audited("model.enable").path("ip_address").asText()).isEqualTo("203.0.113.24");
    }

    @Test
    void xForwardedFor_countsForNothingWithoutTrustedProxies() {
        assertThat(addressOnRecord(TestServer.shared(), "203.0.113.24")).isEqualTo("127.0.0.1");
    }
}
