/// The listener behind every published port: it reserves the port, holds connections while no
/// endpoint is there, and relays bytes.
@NullMarked
package dev.sameport.plane.proxy.l4;

import org.jspecify.annotations.NullMarked;
