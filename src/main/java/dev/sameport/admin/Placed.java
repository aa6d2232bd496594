package dev.sameport.admin;

import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An endpoint with its service and every published port that leads to it.
record Placed(Service service, Endpoint endpoint, List<PublishedPort> ports) {

    /// Every endpoint once, in the order of services and ports.
    static List<Placed> all(Snapshot snapshot) {
        List<Placed> all = new ArrayList<>();
        for (Service service : snapshot.services()) {
            Map<EndpointId, Placed> mine = new LinkedHashMap<>();
            for (ServicePort port : service.ports()) {
                for (Endpoint endpoint : port.endpoints()) {
                    mine.computeIfAbsent(
                                    endpoint.id(),
                                    _ -> new Placed(service, endpoint, new ArrayList<>()))
                            .ports()
                            .add(port.published());
                }
            }
            all.addAll(mine.values());
        }
        return all;
    }
}
