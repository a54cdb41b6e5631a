package io.scaiwave.admin.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.regex.Pattern;

/** Blocks of addresses, written as {@code 10.0.0.0/8} or as a single address, comma separated. */
public final class CidrBlocks {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private CidrBlocks() {}

    /** @throws InvalidSetting naming the setting */
    public static List<IpSubnetFilterRule> parse(String setting, String blocks) {
        try {
            return COMMA.splitAsStream(blocks.strip())
                    .filter(block -> !block.isEmpty())
                    .map(CidrBlocks::block)
                    .toList();
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new InvalidSetting(setting, "must be CIDR blocks, comma separated");
        }
    }

    private static IpSubnetFilterRule block(String cidr) {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        int all = NetUtil.isValidIpV4Address(address) ? IPV4_BITS : IPV6_BITS;
        int prefix = slash < 0 ? all : Integer.parseInt(cidr.substring(slash + 1));
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }
}
