/// The names of all meters, and their Prometheus text.
@NullMarked
package dev.sameport.metrics;

import org.jspecify.annotations.NullMarked;
