/// Tests of the commands.
@NullMarked
package dev.sameport.cli;

import org.jspecify.annotations.NullMarked;
