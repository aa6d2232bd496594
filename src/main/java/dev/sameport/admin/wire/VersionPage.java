package dev.sameport.admin.wire;

/// `GET /v1/version`.
///
/// @param version of this API
/// @param sameport of the program
public record VersionPage(int version, String sameport) {}
