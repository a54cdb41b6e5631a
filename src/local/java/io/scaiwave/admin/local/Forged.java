package io.scaiwave.admin.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Tokens that look like ScaiKey's and must be refused, with claims that would be accepted if they were well signed. */
public final class Forged {
    private static final long DAY_SECONDS = 86_400;
    /** One for all, since making it takes a second. */
    private static final RSAKey STRANGER = SigningKeys.newRsa();

    private final LocalScaiKey scaiKey;

    Forged(LocalScaiKey scaiKey) {
        this.scaiKey = scaiKey;
    }

    /** Says that it needs no signature, and has none. */
    public String none(Map<String, Object> claims) {
        return unsigned(Map.of("alg", "none", "typ", "JWT"), claims);
    }

    /** The same, under the id of a real key. */
    public String noneWithKeyId(Map<String, Object> claims) {
        return unsigned(Map.of("alg", "none", "typ", "JWT", "kid", rsa().getKeyID()), claims);
    }

    /** HS256 with the DER bytes of the public key as its secret. */
    public String hs256OverPublicKey(Map<String, Object> claims) {
        return hs256(publicKey(), claims);
    }

    /** HS256 with the PEM text of the public key as its secret. */
    public String hs256OverPublicKeyPem(Map<String, Object> claims) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey());
        String pem = "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
        return hs256(pem.getBytes(StandardCharsets.US_ASCII), claims);
    }

    /** Signed with a key that ScaiKey does not have, under an id that it does not have either. */
    public String unknownKeyId(Map<String, Object> claims) {
        return SigningKeys.sign(STRANGER, "rs-" + UUID.randomUUID(), scaiKey.completed(claims));
    }

    /** Signed with a key that ScaiKey does not have, under the id of one that it has. */
    public String wrongKey(Map<String, Object> claims) {
        return SigningKeys.sign(STRANGER, rsa().getKeyID(), scaiKey.completed(claims));
    }

    /** The same, under no id at all. */
    public String wrongKeyWithoutKeyId(Map<String, Object> claims) {
        return SigningKeys.sign(STRANGER, null, scaiKey.completed(claims));
    }

    /** Signed with a key that comes along in the header. */
    public String embeddedKey(Map<String, Object> claims) {
        String header = "{\"alg\":\"RS256\",\"kid\":\"%s\",\"jwk\":%s,\"jku\":\"https://elsewhere.example/\"}"
                .formatted(rsa().getKeyID(), STRANGER.toPublicJWK());
        return SigningKeys.sign(STRANGER, header, scaiKey.payload(claims));
    }

    /** Well signed, but ES256 in the form of DER (RFC 3279) instead of JOSE's. */
    public String es256AsDer(Map<String, Object> claims) {
        String token = scaiKey.es256Token(claims);
        int end = token.lastIndexOf('.') + 1;
        try {
            byte[] der = ECDSA.transcodeSignatureToDER(
                    Base64URL.from(token.substring(end)).decode());
            return token.substring(0, end) + Base64URL.encode(der);
        } catch (JOSEException e) {
            throw new IllegalStateException("Cannot transcode", e);
        }
    }

    /** ES256 with two zeros for a signature, which Java took for a good one once (CVE-2022-21449). */
    public String es256OfZeros(Map<String, Object> claims) {
        String token = scaiKey.es256Token(claims);
        return token.substring(0, token.lastIndexOf('.') + 1) + Base64URL.encode(new byte[64]);
    }

    /** Well signed, and written with the padding that JOSE leaves out. */
    public String padded(Map<String, Object> claims) {
        return scaiKey.token(claims) + "==";
    }

    /** Well signed, with an extension that must be understood. */
    public String criticalExtension(Map<String, Object> claims) {
        return signed("\"crit\":[\"exp\"],\"exp\":1", claims);
    }

    /** Well signed, with none that must. */
    public String criticalNothing(Map<String, Object> claims) {
        return signed("\"crit\":[]", claims);
    }

    /** Well signed, and says that its payload is not encoded (RFC 7797). */
    public String unencodedPayload(Map<String, Object> claims) {
        return signed("\"b64\":false", claims);
    }

    /** Well signed, but meant for something else than access. */
    public String otherType(Map<String, Object> claims) {
        return signed("\"typ\":\"dpop+jwt\"", claims);
    }

    /** Well signed, with a type that is no text. */
    public String typeThatIsNoText(Map<String, Object> claims) {
        return signed("\"typ\":[\"JWT\"]", claims);
    }

    /** Well signed, with the id of a key that is no text. */
    public String keyIdThatIsNoText(Map<String, Object> claims) {
        return scaiKey.signed("{\"alg\":\"RS256\",\"kid\":7}", scaiKey.payload(claims));
    }

    private String signed(String member, Map<String, Object> claims) {
        String header = "{\"alg\":\"RS256\",\"kid\":\"%s\",%s}".formatted(rsa().getKeyID(), member);
        return scaiKey.signed(header, scaiKey.payload(claims));
    }

    /** Claims changed after the signature. */
    public String tampered(Map<String, Object> claims) {
        String[] parts = scaiKey.token(claims).split("\\.", -1);
        Map<String, Object> changed = scaiKey.completed(claims);
        changed.put("role", "super_admin");
        changed.put("tampered", true);
        return parts[0] + "." + new Payload(changed).toBase64URL() + "." + parts[2];
    }

    /** Expired yesterday. */
    public String expired(Map<String, Object> claims) {
        long now = Instant.now().getEpochSecond();
        return with(claims, Map.of("iat", now - 2 * DAY_SECONDS, "exp", now - DAY_SECONDS));
    }

    /** Never expires. */
    public String withoutExpiry(Map<String, Object> claims) {
        return without(claims, "exp");
    }

    public String withoutIssuer(Map<String, Object> claims) {
        return without(claims, "iss");
    }

    public String withoutAudience(Map<String, Object> claims) {
        return without(claims, "aud");
    }

    /** Signed with the real key by an algorithm that nobody configured. */
    public String otherAlgorithm(Map<String, Object> claims) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS512)
                    .type(JOSEObjectType.JWT)
                    .keyID(rsa().getKeyID())
                    .build();
            JWSObject token = new JWSObject(header, new Payload(scaiKey.completed(claims)));
            token.sign(new RSASSASigner(rsa()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("Cannot sign", e);
        }
    }

    /** Valid from tomorrow. */
    public String notYetValid(Map<String, Object> claims) {
        return with(
                claims,
                Map.of(
                        "nbf",
                        Instant.now().getEpochSecond() + DAY_SECONDS,
                        "exp",
                        Instant.now().getEpochSecond() + 2 * DAY_SECONDS));
    }

    public String wrongIssuer(Map<String, Object> claims) {
        return with(claims, Map.of("iss", "https://elsewhere.example"));
    }

    public String wrongAudience(Map<String, Object> claims) {
        return with(claims, Map.of("aud", "scaigrid"));
    }

    private String without(Map<String, Object> claims, String name) {
        Map<String, Object> all = scaiKey.completed(claims);
        all.remove(name);
        return SigningKeys.sign(rsa(), rsa().getKeyID(), all);
    }

    private String with(Map<String, Object> claims, Map<String, Object> others) {
        Map<String, Object> all = new LinkedHashMap<>(claims);
        all.putAll(others);
        return scaiKey.token(all);
    }

    private String unsigned(Map<String, Object> header, Map<String, Object> claims) {
        return new Payload(header).toBase64URL() + "." + new Payload(scaiKey.completed(claims)).toBase64URL() + ".";
    }

    private String hs256(byte[] secret, Map<String, Object> claims) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(JOSEObjectType.JWT)
                    .keyID(rsa().getKeyID())
                    .build();
            JWSObject token = new JWSObject(header, new Payload(scaiKey.completed(claims)));
            token.sign(new MACSigner(secret));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("Cannot sign", e);
        }
    }

    private byte[] publicKey() {
        try {
            return rsa().toRSAPublicKey().getEncoded();
        } catch (JOSEException e) {
            throw new IllegalStateException("Cannot encode the public key", e);
        }
    }

    private RSAKey rsa() {
        return scaiKey.keys().rsa();
    }
}
