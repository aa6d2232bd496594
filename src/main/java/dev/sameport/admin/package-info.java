/// The control socket: its HTTP API, the tables that it renders for people, and its client.
@NullMarked
package dev.sameport.admin;

import org.jspecify.annotations.NullMarked;
