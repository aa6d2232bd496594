/// The commands: they parse a command line, ask the daemon and print its answer.
@NullMarked
package dev.sameport.cli;

import org.jspecify.annotations.NullMarked;
