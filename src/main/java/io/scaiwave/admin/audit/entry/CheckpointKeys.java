package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.config.KeyRing;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 keys that sign checkpoints. SCAIWAVE_AUDIT_SIGNING_KEYS sets them (the first signs, all verify); else they are derived from
 * SCAIWAVE_SECRET_KEYS, and the oldest of these signs, so that a new secret key changes no signature. With the public keys alone one can verify and not sign.
 */
public final class CheckpointKeys {
    private static final String ED25519 = "Ed25519";
    private static final String PURPOSE = "scaiwave audit checkpoint";

    private record Signer(String keyId, PrivateKey key) {}

    private final Map<String, PublicKey> verifying = new LinkedHashMap<>();
    private @Nullable Signer signer;

    private CheckpointKeys() {}

    /**
     * Keys that sign and verify.
     *
     * @param signingKeys {@code id:base64 of 32 bytes}, comma separated; empty: derived from the secret keys
     * @throws InvalidSetting naming the setting
     */
    public static CheckpointKeys of(Secret signingKeys, Secret secretKeys) {
        boolean derived = signingKeys.value().isBlank();
        KeyRing ring =
                derived ? KeyRing.parse("secrets.keys", secretKeys) : KeyRing.parse("audit.signingKeys", signingKeys);
        String signing = derived ? ring.oldest() : ring.current();
        CheckpointKeys keys = new CheckpointKeys();
        ring.byId().forEach((id, key) -> {
            KeyPair pair = keyPair(derived ? derived(key) : key);
            keys.verifying.put(id, pair.getPublic());
            if (id.equals(signing)) {
                keys.signer = new Signer(id, pair.getPrivate());
            }
        });
        return keys;
    }

    /** What audit.signingKeys must be set to for the keys that are derived now to stay, whatever becomes of the secret ones. */
    public static Secret settingOf(Secret secretKeys) {
        List<String> pairs = new ArrayList<>();
        KeyRing.parse("secrets.keys", secretKeys)
                .byId()
                .forEach(
                        (id, key) -> pairs.add(0, id + ":" + Base64.getEncoder().encodeToString(derived(key))));
        return new Secret(String.join(",", pairs));
    }

    /** The same keys and others, which only verify; where an id is in both, the other one counts. */
    public CheckpointKeys with(CheckpointKeys others) {
        CheckpointKeys keys = new CheckpointKeys();
        keys.signer = signer;
        keys.verifying.putAll(verifying);
        keys.verifying.putAll(others.verifying);
        return keys;
    }

    /**
     * Keys that only verify.
     *
     * @param publicKeys by id, base64 of the X.509 form, as {@link #publicKeys} gives them
     * @throws IllegalArgumentException for one that is no Ed25519 key
     */
    public static CheckpointKeys ofPublic(Map<String, String> publicKeys) {
        CheckpointKeys keys = new CheckpointKeys();
        publicKeys.forEach((id, text) -> {
            try {
                keys.verifying.put(
                        id, KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(decoded(text))));
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("the key " + id + " is not an Ed25519 public key", e);
            }
        });
        return keys;
    }

    /** The public keys by id, base64 of the X.509 form. */
    public Map<String, String> publicKeys() {
        Map<String, String> texts = new LinkedHashMap<>();
        verifying.forEach((id, key) -> texts.put(id, Base64.getEncoder().encodeToString(key.getEncoded())));
        return texts;
    }

    /** A checkpoint of now. */
    public Checkpoint sign(String chain, String kind, long seq, String hash) {
        Signer by = Objects.requireNonNull(signer, "public keys do not sign");
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
        Checkpoint unsigned = new Checkpoint(chain, kind, seq, hash, now, by.keyId, "");
        try {
            Signature signature = Signature.getInstance(ED25519);
            signature.initSign(by.key);
            signature.update(unsigned.signed());
            return new Checkpoint(
                    chain, kind, seq, hash, now, by.keyId, Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every Java since 15", e);
        }
    }

    public boolean knows(String id) {
        return verifying.containsKey(id);
    }

    /** Whether one of our keys signed it, and it is as it was signed. */
    public boolean verifies(Checkpoint checkpoint) {
        PublicKey key = verifying.get(checkpoint.keyId());
        if (key == null) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(ED25519);
            signature.initVerify(key);
            signature.update(checkpoint.signed());
            return signature.verify(decoded(checkpoint.signature()));
        } catch (GeneralSecurityException e) {
            return false; // a signature that is none
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Another key for another purpose: who sees one cannot work out the other. */
    private static byte[] derived(byte[] secretKey) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secretKey, mac.getAlgorithm()));
            return mac.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java", e);
        }
    }

    /** Java makes the public key of a private one only when it makes both: its generator is given the seed as its randomness. */
    private static KeyPair keyPair(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ED25519);
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every Java since 15", e);
        }
    }

    private static final class Fixed extends SecureRandom {
        @Serial
        private static final long serialVersionUID = 1;

        private final byte[] seed;

        Fixed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
