package dev.sameport.linux;

/// Where a container is plugged in: a veth of our namespace that is a port of a bridge of our
/// namespace.
///
/// @param bridgeIndex the bridge's interface number
/// @param bridgeName `docker0`
/// @param portIndex the veth's interface number, on our side
/// @param portName `veth1a2b3c`
public record BridgePort(int bridgeIndex, String bridgeName, int portIndex, String portName) {}
