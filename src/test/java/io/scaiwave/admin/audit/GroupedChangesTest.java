package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Changes that come at one moment are committed together, and none is the worse for another. */
class GroupedChangesTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final int TENANTS = 24;
    private static final int EACH = 4;
    private static final String ENTRIES =
            "SELECT changes #>> '{after,system_prompt_templates,0,name}' FROM audit_log WHERE chain = ? AND action = ? ORDER BY seq";

    private static TestServer server;
    private static List<TestServer.Tenant> tenants;

    @BeforeAll
    static void makeTenants() {
        server = TestServer.shared();
        tenants = IntStream.range(0, TENANTS).mapToObj(i -> server.newTenant()).toList();
    }

    private static Api.Reply change(int number) {
        return TestServer.change(tenants.get(number % TENANTS).admin, "c" + number);
    }

    private static List<String> entriesOf(TestServer.Tenant tenant) {
        server.settle();
        return Sql.texts(server, ENTRIES, "tenant:" + tenant.id, "ai_config.update");
    }

    @Test
    void changesOfOneMoment_areFewerTransactions_andAnEntryEach() {
        Parallel.calls(TENANTS * EACH, number -> change(number).expect(200));
        String ids = tenants.stream().map(each -> "'" + each.id + "'").collect(Collectors.joining(", "));
        assertThat(Sql.texts(server, "SELECT DISTINCT xmin FROM ai_config WHERE tenant_id IN (" + ids + ")"))
                .hasSizeLessThan(TENANTS);
        for (int i = 0; i < TENANTS; i++) {
            int tenant = i;
            assertThat(entriesOf(tenants.get(i)))
                    .containsAll(IntStream.range(0, EACH)
                            .mapToObj(each -> "c" + (each * TENANTS + tenant))
                            .toList());
        }
    }

    @Test
    void changesOfOneTenant_followOneAnother() {
        TestServer.Tenant tenant = server.newTenant();
        List<Api.Reply> replies =
                Parallel.many(i -> TestServer.change(tenant.admin, "n" + i).expect(200));
        assertThat(replies.stream().map(reply -> reply.header("ETag"))).doesNotHaveDuplicates();
        assertThat(entriesOf(tenant)).hasSize(Parallel.MANY).doesNotHaveDuplicates();
        assertThat(entriesOf(tenant))
                .last()
                .isEqualTo(tenant.admin
                        .get(AI_CONFIG)
                        .data()
                        .at("/system_prompt_templates/0/name")
                        .asText());
    }

    @Test
    void oneVersionAskedForByMany_isGivenToOne() {
        TestServer.Tenant tenant = server.newTenant();
        String version = tenant.admin.get(AI_CONFIG).header("ETag");
        List<Api.Reply> replies =
                Parallel.many(i -> TestServer.change(tenant.admin.with("If-Match", version), "once " + i));
        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
        assertThat(replies).filteredOn(reply -> reply.status() == 412).hasSize(Parallel.MANY - 1);
        assertThat(entriesOf(tenant)).hasSize(1);
    }

    @Test
    void refusedChange_refusesNoOther() {
        List<Api.Reply> replies = Parallel.calls(
                TENANTS * EACH,
                number -> number % 5 == 0
                        ? tenants.get(number % TENANTS).admin.put(AI_CONFIG, "{\"default_model\": \"of/none\"}")
                        : change(number));
        for (int number = 0; number < replies.size(); number++) {
            if (number % 5 == 0) {
                assertThat(replies.get(number).expect(422).fields()).containsExactly("/default_model");
            } else {
                replies.get(number).expect(200);
                assertThat(entriesOf(tenants.get(number % TENANTS))).contains("c" + number);
            }
        }
    }

    @Test
    void lockedTenant_delaysItsOwnChangesOnly() throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbc());
                Statement lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute("SELECT FROM ai_config WHERE tenant_id = '" + tenants.get(0).id + "' FOR UPDATE");
            List<Api.Reply> replies = Parallel.calls(TENANTS * EACH, GroupedChangesTest::change);
            for (int number = 0; number < replies.size(); number++) {
                if (number % TENANTS == 0) {
                    replies.get(number).expect(503, "SW_UNAVAILABLE");
                } else {
                    replies.get(number).expect(200);
                }
            }
            connection.rollback();
        }
        change(0).expect(200);
    }
}
