package dev.sameport.cli;

import java.util.List;

/// The words `sameport sandbox`, which begin four commands.
final class SandboxHelp {
    /// Before the name of each.
    static final String GROUP = "sandbox";

    static final List<String> NAMES =
            List.of("sandbox create", "sandbox image", "sandbox ls", "sandbox rm");

    static final String TEXT =
            """
            Usage: sameport sandbox COMMAND [OPTION…]

            Containers that own a network namespace, which replicas join to share a port in it.

              create      make one and start it
              ls          those there are, and who joined them
              rm          stop and remove them
              image       make the image sameport/pause known to the engines

            `sameport sandbox COMMAND --help` tells more, with examples.

            Examples:
              sameport sandbox create web -p 80:8080
              docker run -d --network container:sameport-web my/app
              docker run -d --network container:sameport-web my/app
              sameport sandbox ls
            """;

    private SandboxHelp() {}
}
