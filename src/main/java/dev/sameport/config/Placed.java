package dev.sameport.config;

import dev.sameport.model.Addresses;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.HostAddress;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Where an endpoint is reached.
record Placed(EndpointAddresses addresses, Reach reach) {
    /// Whether connecting there would come back to the published port itself.
    boolean loopsTo(PublishedPort published) {
        if (addresses.port() != published.port() || reach instanceof Reach.OnBridge) {
            return false;
        }
        for (InetSocketAddress address : addresses.all()) {
            InetAddress ip = address.getAddress();
            boolean same =
                    published.address() instanceof HostAddress.One(InetAddress one)
                            ? one.equals(ip)
                            : ip.isLoopbackAddress()
                                    && published.address().overlaps(new HostAddress.One(ip));
            if (same) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return Addresses.text(addresses.preferred());
    }
}
