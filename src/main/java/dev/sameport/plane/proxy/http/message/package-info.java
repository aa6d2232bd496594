/// The one HTTP/1 parser and the one indexed head. Pure: bytes in, values out.
@NullMarked
package dev.sameport.plane.proxy.http.message;

import org.jspecify.annotations.NullMarked;
