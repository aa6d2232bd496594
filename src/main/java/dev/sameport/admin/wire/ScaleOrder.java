package dev.sameport.admin.wire;

/// The body of `POST /v1/scale`.
public record ScaleOrder(String name, int replicas) {}
