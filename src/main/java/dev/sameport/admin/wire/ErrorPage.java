package dev.sameport.admin.wire;

/// The answer to a request that was not carried out; its status says of what kind.
public record ErrorPage(int version, ProblemEntry error) {}
