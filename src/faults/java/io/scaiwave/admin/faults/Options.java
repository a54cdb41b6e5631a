package io.scaiwave.admin.faults;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which faults, and how much of each.
 *
 * @param kills of the server
 * @param minutes without Kafka
 * @param stops of PostgreSQL
 * @param holdSeconds for which a transaction stays open
 * @param freezes of one of two nodes
 * @param rate changes a second while Kafka is away
 * @param entries in the greedy tenant's log
 * @param seconds for which the other tenant is measured
 * @param restarts of each of two nodes behind a proxy
 * @param silentSeconds for which PostgreSQL is silent, takes no writes or has no room
 * @param connections that keep the server busy; ten times as many are the overload
 * @param soakMinutes of a moderate load instead of the overload; 0: the overload
 * @param faketime the path of libfaketime; empty: none
 */
record Options(
        Set<Integer> faults,
        int kills,
        double minutes,
        int stops,
        int holdSeconds,
        int freezes,
        double rate,
        int entries,
        int seconds,
        int restarts,
        int silentSeconds,
        int connections,
        int soakMinutes,
        String faketime) {

    /** Each is a system property, or an argument in the form {@code name=value}. */
    static Options read(String... arguments) {
        for (String argument : arguments) {
            String[] pair = argument.replaceFirst("^(--|-D)", "").split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("not name=value: " + argument);
            }
            System.setProperty(pair[0], pair[1]);
        }
        Set<Integer> faults = Arrays.stream(
                        System.getProperty("faults", "1,2,3,4,5,6,7,8,9,10,11,12,13,14").split(","))
                .map(each -> Integer.valueOf(each.strip()))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Options(
                faults,
                Integer.getInteger("kills", 200),
                Double.parseDouble(System.getProperty("minutes", "10")),
                Integer.getInteger("stops", 50),
                Integer.getInteger("hold", 60),
                Integer.getInteger("freezes", 4),
                Double.parseDouble(System.getProperty("rate", "200")),
                Integer.getInteger("entries", 1_000_000),
                Integer.getInteger("seconds", 60),
                Integer.getInteger("restarts", 3),
                Integer.getInteger("silent", 20),
                Integer.getInteger("connections", 40),
                Integer.parseInt(System.getProperty("soak", "0").replaceFirst("m$", "")),
                System.getProperty("faketime", ""));
    }
}
