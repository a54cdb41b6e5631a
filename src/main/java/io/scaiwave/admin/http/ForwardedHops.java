package io.scaiwave.admin.http;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that proxies report, the nearest first: from X-Forwarded-For in every form in which it is sent (with ports, in
 * brackets, in quotes, with zones), or from Forwarded (RFC 7239). They end at the first one that is none, such as {@code unknown}
 * or {@code _hidden}: what is before it was reported by nobody known. Read from the end, so that nothing a client wrote at the
 * beginning changes how the rest is read.
 */
final class ForwardedHops {
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final int HOPS_MAX = 32;
    /** Of what is looked at, from the end. */
    private static final int CHARACTERS_MAX = 4_096;

    private static final Pattern PAIR = Pattern.compile("(?:^|;)\\s*([A-Za-z]+)\\s*=\\s*(\"[^\"]*\"|[^;\"]*)");
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]*)](?::[0-9A-Za-z._-]{1,16})?");
    private static final Pattern WITH_PORT = Pattern.compile("([0-9.]+):[0-9A-Za-z._-]{1,16}");
    private static final int IPV6_BYTES = 16;

    private ForwardedHops() {}

    static List<String> of(MultiMap headers) {
        boolean plain = headers.contains(X_FORWARDED_FOR);
        String all = String.join(",", headers.getAll(plain ? X_FORWARDED_FOR : FORWARDED));
        List<String> hops = new ArrayList<>();
        for (String element : elements(all)) {
            String hop = address(plain ? element : forOf(element));
            if (hop == null) {
                break;
            }
            hops.add(hop);
        }
        return hops;
    }

    /** The elements that are not empty, from the last; a comma in quotes parts none. */
    private static List<String> elements(String all) {
        List<String> elements = new ArrayList<>();
        boolean quoted = false;
        int end = all.length();
        for (int i = end - 1; i >= Math.max(0, all.length() - CHARACTERS_MAX) && elements.size() < HOPS_MAX; i--) {
            char c = all.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                add(elements, all.substring(i + 1, end));
                end = i;
            }
        }
        if (all.length() <= CHARACTERS_MAX && elements.size() < HOPS_MAX) {
            add(elements, all.substring(0, end));
        }
        return elements;
    }

    private static void add(List<String> elements, String element) {
        if (!element.isBlank()) {
            elements.add(element.strip());
        }
    }

    /** Pair by pair, because a value in quotes may look like one. */
    private static String forOf(String element) {
        Matcher pair = PAIR.matcher(element);
        while (pair.find()) {
            if (pair.group(1).equalsIgnoreCase("for")) {
                return pair.group(2);
            }
        }
        return "";
    }

    /** Null for what is no address. */
    private static @Nullable String address(String sent) {
        String text = sent.replace("\"", "").strip();
        Matcher bracketed = BRACKETED.matcher(text);
        Matcher withPort = WITH_PORT.matcher(text);
        if (bracketed.matches()) {
            text = bracketed.group(1);
        } else if (withPort.matches()) {
            text = withPort.group(1);
        }
        String plain = withoutZone(text);
        return NetUtil.isValidIpV4Address(plain) || NetUtil.isValidIpV6Address(plain) ? canonical(plain) : null;
    }

    private static String withoutZone(String text) {
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /** An IPv4 address that is written as IPv6 is the IPv4 address; a zone means something to one machine alone. */
    static String canonical(String address) {
        String plain = withoutZone(address);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(plain);
        if (bytes == null || bytes.length != IPV6_BYTES) {
            return plain;
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return plain;
        }
    }
}
