/// The programs that the scripts of `bench/` start.
@NullMarked
package dev.sameport.bench;

import org.jspecify.annotations.NullMarked;
