package io.scaiwave.admin.config;

import io.scaiwave.admin.bus.Secret;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what must not lie readable in the database, with AES-256-GCM. The id of the key is stored with each text, so that a new
 * key can be put first while the old ones still decrypt. The owner of a text is authenticated with it: it cannot be moved to another.
 */
public final class Secrets {
    private static final String SETTING = "SCAIWAVE_SECRET_KEYS";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    private final String current;

    private Secrets(KeyRing ring) {
        ring.byId().forEach((id, key) -> keys.put(id, new SecretKeySpec(key, "AES")));
        current = ring.current();
    }

    /** The keys of the setting secrets.keys. */
    public Secrets(Config.Secrets config) {
        this(KeyRing.parse("secrets.keys", config.keys()));
    }

    /** @param owner what the secret belongs to, such as a tenant's id; needed again to decrypt */
    public String encrypt(Secret secret, String owner) {
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, current, nonce, owner)
                    .doFinal(secret.value().getBytes(StandardCharsets.UTF_8));
            byte[] all = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return current + ":" + Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java", e);
        }
    }

    /** The id of the key that encrypts. */
    public String current() {
        return current;
    }

    /** @throws Lost when the key is no longer configured, or the text is not the owner's */
    public Secret decrypt(String stored, String owner) {
        int colon = Math.max(0, stored.indexOf(':'));
        String id = stored.substring(0, colon);
        if (!keys.containsKey(id)) {
            throw new Lost(SETTING + " has no key with the id " + id + ", which encrypted this secret");
        }
        try {
            byte[] all = Base64.getDecoder().decode(stored.substring(colon + 1));
            byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
            byte[] plain =
                    cipher(Cipher.DECRYPT_MODE, id, nonce, owner).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return new Secret(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Lost("a stored secret could not be decrypted with the key " + id);
        }
    }

    /** A stored secret that no key there is makes readable again. The message names the key's id and no secret. */
    public static final class Lost extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private Lost(String message) {
            super(message);
        }
    }

    private Cipher cipher(int mode, String keyId, byte[] nonce, String owner) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
