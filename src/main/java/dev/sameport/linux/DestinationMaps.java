package dev.sameport.linux;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The elements of the [DestinationMap]s of one nftables table of family `inet`, by netlink
/// (linux/netfilter/nf_tables.h) instead of libnftables: a change takes a tenth of a millisecond
/// instead of several, because nothing is parsed and no cache is read.
///
/// Only elements: maps are made and deleted in the language of [Nftables]. Any thread may call.
public final class DestinationMaps implements AutoCloseable {
    private static final int NFTABLES = 10;
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int NEW_ELEMENTS = NFTABLES << 8 | 12;
    private static final int GET_ELEMENTS = NFTABLES << 8 | 13;
    private static final int DELETE_ELEMENTS = NFTABLES << 8 | 14;
    private static final int FAMILY_INET = 1;
    private static final int FIXED_BYTES = 4;

    private static final int LIST_TABLE = 1;
    private static final int LIST_SET = 2;
    private static final int LIST_ELEMENTS = 3;
    private static final int LIST_ITEM = 1;
    private static final int ELEMENT_KEY = 1;
    private static final int ELEMENT_DATA = 2;
    private static final int ELEMENT_FLAGS = 3;
    private static final int ELEMENT_EXPRESSION = 7;
    private static final int INTERVAL_END = 1;
    private static final int DATA_VALUE = 1;
    private static final int EXPRESSION_DATA = 2;
    private static final int COUNTER_PACKETS = 2;

    /// A list attribute holds 64 KiB, an element takes up to 84 bytes and its end 28.
    private static final int ELEMENTS_PER_MESSAGE = 400;

    private final Netlink netlink;
    private final byte[] table;

    private DestinationMaps(Netlink netlink, String table) {
        this.netlink = netlink;
        this.table = name(table);
    }

    /// Opens those of table `inet NAME` of the calling thread's network namespace. Takes
    /// CAP_NET_ADMIN.
    public static DestinationMaps open(String table) {
        return new DestinationMaps(Netlink.open(NetlinkSocket.NETFILTER), table);
    }

    /// Makes each map contain what it should, all in one transaction; counters begin at 0.
    ///
    /// Up to about a thousand elements fit into one message to the kernel.
    ///
    /// @throws LinuxException when the kernel refuses (ENOENT: no such map), and then nothing is
    ///   changed
    public void replace(List<DestinationMap> maps) {
        if (maps.isEmpty()) {
            return;
        }
        List<NetlinkRequest> batch = new ArrayList<>();
        batch.add(boundary(BATCH_BEGIN));
        for (int i = 0; i < maps.size(); i++) {
            add(maps.get(i), i == maps.size() - 1, batch);
        }
        batch.add(boundary(BATCH_END));
        netlink.tellAll("change elements of maps", batch);
    }

    private void add(DestinationMap map, boolean last, List<NetlinkRequest> batch) {
        int count = map.elements().size();
        // Without a list of elements, all of them.
        batch.add(of(NetlinkRequest.part(DELETE_ELEMENTS, ack(last && count == 0)), map.name()));
        for (int from = 0; from < count; from += ELEMENTS_PER_MESSAGE) {
            int to = Math.min(count, from + ELEMENTS_PER_MESSAGE);
            int flags = NetlinkRequest.CREATE | ack(last && to == count);
            List<? extends DestinationMap.Element> some = map.elements().subList(from, to);
            batch.add(
                    of(NetlinkRequest.part(NEW_ELEMENTS, flags), map.name())
                            .nested(
                                    LIST_ELEMENTS,
                                    list -> some.forEach(element -> put(element, list))));
        }
    }

    private static int ack(boolean wanted) {
        return wanted ? NetlinkRequest.ACK : 0;
    }

    private static NetlinkRequest boundary(int type) {
        return NetlinkRequest.part(type, 0).u8(0).u8(0).u16BigEndian(NFTABLES);
    }

    private NetlinkRequest of(NetlinkRequest request, String map) {
        return request.u8(FAMILY_INET)
                .zeros(FIXED_BYTES - 1)
                .attribute(LIST_TABLE, table)
                .attribute(LIST_SET, name(map));
    }

    private static byte[] name(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    private static void put(DestinationMap.Element element, NetlinkRequest list) {
        switch (element) {
            case DestinationMap.Port(int port, InetSocketAddress to) ->
                    list.nested(
                            LIST_ITEM,
                            item -> start(item, new byte[] {(byte) (port >>> 8), (byte) port}, to));
            case DestinationMap.Range(int first, int last, InetSocketAddress to) -> {
                list.nested(LIST_ITEM, item -> start(item, bigEndian(first), to));
                list.nested(LIST_ITEM, item -> end(item, bigEndian(last + 1)));
            }
        }
    }

    private static void start(NetlinkRequest item, byte[] key, InetSocketAddress to) {
        item.nested(ELEMENT_KEY, data -> data.attribute(DATA_VALUE, key))
                .nested(ELEMENT_DATA, data -> data.attribute(DATA_VALUE, destination(to)));
    }

    /// As libnftables does it, also where the next interval begins at once.
    private static void end(NetlinkRequest item, byte[] key) {
        item.attributeU32BigEndian(ELEMENT_FLAGS, INTERVAL_END)
                .nested(ELEMENT_KEY, data -> data.attribute(DATA_VALUE, key));
    }

    private static byte[] bigEndian(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /// Each part of a concatenation fills up registers of 4 bytes.
    private static byte[] destination(InetSocketAddress to) {
        byte[] address = to.getAddress().getAddress();
        return ByteBuffer.allocate(address.length + Integer.BYTES)
                .put(address)
                .putShort((short) to.getPort())
                .array();
    }

    /// What the maps' counters say now, in packets for each destination; it is read when asked for.
    ///
    /// @throws LinuxException when a map isn't there
    public Supplier<Map<InetSocketAddress, Long>> count(List<String> maps) {
        List<NetlinkMessage> answers = new ArrayList<>();
        for (String map : maps) {
            NetlinkRequest request = of(NetlinkRequest.dump(GET_ELEMENTS), map);
            answers.addAll(netlink.ask("list elements of map " + map, request, List::of));
        }
        return () -> sum(answers);
    }

    private static Map<InetSocketAddress, Long> sum(List<NetlinkMessage> answers) {
        Map<InetSocketAddress, Long> packets = new HashMap<>();
        for (NetlinkMessage answer : answers) {
            for (NetlinkAttributes element : answer.attributes(FIXED_BYTES).list(LIST_ELEMENTS)) {
                if (element.has(ELEMENT_DATA)) {
                    long count =
                            element.nested(ELEMENT_EXPRESSION)
                                    .nested(EXPRESSION_DATA)
                                    .u64BigEndian(COUNTER_PACKETS, 0);
                    byte[] data = element.nested(ELEMENT_DATA).bytes(DATA_VALUE);
                    packets.merge(destination(data), count, Long::sum);
                }
            }
        }
        return packets;
    }

    private static InetSocketAddress destination(byte[] data) {
        ByteBuffer bytes = ByteBuffer.wrap(data);
        byte[] address = new byte[Math.max(0, data.length - Integer.BYTES)];
        bytes.get(address);
        int port = bytes.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(bytes.getShort());
        return new InetSocketAddress(NetlinkAttributes.addressOf(address), port);
    }

    @Override
    public void close() {
        netlink.close();
    }
}
