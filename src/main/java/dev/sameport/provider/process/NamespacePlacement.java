package dev.sameport.provider.process;

import dev.sameport.model.Addresses;
import dev.sameport.model.Attachment;
import dev.sameport.model.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Each replica in a network namespace of its own, joined to the bridge `sameport0` by a veth pair.
///
/// A namespace is kept by a bind mount in the run directory, not in `/run/netns`, so that daemons
/// with different run directories never meet.
public final class NamespacePlacement implements Placement {
    /// The bridge that replicas of `run` are on.
    public static final String BRIDGE = "sameport0";

    private static final String VETH = "sameport-r";
    private static final int IPV6_PREFIX = 64;

    /// How addresses of network cards begin that nobody's factory gives.
    private static final byte[] LOCAL = {0x02, 0x53};

    private final Path directory;
    private final RunSubnet subnet;
    private final Shell shell;
    private final Runnable forward;

    /// @param forward switches forwarding on, when the first replica needs it
    public NamespacePlacement(Path runDirectory, RunSubnet subnet, Shell shell, Runnable forward) {
        this.directory = runDirectory.resolve("netns");
        this.subnet = subnet;
        this.shell = shell;
        this.forward = forward;
    }

    @Override
    public Place make(int index, String replica, RunRequest request) {
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(Integer.toString(index));
            Files.writeString(file, "");
            bridge();
            shell.run(List.of("unshare", "--net=" + file, "true"), "");
            shell.run(List.of("ip", "-batch", "-"), outside(index, file));
            shell.run(List.of("nsenter", "--net=" + file, "ip", "-batch", "-"), inside(index));
            return place(index, file, request);
        } catch (IOException e) {
            throw new UncheckedIOException("can't make a network namespace for " + replica, e);
        }
    }

    private Place place(int index, Path file, RunRequest request) {
        Attachment attachment =
                new Attachment(
                        "sameport",
                        subnet.ipv4(index),
                        subnet.ipv6(index),
                        true,
                        false,
                        new Reach.OnBridge(BRIDGE));
        List<String> wrapper = new ArrayList<>(List.of("nsenter", "--net=" + file, "--"));
        wrapper.addAll(asOwner(request.owner()));
        try {
            long namespace = (long) Files.getAttribute(file, "unix:ino");
            return new Place(wrapper, Map.of(), List.of(attachment), namespace, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("can't look at " + file, e);
        }
    }

    /// The replica dies with the daemon (a process without its daemon would be nobody's) and never
    /// runs as the daemon's user.
    private static List<String> asOwner(RunRequest.Owner owner) {
        List<String> words =
                new ArrayList<>(
                        List.of("setpriv", "--reuid=" + owner.user(), "--regid=" + owner.group()));
        words.add(
                owner.groups().isEmpty()
                        ? "--clear-groups"
                        : "--groups="
                                + owner.groups().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(",")));
        words.add("--pdeathsig=KILL");
        words.add("--");
        return words;
    }

    private void bridge() {
        if (Files.exists(Path.of("/proc/self/net/dev_snmp6", BRIDGE))
                || shell.succeeds(List.of("ip", "link", "show", BRIDGE))) {
            return;
        }
        shell.run(
                List.of("ip", "-batch", "-"),
                """
                link add name %1$s type bridge
                address add %2$s/%3$d dev %1$s
                address add %4$s/%5$d dev %1$s nodad
                link set %1$s up
                """
                        .formatted(
                                BRIDGE,
                                Addresses.plain(subnet.ipv4(0)),
                                subnet.prefix(),
                                Addresses.plain(subnet.ipv6(0)),
                                IPV6_PREFIX));
        forward.run();
    }

    private String outside(int index, Path file) {
        return """
        link add name %1$s%2$d type veth peer name eth0 netns %3$s
        link set %1$s%2$d master %4$s up
        """
                .formatted(VETH, index, file, BRIDGE);
    }

    private String inside(int index) {
        return """
        link set lo up
        link set eth0 address %7$s
        address add %1$s/%2$d dev eth0
        address add %3$s/%4$d dev eth0 nodad
        link set eth0 up
        route add default via %5$s
        route add default via %6$s
        """
                .formatted(
                        Addresses.plain(subnet.ipv4(index)),
                        subnet.prefix(),
                        Addresses.plain(subnet.ipv6(index)),
                        IPV6_PREFIX,
                        Addresses.plain(subnet.ipv4(0)),
                        Addresses.plain(subnet.ipv6(0)),
                        hardware(index));
    }

    /// The same for the same address: this host remembers a neighbour for a while, and asks for one
    /// that answers no more only after seconds.
    private String hardware(int index) {
        byte[] address = subnet.ipv4(index).getAddress();
        return HexFormat.ofDelimiter(":").formatHex(LOCAL)
                + ":"
                + HexFormat.ofDelimiter(":").formatHex(address);
    }

    @Override
    public void remove(int index) {
        removeNamespace(directory.resolve(Integer.toString(index)));
    }

    private void removeNamespace(Path file) {
        // The veth goes with its namespace, once no process is left in it; the link is deleted at
        // once, so that nothing depends on that.
        shell.succeeds(List.of("ip", "link", "delete", VETH + file.getFileName()));
        shell.succeeds(List.of("umount", file.toString()));
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + file, e);
        }
    }

    @Override
    public void sweep() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(this::removeNamespace);
            Files.delete(directory);
        } catch (NoSuchFileException _) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("can't clear " + directory, e);
        }
        shell.succeeds(List.of("ip", "link", "delete", BRIDGE));
    }

    @Override
    public int capacity() {
        return subnet.capacity();
    }
}
