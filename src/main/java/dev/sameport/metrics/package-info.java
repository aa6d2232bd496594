/// Every meter name, in one place.
@NullMarked
package dev.sameport.metrics;

import org.jspecify.annotations.NullMarked;
