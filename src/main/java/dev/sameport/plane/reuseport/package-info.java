/// The reuseport plane: replicas in one network namespace listen on one port, and the kernel
/// spreads the connections among their sockets.
///
/// [dev.sameport.plane.reuseport.SharedBind] lets them share, whatever they are written in;
/// [dev.sameport.plane.reuseport.Group] says who gets how much.
@NullMarked
package dev.sameport.plane.reuseport;

import org.jspecify.annotations.NullMarked;
