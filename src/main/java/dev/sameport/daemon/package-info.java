/// The composition root: options, lifecycle, signals, and what is kept on disk.
@NullMarked
package dev.sameport.daemon;

import org.jspecify.annotations.NullMarked;
