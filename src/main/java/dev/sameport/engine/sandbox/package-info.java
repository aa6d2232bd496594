/// Sandboxes: containers that do nothing but own a network namespace, and the image they run, made
/// from bytes of ours.
@NullMarked
package dev.sameport.engine.sandbox;

import org.jspecify.annotations.NullMarked;
