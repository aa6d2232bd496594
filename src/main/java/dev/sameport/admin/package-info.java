/// The control socket: what the daemon answers, the client that asks, and the tables that people
/// read.
@NullMarked
package dev.sameport.admin;

import org.jspecify.annotations.NullMarked;
