package io.scaiwave.admin.auth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One of ScaiKey's public keys (RFC 7517), which verifies signatures of its one algorithm, in JOSE's form alone (RFC 7518).
 * Thread-safe.
 *
 * @param id null: it verifies what any id is given for
 * @param algorithm RS256 or ES256
 */
record VerifyingKey(@Nullable String id, String algorithm, PublicKey key) {
    private static final String RS256 = "RS256";
    private static final String ES256 = "ES256";

    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 8192; // a longer one costs an event loop too much
    private static final int RSA_EXPONENT_BITS_MAX = 64;
    private static final BigInteger RSA_EXPONENT_MIN = BigInteger.valueOf(3);
    private static final int EC_NUMBER_BYTES = 32;
    private static final ECParameterSpec P_256 = p256();

    /** @throws IllegalArgumentException saying why it cannot be used */
    static VerifyingKey of(JsonObject jwk) {
        require(jwk.getValue("kid") == null || jwk.getValue("kid") instanceof String, "its kid is no text");
        require(jwk.getValue("use") == null || "sig".equals(jwk.getValue("use")), "it is not for signatures");
        Object operations = jwk.getValue("key_ops");
        boolean verifies = operations instanceof JsonArray list && list.contains("verify");
        require(operations == null || verifies, "it is not for verifying");
        String type = jwk.getString("kty", "");
        try {
            return switch (type) {
                case "RSA" -> new VerifyingKey(jwk.getString("kid"), algorithm(jwk, RS256), rsa(jwk));
                case "EC" -> new VerifyingKey(jwk.getString("kid"), algorithm(jwk, ES256), ec(jwk));
                default -> throw new IllegalArgumentException("its type is neither RSA nor EC");
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Java does not take it", e);
        }
    }

    private static String algorithm(JsonObject jwk, String only) {
        require(jwk.getValue("alg") == null || only.equals(jwk.getValue("alg")), "its algorithm is not " + only);
        return only;
    }

    private static PublicKey rsa(JsonObject jwk) throws GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        BigInteger exponent = number(jwk, "e");
        int bits = modulus.bitLength();
        require(bits >= RSA_BITS_MIN, "it has fewer than " + RSA_BITS_MIN + " bits");
        require(bits <= RSA_BITS_MAX, "it has more than " + RSA_BITS_MAX + " bits");
        boolean sound = exponent.compareTo(RSA_EXPONENT_MIN) >= 0 && exponent.testBit(0);
        require(sound && exponent.bitLength() <= RSA_EXPONENT_BITS_MAX, "its exponent is not sound");
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    private static PublicKey ec(JsonObject jwk) throws GeneralSecurityException {
        require("P-256".equals(jwk.getValue("crv")), "its curve is not P-256");
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        require(isOnCurve(point), "its point is not on the curve");
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, P_256));
    }

    private static boolean isOnCurve(ECPoint point) {
        EllipticCurve curve = P_256.getCurve();
        BigInteger prime = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.pow(2).add(curve.getA()).multiply(x).add(curve.getB());
        boolean inField = x.compareTo(prime) < 0 && y.compareTo(prime) < 0;
        return inField && y.pow(2).subtract(right).mod(prime).signum() == 0;
    }

    private static BigInteger number(JsonObject jwk, String member) {
        require(jwk.getValue(member) instanceof String, "it has no " + member);
        byte[] bytes = Base64.getUrlDecoder().decode(jwk.getString(member));
        require(bytes.length <= RSA_BITS_MAX, "its " + member + " is too long");
        return new BigInteger(1, bytes);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is part of every Java", e);
        }
    }

    /** Whether a token that says it was signed with this algorithm and key was. */
    boolean verifies(SignedToken token) {
        if (!isMeant(token) || !isInForm(token.signature())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(algorithm.equals(RS256) ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initVerify(key);
            signature.update(token.signed());
            return signature.verify(token.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean isMeant(SignedToken token) {
        boolean named = id == null || token.keyId() == null || id.equals(token.keyId());
        return named && algorithm.equals(token.algorithm());
    }

    /** Of just the length that JOSE gives it; and no number of an ES256 signature is 0, for which every Java once had a weakness. */
    private boolean isInForm(byte[] signature) {
        if (key instanceof RSAPublicKey rsa) {
            return signature.length == (rsa.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
        }
        return key instanceof ECPublicKey
                && signature.length == 2 * EC_NUMBER_BYTES
                && isNumber(Arrays.copyOf(signature, EC_NUMBER_BYTES))
                && isNumber(Arrays.copyOfRange(signature, EC_NUMBER_BYTES, signature.length));
    }

    private static boolean isNumber(byte[] bytes) {
        BigInteger number = new BigInteger(1, bytes);
        return number.signum() > 0 && number.compareTo(P_256.getOrder()) < 0;
    }
}
