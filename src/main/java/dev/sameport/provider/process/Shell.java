package dev.sameport.provider.process;

import java.util.List;

/// Runs the commands that namespaces are made with; `linux.Commands` in the daemon.
public interface Shell {
    /// Runs one command with `input`; throws with its error text if it fails.
    void run(List<String> command, String input);

    /// Runs one command and says whether it succeeded.
    boolean succeeds(List<String> command);
}
