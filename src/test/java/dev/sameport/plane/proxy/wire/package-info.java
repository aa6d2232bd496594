@NullMarked
package dev.sameport.plane.proxy.wire;

import org.jspecify.annotations.NullMarked;
