/// Sameport: any number of containers share one port of one Linux machine.
@NullMarked
package dev.sameport;

import org.jspecify.annotations.NullMarked;
