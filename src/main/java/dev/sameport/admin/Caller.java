package dev.sameport.admin;

/// Who is at the other end of the control socket, as the kernel says (SO_PEERCRED).
///
/// @param user the user's name, or number where there is no name
/// @param group the group's name, or number
public record Caller(String user, String group) {}
