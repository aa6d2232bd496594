@NullMarked
package dev.sameport.plane.proxy.tls;

import org.jspecify.annotations.NullMarked;
