package io.scaiwave.admin.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.BoundedHttp;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.text.Texts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exchanges a caller's token at ScaiKey for one that ScaiGrid takes (RFC 8693), and remembers it for a while. */
final class TokenExchange {
    private static final Logger LOG = LoggerFactory.getLogger(TokenExchange.class);
    private static final int REMEMBERED_MAX = 10_000;
    private static final long REMEMBERED_SECONDS_MAX = 600;
    private static final long MARGIN_SECONDS = 30;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int CONNECTIONS_MAX = 50;
    /** What a header takes. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private record Exchanged(Secret token, long seconds, long at) {
        boolean isUsable() {
            return System.nanoTime() - at < TimeUnit.SECONDS.toNanos(seconds);
        }
    }

    private final Config.ScaiKey config;
    private final BoundedHttp http;
    private final Cache<Secret, Exchanged> remembered = Caffeine.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .expireAfterWrite(Duration.ofSeconds(REMEMBERED_SECONDS_MAX))
            .build();

    TokenExchange(Outbound outbound, Config.ScaiKey config) {
        this.config = config;
        this.http = outbound.http(new BoundedHttp.Limits(config.timeoutMs(), ANSWER_BYTES_MAX, CONNECTIONS_MAX));
    }

    /** Fails with SW_AI_NO_TOKEN when ScaiKey does not give one, whatever it says instead. */
    Future<Secret> exchange(Secret subject) {
        Exchanged known = remembered.getIfPresent(subject);
        if (known != null && known.isUsable()) {
            return Future.succeededFuture(known.token);
        }
        return http.post(config.tokenUrl(), headers(), form(subject))
                .map(answer -> {
                    Exchanged fresh = exchanged(answer);
                    remembered.put(subject, fresh);
                    return fresh.token;
                })
                .recover(e -> {
                    LOG.warn("token exchange failed: {}", Texts.logged(e));
                    return Future.failedFuture(NoToken.because("ScaiKey does not exchange the caller's token"));
                });
    }

    private Map<String, String> headers() {
        byte[] client = (config.clientId() + ":" + config.clientSecret().value()).getBytes(UTF_8);
        return Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(client),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "application/json");
    }

    private static Buffer form(Secret subject) {
        Map<String, String> fields = Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token",
                subject.value(),
                "subject_token_type",
                ACCESS_TOKEN,
                "requested_token_type",
                ACCESS_TOKEN,
                "audience",
                "scaigrid");
        return Buffer.buffer(fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&")));
    }

    private static Exchanged exchanged(BoundedHttp.Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException("status " + answer.status());
        }
        JsonObject body = answer.json();
        if (!(body.getValue("access_token") instanceof String token)
                || !TOKEN.matcher(token).matches()) {
            throw new IllegalStateException("the answer has no access_token that could be sent");
        }
        return new Exchanged(new Secret(token), seconds(body.getValue("expires_in")), System.nanoTime());
    }

    /** How long the token is remembered: not at all where ScaiKey does not say, in a number, how long it lives. */
    private static long seconds(Object expiresIn) {
        if (!(expiresIn instanceof Number number)) {
            return 0;
        }
        double seconds = Math.min(number.doubleValue() - MARGIN_SECONDS, REMEMBERED_SECONDS_MAX);
        return Math.max(0, (long) seconds);
    }
}
