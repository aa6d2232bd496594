package dev.sameport.linux;

import java.net.InetAddress;

/// An address of a network interface.
///
/// @param interfaceIndex the interface's number in its namespace
/// @param prefixLength 0–32, or 0–128 for IPv6
public record InterfaceAddress(int interfaceIndex, InetAddress address, int prefixLength) {}
