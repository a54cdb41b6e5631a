package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON has one kind of number, so 10.0 is the integer 10 (JSON Schema 2020-12, 6.1.1). */
class WholeNumbersTest {
    private static final TestServer SERVER = TestServer.shared();

    @ParameterizedTest
    @CsvSource({"10, 10", "10.0, 10", "1e2, 100", "0.5e1, 5", "1e0, 1", "0, 0", "2147483647.0, 2147483647"})
    void integers_areTakenHoweverTheyAreWritten(String written, int meant) {
        TestServer.Partner partner = SERVER.newPartner();
        String body = "{\"max_tenants\": %s}".formatted(written);
        var reply = SERVER.superAdmin()
                .put("/v1/admin/partners/" + partner.id, body)
                .expect(200);
        assertThat(reply.data().path("max_tenants").intValue()).isEqualTo(meant);
        assertThat(reply.data().path("max_tenants").isInt()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"10.0, 10", "1e2, 100", "9007199254740991, 9007199254740991"})
    void integers_ofACreationToo(String written, long meant) {
        TestServer.Tenant tenant =
                SERVER.newPartner().newTenant(", \"limits\": {\"max_storage_bytes\": %s}".formatted(written));
        SERVER.settle();
        var entry =
                tenant.partner.admin.get("/v1/admin/audit?action=tenant.create").expect(200);
        assertThat(entry.data().at("/0/changes/after/limits/max_storage_bytes").longValue())
                .isEqualTo(meant);
    }
}
