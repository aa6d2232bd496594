/// Tests of the control socket.
@NullMarked
package dev.sameport.admin;

import org.jspecify.annotations.NullMarked;
