package io.scaiwave.admin.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 as its standard has it. */
public final class Utf8 {
    private Utf8() {}

    /**
     * Whether bytes are text in UTF-8, without U+0000. The JSON parser takes more: a character in more bytes than it needs, halves of
     * pairs, UTF-16. Whatever else reads the same bytes, in front of this server or after it, may see another text in them, or none.
     */
    public static boolean isText(byte[] bytes, int from, int length) {
        boolean ascii = true;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == 0) {
                return false;
            }
            ascii &= bytes[i] > 0;
        }
        return ascii || isDecodable(bytes, from, length);
    }

    private static boolean isDecodable(byte[] bytes, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
