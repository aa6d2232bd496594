package dev.sameport.plane.nat;

import dev.sameport.model.PublishedPort;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that the rules should say.
record NatState(NatOptions options, SortedMap<PublishedPort, NatPort> ports) {
    NatState {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    }
}
