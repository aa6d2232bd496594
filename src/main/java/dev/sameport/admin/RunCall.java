package dev.sameport.admin;

import java.util.List;
import java.util.SortedMap;

/// What `sameport run` sends.
public record RunCall(
        String name,
        int scale,
        SortedMap<String, String> settings,
        List<String> command,
        SortedMap<String, String> environment,
        String directory) {}
