/// Chooses an endpoint for a new connection: pure functions over an immutable table of weights.
@NullMarked
package dev.sameport.balance;

import org.jspecify.annotations.NullMarked;
