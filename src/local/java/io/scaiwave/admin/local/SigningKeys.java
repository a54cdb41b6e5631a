package io.scaiwave.admin.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The two keys that ScaiKey signs with, and signing with any key. */
record SigningKeys(RSAKey rsa, ECKey ec) {
    private static final int RSA_BITS = 2048;

    static SigningKeys generate() {
        try {
            ECKey ec = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyID("es-" + UUID.randomUUID())
                    .generate();
            return new SigningKeys(newRsa(), ec);
        } catch (JOSEException e) {
            throw new IllegalStateException("Cannot generate keys", e);
        }
    }

    static SigningKeys parse(String jwks) {
        try {
            List<JWK> keys = JWKSet.parse(jwks).getKeys();
            return new SigningKeys(keys.get(0).toRSAKey(), keys.get(1).toECKey());
        } catch (ParseException e) {
            throw new IllegalStateException("The kept keys cannot be read", e);
        }
    }

    SigningKeys withNewRsa() {
        return new SigningKeys(newRsa(), ec);
    }

    SigningKeys withNewRsaOfThatId() {
        return new SigningKeys(new RSAKey.Builder(newRsa()).keyID(rsa.getKeyID()).build(), ec);
    }

    /** With the private parts. */
    String text() {
        return new JWKSet(List.of(rsa, ec)).toString(false);
    }

    /** What a JWKS URL serves. */
    Map<String, Object> published() {
        return new JWKSet(List.of(rsa, ec)).toJSONObject(true);
    }

    /** The key with that id, or null. */
    private JWK find(String keyId) {
        return rsa.getKeyID().equals(keyId) ? rsa : ec.getKeyID().equals(keyId) ? ec : null;
    }

    static RSAKey newRsa() {
        try {
            return new RSAKeyGenerator(RSA_BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyID("rs-" + UUID.randomUUID())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("Cannot generate keys", e);
        }
    }

    /** Any claims, well-formed or not; the header may name another key than the one that signs. */
    static String sign(JWK key, String keyIdInHeader, Map<String, Object> claims) {
        try {
            JWSAlgorithm algorithm = JWSAlgorithm.parse(key.getAlgorithm().getName());
            JWSHeader header = new JWSHeader.Builder(algorithm)
                    .type(JOSEObjectType.JWT)
                    .keyID(keyIdInHeader)
                    .build();
            JWSObject token = new JWSObject(header, new Payload(claims));
            token.sign(new DefaultJWSSignerFactory().createJWSSigner(key, algorithm));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalArgumentException("Cannot sign " + claims, e);
        }
    }

    /** Any header, which need not be true, and any payload, which need not be JSON. */
    static String sign(JWK key, String header, String payload) {
        try {
            JWSAlgorithm algorithm = JWSAlgorithm.parse(key.getAlgorithm().getName());
            String signed = Base64URL.encode(header) + "." + Base64URL.encode(payload);
            Base64URL signature = new DefaultJWSSignerFactory()
                    .createJWSSigner(key, algorithm)
                    .sign(new JWSHeader(algorithm), signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + signature;
        } catch (JOSEException e) {
            throw new IllegalArgumentException("Cannot sign " + payload, e);
        }
    }

    /** The claims of a token that one of these keys signed; anything else is refused. */
    Map<String, Object> verified(String token) {
        try {
            JWSObject object = JWSObject.parse(token);
            JWK key = find(object.getHeader().getKeyID());
            if (key == null
                    || !object.getHeader()
                            .getAlgorithm()
                            .getName()
                            .equals(key.getAlgorithm().getName())) {
                throw new IllegalArgumentException("it is not signed with a known key");
            }
            JWSVerifier verifier =
                    key instanceof RSAKey rsaKey ? new RSASSAVerifier(rsaKey) : new ECDSAVerifier(key.toECKey());
            if (!object.verify(verifier)) {
                throw new IllegalArgumentException("its signature is wrong");
            }
            return object.getPayload().toJSONObject();
        } catch (ParseException | JOSEException e) {
            throw new IllegalArgumentException("it is not a signed JWT", e);
        }
    }
}
