/// Tests of the journal.
@org.jspecify.annotations.NullMarked
package dev.sameport.daemon;
