/// Fuzzing: the targets are beside what they attack (`…FuzzTarget`), because most of that is no one
/// else's business. `dev/fuzz` runs one with coverage; here each is run with its seeds, spoiled.
@org.jspecify.annotations.NullMarked
package dev.sameport.fuzz;
