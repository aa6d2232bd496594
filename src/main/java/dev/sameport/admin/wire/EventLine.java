package dev.sameport.admin.wire;

/// One line of `GET /v1/events`.
///
/// @param sequence grows by one with each event of one daemon
/// @param at when, as ISO 8601 in UTC
/// @param lost how many events before this one were dropped, because the reader was too slow
public record EventLine(
        int version,
        long sequence,
        long generation,
        String at,
        String subject,
        String text,
        long lost) {}
