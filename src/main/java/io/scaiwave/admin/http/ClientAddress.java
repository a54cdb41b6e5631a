package io.scaiwave.admin.http;

import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.scaiwave.admin.config.CidrBlocks;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The address a request came from: the peer's, or what trusted proxies say in X-Forwarded-For of the one before them. */
final class ClientAddress {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private final List<IpSubnetFilterRule> trusted;

    ClientAddress(String trustedProxies) {
        trusted = CidrBlocks.parse("http.trustedProxies", trustedProxies);
    }

    String of(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        if (trusted.isEmpty() || !trusts(address)) {
            return address;
        }
        List<String> hops = new ArrayList<>(request.headers().getAll("X-Forwarded-For").stream()
                .flatMap(header -> Stream.of(COMMA.split(header.strip())))
                .toList());
        // From the nearest hop back, as long as the one that reported it is trusted.
        while (!hops.isEmpty() && trusts(address)) {
            String before = hops.remove(hops.size() - 1);
            if (!NetUtil.isValidIpV4Address(before) && !NetUtil.isValidIpV6Address(before)) {
                break;
            }
            address = before;
        }
        return address;
    }

    boolean trusts(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return false;
        }
        try {
            InetSocketAddress socket = new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
            return trusted.stream().anyMatch(rule -> rule.matches(socket));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
