package io.scaiwave.admin.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.netty.util.NetUtil;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a minute may be refused on this node: of one address for want of a good token, before a signature is checked,
 * and of one actor for want of a right, before PostgreSQL is asked. Refusals flow back evenly, so that a trickle is let through at
 * any time; and a token that was good before passes whatever others send from its address.
 */
public final class Refusals {
    private static final int KEPT_MAX = 100_000;
    private static final int TOKENS_MAX = 50_000;
    private static final Duration TOKENS_KEPT = Duration.ofMinutes(15);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** The bytes of an IPv6 address that name a network: whoever has one of its addresses has all of them. */
    private static final int NETWORK_BYTES = 8;

    private final int addressPerMinute;
    private final int actorPerMinute;
    private final Cache<String, Bucket> addresses = buckets();
    private final Cache<String, Bucket> actors = buckets();
    /** By their hashes. It decides on nothing but this limit. */
    private final Cache<String, Boolean> goodTokens = Caffeine.newBuilder()
            .maximumSize(TOKENS_MAX)
            .expireAfterAccess(TOKENS_KEPT)
            .build();

    /**
     * @param addressPerMinute 401s of one address; 0 is no limit
     * @param actorPerMinute 403s and 404s of one actor; 0 is no limit
     */
    public Refusals(int addressPerMinute, int actorPerMinute) {
        this.addressPerMinute = addressPerMinute;
        this.actorPerMinute = actorPerMinute;
    }

    private static Cache<String, Bucket> buckets() {
        return Caffeine.newBuilder()
                .maximumSize(KEPT_MAX)
                .expireAfterAccess(Duration.ofMinutes(2))
                .build();
    }

    /**
     * A token that is about to be checked.
     *
     * @param hash of the Authorization header
     * @param good whether it was good before
     */
    record Token(String address, String hash, boolean good) {}

    /**
     * Takes one of the address's refusals, to be given back if none follows; nothing for a token that was good before.
     *
     * @return null when there is no limit
     * @throws Failure when there is none left
     */
    @Nullable
    Token approach(String address, @Nullable String authorization) {
        if (addressPerMinute == 0) {
            return null;
        }
        String hash = hash(authorization == null ? "" : authorization);
        boolean good = goodTokens.getIfPresent(hash) != null;
        Bucket bucket = bucket(addresses, network(address), addressPerMinute);
        if (!good && !bucket.tryConsume(1)) {
            throw tooMany(bucket, "too many requests without a good token from this address");
        }
        return new Token(address, hash, good);
    }

    void isGood(Token token) {
        goodTokens.put(token.hash, true);
    }

    /** The request is answered, with a 401 or otherwise. */
    void settle(Token token, boolean refused) {
        if (!refused && !token.good) {
            bucket(addresses, network(token.address), addressPerMinute).addTokens(1);
        }
        if (refused && token.good) {
            goodTokens.invalidate(token.hash);
        }
    }

    /** @throws Failure when the actor was refused too often to be asked for */
    void check(String actor) {
        if (actorPerMinute == 0) {
            return;
        }
        Bucket bucket = actors.getIfPresent(actor);
        if (bucket != null && bucket.getAvailableTokens() == 0) {
            throw tooMany(bucket, "too many of your requests were refused");
        }
    }

    void count(String actor) {
        if (actorPerMinute > 0) {
            bucket(actors, actor, actorPerMinute).tryConsume(1);
        }
    }

    private static Failure tooMany(Bucket bucket, String what) {
        long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Failure.rateLimited(
                what + "; Retry-After says when to go on", 1 + TimeUnit.NANOSECONDS.toSeconds(nanos));
    }

    private static Bucket bucket(Cache<String, Bucket> buckets, String key, int perMinute) {
        return buckets.get(key, k -> Bucket.builder()
                .withNanosecondPrecision()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, MINUTE))
                .build());
    }

    /** Of IPv6 the network: a /64 is one subscriber. */
    private static String network(String address) {
        if (!NetUtil.isValidIpV6Address(address)) {
            return address;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
    }

    private static String hash(String authorization) {
        return Sha256.hex(authorization.getBytes(StandardCharsets.UTF_8));
    }
}
