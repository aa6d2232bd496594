/// What was changed outside our own table, written down before it is changed, so that `clean` can
/// put it back after any crash.
@NullMarked
package dev.sameport.journal;

import org.jspecify.annotations.NullMarked;
