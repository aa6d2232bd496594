package dev.sameport.admin.wire;

import java.util.List;
import java.util.SortedMap;

/// The body of `POST /v1/run`. Who the replicas run as is not in it: the kernel tells that.
///
/// @param settings every `sameport.*` label, `sameport.publish` included
/// @param command the program and its arguments
/// @param environment the caller's
/// @param directory the caller's working directory
public record RunOrder(
        String name,
        int scale,
        SortedMap<String, String> settings,
        List<String> command,
        SortedMap<String, String> environment,
        String directory) {}
