/// The loop: what is there, what should be, the difference, one application. All decisions here are
/// pure; only `Reconciler` has a thread.
@NullMarked
package dev.sameport.reconcile;

import org.jspecify.annotations.NullMarked;
