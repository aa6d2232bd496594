package dev.sameport.provider.process;

import dev.sameport.model.Attachment;
import dev.sameport.model.EnginePort;
import java.util.List;
import java.util.Map;

/// Where one replica runs.
///
/// @param wrapper the words to put before the command line
/// @param environment what the replica is told besides the caller's environment
/// @param attachments its networks
/// @param namespace the number of its network namespace; 0 where it has none of its own
/// @param ports loopback ports that stand in for its own, where it has no network of its own
public record Place(
        List<String> wrapper,
        Map<String, String> environment,
        List<Attachment> attachments,
        long namespace,
        List<EnginePort> ports) {}
