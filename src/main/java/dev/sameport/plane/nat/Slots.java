package dev.sameport.plane.nat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The 65,536 slots of a published port, cut into one range per endpoint, as long as its weight
/// asks. Pure.
///
/// @param ranges ascending, without gaps; empty where there is no endpoint
record Slots(List<Range> ranges) {
    static final int COUNT = 65_536;

    /// An endpoint's share. @param first and last are inclusive
    record Range(int first, int last, InetSocketAddress endpoint) {
        String element() {
            InetAddress address = endpoint.getAddress();
            String slots = first == last ? Integer.toString(first) : first + "-" + last;
            return slots + " : " + address.getHostAddress() + " . " + endpoint.getPort();
        }
    }

    /// An endpoint and its weight, 0–1000.
    record Share(InetSocketAddress endpoint, int weight) {}

    Slots {
        ranges = List.copyOf(ranges);
    }

    /// Largest remainder: each gets its exact share rounded down, the slots left over go to the
    /// largest remainders; nobody with weight gets none.
    static Slots of(List<Share> shares) {
        List<Share> weighted = shares.stream().filter(share -> share.weight() > 0).toList();
        if (weighted.isEmpty()) {
            return new Slots(List.of());
        }
        int[] lengths = lengths(weighted);
        List<Range> ranges = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < lengths.length; i++) {
            ranges.add(new Range(next, next + lengths[i] - 1, weighted.get(i).endpoint()));
            next += lengths[i];
        }
        return new Slots(ranges);
    }

    private static int[] lengths(List<Share> shares) {
        if (shares.size() > COUNT) {
            throw new IllegalArgumentException(shares.size() + " endpoints are more than " + COUNT);
        }
        long total = shares.stream().mapToLong(Share::weight).sum();
        int[] lengths = new int[shares.size()];
        List<Integer> order = new ArrayList<>();
        int left = COUNT;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = Math.max(1, (int) (COUNT * (long) shares.get(i).weight() / total));
            left -= lengths[i];
            order.add(i);
        }
        order.sort(
                Comparator.comparingLong(
                        (Integer i) -> -(COUNT * (long) shares.get(i).weight() % total)));
        for (int i = 0; left > 0; i++, left--) {
            lengths[order.get(i % order.size())]++;
        }
        while (left < 0) {
            // Minimal shares of one slot took more than was there: the longest give them back.
            lengths[longest(lengths)]--;
            left++;
        }
        return lengths;
    }

    private static int longest(int[] lengths) {
        int longest = 0;
        for (int i = 1; i < lengths.length; i++) {
            longest = lengths[i] > lengths[longest] ? i : longest;
        }
        return longest;
    }

    /// `0-32767 : 198.18.0.2 . 80, …`
    String elements() {
        StringBuilder text = new StringBuilder();
        for (Range range : ranges) {
            text.append(text.isEmpty() ? "" : ", ").append(range.element());
        }
        return text.toString();
    }
}
