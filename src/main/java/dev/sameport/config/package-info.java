/// Labels and declarations, read into services or into problems. Pure: no I/O, no clock.
@NullMarked
package dev.sameport.config;

import org.jspecify.annotations.NullMarked;
