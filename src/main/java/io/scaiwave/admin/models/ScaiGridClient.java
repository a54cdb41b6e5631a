package io.scaiwave.admin.models;

import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads ScaiGrid's models, page by page. */
final class ScaiGridClient {
    private static final Logger LOG = LoggerFactory.getLogger(ScaiGridClient.class);
    /** The slugs that openapi.yaml can name; a model with another one could not be addressed. */
    private static final Pattern SLUG =
            Pattern.compile("(?=.{1,200}$)[A-Za-z0-9][A-Za-z0-9._:+-]*(/[A-Za-z0-9][A-Za-z0-9._:+-]*)*");

    private static final Set<String> MODALITIES = Set.of("chat", "embedding", "image", "audio");

    private final WebClient web;
    private final Config.ScaiGrid config;

    ScaiGridClient(Vertx vertx, Config.ScaiGrid config) {
        this.web = WebClient.create(vertx);
        this.config = config;
    }

    /** All models, ordered by slug; fails with SW_AI_NO_TOKEN when the token is refused, SW_SCAIGRID_UNAVAILABLE otherwise. */
    Future<List<Model>> models(Secret token) {
        TreeMap<String, Model> found = new TreeMap<>();
        return pages(token, null, 1, found)
                .recover(e -> Future.failedFuture(e instanceof Failure ? e : away(e.toString())))
                .map(v -> found.values().stream()
                        .sorted(Comparator.comparing(Model::slug))
                        .toList());
    }

    private Future<Void> pages(Secret token, @Nullable String cursor, int number, Map<String, Model> found) {
        HttpRequest<Buffer> request = web.getAbs(config.url() + "/v1/models")
                .addQueryParam("limit", Integer.toString(config.pageSize()))
                .bearerTokenAuthentication(token.value())
                .timeout(config.timeoutMs());
        if (cursor != null) {
            request.addQueryParam("cursor", cursor);
        }
        return request.send().compose(response -> {
            JsonObject page = page(response);
            page.getJsonObject("data").getJsonArray("items", new JsonArray()).forEach(item -> {
                Model model = item instanceof JsonObject object ? model(object) : null;
                if (model != null) {
                    found.put(model.slug(), model);
                }
            });
            JsonObject pagination = page.getJsonObject("pagination", new JsonObject());
            String next = pagination.getString("next_cursor");
            if (!pagination.getBoolean("has_more", false) || next == null) {
                return Future.succeededFuture();
            }
            if (number == config.pagesMax()) {
                return Future.failedFuture(away("more than " + config.pagesMax() + " pages"));
            }
            return pages(token, next, number + 1, found);
        });
    }

    private static JsonObject page(HttpResponse<Buffer> response) {
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            throw Credentials.noToken("ScaiGrid refused the token");
        }
        if (response.statusCode() != 200) {
            throw away("status " + response.statusCode());
        }
        return response.bodyAsJsonObject();
    }

    /** Null for one that this API cannot show; a field that ScaiGrid leaves out is not known. */
    private static @Nullable Model model(JsonObject item) {
        String slug = item.getString("slug");
        if (slug == null || !SLUG.matcher(slug).matches() || !MODALITIES.contains(item.getString("modality"))) {
            LOG.warn("left out of the catalog: model {} of modality {}", slug, item.getString("modality"));
            return null;
        }
        return new Model(
                slug,
                item.getString("display_name", slug),
                item.getString("modality"),
                item.getLong("context_window"),
                item.getLong("max_output_tokens"),
                "deprecated".equals(item.getString("status")) ? "deprecated" : "active",
                item.getString("health_status"));
    }

    private static Failure away(String why) {
        LOG.warn("reading the models from ScaiGrid failed: {}", why);
        return new Failure(
                Failure.Kind.UPSTREAM, "SW_SCAIGRID_UNAVAILABLE", "ScaiGrid's models are not available at the moment");
    }
}
