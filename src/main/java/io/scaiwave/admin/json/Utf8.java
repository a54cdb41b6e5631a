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
        try {
            return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, from, length))
                            .toString()
                            .indexOf(0)
                    < 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
