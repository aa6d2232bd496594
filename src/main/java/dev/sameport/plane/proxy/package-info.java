/// What the user-space listeners share: event loops and sockets to endpoints.
@NullMarked
package dev.sameport.plane.proxy;

import org.jspecify.annotations.NullMarked;
