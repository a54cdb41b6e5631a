package io.scaiwave.admin.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** A small ScaiGrid: a catalog in pages, for exchanged tokens and service keys; it can be slow or away. */
public final class LocalScaiGrid implements AutoCloseable {
    // Smaller than any client asks for, so that each reading of the catalog has to follow the cursor.
    private static final int PAGE = 5;

    /** A model as ScaiGrid lists it; maxOutputTokens is null where it has no meaning. */
    public record Model(
            String slug,
            String displayName,
            String modality,
            Integer contextWindow,
            Integer maxOutputTokens,
            String status,
            String healthStatus) {

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("slug", slug);
            json.put("display_name", displayName);
            json.put("modality", modality);
            json.put("context_window", contextWindow);
            json.put("max_output_tokens", maxOutputTokens);
            json.put("status", status);
            json.put("health_status", healthStatus);
            json.put("owned_by", slug.contains("/") ? slug.substring(0, slug.indexOf('/')) : "scaigrid");
            return json;
        }
    }

    private final Folder folder;
    private final LocalScaiKey scaiKey;
    private final String serviceKey;
    private final LocalHttp http;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile List<Model> models = ScaiGridModels.ALL;
    private volatile BiPredicate<Map<String, Object>, Model> visible = (claims, model) -> true;
    private volatile long latencyMs;

    private LocalScaiGrid(LocalScaiKey scaiKey, Folder folder) {
        this.folder = folder;
        this.scaiKey = scaiKey;
        this.serviceKey = folder.kept("scaigrid-service-key", LocalScaiGrid::newServiceKey);
        this.http = new LocalHttp("local-scaigrid", this::answer);
    }

    public static LocalScaiGrid start(LocalScaiKey scaiKey) {
        return start(scaiKey, null);
    }

    /** With the service key kept in that folder, or with a new one. */
    public static LocalScaiGrid start(LocalScaiKey scaiKey, Path dataDirOrNull) {
        return new LocalScaiGrid(scaiKey, Folder.of(dataDirOrNull));
    }

    /** What SCAIWAVE_SCAIGRID_URL is. */
    public String url() {
        return http.url();
    }

    /** A key that a tenant may use in the mode service_token. */
    public String serviceKey() {
        return serviceKey;
    }

    public void setModels(List<Model> models) {
        this.models = List.copyOf(models);
    }

    public List<Model> models() {
        return models;
    }

    /** @param visible whether a model is shown to who has these claims; a service key has none */
    public void setVisible(BiPredicate<Map<String, Object>, Model> visible) {
        this.visible = visible;
    }

    /** How long each answer takes from now on. */
    public void setLatency(long ms) {
        latencyMs = ms;
    }

    /** How many requests have arrived, refused ones included. */
    public int requests() {
        return requests.get();
    }

    /** Closes the port. */
    public void stop() {
        http.stop();
    }

    /** Opens the same port again. */
    public void startAgain() {
        http.startAgain();
    }

    @Override
    public void close() {
        http.close();
        folder.deleteIfTemporary();
    }

    private LocalHttp.Reply answer(LocalHttp.Request request) throws InterruptedException {
        requests.incrementAndGet();
        Thread.sleep(latencyMs);
        if (!request.path().equals("/v1/models") || !request.method().equals("GET")) {
            return error(404, "not_found", "There is nothing at " + request.path());
        }
        String authorization = request.header("authorization");
        String bearer = authorization.startsWith("Bearer ") ? authorization.substring("Bearer ".length()) : "";
        Map<String, Object> claims = scaiKey.minted(bearer);
        if (!bearer.equals(serviceKey) && claims.isEmpty()) {
            return error(401, "unauthorized", "The bearer is neither a token for ScaiGrid nor a service key");
        }
        try {
            List<Model> shown = models.stream().filter(model -> visible.test(claims, model)).toList();
            return page(shown, request.query());
        } catch (IllegalArgumentException e) {
            return error(400, "invalid_request", "limit or cursor is malformed");
        }
    }

    private static LocalHttp.Reply page(List<Model> models, Map<String, String> query) {
        int limit = Integer.parseInt(query.getOrDefault("limit", Integer.toString(PAGE)));
        int from = query.containsKey("cursor") ? position(query.get("cursor")) : 0;
        if (limit < 1 || from < 0 || from > models.size()) {
            throw new IllegalArgumentException("out of range");
        }
        int to = Math.min(models.size(), from + Math.min(limit, PAGE));
        Map<String, Object> pagination = new LinkedHashMap<>();
        pagination.put("has_more", to < models.size());
        pagination.put("next_cursor", to < models.size() ? cursor(to) : null);
        List<Map<String, Object>> items =
                models.subList(from, to).stream().map(Model::json).toList();
        return LocalHttp.Reply.of(200, Map.of("data", Map.of("items", items), "pagination", pagination));
    }

    private static String cursor(int position) {
        byte[] bytes = ("after:" + position).getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(bytes); // not the URL alphabet: clients have to encode it
    }

    private static int position(String cursor) {
        String text = new String(Base64.getDecoder().decode(cursor), StandardCharsets.US_ASCII);
        return Integer.parseInt(text.substring(text.indexOf(':') + 1));
    }

    private static String newServiceKey() {
        return "sgk_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static LocalHttp.Reply error(int status, String code, String message) {
        return LocalHttp.Reply.of(status, Map.of("error", Map.of("code", code, "message", message)));
    }
}
