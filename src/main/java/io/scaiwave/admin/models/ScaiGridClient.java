package io.scaiwave.admin.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.BoundedHttp;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.text.Texts;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads ScaiGrid's models, page by page: within one time, one number of bytes and one number of models for all pages together. */
final class ScaiGridClient {
    private static final Logger LOG = LoggerFactory.getLogger(ScaiGridClient.class);
    static final int CONNECTIONS_MAX = 50;
    private static final int CURSOR_MAX = 2_000;
    private static final int COMPLAINTS_REMEMBERED = 1_000;

    private final BoundedHttp http;
    private final Config.ScaiGrid config;
    /** What the log has said already: each refresh would say it again. */
    private final Cache<String, Boolean> said =
            Caffeine.newBuilder().maximumSize(COMPLAINTS_REMEMBERED).build();

    ScaiGridClient(Outbound outbound, Config.ScaiGrid config) {
        this.http = outbound.http(new BoundedHttp.Limits(config.timeoutMs(), config.bytesMax(), CONNECTIONS_MAX));
        this.config = config;
    }

    /** One reading of the catalog, and what of its allowance is used up. */
    private final class Reading {
        private final Secret token;
        private final ModelRows rows = new ModelRows(config.modelsMax());
        private final Set<String> cursors = new HashSet<>();
        private final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.readTimeoutMs());
        private long bytes;

        Reading(Secret token) {
            this.token = token;
        }

        Future<Offer> page(@Nullable String cursor) {
            String from = cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            return http.get(
                            config.url() + "/v1/models?limit=" + config.pageSize() + from,
                            Map.of("Authorization", "Bearer " + token.value(), "Accept", "application/json"))
                    .compose(answer -> {
                        JsonObject page = body(answer);
                        items(page).forEach(rows::add);
                        String next = next(page);
                        if (next == null || !cursors.add(next) || rows.cutOff()) {
                            return Future.succeededFuture(done());
                        }
                        return page(next);
                    });
        }

        private JsonObject body(BoundedHttp.Answer answer) {
            if (answer.status() == 401 || answer.status() == 403) {
                throw NoToken.because("ScaiGrid refused the token");
            }
            if (answer.status() != 200) {
                throw away("status " + answer.status());
            }
            bytes += answer.body().length();
            if (bytes > config.bytesMax()) {
                throw away("more than " + config.bytesMax() + " bytes");
            }
            return answer.json();
        }

        private static JsonArray items(JsonObject page) {
            if (page.getValue("data") instanceof JsonObject data && data.getValue("items") instanceof JsonArray items) {
                return items;
            }
            throw away("a page without data.items");
        }

        /** Null when there is no more. */
        private @Nullable String next(JsonObject page) {
            if (!(page.getValue("pagination") instanceof JsonObject pagination)
                    || !Boolean.TRUE.equals(pagination.getValue("has_more"))
                    || !(pagination.getValue("next_cursor") instanceof String cursor)) {
                return null;
            }
            if (cursors.size() >= config.pagesMax() - 1) {
                throw away("more than " + config.pagesMax() + " pages");
            }
            if (cursor.length() > CURSOR_MAX) {
                throw away("a cursor of more than " + CURSOR_MAX + " characters");
            }
            if (System.nanoTime() - deadline > 0) {
                throw away("not all pages within " + config.readTimeoutMs() + " ms");
            }
            return cursor;
        }

        private Offer done() {
            rows.complaints().stream()
                    .filter(complaint -> said.asMap().putIfAbsent(complaint, true) == null)
                    .forEach(LOG::warn);
            return rows.offer();
        }
    }

    /** All models; fails with SW_AI_NO_TOKEN when the token is refused, SW_SCAIGRID_UNAVAILABLE otherwise. */
    Future<Offer> models(Secret token) {
        return new Reading(token)
                .page(null)
                .recover(e -> Future.failedFuture(e instanceof Failure ? e : away(e.toString())));
    }

    private static Failure away(String why) {
        LOG.warn("reading the models from ScaiGrid failed: {}", Texts.logged(why));
        return new Failure(
                Failure.Kind.UPSTREAM, "SW_SCAIGRID_UNAVAILABLE", "ScaiGrid's models are not available at the moment");
    }
}
