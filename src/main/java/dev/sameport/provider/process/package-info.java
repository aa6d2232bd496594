/// The built-in `run`: replicas as plain processes, each in a network namespace of its own where
/// there is privilege.
@NullMarked
package dev.sameport.provider.process;

import org.jspecify.annotations.NullMarked;
