/// The command line: parses, asks the daemon, prints.
@NullMarked
package dev.sameport.cli;

import org.jspecify.annotations.NullMarked;
