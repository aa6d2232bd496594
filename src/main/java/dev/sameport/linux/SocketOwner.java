package dev.sameport.linux;

/// A process that holds a socket.
///
/// @param command its name, at most 15 characters (`/proc/PID/comm`)
public record SocketOwner(int pid, String command) {}
