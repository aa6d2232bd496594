/// Connects to endpoints to see whether they accept.
@NullMarked
package dev.sameport.health;

import org.jspecify.annotations.NullMarked;
