/// HTTP over loopback, with servers and clients that speak it byte by byte.
@NullMarked
package dev.sameport.plane.proxy.http;

import org.jspecify.annotations.NullMarked;
