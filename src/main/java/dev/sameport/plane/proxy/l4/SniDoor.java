package dev.sameport.plane.proxy.l4;

import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServicePort.Intake;
import org.jspecify.annotations.Nullable;

/// A shared port as one client sees it: with the table of the service that it asked for. Confined
/// to the client's event loop.
final class SniDoor implements Door {
    private final Door shared;
    private final @Nullable String serverName;

    /// The last one that there was; one that refuses when there is none any more.
    private PortTable table;

    /// @param serverName the name that the client asked for, null for none
    SniDoor(Door shared, @Nullable String serverName) {
        this.shared = shared;
        this.serverName = serverName;
        this.table = shared.table();
        this.table = table();
    }

    @Override
    public PortTable table() {
        SniRoutes routes = shared.routes();
        PortTable found = routes == null ? shared.table() : routes.find(serverName);
        if (found != null) {
            table = found;
        } else if (table.intake() != Intake.REFUSE) {
            table = table.refusing();
        }
        return table;
    }

    @Override
    public PublishedPort published() {
        return shared.published();
    }

    @Override
    public void hold(Waiting waiting) {
        shared.hold(waiting);
    }

    @Override
    public void unhold(Waiting waiting) {
        shared.unhold(waiting);
    }

    /// Each service has turns of its own: else two that are asked in turn would each use but half
    /// of their endpoints.
    @Override
    public long nextTurn() {
        return table().places().nextTurn();
    }

    @Override
    public HoldLimit limit() {
        return shared.limit();
    }
}
