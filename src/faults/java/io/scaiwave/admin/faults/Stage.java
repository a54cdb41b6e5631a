package io.scaiwave.admin.faults;

import io.scaiwave.admin.local.LocalPlatform;
import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.testing.Api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A platform of its own with fsync on, one or more servers on it as processes, and tenants for the clients to change. */
final class Stage implements AutoCloseable {
    private static final int TENANTS = 8;
    private static final int CLIENTS = 16;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** @param token of its admin */
    record Tenant(String id, String token) {
        String chain() {
            return "tenant:" + id;
        }
    }

    final LocalPlatform platform = LocalPlatform.start(null, true);
    final Ledger ledger = new Ledger();
    final List<Node> nodes = new ArrayList<>();
    final List<Tenant> tenants = new ArrayList<>();
    private final AtomicInteger mixedClients = new AtomicInteger();
    private List<Client> clients = List.of();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    private Stage() {}

    static Stage start(int nodeCount) {
        return start(nodeCount, Map.of());
    }

    /** @param settings environment variables that differ from the platform's */
    static Stage start(int nodeCount, Map<String, String> settings) {
        return start(nodeCount, platform -> settings);
    }

    /** @param settings the same, where they follow from the platform */
    static Stage start(int nodeCount, Function<LocalPlatform, Map<String, String>> settings) {
        Stage stage = new Stage();
        try {
            Map<String, String> environment = stage.platform.environment();
            environment.putAll(settings.apply(stage.platform));
            for (int i = 0; i < nodeCount; i++) {
                stage.nodes.add(new Node(environment));
                stage.node(i).start();
            }
            stage.platform.scaiGrid().setModels(models());
            stage.makeTenants();
            stage.clients = stage.makeClients();
            return stage;
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    Node node(int number) {
        return nodes.get(number);
    }

    HttpClient http() {
        return http;
    }

    /** So many clients that read and change the settings of one tenant. */
    List<MixedClient> mixed(int count, Tenant tenant, MixedClient.Answers answers) {
        int first = mixedClients.getAndAdd(count);
        return IntStream.range(first, first + count)
                .mapToObj(number -> new MixedClient(Integer.toString(number), tenant, this, answers))
                .toList();
    }

    /** Sixteen, each on a tenant and with models and a plugin that are its own; each tenant has clients on each node. */
    List<Client> clients() {
        return clients;
    }

    /** The same clients, all of one port. */
    List<Client> clientsOf(int port) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(number ->
                        new Client(number, number / TENANTS, tenants.get(number % TENANTS), port, ledger, http))
                .toList();
    }

    private List<Client> makeClients() {
        return IntStream.range(0, CLIENTS)
                .mapToObj(number -> {
                    int place = number / TENANTS;
                    int port = node(place % nodes.size()).port;
                    return new Client(number, place, tenants.get(number % TENANTS), port, ledger, http);
                })
                .toList();
    }

    private static List<LocalScaiGrid.Model> models() {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> new LocalScaiGrid.Model(
                        Client.model(i), "Model " + i, "chat", 8_192, 4_096, "active", "healthy"))
                .toList();
    }

    private void makeTenants() {
        Api root = new Api(node(0).port, Map.of("Authorization", "Bearer " + root()));
        for (int i = 0; i < TENANTS; i++) {
            String body = "{\"slug\": \"f-%1$d\", \"name\": \"F\", \"scaikey_tenant_id\": \"sk-%1$d\"}".formatted(i);
            String requestId = "setup-" + i;
            ledger.sending(requestId);
            JsonNode tenant = root.with("X-Request-Id", requestId)
                    .post("/v1/admin/tenants", body)
                    .expect(201)
                    .data();
            ledger.outcome(requestId, Ledger.Fate.ACKNOWLEDGED);
            tenants.add(new Tenant(tenant.path("id").asText(), platform.scaiKey().token("faults", "tenant_admin", "sk-" + i)));
        }
    }

    /** A token of a super admin. */
    String root() {
        return platform.scaiKey().token("faults", "super_admin", null);
    }

    /** Runs the statement as the superuser, for states that no call can make. */
    void change(String sql, Object... parameters) {
        try (Connection connection = database();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** As the superuser. */
    Connection database() throws SQLException {
        return DriverManager.getConnection(platform.postgres().superuserJdbc());
    }

    /** The first column of the first row. */
    long number(String query, Object... parameters) {
        try (Connection connection = database()) {
            return number(connection, query, parameters);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    static long number(Connection connection, String query, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        platform.close();
    }
}
