/// What stands before or below a protocol on the wire: the PROXY protocol, the TLS ClientHello.
/// Pure: bytes in, values out.
@NullMarked
package dev.sameport.plane.proxy.wire;

import org.jspecify.annotations.NullMarked;
