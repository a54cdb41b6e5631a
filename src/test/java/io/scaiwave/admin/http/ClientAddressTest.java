package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What proxies say counts only as far back as they are trusted. */
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
                "203.0.113.24:4711 | 203.0.113.24",
                "[2001:db9::7]:51234 | 2001:db9::7",
                "[2001:db9::7] | 2001:db9::7",
                "2001:DB9:0:0::7%eth0 | 2001:db9::7",
                "[fe80::1%25eth0]:80 | fe80::1",
                "::ffff:203.0.113.7 | 203.0.113.7",
                "[::ffff:203.0.113.7]:51234 | 203.0.113.7",
                "\"203.0.113.24\" | 203.0.113.24",
                "\"[2001:db9::7]:443\",10.1.2.3:80 | 2001:db9::7",
                "6.6.6.6,,203.0.113.24:1, ,10.1.2.3:65535 ,, | 203.0.113.24",
                "6.6.6.6, unknown, 10.1.2.3 | 10.1.2.3",
                "6.6.6.6, _hidden | 127.0.0.1",
                "\", 203.0.113.24 | 203.0.113.24",
                "203.0.113.24:port:1 | 127.0.0.1",
                ", | 127.0.0.1"
            })
    void xForwardedFor_countsFromTrustedProxies(String forwarded, String address) {
        assertThat(addressOnRecord(behindProxies, forwarded)).isEqualTo(address);
    }

    private static String addressOnRecord(Map<String, String> headers) {
        TestServer.Tenant tenant = behindProxies.newTenant();
        Api admin = tenant.admin;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            admin = admin.with(header.getKey(), header.getValue());
        }
        admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        return tenant.audited("model.enable").path("ip_address").asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.24 | 203.0.113.24",
                "For=\"203.0.113.24:47011\";proto=https;by=10.1.2.3 | 203.0.113.24",
                "proto=https ; host=\"a,b;for=9.9.9.9\"; FOR = \"[2001:db9::7]:4711\" | 2001:db9::7",
                "for=6.6.6.6, for=203.0.113.24,for=10.1.2.3 | 203.0.113.24",
                "for=\"[::ffff:203.0.113.7]\" | 203.0.113.7",
                "for=\", for=203.0.113.24 | 203.0.113.24",
                "for=6.6.6.6, for=unknown, for=10.1.2.3 | 10.1.2.3",
                "for=6.6.6.6, for=\"_gazonk\" | 127.0.0.1",
                "for=6.6.6.6, proto=https | 127.0.0.1",
                "203.0.113.24 | 127.0.0.1"
            })
    void forwarded_countsWhereThereIsNoXForwardedFor(String forwarded, String address) {
        assertThat(addressOnRecord(Map.of("Forwarded", forwarded))).isEqualTo(address);
        assertThat(addressOnRecord(Map.of("Forwarded", forwarded, "X-Forwarded-For", "198.51.100.9")))
                .isEqualTo("198.51.100.9");
    }

    @Test
    void hops_areLookedAtOnlySoFarBack() {
        String many = "6.6.6.6" + ", 10.1.2.3".repeat(600);
        assertThat(addressOnRecord(Map.of("X-Forwarded-For", many))).isEqualTo("10.1.2.3");
    }

    @Test
    void xForwardedFor_mayBeSentInSeveralHeaders() {
        TestServer.Tenant tenant = behindProxies.newTenant();
        String jwt = behindProxies
                .platform()
                .scaiKey()
                .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
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
