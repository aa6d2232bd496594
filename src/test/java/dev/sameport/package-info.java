/// Tests of the whole.
@org.jspecify.annotations.NullMarked
package dev.sameport;
