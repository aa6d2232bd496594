/// Follows one engine: lists, then events; a lost stream drops nothing.
@NullMarked
package dev.sameport.provider.engine;

import org.jspecify.annotations.NullMarked;
