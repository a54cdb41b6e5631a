package io.scaiwave.admin.http;

import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.scaiwave.admin.config.CidrBlocks;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The address a request came from: the peer's, or what trusted proxies say of the one before them, in X-Forwarded-For or, where
 * there is none, in Forwarded. Proxies write the former and pass the latter on as a client sent it, so it never counts beside it.
 */
final class ClientAddress {
    private final List<IpSubnetFilterRule> trusted;

    ClientAddress(String trustedProxies) {
        trusted = CidrBlocks.parse("http.trustedProxies", trustedProxies);
    }

    String of(HttpServerRequest request) {
        String address = ForwardedHops.canonical(request.remoteAddress().hostAddress());
        if (trusted.isEmpty() || !trusts(address)) {
            return address;
        }
        // From the nearest hop back, as long as the one that reported it is trusted.
        for (String before : ForwardedHops.of(request.headers())) {
            address = before;
            if (!trusts(address)) {
                break;
            }
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
