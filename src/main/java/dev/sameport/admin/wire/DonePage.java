package dev.sameport.admin.wire;

/// The answer to an order that was carried out.
public record DonePage(int version, String text) {}
