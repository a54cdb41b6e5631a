package io.scaiwave.admin.local;

import com.nimbusds.jose.Payload;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A small ScaiKey: serves its keys, signs tokens, exchanges them (RFC 8693); its keys rotate, and it can be away. */
public final class LocalScaiKey implements AutoCloseable {
    // Not the address, which changes from run to run while tokens live on.
    private static final Duration LONG = Duration.ofHours(12);
    private static final String ISSUER = "https://scaikey.local";
    private static final String CLIENT_ID = "scaiwave-admin";
    private static final long TOKEN_SECONDS = 3_600;
    private static final String JWKS_PATH = "/.well-known/jwks.json";
    private static final String TOKEN_PATH = "/oauth/token";

    private final Folder folder;
    private final String clientSecret;
    private final TokenExchange exchange;
    private final LocalHttp http;
    private final AtomicInteger jwksFetches = new AtomicInteger();
    private volatile SigningKeys keys;
    private volatile boolean available = true;

    private LocalScaiKey(Folder folder) {
        this.folder = folder;
        this.keys = SigningKeys.parse(
                folder.kept("scaikey.json", () -> SigningKeys.generate().text()));
        this.clientSecret =
                folder.kept("scaikey-client-secret", () -> UUID.randomUUID().toString());
        this.exchange = new TokenExchange(this);
        this.http = new LocalHttp("local-scaikey", this::answer);
    }

    public static LocalScaiKey start() {
        return start(null);
    }

    /** With the keys kept in that folder, or with new ones. */
    public static LocalScaiKey start(Path dataDirOrNull) {
        return new LocalScaiKey(Folder.of(dataDirOrNull));
    }

    public String issuer() {
        return ISSUER;
    }

    public String jwksUrl() {
        return http.url() + JWKS_PATH;
    }

    public String tokenUrl() {
        return http.url() + TOKEN_PATH;
    }

    public String clientId() {
        return CLIENT_ID;
    }

    public String clientSecret() {
        return clientSecret;
    }

    /** An RS256 token with these claims, and with iss, aud, iat and exp (in an hour) where they do not say them. */
    public String token(Map<String, Object> claims) {
        return SigningKeys.sign(keys.rsa(), keys.rsa().getKeyID(), completed(claims));
    }

    /** One for a long run, of somebody in that role, in that tenant where there is one. */
    public String token(String subject, String role, String tenantOrNull) {
        Map<String, Object> claims = new HashMap<>(Map.of("sub", subject, "role", role));
        claims.put("exp", Instant.now().plus(LONG).getEpochSecond());
        if (tenantOrNull != null) {
            claims.put("tenant_id", tenantOrNull);
        }
        return token(claims);
    }

    /** The same, signed with ES256. */
    public String es256Token(Map<String, Object> claims) {
        return SigningKeys.sign(keys.ec(), keys.ec().getKeyID(), completed(claims));
    }

    /** What the RS256 key signs with any header, which need not be true, and any payload, which need not be JSON. */
    public String signed(String header, String payload) {
        return SigningKeys.sign(keys.rsa(), header, payload);
    }

    /** The id of the key that signs RS256 now. */
    public String keyId() {
        return keys.rsa().getKeyID();
    }

    /** The same claims as JSON, as {@link #token} completes them. */
    public String payload(Map<String, Object> claims) {
        return new Payload(completed(claims)).toString();
    }

    /** Tokens that nobody may accept. */
    public Forged forged() {
        return new Forged(this);
    }

    /** Signs RS256 with a new key from now on; the old one is no longer served. */
    public synchronized void rotate() {
        keys = keys.withNewRsa();
        folder.write("scaikey.json", keys.text());
    }

    /** Signs RS256 with a new key from now on, which has the id of the old one. */
    public synchronized void replaceKey() {
        keys = keys.withNewRsaOfThatId();
        folder.write("scaikey.json", keys.text());
    }

    /** How often the keys were asked for, successfully or not. */
    public int jwksFetches() {
        return jwksFetches.get();
    }

    /** How many tokens were exchanged successfully. */
    public int exchanges() {
        return exchange.count();
    }

    /** How long an exchanged token lives; 300 at the start. */
    public void setExchangedTokenSeconds(long seconds) {
        exchange.setTokenSeconds(seconds);
    }

    /** Whether it answers, or says 503 to everything. */
    public void setAvailable(boolean available) {
        this.available = available;
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

    /** The claims of a token that ScaiGrid may take; empty for all others. */
    Map<String, Object> minted(String token) {
        return exchange.minted(token);
    }

    SigningKeys keys() {
        return keys;
    }

    Map<String, Object> completed(Map<String, Object> claims) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> all = new LinkedHashMap<>(claims);
        all.putIfAbsent("iss", ISSUER);
        all.putIfAbsent("aud", "scaiwave");
        all.putIfAbsent("iat", now);
        all.putIfAbsent("exp", now + TOKEN_SECONDS);
        return all;
    }

    private LocalHttp.Reply answer(LocalHttp.Request request) {
        boolean jwks = request.path().equals(JWKS_PATH) && request.method().equals("GET");
        if (jwks) {
            jwksFetches.incrementAndGet();
        }
        if (!available) {
            return LocalHttp.Reply.of(503, Map.of("error", "temporarily_unavailable"));
        }
        if (jwks) {
            return LocalHttp.Reply.of(200, keys.published());
        }
        if (request.path().equals(TOKEN_PATH) && request.method().equals("POST")) {
            return exchange.answer(request);
        }
        return LocalHttp.Reply.of(404, Map.of("error", "not_found"));
    }
}
