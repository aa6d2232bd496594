/// The engine provider, against an engine of the tests' own and against real ones.
@NullMarked
package dev.sameport.provider.engine;

import org.jspecify.annotations.NullMarked;
